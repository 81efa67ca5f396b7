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

/** What a literal says, escapes and indentation resolved as the GraphQL specification has it (2.9.4). */
export function literalValue(literal: string): string {
	const node = parseValue(literal, { noLocation: true });
	return "value" in node ? String(node.value) : "";
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
		at -= 2;
	}
	return -1;
}
