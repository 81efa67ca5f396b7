// How often something was tried of late. An attempt is counted in the transaction that allows it, so that no burst, no
// second process and no restart gets one for nothing.
import type { Seconds } from "../model.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";

const FIND = statement("SELECT times, in_a_row FROM attempts WHERE subject = ? AND ends_at > ?");
const PUT = statement(
	`INSERT INTO attempts (subject, times, in_a_row, ends_at) VALUES (?, ?, ?, ?)
	ON CONFLICT (subject) DO UPDATE
	SET times = excluded.times, in_a_row = excluded.in_a_row, ends_at = excluded.ends_at`,
);
const END_ROW = statement("UPDATE attempts SET in_a_row = 0 WHERE subject = ?");
const DELETE = statement("DELETE FROM attempts WHERE subject = ?");
const INHERIT = statement(
	`INSERT INTO attempts (subject, times, in_a_row, ends_at)
	SELECT ?, times, in_a_row, ends_at FROM attempts WHERE subject = ? ON CONFLICT DO NOTHING`,
);
const DELETE_ALL = statement("DELETE FROM attempts");
const FIND_SLOT_KEY = statement("SELECT secret FROM slot_key WHERE id = 1");
const PUT_SLOT_KEY = statement("INSERT INTO slot_key (id, secret) VALUES (1, ?) ON CONFLICT DO NOTHING");

/** At most so many within any span of so many seconds. */
export interface Limit {
	readonly most: number;
	readonly seconds: Seconds;
}

/** What is counted together, and how often it may be tried. */
export interface Budget {
	readonly subject: string;
	/** At least one. */
	readonly limits: readonly Limit[];
	/** How often it may be tried in a row before one attempt succeeds; null for no such end. */
	readonly row: {
		readonly most: number;
		/** For how long an unfinished row is remembered. */
		readonly memorySeconds: Seconds;
	} | null;
}

/** A row that has come to its end is remembered for so long. */
export const FULL_ROW_SECONDS = 365 * 86_400;

/** What became of an attempt. */
export interface Counted {
	/** The subjects of the budgets that are used up; none where the attempt was counted. */
	readonly full: readonly string[];
	/** Until all of them have room again. */
	readonly waitSeconds: Seconds;
}

interface Count {
	readonly times: readonly Seconds[];
	readonly inARow: number;
}

/** Guesses at one account, or from one address, count the same rows. */
const LINE = "attempts";

const COUNT_ATTEMPT = transaction(
	"count attempt",
	function* (input: { readonly budgets: readonly Budget[]; readonly now: Seconds }): Steps<Counted> {
		const { budgets, now } = input;
		const counts: Count[] = [];
		for (const budget of budgets) counts.push(yield* readCount(budget, now));
		const waits = budgets.map((budget, index) => waitOf(counts[index] as Count, budget, now));
		const full = budgets.filter((_, index) => waits[index] !== 0).map(({ subject }) => subject);
		if (full.length > 0) return { full, waitSeconds: Math.max(...waits) };
		for (const [index, budget] of budgets.entries()) {
			const { times, inARow } = counts[index] as Count;
			yield* putCount(budget, { times: [...times, now], inARow: inARow + 1 }, now);
		}
		return { full, waitSeconds: 0 };
	},
	LINE,
);

/** Counts one attempt in each budget; or in none, where one of them is used up. */
export function countAttempt(engine: Engine, budgets: readonly Budget[], now: Seconds): Promise<Counted> {
	return engine.write(COUNT_ATTEMPT, { budgets, now });
}

interface TakenOut {
	readonly budgets: readonly Budget[];
	readonly countedAt: Seconds;
	/** Whether it ends what was tried in a row. */
	readonly succeeded: boolean;
	readonly now: Seconds;
}

const TAKE_OUT = transaction(
	"take out attempt",
	function* (input: TakenOut): Steps<void> {
		const { countedAt, succeeded, now } = input;
		for (const budget of input.budgets) {
			const { times, inARow } = yield* readCount(budget, now);
			const index = times.lastIndexOf(countedAt);
			const left = index < 0 ? times : times.toSpliced(index, 1);
			yield* putCount(budget, { times: left, inARow: succeeded ? 0 : Math.max(0, inARow - 1) }, now);
		}
	},
	LINE,
);

/** An attempt that succeeded, or that came to nothing, is none: takes it out of its budgets again. */
export function takeOutAttempt(engine: Engine, attempt: TakenOut): Promise<void> {
	return engine.write(TAKE_OUT, attempt);
}

/** Inside a transaction: whatever was tried in a row, the owner has come in since. */
export function* endRow(subject: string): Steps<void> {
	yield ask(END_ROW, [subject]);
}

/** Inside a transaction: all that was counted of this subject. */
export function* deleteAttempts(subject: string): Steps<void> {
	yield ask(DELETE, [subject]);
}

/** Inside a transaction: what was counted of one subject is counted of another, new one as well. */
export function* inheritAttempts(from: string, to: string): Steps<void> {
	yield ask(INHERIT, [to, from]);
}

export async function forgetAllAttempts(engine: Engine): Promise<void> {
	await engine.change(DELETE_ALL, []);
}

/** What slots are drawn by: the same in every process on this database, and known to nobody outside. */
export async function ensureSlotKey(engine: Engine, drawn: string): Promise<string> {
	await engine.change(PUT_SLOT_KEY, [drawn]);
	const [row] = await engine.read(FIND_SLOT_KEY, []);
	return String(row?.["secret"]);
}

function* readCount({ subject, limits }: Budget, now: Seconds): Steps<Count> {
	const [row] = yield ask(FIND, [subject, now]);
	return row ? toCount(row, longestOf(limits), now) : { times: [], inARow: 0 };
}

/** What lies ahead was counted before a clock was set back, or by one that is ahead: it counts as well. */
function toCount(row: Row, longest: Seconds, now: Seconds): Count {
	const times = row["times"] === "" ? [] : String(row["times"]).split(" ").map(Number);
	return {
		times: times.filter((time) => Math.abs(now - time) < longest),
		inARow: Number(row["in_a_row"]),
	};
}

function longestOf(limits: readonly Limit[]): Seconds {
	return Math.max(...limits.map(({ seconds }) => seconds));
}

function waitOf({ times, inARow }: Count, { limits, row }: Budget, now: Seconds): Seconds {
	const waits = limits.map(({ most, seconds }) => {
		const oldest = times.at(-most);
		return oldest === undefined ? 0 : oldest + seconds - now;
	});
	return Math.max(0, row && inARow >= row.most ? longestOf(limits) : 0, ...waits);
}

function* putCount({ subject, limits, row }: Budget, { times, inARow }: Count, now: Seconds): Steps<void> {
	const kept = times.toSorted((a, b) => a - b);
	const counted = row ? inARow : 0;
	if (kept.length === 0 && counted === 0) {
		yield* deleteAttempts(subject);
		return;
	}
	const memory = row && counted > 0 ? (counted >= row.most ? FULL_ROW_SECONDS : row.memorySeconds) : 0;
	const endsAt = Math.max(now + memory, (kept.at(-1) ?? now) + longestOf(limits));
	yield ask(PUT, [subject, kept.join(" "), counted, endsAt]);
}
