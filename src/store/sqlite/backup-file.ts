// A backup is one SQLite file: written under another name, looked at as a whole, and only then given its own.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CannotOpen, type Read } from "../engine.ts";
import { takeLock } from "./lock.ts";
import { readInSnapshot } from "./snapshot.ts";

/** Gives the URL of an empty database, for its owner alone, which `finishFile` makes the file of this name. */
export function beginFile(path: string): string {
	if (existsSync(path)) throw new CannotOpen(`${path} is there already: a backup replaces no file.`);
	const unfinished = unfinishedOf(path);
	mkdirSync(dirname(resolve(path)), { recursive: true, mode: 0o700 });
	const letGo = takeLock(unfinished);
	if (!letGo) throw new CannotOpen(`Another backup to ${path} is under way.`);
	// What one that was killed has left.
	removeDatabase(unfinished);
	letGo();
	return `sqlite:${unfinished}`;
}

/** Throws `CannotOpen` where SQLite finds a fault; the name is given to a file that is whole and on the disk. */
export function finishFile(path: string): void {
	const unfinished = unfinishedOf(path);
	const database = new DatabaseSync(unfinished);
	try {
		// One file, with no log beside it.
		database.exec("PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE");
		const faults = database.prepare("PRAGMA integrity_check").all().flatMap(Object.values).map(String);
		const strays = database.prepare("PRAGMA foreign_key_check").all();
		if (faults.join() !== "ok" || strays.length > 0) {
			throw new CannotOpen(
				`What was written is not sound: ${faults[0]}, ${strays.length} rows refer to none.`,
			);
		}
	} finally {
		database.close();
	}
	renameSync(unfinished, path);
	const folder = openSync(dirname(resolve(path)), "r");
	fsyncSync(folder);
	closeSync(folder);
	discardFile(path);
}

/** Removes what is unfinished. */
export function discardFile(path: string): void {
	removeDatabase(unfinishedOf(path));
	rmSync(`${unfinishedOf(path)}-lock`, { force: true });
}

/** Reads a SQLite file, which is not changed. Throws `CannotOpen` for one that is none, is missing or is damaged. */
export async function readFile<T>(path: string, work: (read: Read) => Promise<T>): Promise<T> {
	if (!existsSync(path)) throw new CannotOpen(`${path} is not there.`);
	return readInSnapshot(path, work).catch((error: Error & { readonly code?: unknown }) => {
		if (error.code !== "ERR_SQLITE_ERROR") throw error;
		throw new CannotOpen(`${path} cannot be read as a database of Latchkey: ${error.message}.`);
	});
}

function unfinishedOf(path: string): string {
	return `${path}.unfinished`;
}

function removeDatabase(path: string): void {
	for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
}
