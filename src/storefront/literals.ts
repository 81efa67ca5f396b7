// Finds the string literals of a document without parsing it, so that documents which differ only in what was
// typed into them are one document, and nothing that was typed stays in the cache.
import { parseValue } from "graphql";

/** A document with every string literal taken out. */
export interface Masked {
	/** The text, each literal replaced by a character that no document can hold. */
	readonly text: string;
	/** The literals as they were written, quotes and escapes included. */
	readonly literals: readonly string[];
	/** Where each began in the text. */
	readonly starts: readonly number[];
}

const MARK = "\u0000";
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [QUOTE, HASH, BACKSLASH, NEWLINE, RETURN] = [0x22, 0x23, 0x5c, 0x0a, 0x0d];

/** Null where a literal does not end, or the text holds the mark itself: the parser will say what is wrong. */
export function maskLiterals(text: string): Masked | null {
	if (text.indexOf('"') < 0) return { text, literals: [], starts: [] };
	if (text.includes(MARK)) return null;
	const literals: string[] = [];
	const starts: number[] = [];
	let masked = "";
	let kept = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === HASH) {
			at = endOfLine(text, at);
		} else if (code === QUOTE) {
			const end = text.startsWith('"""', at) ? endOfBlock(text, at + 3) : endOfString(text, at + 1);
			if (end < 0) return null;
			masked += text.slice(kept, at) + MARK;
			literals.push(text.slice(at, end));
			starts.push(at);
			kept = end;
			at = end - 1;
		}
	}
	return { text: masked + text.slice(kept), literals, starts };
}

/** A masked document with a variable in the place of each literal. */
export interface Lifted {
	readonly text: string;
	/** Names of the variables, in order; none of them stands in the document otherwise. */
	readonly names: readonly string[];
}

export function liftLiterals({ text, literals }: Masked): Lifted {
	if (literals.length === 0) return { text, names: [] };
	const longest = Math.max(
		0,
		...Array.from(text.matchAll(/literal(_*)/g), ([, tail = ""]) => tail.length + 1),
	);
	const prefix = `literal${"_".repeat(longest)}`;
	const names = literals.map((_, index) => `${prefix}${index}`);
	const parts = text.split(MARK);
	return {
		text: parts.map((part, index) => (index === 0 ? part : toToken(names[index - 1]) + part)).join(""),
		names,
	};
}

/** The comma keeps the name apart from what follows; GraphQL ignores it. */
function toToken(name: string | undefined): string {
	return `$${name},`;
}

/** Where a place in a lifted document is in a document that was written with these literals. */
function toWrittenOffset(offset: number, { starts, literals }: Masked, { names }: Lifted): number {
	let moved = 0;
	for (const [index, start] of starts.entries()) {
		if (start - moved >= offset) break;
		moved += (literals[index]?.length ?? 0) - toToken(names[index]).length;
	}
	return offset + moved;
}

/** Line and column, counted from 1, of places in a lifted document, as the text was written. Made once an answer. */
export function createLocator(
	text: string,
	masked: Masked,
	lifted: Lifted,
): (offset: number) => { readonly line: number; readonly column: number } {
	const lineStarts = [
		0,
		...Array.from(text.matchAll(/\r\n|[\n\r]/g), ({ 0: end, index }) => index + end.length),
	];
	return (offset) => {
		const written = toWrittenOffset(offset, masked, lifted);
		let line = 0;
		for (let step = 1 << 16; step > 0; step >>= 1) {
			if ((lineStarts[line + step] ?? Number.POSITIVE_INFINITY) <= written) line += step;
		}
		return { line: line + 1, column: written - (lineStarts[line] ?? 0) + 1 };
	};
}

/** What a literal says, escapes and indentation resolved as the GraphQL specification has it (2.9.4). Null for one that is broken. */
export function literalValue(literal: string): string | null {
	try {
		const node = parseValue(literal, { noLocation: true });
		return "value" in node ? String(node.value) : null;
	} catch {
		return null;
	}
}

/** How deep the brackets of a masked text are nested, those in comments included. */
export function nestingOf(text: string): number {
	let depth = 0;
	let deepest = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === OPEN_BRACE || code === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
		else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
	}
	return deepest;
}

function endOfLine(text: string, from: number): number {
	for (let at = from; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === NEWLINE || code === RETURN) return at;
	}
	return text.length;
}

function endOfString(text: string, from: number): number {
	for (let at = from; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) return at + 1;
		if (code === NEWLINE || code === RETURN) return -1;
		if (code === BACKSLASH) at++;
	}
	return -1;
}

function endOfBlock(text: string, from: number): number {
	for (let at = text.indexOf('"""', from); at >= 0; at = text.indexOf('"""', at + 3)) {
		if (text.charCodeAt(at - 1) !== BACKSLASH) return at + 3;
	}
	return -1;
}
