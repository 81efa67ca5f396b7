// Writes: what arrives while the previous commit is under way goes into the next one. One statement is whole by itself,
// so a group of them is sent in one packet; a transaction's steps are questions and answers, each on a connection of
// its own.
import { getTransaction, type Row, type Statement, type Transaction, type Value } from "../engine.ts";
import type { Connection } from "./connection.ts";
import { Lane } from "./lane.ts";
import type { Primary } from "./primary.ts";
import { isGoneAway, isToRunAgain, leavesDoubt, OutcomeUnknown, Overdue } from "./refusals.ts";
import { askTogether, gatherChanges } from "./together.ts";
import { inTime, pause } from "./waiting.ts";

/** Within this a client is told, whatever the database does. */
const ANSWER_MS = 3_500;
/** How long a write may wait for a connection. */
const WAIT_MS = 2_000;
/** One packet's worth: a group is answered as a whole. */
const MAX_GROUP = 256;
const LONGEST_PAUSE_MS = 100;

/** One after the other, by whoever has the lane; what waits meanwhile is the next group. */
abstract class Groups<J extends { readonly until: number }> {
	protected readonly lane: Lane;
	#waiting: J[] = [];
	#working: Promise<void> | null = null;

	constructor(primary: Primary) {
		this.lane = new Lane(primary);
	}

	protected put(job: J): void {
		// Nobody waits any more for what is overdue; behind a commit that hangs it would pile up.
		while (this.#waiting[0] && this.#waiting[0].until <= performance.now()) this.#waiting.shift();
		this.#waiting.push(job);
		this.#working ??= this.#work();
	}

	drop(): void {
		this.lane.drop();
	}

	async close(): Promise<void> {
		await this.#working;
		await this.lane.close();
	}

	/** Settles every job of the group, of which there is one at least; never rejects. */
	protected abstract commit(group: readonly J[]): Promise<void>;

	async #work(): Promise<void> {
		// The writes of one turn are one group.
		await new Promise((resolve) => setImmediate(resolve));
		while (this.#waiting.length > 0) {
			const group = this.#waiting.splice(0, MAX_GROUP);
			// Whoever was told that it failed is not surprised by what is done later.
			const awaited = group.filter(({ until }) => performance.now() < until);
			if (awaited.length > 0) await this.commit(awaited);
		}
		this.#working = null;
	}
}

interface Change {
	readonly statement: Statement;
	readonly values: readonly Value[];
	readonly until: number;
	readonly resolve: (rows: readonly Row[]) => void;
	readonly reject: (error: unknown) => void;
}

/** Single statements. */
export class Changes extends Groups<Change> {
	change(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
		const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
		this.put({ statement, values, until: performance.now() + ANSWER_MS, resolve, reject });
		return inTime(promise, ANSWER_MS);
	}

	protected override async commit(group: readonly Change[]): Promise<void> {
		try {
			const rows = group.length > 1 ? await this.#commitTogether(group) : null;
			if (rows) for (const [index, { resolve }] of group.entries()) resolve(rows[index] as readonly Row[]);
			// One of them was refused, and none of them done: each by itself.
			else for (const change of group) await this.#commitAlone(change);
		} catch (error) {
			for (const { reject } of group) reject(error);
		}
	}

	/** Null when it was rolled back. */
	async #commitTogether(group: readonly Change[]): Promise<readonly (readonly Row[])[] | null> {
		const connection = await this.lane.get(Math.min(...group.map(({ until }) => until)));
		connection.cork();
		connection.begin("READ COMMITTED");
		const answers = new Map<Change, readonly Row[]>();
		const asked = gatherChanges(group).map(async (alike) => {
			const rows = await askTogether(connection, alike);
			for (const [index, change] of alike.entries()) answers.set(change, rows[index] as readonly Row[]);
		});
		const [isCommitted] = await Promise.all([connection.commit(), Promise.allSettled(asked)]);
		if (!isCommitted) return null;
		if (answers.size < group.length) throw new OutcomeUnknown("a commit left something out");
		return group.map((change) => answers.get(change) as readonly Row[]);
	}

	async #commitAlone({ statement, values, until, resolve, reject }: Change): Promise<void> {
		try {
			resolve(
				await runAgain(until, async () => {
					const connection = await this.lane.get(until);
					const rows = await connection.ask(statement, values).catch((error) => {
						throw leavesDoubt(error) ? new OutcomeUnknown("nobody said what became of a write") : error;
					});
					connection.refuseUnsafe();
					return rows;
				}),
			);
		} catch (error) {
			reject(error);
		}
	}
}

interface Job {
	readonly transaction: Transaction<never, unknown>;
	readonly input: unknown;
	readonly until: number;
	readonly resolve: (value: never) => void;
	readonly reject: (error: unknown) => void;
}

