// Copies all that one database holds into another, on whichever engines: table by table in the order of the keys, so
// that a copy which was interrupted goes on behind what is there; and afterwards reads back what it wrote.
import { CannotOpen, type Engine, type Read, statement } from "../engine.ts";
import { isMarked, type Mark, migrate, removeMark, setMark } from "../migrate.ts";
import {
	type Contents,
	countRows,
	Digest,
	digestRows,
	findLastKey,
	isSame,
	NulInRow,
	Putter,
	readBatches,
} from "./rows.ts";
import { listTables, type Table } from "./tables.ts";

/** How far it has come. */
export interface Step {
	readonly doing: "copying" | "comparing";
	readonly table: string;
	/** Of the table. */
	readonly rows: number;
	/** Of the whole work, from 0 to 1. */
	readonly share: number;
}

/** A copy that did not come to its end; the message is the sentence to show. */
export class CopyFailed extends Error {
	override readonly name = "CopyFailed";
}

export interface CopyOptions {
	/** Table → SQL condition: of these tables, only rows for which it holds are copied. */
	readonly only?: Readonly<Record<string, string>>;
	readonly onStep: (step: Step) => void;
	/** What is done to the target once all is there, before it may be served. */
	readonly finish?: (contents: readonly Contents[]) => Promise<void>;
	/** Stays on the target, which is then not to be served. */
	readonly mark?: Mark;
}

/**
 * Gives what each table holds, which is the same on both sides. The target is empty, or has the beginning of the same
 * copy; throws `CannotOpen` for one that has anything else, and `CopyFailed` where it ends early.
 */
export async function copyAll(
	read: Read,
	target: Engine,
	{ only = {}, onStep, finish, mark }: CopyOptions,
): Promise<readonly Contents[]> {
	await migrate(target, "copy-under-way");
	const tables = await listTables();
	await claim(target, tables);
	try {
		const copying: Copying = {
			read,
			target,
			only,
			progress: await startProgress(read, tables, only, onStep),
		};
		const contents: Contents[] = [];
		for (const table of tables) contents.push(await copyTable(copying, table));
		const { continueCounter } = target.dialect;
		await target.define(
			tables.flatMap(({ name, counter }) => (counter === null ? [] : continueCounter(name, counter))),
		);
		await compare(copying, tables, contents);
		await finish?.(contents);
		if (mark) await setMark(target, mark);
		await removeMark(target, "copy-under-way");
		return contents;
	} catch (error) {
		throw error instanceof CopyFailed ? error : sayFailure(error);
	}
}

/** Nobody serves it from now on. */
async function claim(target: Engine, tables: readonly Table[]): Promise<void> {
	if (await isMarked(target, "copy-under-way")) return;
	// Before the mark: whoever names a database in use by mistake does it no harm.
	await refuseData(target, tables);
	await setMark(target, "copy-under-way");
	try {
		// And after it: a server may have begun meanwhile.
		await refuseData(target, tables);
	} catch (error) {
		await removeMark(target, "copy-under-way");
		throw error;
	}
}

async function refuseData(target: Engine, tables: readonly Table[]): Promise<void> {
	for (const { name } of tables) {
		const any = await target.read(statement(`SELECT 1 AS found FROM "${name}" LIMIT 1`), []);
		if (any.length === 0) continue;
		throw new CannotOpen(`The target has data already (${name}): give a database that is empty.`);
	}
}

interface Copying {
	readonly read: Read;
	readonly target: Engine;
	readonly only: Readonly<Record<string, string>>;
	readonly progress: Progress;
}

type Progress = (doing: Step["doing"], table: Table, rows: number) => void;

async function copyTable({ read, target, only, progress }: Copying, table: Table): Promise<Contents> {
	const condition = only[table.name] ?? null;
	const there = (asked: Parameters<Read>[0], values: Parameters<Read>[1]) => target.read(asked, values);
	const count = (rows: number) => progress("copying", table, rows);
	count(0);
	const digest = new Digest(table);
	const last = await findLastKey(there, table);
	if (last) {
		const before = await digestRows(there, table, { condition: null }, () => {});
		for await (const rows of readBatches(read, table, { condition, upTo: last })) {
			digest.add(rows);
			count(rows.length);
		}
		if (!isSame(before, digest.contents)) {
			throw new CopyFailed(
				`The target has other rows in ${table.name} than the source: begin anew with a database that is empty.`,
			);
		}
	}
	const putter = new Putter(target, table);
	for await (const rows of readBatches(read, table, last ? { condition, after: last } : { condition })) {
		await putter.put(rows);
		digest.add(rows);
		count(rows.length);
	}
	return digest.contents;
}

/** What the target has now, read as whoever comes later will read it. */
async function compare({ target, progress }: Copying, tables: readonly Table[], copied: readonly Contents[]) {
	await target.snapshot(async (read) => {
		for (const [index, table] of tables.entries()) {
			const count = (rows: number) => progress("comparing", table, rows);
			count(0);
			const there = await digestRows(read, table, { condition: null }, count);
			if (isSame(there, copied[index] as Contents)) continue;
			throw new CopyFailed(
				`What was copied into ${table.name} is not what the source has: begin anew with a database that is empty.`,
			);
		}
	});
}

async function startProgress(
	read: Read,
	tables: readonly Table[],
	only: CopyOptions["only"],
	onStep: CopyOptions["onStep"],
): Promise<Progress> {
	const sizes = new Map<Table, number>();
	for (const table of tables) sizes.set(table, await countRows(read, table, only?.[table.name] ?? null));
	// Each row is copied and then compared; never nothing, so that it can be divided by.
	const all = Math.max(1, 2 * [...sizes.values()].reduce((sum, size) => sum + size, 0));
	let done = 0;
	return (doing, table, rows) => {
		done += rows;
		onStep({ doing, table: table.name, rows: sizes.get(table) ?? 0, share: done / all });
	};
}

function sayFailure(error: unknown): Error {
	if (error instanceof NulInRow) {
		return new CopyFailed(
			`${error.message} has a NUL character, which PostgreSQL keeps in no text. Change it at the source, then give the same command again: it goes on.`,
			{ cause: error },
		);
	}
	const message = error instanceof Error ? error.message : String(error);
	return new CopyFailed(`It broke off (${message}): give the same command again, and it goes on.`, {
		cause: error,
	});
}
