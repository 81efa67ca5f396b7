// What the benches make of their measurements: medians, samples of numbers, tables.

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** So many different numbers below a bound, spread evenly. */
export function sample(count: number, below: number): readonly number[] {
	return Array.from({ length: Math.min(count, below) }, (_, i) =>
		Math.floor((i * below) / Math.min(count, below)),
	);
}

/** As Markdown, a blank line before it. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
	process.stdout.write(`\n${line(head)}|${"---|".repeat(head.length)}\n${rows.map(line).join("")}`);
}