/** Transactions that would meet on the same rows: one after the other, several to a commit. */
export class Line extends Groups<Job> {
	write<O>({ name }: { readonly name: string }, input: unknown): Promise<O> {
		const { promise, resolve, reject } = Promise.withResolvers<O>();
		const transaction = getTransaction(name);
		this.put({ transaction, input, until: performance.now() + ANSWER_MS, resolve, reject });
		return inTime(promise, ANSWER_MS);
	}

	protected override async commit(group: readonly Job[]): Promise<void> {
		try {
			const outcomes = await this.#run(group);
			for (const [index, { resolve }] of group.entries()) resolve(outcomes[index] as never);
		} catch (error) {
			if (group.length === 1 || error instanceof OutcomeUnknown)
				for (const { reject } of group) reject(error);
			else for (const job of group) await this.commit([job]);
		}
	}

	async #run(group: readonly Job[]): Promise<readonly unknown[]> {
		const until = Math.min(...group.map((job) => job.until));
		return runAgain(until, async () => transact(await this.lane.get(until), group, until));
	}
}

/** Transactions side by side, on a bounded number of connections. */
export class Transactions {
	readonly #lanes: readonly Lane[];
	readonly #idle: Lane[];
	readonly #waiting: ((lane: Lane) => void)[] = [];
	readonly #underWay = new Set<Promise<unknown>>();

	constructor(primary: Primary, connections: number) {
		this.#lanes = Array.from({ length: connections }, () => new Lane(primary));
		this.#idle = [...this.#lanes];
	}

	write<O>({ name }: { readonly name: string }, input: unknown): Promise<O> {
		const transaction = getTransaction(name);
		const until = performance.now() + ANSWER_MS;
		const work: Promise<unknown> = runAgain(until, async () => {
			const lane = await this.#take(until);
			try {
				const [outcome] = await transact(await lane.get(until), [{ transaction, input }], until);
				return outcome;
			} finally {
				this.#give(lane);
			}
		});
		this.#underWay.add(work);
		work.catch(() => {}).finally(() => this.#underWay.delete(work));
		return inTime(work as Promise<O>, ANSWER_MS);
	}

	drop(): void {
		for (const lane of this.#lanes) lane.drop();
	}

	async close(): Promise<void> {
		await Promise.allSettled(this.#underWay);
		await Promise.all(this.#lanes.map((lane) => lane.close()));
	}

	#take(until: number): Promise<Lane> {
		const idle = this.#idle.pop();
		if (idle) return Promise.resolve(idle);
		return new Promise((resolve, reject) => {
			const take = (lane: Lane) => {
				clearTimeout(timer);
				resolve(lane);
			};
			const wait = Math.max(1, Math.min(WAIT_MS, until - performance.now()));
			const timer = setTimeout(() => {
				this.#waiting.splice(this.#waiting.indexOf(take), 1);
				reject(new Overdue("every connection to the database is taken"));
			}, wait);
			this.#waiting.push(take);
		});
	}

	#give(lane: Lane): void {
		const next = this.#waiting.shift();
		if (next) next(lane);
		else this.#idle.push(lane);
	}
}

/** The outcomes of all, or an error for all: then nothing was done, unless it is an `OutcomeUnknown`. */
async function transact(
	connection: Connection,
	jobs: readonly Pick<Job, "transaction" | "input">[],
	until: number,
): Promise<readonly unknown[]> {
	connection.cork();
	const begun = connection.begin("SERIALIZABLE");
	const outcomes: unknown[] = [];
	try {
		for (const { transaction, input } of jobs) {
			const steps = transaction.steps(input as never);
			let step = steps.next();
			while (!step.done) {
				// Were no transaction begun, each step would be one by itself.
				const [rows] = await Promise.all([connection.ask(step.value.statement, step.value.values), begun]);
				step = steps.next(rows);
			}
			outcomes.push(step.value);
		}
		if (performance.now() >= until) throw new Overdue("a transaction took too long");
	} catch (error) {
		connection.rollback().catch(() => {});
		throw error;
	}
	if (!(await connection.commit())) throw new Error("a transaction was rolled back");
	return outcomes;
}

/** Until it goes through, is refused for good, or its time is over. */
async function runAgain<T>(until: number, work: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await work();
		} catch (error) {
			const isWorthIt = isToRunAgain(error) || isGoneAway(error);
			const longest = Math.min(LONGEST_PAUSE_MS, 2 ** attempt);
			const rest = Math.random() * longest;
			if (!isWorthIt || performance.now() + rest >= until) throw error;
			await pause(rest);
		}
	}
}
