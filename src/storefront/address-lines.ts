// An address as lines of text, in the order of its country.

/** What may stand in a line, by the names that the country's order has for it. */
export type LineValues = Readonly<Record<string, string | null>>;

/** A field and what goes with it: the `〒` before a Japanese postal code, the `様` behind a name. */
interface Part {
	readonly before: string;
	readonly field: string;
	readonly after: string;
	/** Stands only where something follows in the line. */
	readonly comma: string;
}

/** Read once; countries share a few dozen orders. */
const orders = new Map<string, readonly (readonly Part[])[]>();

/**
 * `order` is a country's, e.g. `{address1}_{zip} {city}_{country}`: `_` ends a line, blanks are between its parts.
 * What is null leaves nothing behind, neither a blank nor an empty line.
 */
export function formatLines(order: string, values: LineValues): readonly string[] {
	let lines = orders.get(order);
	if (!lines) {
		lines = order.split("_").map((line) => line.split(" ").map(parsePart));
		orders.set(order, lines);
	}
	const formatted: string[] = [];
	for (const line of lines) {
		let text = "";
		let separator = "";
		for (const { before, field, after, comma } of line) {
			const value = values[field];
			if (!value) continue;
			text += `${separator}${before}${value}${after}`;
			separator = `${comma} `;
		}
		if (text) formatted.push(text);
	}
	return formatted;
}

function parsePart(part: string): Part {
	const pieces = /^(.*)\{(\w+)\}(.*?)(,?)$/.exec(part) ?? [];
	const [, before = "", field = "", after = "", comma = ""] = pieces;
	return { before, field, after, comma };
}
