// Writes to SQLite, a group at a time: one transaction and one sync for all of them, each undone by itself when
// it fails. Runs on a thread of its own for a file (thread.ts), and in place for a database in memory.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { getTransaction, type Row, type Value } from "../engine.ts";

/** One write as plain data, so that it can be handed to another thread. */
export type Change =
	| { readonly sql: string; readonly values: readonly Value[] }
	| { readonly transaction: string; readonly input: unknown }
	| { readonly define: readonly string[] };

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

export class Writer {
	readonly #database: DatabaseSync;
	readonly #prepared = new Map<string, StatementSync>();

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	/** One outcome for each change, in order. What is answered with a value is durable. */
	commit(group: readonly Change[]): readonly Outcome[] {
		try {
			this.#database.exec("BEGIN IMMEDIATE");
			const outcomes = group.map((change) => this.#tryTo(change));
			this.#syncCommit();
			return outcomes;
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
			return group.map(() => ({ error }));
		}
	}

	/**
	 * Where only the sync failed, the log has the whole group behind its end, and would be read with it if the process
	 * died now. A commit that changes nothing takes its place; whether that one can be synced is all the same.
	 */
	#syncCommit(): void {
		try {
			this.#database.exec("COMMIT");
		} catch (error) {
			try {
				if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
				this.#database.exec("PRAGMA user_version = 0");
			} catch {
				// The disk takes no writes at all: then the end of the group is not in the log either.
			}
			throw error;
		}
	}

	close(): void {
		this.#database.close();
	}

	#tryTo(change: Change): Outcome {
		try {
			return { value: this.#run(change) };
		} catch (error) {
			// A full disk can end the transaction by itself: then nothing of the group has happened.
			if (!this.#database.isTransaction) throw error;
			return { error };
		}
	}

	#run(change: Change): unknown {
		// One statement undoes itself when it fails, so it needs no savepoint.
		if ("sql" in change) return this.#all(change.sql, change.values);
		this.#database.exec("SAVEPOINT change");
		try {
			const result = "define" in change ? this.#define(change.define) : this.#transact(change);
			this.#database.exec("RELEASE change");
			return result;
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec("ROLLBACK TO change; RELEASE change");
			throw error;
		}
	}

	#define(statements: readonly string[]): void {
		for (const sql of statements) this.#database.exec(sql);
	}

	#transact({ transaction, input }: { readonly transaction: string; readonly input: unknown }): unknown {
		const steps = getTransaction(transaction).steps(input as never);
		let step = steps.next();
		while (!step.done) step = steps.next(this.#all(step.value.statement.sql, step.value.values));
		return step.value;
	}

	#all(sql: string, values: readonly Value[]): readonly Row[] {
		let prepared = this.#prepared.get(sql);
		if (!prepared) {
			prepared = this.#database.prepare(sql);
			this.#prepared.set(sql, prepared);
		}
		return prepared.all(...values) as unknown as readonly Row[];
	}
}

/**
 * Every commit to the file is synced: what is acknowledged survives a power cut. Pages are small because a commit
 * writes whole pages and our rows are short: at 2 KiB a group of renewals commits four times as fast as at 4 KiB
 * (docs/decisions/0003). The log may grow to 40 MiB before it is folded into the file.
 */
export function openFile(path: string): DatabaseSync {
	const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
	database.exec(
		"PRAGMA page_size = 2048; PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20000",
	);
	const synchronous = database.prepare("PRAGMA synchronous").get()?.["synchronous"];
	if (synchronous !== 2) throw new Error("SQLite does not sync every commit");
	return database;
}
