// A sentence with `code` in backticks, as pieces: what is code, and where it is explained.
import type { Reference } from "./reference.ts";

export interface Piece {
	readonly text: string;
	readonly isCode: boolean;
	readonly path: string | null;
}

/** Code that names the page it stands on is not linked. */
export function piecesOf(text: string, reference: Reference, ownPath: string): readonly Piece[] {
	return text.split("`").map((piece, index) => {
		const isCode = index % 2 === 1;
		const path = isCode ? reference.findPath(piece) : null;
		return { text: piece, isCode, path: path === ownPath ? null : path };
	});
}

/** The first sentence, for lists of pages. */
export function firstSentence(text: string): string {
	return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}
