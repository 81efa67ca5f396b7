// SQLite as an engine. Questions that arrive in one turn of the event loop share one read transaction; writes that
// arrive while the previous commit is syncing share the next one. Readers and the writer never wait for each other.
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, resolve as resolvePath } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import {
	CannotOpen,
	type Engine,
	type Read,
	type Row,
	type Statement,
	type Transaction,
	type Value,
} from "../engine.ts";
import { makePrivate, takeLock } from "./lock.ts";
import { readInSnapshot } from "./snapshot.ts";
import { type Change, type Outcome, openFile, Writer } from "./writer.ts";

/** Below 3.51.3 a WAL reset could lose a commit (https://www.sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3] as const;

/**
 * Opens `:memory:` or a file, which is made with its folder when missing. A file that a server has open is refused,
 * unless `beside` is set: then it is opened without the server's lock, for a command that comes and goes, and must be
 * there: a misspelt name makes no database.
 */
export function openSqlite(path: string, beside: boolean): Engine {
	const version = String(new DatabaseSync(":memory:").prepare("SELECT sqlite_version() AS v").get()?.["v"]);
	if (isOlder(version)) {
		throw new CannotOpen(`SQLite ${version} can lose commits; use a Node with SQLite 3.51.3 or later.`);
	}
	if (path === ":memory:") {
		const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
		return new SqliteEngine(database, commitInPlace(new Writer(database)));
	}
	if (beside && !existsSync(path)) {
		throw new CannotOpen(`${path} is not there; the server makes it when it starts.`);
	}
	try {
		mkdirSync(dirname(resolvePath(path)), { recursive: true, mode: 0o700 });
		makePrivate(path);
		return openFileEngine(realpathSync(path), beside);
	} catch (error) {
		if (error instanceof CannotOpen) throw error;
		throw new CannotOpen(`${path} cannot be opened as a SQLite database: ${(error as Error).message}.`);
	}
}

/** By the file's one true path, so that no second name gets round the lock. */
function openFileEngine(path: string, beside: boolean): Engine {
	const letGo = beside ? () => {} : takeLock(path);
	if (!letGo) {
		throw new CannotOpen(
			`${path} is already in use by another Latchkey process. Stop that one first, or give this one its own file with LATCHKEY_DATABASE_URL.`,
		);
	}
	try {
		const database = openFile(path);
		database.exec("PRAGMA query_only = ON; PRAGMA cache_size = -65536");
		const { commit, close } = beside ? commitHere(path) : commitOnThread(path);
		const end = async () => {
			await close();
			letGo();
		};
		return new SqliteEngine(database, { commit, close: end }, path);
	} catch (error) {
		letGo();
		throw error;
	}
}

