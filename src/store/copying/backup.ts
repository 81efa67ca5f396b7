// A backup: one SQLite file with all that a database holds at one moment, whichever engine keeps it, and a table that
// says what is in it. And the way back, into an empty database.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CannotOpen, type Engine, type Read, statement } from "../engine.ts";
import { listPending, migrate, refuseNewer, removeMark } from "../migrate.ts";
import { beginFile, discardFile, finishFile, openEngine, readFile } from "../store.ts";
import { type CopyOptions, copyAll } from "./copy.ts";
import { type Contents, digestRows, isSame } from "./rows.ts";
import { CONTENTS_TABLE, listTablesOf } from "./tables.ts";

const PUT_CONTENTS = statement(
	`INSERT INTO ${CONTENTS_TABLE} (table_name, row_count, digest, taken_at) VALUES (?, ?, ?, ?)
	ON CONFLICT DO NOTHING`,
);
const LIST_CONTENTS = statement(`SELECT table_name, row_count, digest, taken_at FROM ${CONTENTS_TABLE}`);
const FIND_CONTENTS = statement(`SELECT 1 AS found FROM sqlite_schema WHERE name = '${CONTENTS_TABLE}'`);
const FIND_MIGRATIONS = statement("SELECT 1 AS found FROM sqlite_schema WHERE name = 'migrations'");
const CHECK = statement("SELECT integrity_check AS fault FROM pragma_integrity_check");

/** What opens something, or would: it stays out, so that nothing that ended after the backup was taken comes back. */
const WITHOUT_TOKENS: Readonly<Record<string, string>> = {
	access_tokens: "1 = 0",
	one_time_tokens: "1 = 0",
	// Each would become a link.
	quiet_requests: "1 = 0",
	outbox: "kind NOT IN ('reset', 'activation')",
};

export interface Kept {
	/** Seconds since 1970; null for a file that was not made as a backup. */
	readonly takenAt: number | null;
	readonly contents: readonly Contents[];
}

/** Beside whatever else goes on. The file is there once it is whole; throws `CannotOpen` where it would replace one. */
export async function backUp(engine: Engine, file: string, onStep: CopyOptions["onStep"]): Promise<Kept> {
	const url = beginFile(file);
	try {
		const kept = await writeBackup(engine, url, onStep);
		finishFile(file);
		return kept;
	} catch (error) {
		discardFile(file);
		throw error;
	}
}

async function writeBackup(engine: Engine, url: string, onStep: CopyOptions["onStep"]): Promise<Kept> {
	const target = await openEngine(url);
	try {
		const takenAt = Math.floor(engine.now() / 1000);
		const finish = (contents: readonly Contents[]) => writeContents(target, contents, takenAt);
		const options = { onStep, finish, mark: "backup" } as const;
		const contents = await engine.snapshot((read) => copyAll(read, target, options));
		return { takenAt, contents };
	} finally {
		await target.close();
	}
}

async function writeContents(target: Engine, contents: readonly Contents[], takenAt: number): Promise<void> {
	const { text, integer } = target.dialect;
	await target.define([
		`CREATE TABLE ${CONTENTS_TABLE} (
			table_name ${text} NOT NULL PRIMARY KEY,
			row_count ${integer} NOT NULL,
			digest ${text} NOT NULL,
			taken_at ${integer} NOT NULL
		)`,
	]);
	for (const { table, rows, digest } of contents) {
		await target.change(PUT_CONTENTS, [table, rows, digest, takenAt]);
	}
}

export interface Restoring {
	readonly keepTokens: boolean;
	readonly onStep: CopyOptions["onStep"];
}

/**
 * Into a database that is empty, or has the beginning of the same restore. The file stays as it is. Throws `CannotOpen`
 * for a file that is none, is damaged or is of a newer version, and what `copyAll` does.
 */
export function restore(file: string, target: Engine, options: Restoring): Promise<Kept> {
	return readFile(file, async (read) => {
		const takenAt = await check(file, read);
		const isOld = (await listPending({ read })).length > 0;
		const contents = await (isOld ? restoreOld(file, target, options) : putBack(read, target, options));
		return { takenAt, contents };
	});
}

function putBack(
	read: Read,
	target: Engine,
	{ keepTokens, onStep }: Restoring,
): Promise<readonly Contents[]> {
	return copyAll(read, target, { only: keepTokens ? {} : WITHOUT_TOKENS, onStep });
}

/** A copy of the file is brought up to date: it holds all that the file does, so it is nobody else's to read. */
async function restoreOld(file: string, target: Engine, options: Restoring): Promise<readonly Contents[]> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-restore-"));
	try {
		const copy = join(folder, "backup.db");
		copyFileSync(file, copy);
		// Of a file that was no backup, the last commits may be in the log beside it, which stays while it is being read.
		if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
		const engine = await openEngine(`sqlite:${copy}`);
		try {
			await removeMark(engine, "backup");
			await migrate(engine);
			return await engine.snapshot((read) => putBack(read, target, options));
		} finally {
			await engine.close();
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** When it was taken. Throws `CannotOpen` for whatever is not as it was written. */
async function check(file: string, read: Read): Promise<number | null> {
	if ((await read(FIND_MIGRATIONS, [])).length === 0)
		throw new CannotOpen(`${file} is no backup of Latchkey.`);
	await refuseNewer({ read }, "backup");
	const [first] = await read(CHECK, []);
	if (first?.["fault"] !== "ok") throw new CannotOpen(`${file} is damaged: ${first?.["fault"]}.`);
	if ((await read(FIND_CONTENTS, [])).length === 0) return null;
	const written = await read(LIST_CONTENTS, []);
	const tables = await listTablesOf(read);
	for (const row of written) {
		const table = tables.find(({ name }) => name === row["table_name"]);
		const was = {
			table: String(row["table_name"]),
			rows: Number(row["row_count"]),
			digest: String(row["digest"]),
		};
		const is = table && (await digestRows(read, table, { condition: null }, () => {}));
		if (is && isSame(is, was)) continue;
		throw new CannotOpen(`${file} is not as it was written: ${was.table} has been changed or is damaged.`);
	}
	return Number(written[0]?.["taken_at"]);
}
