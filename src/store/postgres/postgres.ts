// PostgreSQL as an engine: any number of processes on one database. Every question goes to the primary, and every
// operation is answered within seconds, with an error where nobody knows what became of it.
import {
	CannotOpen,
	type Dialect,
	type Engine,
	type Read,
	type Row,
	type Statement,
	type Transaction,
	type Value,
} from "../engine.ts";
import { dialectOf } from "./dialect.ts";
import { parseHosts } from "./hosts.ts";
import { Lane } from "./lane.ts";
import { Primary } from "./primary.ts";
import { Reads } from "./reads.ts";
import { codeOf } from "./refusals.ts";
import { inTime } from "./waiting.ts";
import { Changes, Line, Transactions } from "./writes.ts";

/** How long a start waits for a database that starts as well. */
const OPEN_MS = 10_000;
/** A table is not locked for longer by waiting for whoever uses it, so that others can go on. */
const DEFINE_LOCK_MS = 1_000;
const DEFINE_ATTEMPTS = 30;
const LOCK_NOT_AVAILABLE = "55P03";
const NO_RIGHT = "42501";
/** Within this every operation has been answered. */
const CLOSE_MS = 5_000;
/** One batch of a table, or the number of its rows. */
const SNAPSHOT_ANSWER_MS = 300_000;
/** Two processes that make the same table at once: one of them is told so by one of these. */
const MADE_BY_ANOTHER = ["23505", "42P07", "42710"];

/**
 * `connections` are for transactions that run side by side: seven more are kept for reading, for single statements and
 * for what stands in line, and one for each host. Throws `CannotOpen` with a sentence for the operator.
 */
export async function openPostgres(url: string, connections: number): Promise<Engine> {
	const primary = new Primary(parseHosts(url));
	try {
		await primary.get(performance.now() + OPEN_MS);
	} catch {
		await primary.close();
		throw new CannotOpen(`The database cannot be used: ${primary.faults.join("; ")}.`);
	}
	return new PostgresEngine(primary, connections);
}

class PostgresEngine implements Engine {
	readonly dialect: Dialect;
	readonly #primary: Primary;
	readonly #reads: Reads;
	readonly #changes: Changes;
	readonly #transactions: Transactions;
	readonly #lines = new Map<string, Line>();
	/** Of tables being defined, and of snapshots. */
	readonly #others = new Set<Lane>();
	#isClosed = false;

	constructor(primary: Primary, connections: number) {
		this.dialect = dialectOf(primary.version);
		this.#primary = primary;
		this.#reads = new Reads(primary);
		this.#changes = new Changes(primary);
		this.#transactions = new Transactions(primary, connections);
		primary.onChange = () => {
			for (const part of this.#parts) part.drop();
		};
	}

	get #parts() {
		return [this.#reads, this.#changes, this.#transactions, ...this.#lines.values(), ...this.#others];
	}

	now(): number {
		return this.#primary.now;
	}

	read(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
		this.#refuseWhenClosed();
		return this.#reads.read(statement, values);
	}

	change(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
		this.#refuseWhenClosed();
		return this.#changes.change(statement, values);
	}

	write<I, O>(transaction: Transaction<I, O>, input: I): Promise<O> {
		this.#refuseWhenClosed();
		const { line } = transaction;
		return line === null
			? this.#transactions.write(transaction, input)
			: this.#lineOf(line).write(transaction, input);
	}

	#lineOf(name: string): Line {
		let line = this.#lines.get(name);
		if (!line) {
			line = new Line(this.#primary);
			this.#lines.set(name, line);
		}
		return line;
	}

	async define(statements: readonly string[]): Promise<boolean> {
		this.#refuseWhenClosed();
		const lane = new Lane(this.#primary);
		this.#others.add(lane);
		try {
			const connection = await lane.get(performance.now() + OPEN_MS);
			for (let attempt = 1; ; attempt++) {
				try {
					await connection.exec(
						["BEGIN", `SET LOCAL lock_timeout = ${DEFINE_LOCK_MS}`, ...statements, "COMMIT"].join(";\n"),
					);
					return true;
				} catch (error) {
					await connection.rollback();
					if (codeOf(error) === NO_RIGHT) {
						throw new CannotOpen("The database's user has no right to make tables there; give it one.");
					}
					if (MADE_BY_ANOTHER.includes(codeOf(error))) return false;
					if (codeOf(error) !== LOCK_NOT_AVAILABLE || attempt === DEFINE_ATTEMPTS) throw error;
				}
			}
		} finally {
			this.#others.delete(lane);
			await lane.close();
		}
	}

	async snapshot<T>(work: (read: Read) => Promise<T>): Promise<T> {
		this.#refuseWhenClosed();
		const lane = new Lane(this.#primary);
		this.#others.add(lane);
		try {
			const connection = await lane.get(performance.now() + OPEN_MS);
			// Other limits are for those who answer a client.
			await connection.exec(
				`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
				SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0`,
			);
			const outcome = await work((statement, values) =>
				inTime(connection.ask(statement, values), SNAPSHOT_ANSWER_MS),
			);
			await connection.rollback();
			await lane.close();
			return outcome;
		} finally {
			this.#others.delete(lane);
			// Were the transaction still open, it would hold up the database's own housekeeping.
			lane.drop();
			await lane.close();
		}
	}

	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		// What hangs is not waited for; whoever asked for it was told that nobody knows.
		const timer = setTimeout(() => {
			for (const part of this.#parts) part.drop();
		}, CLOSE_MS);
		await Promise.all(this.#parts.map((part) => part.close()));
		clearTimeout(timer);
		await this.#primary.close();
	}

	#refuseWhenClosed(): void {
		if (this.#isClosed) throw new Error("the store is closed");
	}
}