function isOlder(version: string): boolean {
	const parts = version.split(".").map(Number);
	for (let i = 0; i < OLDEST_SQLITE.length; i++) {
		const difference = (parts[i] ?? 0) - (OLDEST_SQLITE[i] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return false;
}

/** Commits one group at a time; the outcomes are in the group's order. */
interface Committer {
	commit(group: readonly Change[]): Promise<readonly Outcome[]>;
	close(): Promise<void>;
}

function commitInPlace(writer: Writer): Committer {
	return { commit: async (group) => writer.commit(group), close: async () => {} };
}

/** For a command, which has nothing else to do meanwhile: a thread would take longer to start than it works. */
function commitHere(path: string): Committer {
	const writer = new Writer(openFile(path));
	return { commit: async (group) => writer.commit(group), close: async () => writer.close() };
}

function commitOnThread(path: string): Committer {
	// An error on the thread that is not a write's own ends the process: nothing can be promised any more.
	const thread = new Worker(new URL("thread.ts", import.meta.url), { workerData: path });
	let answer: (outcomes: readonly Outcome[]) => void = () => {};
	thread.on("message", (outcomes: readonly Outcome[]) => answer(outcomes));
	return {
		commit: (group) =>
			new Promise((resolve) => {
				answer = resolve;
				thread.postMessage(group);
			}),
		close: () =>
			new Promise((resolve) => {
				thread.once("exit", () => resolve());
				thread.postMessage("close");
			}),
	};
}

interface Question {
	readonly statement: Statement;
	readonly values: readonly Value[];
	readonly resolve: (rows: readonly Row[]) => void;
	readonly reject: (error: unknown) => void;
}

interface WaitingChange {
	readonly change: Change;
	readonly resolve: (value: never) => void;
	readonly reject: (error: unknown) => void;
}

class SqliteEngine implements Engine {
	readonly dialect = {
		integer: "INTEGER",
		text: "TEXT",
		// As the primary key. A value may come again only once every later row is gone.
		counter: "INTEGER",
		clustered: "WITHOUT ROWID",
		forbidUpdates: (table: string) => [
			`CREATE TRIGGER ${table}_is_not_changed BEFORE UPDATE ON ${table}
			BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never changed'); END`,
		],
		keepsNul: true,
		// It always does.
		continueCounter: () => [],
	};
	readonly #database: DatabaseSync;
	readonly #committer: Committer;
	/** Null for a database in memory. */
	readonly #path: string | null;
	readonly #prepared = new Map<Statement, StatementSync>();
	/** The last answer of each statement in the view that is open: asked again with the same values, it is the same. */
	readonly #lastAnswers = new Map<
		Statement,
		{ readonly values: readonly Value[]; readonly rows: readonly Row[] }
	>();
	#questions: Question[] = [];
	#changes: WaitingChange[] = [];
	#turnIsDue = false;
	#viewIsOpen = false;
	#committing: Promise<void> | null = null;
	#closed = false;

	constructor(database: DatabaseSync, committer: Committer, path: string | null = null) {
		this.#database = database;
		this.#committer = committer;
		this.#path = path;
	}

	/** One machine has the file: its clock is the database's. */
	now(): number {
		return Date.now();
	}

	read(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
		return new Promise((resolve, reject) => {
			this.#refuseWhenClosed();
			this.#questions.push({ statement, values, resolve, reject });
			if (this.#turnIsDue) return;
			this.#turnIsDue = true;
			// After the poll phase, in which the requests of this turn arrive.
			setImmediate(this.#answerQuestions);
		});
	}

	change({ sql }: Statement, values: readonly Value[]): Promise<readonly Row[]> {
		return this.#enqueue({ sql, values });
	}

	write<I, O>({ name }: Transaction<I, O>, input: I): Promise<O> {
		return this.#enqueue({ transaction: name, input });
	}

	async define(statements: readonly string[]): Promise<boolean> {
		await this.#enqueue({ define: statements });
		return true;
	}

	async snapshot<T>(work: (read: Read) => Promise<T>): Promise<T> {
		this.#refuseWhenClosed();
		if (this.#path === null) throw new Error("a database in memory has one view at a time");
		return readInSnapshot(this.#path, work);
	}

	async close(): Promise<void> {
		this.#closed = true;
		while (this.#turnIsDue || this.#committing) {
			await (this.#committing ?? new Promise((resolve) => setImmediate(resolve)));
		}
		this.#database.close();
		await this.#committer.close();
	}

	#refuseWhenClosed(): void {
		if (this.#closed) throw new Error("the store is closed");
	}

	#enqueue<T>(change: Change): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			this.#refuseWhenClosed();
			this.#changes.push({ change, resolve, reject });
			this.#committing ??= this.#commitGroups();
		});
	}

	/** One group after the other, until nothing waits. No reply leaves before its group is durable. */
	async #commitGroups(): Promise<void> {
		// The writes of one turn are one group.
		await new Promise((resolve) => setImmediate(resolve));
		while (this.#changes.length > 0) {
			const group = this.#changes;
			this.#changes = [];
			const outcomes = await this.#committer.commit(group.map(({ change }) => change));
			for (const [index, { resolve, reject }] of group.entries()) {
				const outcome = outcomes[index];
				if (outcome && "value" in outcome) resolve(outcome.value as never);
				else reject(outcome?.error);
			}
		}
		this.#committing = null;
	}

	/** Answers all that is asked, then what the answers lead to, in one view, until nothing more is asked. */
	readonly #answerQuestions = (): void => {
		const questions = this.#questions;
		this.#questions = [];
		try {
			if (!this.#viewIsOpen) this.#database.exec("BEGIN");
			this.#viewIsOpen = true;
		} catch (error) {
			for (const { reject } of questions) reject(error);
		}
		if (this.#viewIsOpen) {
			for (const { statement, values, resolve, reject } of questions) {
				try {
					resolve(this.#answer(statement, values));
				} catch (error) {
					reject(error);
				}
			}
		}
		// A tick asked for by a microtask runs once the microtasks are done: the requests just answered have by
		// then asked their next question.
		queueMicrotask(() => process.nextTick(this.#endTurn));
	};

	readonly #endTurn = (): void => {
		if (this.#questions.length > 0) {
			this.#answerQuestions();
			return;
		}
		this.#viewIsOpen = false;
		this.#lastAnswers.clear();
		this.#turnIsDue = false;
		// An error of the disk can have ended the transaction by itself.
		if (this.#database.isTransaction) this.#database.exec("COMMIT");
	};

	/** Every request asks about its storefront access token, and most carry the same one. */
	#answer(statement: Statement, values: readonly Value[]): readonly Row[] {
		const last = this.#lastAnswers.get(statement);
		if (last?.values.every((value, index) => value === values[index])) return last.rows;
		let prepared = this.#prepared.get(statement);
		if (!prepared) {
			prepared = this.#database.prepare(statement.sql);
			this.#prepared.set(statement, prepared);
		}
		const rows = prepared.all(...values) as unknown as readonly Row[];
		this.#lastAnswers.set(statement, { values, rows });
		return rows;
	}
}
