// Attempts under way. Limits count attempts, not requests: one is counted before anything is checked, in the database;
// where a budget is used up by attempts of which nobody knows yet how they end, the next one waits for them.
import { createHmac } from "node:crypto";
import type { Log } from "../log.ts";
import type { Seconds } from "../model.ts";
import { HashQueueFull } from "../secrets/password.ts";
import { type Budget, type Counted, countAttempt, takeOutAttempt } from "../store/attempts.ts";
import type { Engine } from "../store/engine.ts";
import type { Clock } from "./context.ts";
import type { Limits } from "./limits.ts";

/** Thrown before anything is looked at. */
export class TooManyAttempts extends Error {
	override readonly name = "TooManyAttempts";
	readonly retryAfterSeconds: Seconds;
	constructor(retryAfterSeconds: Seconds) {
		super("too many attempts");
		this.retryAfterSeconds = retryAfterSeconds;
	}
}

/** An attempt that was allowed, and counted. */
interface Attempt {
	/** Takes it out of the count again: it was a good one, or nothing came to be checked. */
	takeOut(succeeded: boolean): Promise<void>;
	/** It was a bad one, or nobody will know: the count stays. Does nothing after `takeOut`. */
	end(): void;
}

export interface Attempts {
	readonly limits: Limits;
	/** Throws `TooManyAttempts`. */
	count(budgets: readonly Budget[]): Promise<Attempt>;
	/** One of so many rows that all texts share: a flood of them fills no disk and pushes nobody's row out. */
	slotOf(text: string): number;
	/**
	 * What follows an act that is done, and is not to be told as failed: where this fails, the log is told. Never rejects.
	 */
	afterwards(work: Promise<unknown>, what: string): Promise<void>;
}

const SLOTS = 2 ** 18;

/** Attempts in one budget that are under way in this process, and those that wait for them, in turn. */
interface Line {
	running: number;
	readonly waiting: (() => void)[];
}

/** `slotKey` keeps outsiders from working out which texts share a slot. */
export function createAttempts(
	store: Engine,
	clock: Clock,
	limits: Limits,
	slotKey: string,
	log: Pick<Log, "warn">,
): Attempts {
	const lines = new Map<string, Line>();
	const enter = (subject: string) => {
		const line = lines.get(subject) ?? { running: 0, waiting: [] };
		line.running++;
		lines.set(subject, line);
	};
	const leave = (subject: string, makesRoom: boolean) => {
		const line = lines.get(subject);
		if (!line) return;
		line.running--;
		if (line.running === 0) {
			// Nobody is left whom it would be worth to wait for.
			lines.delete(subject);
			wake(line, line.waiting.length);
		} else if (makesRoom) wake(line, 1);
	};
	/**
	 * Waits for a turn where others wait, and for as long as what uses a budget up is under way. Gives the time that was
	 * counted.
	 */
	const enterInTurn = async (budgets: readonly Budget[]): Promise<Seconds> => {
		const known = budgets.map(({ subject }) => lines.get(subject));
		let line = known.find((found) => found && found.waiting.length > 0);
		let isNext = false;
		for (;;) {
			if (line) await waitIn(line, isNext);
			const now = clock.now();
			let counted: Counted;
			try {
				counted = await countAttempt(store, budgets, now);
			} catch (error) {
				if (line) wake(line, 1);
				throw error;
			}
			if (counted.full.length === 0) {
				// In the same step: whoever is refused beside this one has to find it under way.
				for (const { subject } of budgets) enter(subject);
				return now;
			}
			const found = counted.full.map((subject) => lines.get(subject));
			const other = found.every((full) => full) ? found[0] : undefined;
			isNext = other === line;
			// The room that it was woken for is the next one's.
			if (line && !isNext) wake(line, 1);
			if (!other) throw new TooManyAttempts(counted.waitSeconds);
			line = other;
		}
	};
	return {
		limits,
		afterwards: async (work, what) => {
			await work.catch((error: unknown) => log.warn({ err: error }, what));
		},
		slotOf: (text) => createHmac("sha256", slotKey).update(text).digest().readUInt32BE() % SLOTS,
		count: async (budgets) => {
			if (budgets.length === 0) return UNCOUNTED;
			const countedAt = await enterInTurn(budgets);
			let isOver = false;
			const end = (makesRoom: boolean) => {
				if (isOver) return;
				isOver = true;
				for (const { subject } of budgets) leave(subject, makesRoom);
			};
			return {
				takeOut: async (succeeded) => {
					await takeOutAttempt(store, { budgets, countedAt, succeeded, now: clock.now() });
					end(true);
				},
				end: () => end(false),
			};
		},
	};
}

const UNCOUNTED: Attempt = { takeOut: async () => {}, end: () => {} };

function waitIn({ waiting }: Line, isNext: boolean): Promise<void> {
	return new Promise((resolve) => {
		if (isNext) waiting.unshift(resolve);
		else waiting.push(resolve);
	});
}

function wake({ waiting }: Line, count: number): void {
	for (const go of waiting.splice(0, count)) go();
}

/** Counts an attempt and does its work: what it answers is no failure, unless it `isFailure`: then the count stays. */
export async function countFailure<T>(
	attempts: Attempts,
	budgets: readonly Budget[],
	isFailure: (answer: T) => boolean,
	work: () => Promise<T>,
): Promise<T> {
	const attempt = await attempts.count(budgets);
	try {
		const answer = await work();
		if (!isFailure(answer)) {
			await attempts.afterwards(attempt.takeOut(true), "an attempt that was a good one stays in the count");
		}
		return answer;
	} catch (error) {
		// No password was looked at.
		if (error instanceof HashQueueFull) await attempt.takeOut(false);
		throw error;
	} finally {
		attempt.end();
	}
}
