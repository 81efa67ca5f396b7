// Connections: what a page of a list looks like, and the two ways of asking for one that are wrong.
import { WireFault } from "./faults.ts";

export interface PageArguments {
	readonly first?: number | null;
	readonly last?: number | null;
}

const MAX_PAGE = 250;

/** Throws what upstream answers when a page is asked for in a way that cannot be served. */
export function checkPage({ first, last }: PageArguments): void {
	const badRequest = (message: string) => new WireFault(message, { code: "BAD_REQUEST" }, { located: true });
	const hasFirst = first !== undefined && first !== null;
	const hasLast = last !== undefined && last !== null;
	if (!hasFirst && !hasLast) throw badRequest("you must provide one of first or last");
	if (hasFirst && hasLast) throw badRequest("providing both first and last is not supported");
	checkSize("first", first, MAX_PAGE);
	checkSize("last", last, MAX_PAGE);
}

/** Throws what upstream answers to an argument that counts more, or less, than can be served. */
export function checkSize(name: string, size: number | null | undefined, max: number): void {
	if (size === undefined || size === null || (size >= 1 && size <= max)) return;
	throw new WireFault(
		`${name} must be within 1..${max}`,
		{ code: "INVALID_FIELD_ARGUMENTS" },
		{ located: true },
	);
}

/** A page with nothing in it, in every form that any connection of the schema has. */
export const EMPTY_CONNECTION = {
	edges: [],
	nodes: [],
	pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
	// Digits in a string, as 64-bit counts are written; where the schema counts with an Int it is a number again.
	totalCount: "0",
	filters: [],
	productFilters: [],
} as const;
