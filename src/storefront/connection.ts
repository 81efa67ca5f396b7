// Connections: pages of a list, the cursors between them, and the ways of asking for one that are wrong.
import { WireFault } from "./faults.ts";

export interface PageArguments {
	readonly first?: number | null;
	readonly last?: number | null;
	/** Cursors. */
	readonly after?: string | null;
	readonly before?: string | null;
	readonly reverse?: boolean | null;
}

const MAX_PAGE = 250;
/** Beyond every id. */
const NO_ID = Number.MAX_SAFE_INTEGER;

function badRequest(message: string): WireFault {
	return new WireFault(message, { code: "BAD_REQUEST" }, { located: true });
}

/** Throws what upstream answers when a page is asked for in a way that cannot be served. */
export function checkPage({ first, last }: PageArguments): void {
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

/** At most so many of the records with an id between `above` and `below`, from one end. */
export interface Range {
	readonly above: number;
	readonly below: number;
	readonly newestFirst: boolean;
	readonly atMost: number;
}

/** What pages are taken from: records in the order of their ids. */
export interface List<T> {
	read(range: Range): Promise<readonly T[]>;
	/** How many have an id between the two. */
	count(above: number, below: number): Promise<number>;
	toNode(record: T): object;
}

/** One question; what else the page may be asked (cursors, what lies around it) is asked when it is selected. */
export async function openPage<T extends { readonly id: number }>(
	list: List<T>,
	args: PageArguments,
): Promise<object> {
	checkPage(args);
	const place: Place = {
		size: args.first ?? args.last ?? 0,
		fromEnd: typeof args.last === "number",
		reverse: args.reverse ?? false,
		after: readCursor("after", args.after),
		before: readCursor("before", args.before),
	};
	const { size, fromEnd, reverse, after, before } = place;
	const [above, below] = reverse ? [before ?? 0, after ?? NO_ID] : [after ?? 0, before ?? NO_ID];
	// One more than the page has says whether the list goes on.
	const read = await list.read({ above, below, newestFirst: reverse !== fromEnd, atMost: size + 1 });
	return new WirePage(list, place, read);
}

/** Where in its list a page is. */
interface Place {
	readonly size: number;
	/** Asked for by `last`. */
	readonly fromEnd: boolean;
	readonly reverse: boolean;
	/** Ids of the records that the cursors stand at. */
	readonly after: number | null;
	readonly before: number | null;
}

/** A page, and its own `pageInfo`. */
class WirePage<T extends { readonly id: number }> {
	readonly #list: List<T>;
	readonly #place: Place;
	readonly #records: readonly T[];
	/** Whether the list goes on beyond the end that the page was not read from. */
	readonly #goesOn: boolean;
	#offset: number | Promise<number> | undefined;

	constructor(list: List<T>, place: Place, read: readonly T[]) {
		this.#list = list;
		this.#place = place;
		this.#goesOn = read.length > place.size;
		const records = this.#goesOn ? read.slice(0, place.size) : read;
		this.#records = place.fromEnd ? records.toReversed() : records;
	}

	get nodes(): readonly object[] {
		return this.#records.map((record) => this.#list.toNode(record));
	}

	get edges(): readonly object[] {
		return this.#records.map((record, index) => new WireEdge(this, this.#list.toNode(record), index));
	}

	get pageInfo(): object {
		return this;
	}

	get hasNextPage(): boolean | Promise<boolean> {
		const { fromEnd, reverse, before } = this.#place;
		if (this.#goesOn && !fromEnd) return true;
		if (before === null) return false;
		return reverse ? this.#isAny(0, before + 1) : this.#isAny(before - 1, NO_ID);
	}

	get hasPreviousPage(): boolean | Promise<boolean> {
		const { fromEnd, reverse, after } = this.#place;
		if (this.#goesOn && fromEnd) return true;
		if (after === null) return false;
		return reverse ? this.#isAny(after - 1, NO_ID) : this.#isAny(0, after + 1);
	}

	get startCursor(): string | null | Promise<string> {
		return this.#records.length > 0 ? this.cursorAt(0) : null;
	}

	get endCursor(): string | null | Promise<string> {
		return this.#records.length > 0 ? this.cursorAt(this.#records.length - 1) : null;
	}

	cursorAt(index: number): string | Promise<string> {
		const { id = 0 } = this.#records[index] ?? {};
		this.#offset ??= this.#findOffset();
		const offset = this.#offset;
		if (typeof offset === "number") return toCursor(id, offset + index);
		return offset.then((known) => toCursor(id, known + index));
	}

	/** How many records of the whole list stand before the page. */
	#findOffset(): number | Promise<number> {
		const { fromEnd, reverse, after } = this.#place;
		if (!fromEnd && after === null) return 0;
		const { id = 0 } = this.#records[0] ?? {};
		return reverse ? this.#list.count(id, NO_ID) : this.#list.count(0, id);
	}

	async #isAny(above: number, below: number): Promise<boolean> {
		return (await this.#list.read({ above, below, newestFirst: false, atMost: 1 })).length > 0;
	}
}

class WireEdge {
	readonly node: object;
	readonly #page: { cursorAt(index: number): string | Promise<string> };
	readonly #index: number;

	constructor(page: { cursorAt(index: number): string | Promise<string> }, node: object, index: number) {
		this.node = node;
		this.#page = page;
		this.#index = index;
	}

	get cursor(): string | Promise<string> {
		return this.#page.cursorAt(this.#index);
	}
}

/** `offset` is the record's place in the whole list, counted from 0 (recorded, wire 3). */
function toCursor(id: number, offset: number): string {
	return Buffer.from(`{"last_id":${id},"last_value":null,"offset":${offset}}`).toString("base64");
}

/** The id of the record that it stands at; null where none was given. */
function readCursor(name: string, cursor: string | null | undefined): number | null {
	if (cursor === undefined || cursor === null) return null;
	const id = cursor.length <= MAX_CURSOR_LENGTH && parseCursor(cursor)?.last_id;
	if (Number.isSafeInteger(id) && Number(id) > 0 && Number(id) < NO_ID) return Number(id);
	throw badRequest(`${name} is not a valid cursor`);
}

const MAX_CURSOR_LENGTH = 200;

function parseCursor(cursor: string): { readonly last_id?: unknown } | null {
	try {
		return JSON.parse(Buffer.from(cursor, "base64").toString());
	} catch {
		return null;
	}
}
