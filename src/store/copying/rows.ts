// A table as batches of rows in the order of its primary key, the digest of what is in it, and rows put into it.
import { hash } from "node:crypto";
import { type Engine, type Read, type Row, type Statement, statement, type Value } from "../engine.ts";
import type { Table } from "./tables.ts";

/** A power of two: rows are put in by these, so that there are few texts for the database to keep prepared. */
const BATCH_ROWS = 512;
/** Characters of one statement's values: what a slow connection takes in a moment. */
const MAX_PUT_LENGTH = 1_000_000;

/** Which rows of a table: those for which the condition holds, in the span of keys. */
export interface Span {
	/** SQL; null for every row. */
	readonly condition: string | null;
	/** The key that all of them come after. */
	readonly after?: readonly Value[];
	/** The key of the last that may be among them. */
	readonly upTo?: readonly Value[];
}

/** How many rows a table has, and the digest of them all. */
export interface Contents {
	readonly table: string;
	readonly rows: number;
	readonly digest: string;
}

/** What is in each row of a table, whatever their order and whichever engine keeps them: the sum of their hashes. */
export class Digest {
	readonly #table: Table;
	#sum = 0n;
	#rows = 0;

	constructor(table: Table) {
		this.#table = table;
	}

	add(rows: readonly Row[]): void {
		for (const row of rows) {
			const values = this.#table.columns.map((column) => row[column]);
			this.#sum += BigInt(`0x${hash("sha256", JSON.stringify(values))}`);
		}
		this.#sum = BigInt.asUintN(256, this.#sum);
		this.#rows += rows.length;
	}

	get contents(): Contents {
		const digest = this.#sum.toString(16).padStart(64, "0");
		return { table: this.#table.name, rows: this.#rows, digest };
	}
}

/** The rows in the order of their keys; the next batch is asked for while one is worked on. */
export async function* readBatches(read: Read, table: Table, span: Span): AsyncGenerator<readonly Row[]> {
	const [first, next] = [listRows(table, span, span.after !== undefined), listRows(table, span, true)];
	const upTo = span.upTo ?? [];
	let batch = await read(first, [...(span.after ?? []), ...upTo]);
	for (;;) {
		const last = batch.at(-1);
		if (!last) return;
		if (batch.length < BATCH_ROWS) {
			yield batch;
			return;
		}
		const coming = read(next, [...keyOf(table, last), ...upTo]);
		// Whoever stops in between looks at it no more.
		coming.catch(() => {});
		yield batch;
		batch = await coming;
	}
}

function listRows(table: Table, { condition, upTo }: Span, isAfter: boolean): Statement {
	const key = list(table.key);
	const places = table.key.map(() => "?").join(", ");
	const conditions = [
		...(condition === null ? [] : [condition]),
		...(isAfter ? [`(${key}) > (${places})`] : []),
		...(upTo ? [`(${key}) <= (${places})`] : []),
	];
	const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
	return statement(
		`SELECT ${list(table.columns)} FROM "${table.name}" ${where} ORDER BY ${key} LIMIT ${BATCH_ROWS}`,
	);
}

export async function countRows(read: Read, table: Table, condition: string | null): Promise<number> {
	const where = condition === null ? "" : `WHERE ${condition}`;
	const [row] = await read(statement(`SELECT COUNT(*) AS number FROM "${table.name}" ${where}`), []);
	return Number(row?.["number"]);
}

/** The greatest key in the table; null where it is empty. */
export async function findLastKey(read: Read, table: Table): Promise<readonly Value[] | null> {
	const downwards = table.key.map((column) => `"${column}" DESC`).join(", ");
	const last = statement(`SELECT ${list(table.key)} FROM "${table.name}" ORDER BY ${downwards} LIMIT 1`);
	const [row] = await read(last, []);
	return row ? keyOf(table, row) : null;
}

export async function digestRows(
	read: Read,
	table: Table,
	span: Span,
	onRows: (count: number) => void,
): Promise<Contents> {
	const digest = new Digest(table);
	for await (const rows of readBatches(read, table, span)) {
		digest.add(rows);
		onRows(rows.length);
	}
	return digest.contents;
}

export function isSame(one: Contents, other: Contents): boolean {
	return one.rows === other.rows && one.digest === other.digest;
}

/** A character that one engine keeps in a text and another cannot. */
export class NulInRow extends Error {
	override readonly name = "NulInRow";
}

/** Puts rows into a table, some at a time. */
export class Putter {
	readonly #engine: Engine;
	readonly #table: Table;
	readonly #statements = new Map<number, Statement>();

	constructor(engine: Engine, table: Table) {
		this.#engine = engine;
		this.#table = table;
	}

	/** Throws `NulInRow`, which names the row, for one that would not be kept as it is. */
	async put(rows: readonly Row[]): Promise<void> {
		if (!this.#engine.dialect.keepsNul) this.#refuseNul(rows);
		for (let from = 0; from < rows.length; ) {
			const piece = rows.slice(from, from + sizeOfPiece(rows.slice(from)));
			from += piece.length;
			const values = piece.flatMap((row) => this.#table.columns.map((column) => row[column] ?? null));
			await this.#engine.change(this.#statementFor(piece.length), values);
		}
	}

	#refuseNul(rows: readonly Row[]): void {
		for (const row of rows) {
			for (const value of Object.values(row)) {
				if (typeof value === "string" && value.includes("\0")) throw new NulInRow(sayRow(this.#table, row));
			}
		}
	}

	#statementFor(rows: number): Statement {
		let made = this.#statements.get(rows);
		if (!made) {
			const { name, columns } = this.#table;
			const row = `(${columns.map(() => "?").join(", ")})`;
			made = statement(
				`INSERT INTO "${name}" (${list(columns)}) VALUES ${Array.from({ length: rows }, () => row).join(", ")}`,
			);
			this.#statements.set(rows, made);
		}
		return made;
	}
}

/** A power of two, and at least one. */
function sizeOfPiece(rows: readonly Row[]): number {
	let size = 2 ** Math.floor(Math.log2(rows.length));
	while (size > 1 && lengthOf(rows.slice(0, size)) > MAX_PUT_LENGTH) size /= 2;
	return size;
}

function lengthOf(rows: readonly Row[]): number {
	let length = 0;
	for (const row of rows) for (const value of Object.values(row)) length += String(value).length;
	return length;
}

function sayRow(table: Table, row: Row): string {
	return `${table.name} (${table.key.map((column) => `${column} ${row[column]}`).join(", ")})`;
}

function keyOf(table: Table, row: Row): readonly Value[] {
	return table.key.map((column) => row[column] ?? null);
}

function list(columns: readonly string[]): string {
	return columns.map((column) => `"${column}"`).join(", ");
}
