// How answers look to a person: columns and lists of values, plain text without colours.

export type Cell = string | number | boolean | null;

/** Rows under headings, each column as wide as it must be. Empty for no rows. */
export function formatTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
	if (rows.length === 0) return "";
	return alignColumns([
		headings.map((heading) => heading.toUpperCase()),
		...rows.map((row) => row.map(show)),
	]);
}

/** One value a line, each behind its name. */
export function formatRecord(entries: readonly (readonly [name: string, value: Cell])[]): string {
	return alignColumns(entries.map(([name, value]) => [name, show(value)]));
}

function alignColumns(lines: readonly (readonly string[])[]): string {
	const widths: number[] = [];
	for (const cells of lines) {
		for (const [column, cell] of cells.entries())
			widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
	}
	const pad = (cell: string, column: number) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell));
	return lines.map((cells) => cells.map(pad).join("  ").trimEnd()).join("\n");
}

/** What shoppers typed is shown, never obeyed: control and format characters could rewrite the screen. */
function show(cell: Cell): string {
	if (cell === null || cell === "") return "-";
	if (typeof cell === "boolean") return cell ? "yes" : "no";
	return String(cell).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
		return `\\u{${character.codePointAt(0)?.toString(16)}}`;
	});
}

/** Columns on the screen: East Asian letters and emoji take two, marks over others none. */
function widthOf(text: string): number {
	let width = 0;
	for (const character of text) {
		if (/\p{M}/u.test(character)) continue;
		width += /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\uff01-\uff60\p{Emoji_Presentation}]/u.test(
			character,
		)
			? 2
			: 1;
	}
	return width;
}
