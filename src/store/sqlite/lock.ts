// One server, one file. Two on one would each hash, count and keep a clock of their own.
import { DatabaseSync } from "node:sqlite";
import { CannotOpen } from "../engine.ts";

/**
 * Holds an empty database beside the file in an exclusive transaction: the operating system lets go of it when
 * the process dies, however it dies. Returns what lets go of it earlier; throws `CannotOpen` when it is held.
 */
export function takeLock(path: string): () => void {
	const lock = new DatabaseSync(`${path}-lock`);
	try {
		lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
	} catch {
		lock.close();
		throw new CannotOpen(
			`${path} is already in use by another Latchkey process. Stop that one first, or give this one its own file with LATCHKEY_DATABASE_URL.`,
		);
	}
	return () => lock.close();
}
