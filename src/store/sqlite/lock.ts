// Whose file it is: one server's at a time, and no other user's of the machine.
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const SQLITE_BUSY = 5;

/**
 * Makes the file when it is missing, for its owner alone: it holds addresses and password hashes. The files that
 * SQLite makes beside it take their permissions from it.
 */
export function makePrivate(path: string): void {
	try {
		// Only ever a new file: to close one that is there would let go of the locks that this process holds on it.
		closeSync(openSync(path, "ax", 0o600));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
}

/**
 * Two servers on one file would each hash, count and keep a clock of their own. Holds an empty database beside the
 * file in an exclusive transaction: the operating system lets go of it when the process dies, however it dies.
 * Returns what lets go of it earlier; null when another process holds it.
 */
export function takeLock(path: string): (() => void) | null {
	makePrivate(`${path}-lock`);
	const lock = new DatabaseSync(`${path}-lock`);
	try {
		lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
	} catch (error) {
		lock.close();
		if ((error as { readonly errcode?: number }).errcode !== SQLITE_BUSY) throw error;
		return null;
	}
	return () => lock.close();
}
