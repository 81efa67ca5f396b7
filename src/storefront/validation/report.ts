// Where validation writes down what it finds: errors in Shopify's form, bounded in number, each with the place in
// the document it stands at. It knows nothing of rules.
import type { ASTNode } from "graphql";
import type { WireError } from "../wire-error.ts";

/** A place in the document: its own element of the path, and the place around it. */
export interface Place {
	readonly around: Place | null;
	readonly key: string | number;
	/** Whether the element is an operation or a fragment, which the paths of a response do not name. */
	readonly isScope: boolean;
}

/** More errors than anyone reads: validation stops after so many. */
const MAX_ERRORS = 100;

/** More locations of one error than anyone looks up. */
const MAX_LOCATIONS = 20;

/** Thrown where validation need not go on: the report is full, or the document asks for too much work. */
export class ValidationStopped extends Error {
	override readonly name = "ValidationStopped";
}

/** Says that a document would cost too much to check, in the words graphql-ruby has for it. */
export const tooMuchWork: WireError = {
	message: "Timeout on validation of query",
	locations: [],
	extensions: { code: "validationTimeout" },
};

/** The place of a field, an argument or an item of a list. */
export function within(around: Place | null, key: string | number): Place {
	return { around, key, isScope: false };
}

/** The place of an operation or a fragment. */
export function scope(around: Place | null, key: string): Place {
	return { around, key, isScope: true };
}

/** A place as graphql-ruby's validation names it: the operation first, fragments as elements of their own. */
function pathOf(place: Place | null): (string | number)[] {
	const path: (string | number)[] = [];
	for (let at = place; at; at = at.around) path.push(at.key);
	return path.reverse();
}

/** A place as a response names it: fields and arguments only. */
export function responsePathOf(place: Place | null): (string | number)[] {
	const path: (string | number)[] = [];
	for (let at = place; at; at = at.around) if (!at.isScope) path.push(at.key);
	return path.reverse();
}

/** The line and column at which each node begins: of the first few nodes, if there are many. */
export function locationsOf(nodes: readonly ASTNode[]): { line: number; column: number }[] {
	const locations: { line: number; column: number }[] = [];
	for (const { loc } of nodes.slice(0, MAX_LOCATIONS)) {
		if (loc) locations.push({ line: loc.startToken.line, column: loc.startToken.column });
	}
	return locations;
}

/** The errors of one document. */
export class Report {
	readonly errors: WireError[] = [];

	/** Writes an error down, and stops validation when that was the last one wanted. */
	add(
		message: string,
		nodes: ASTNode | readonly ASTNode[],
		place: Place | null,
		extensions: { readonly code: string } & Readonly<Record<string, unknown>>,
	): void {
		const locations = locationsOf("kind" in nodes ? [nodes] : nodes);
		this.errors.push({ message, locations, path: pathOf(place), extensions });
		if (this.errors.length >= MAX_ERRORS) throw new ValidationStopped();
	}
}
