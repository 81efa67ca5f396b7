// When what is over is removed: by one process of all that are on the database, in short steps for as long as there is
// something to do, and with a pause after each, so that it keeps up with a flood and leaves room to everybody else.
import { randomUUID } from "node:crypto";
import type { Log } from "../log.ts";
import type { Seconds } from "../model.ts";
import { removeEnded, walkTokens } from "../store/housekeeping.ts";
import { takeLease } from "../store/leases.ts";
import type { Context } from "./context.ts";

const POLL_MS = 2_000;
const PAUSE_MS = 20;
/** When the process that has the lease dies, another begins after this. */
const LEASE_SECONDS = 60;
/** Tokens stay for so long after their end: a clock that was wrong can be set right, and has ended none. */
const TOKEN_REST_SECONDS = 3_600;

type HousekeepingContext = Pick<Context, "store" | "clock" | "policy">;

export interface Housekeeping {
	/** Removes all that is over now; gives how many rows that was, or null where another process has the lease. */
	sweep(): Promise<number | null>;
	/** Lets the step under way finish, and gives the lease back. */
	close(): Promise<void>;
}

/** Looks every two seconds whether something is over, or somebody else sees to it. */
export function startHousekeeping(context: HousekeepingContext, log: Log): Housekeeping {
	const tenure = new Tenure(context);
	let pass: Promise<unknown> = Promise.resolve();
	let isIdle = true;
	let isClosing = false;
	const run = async (isWholeLap: boolean) => {
		isIdle = false;
		try {
			return await sweep(context, tenure, { isWholeLap, isClosing: () => isClosing });
		} finally {
			isIdle = true;
		}
	};
	const enqueue = (isWholeLap: boolean) => {
		const turn = pass.then(() => run(isWholeLap));
		pass = turn.catch((error) => log.error({ err: error }, "what is over could not be removed"));
		return turn;
	};
	const timer = setInterval(() => {
		if (isIdle) enqueue(false).catch(() => {});
	}, POLL_MS);
	return {
		sweep: () => enqueue(true),
		close: async () => {
			clearInterval(timer);
			isClosing = true;
			await pass;
			await tenure.end().catch((error) => log.warn({ err: error }, "the lease could not be given back"));
		},
	};
}

/** This process's hold on the lease. The position is written down when the lease is renewed, not with each step. */
class Tenure {
	position = "";
	readonly #context: HousekeepingContext;
	readonly #holder: string = randomUUID();
	#endsAt: Seconds = 0;

	constructor(context: HousekeepingContext) {
		this.#context = context;
	}

	/** The time by the clock of the database: the one for development forgets at a restart that it was advanced. */
	get now(): Seconds {
		return Math.floor(this.#context.store.now() / 1000);
	}

	/** Whether the lease is this process's, for some time to come. */
	async holds(): Promise<boolean> {
		if (this.#endsAt - this.now > LEASE_SECONDS / 2) return true;
		return this.#take(this.now + LEASE_SECONDS);
	}

	async end(): Promise<void> {
		if (this.#endsAt > this.now) await this.#take(this.now);
	}

	async #take(endsAt: Seconds): Promise<boolean> {
		const lease = { name: "housekeeping", holder: this.#holder, endsAt, position: this.position };
		const position = await takeLease(this.#context.store, lease, this.now);
		this.#endsAt = position === null ? 0 : endsAt;
		this.position = position ?? "";
		return position !== null;
	}
}

interface Turn {
	/** Whether every token is looked at, or the next ones only. */
	readonly isWholeLap: boolean;
	readonly isClosing: () => boolean;
}

async function sweep(
	{ store, clock, policy }: HousekeepingContext,
	tenure: Tenure,
	{ isWholeLap, isClosing }: Turn,
): Promise<number | null> {
	if (!(await tenure.holds())) return null;
	// The rest of the lap that is under way, and then a whole one.
	let lapsToGo = !isWholeLap ? 0 : tenure.position === "" ? 1 : 2;
	let removed = 0;
	while (!isClosing() && (await tenure.holds())) {
		const now = clock.now();
		const actsUntil = policy.auditSeconds === 0 ? null : now - policy.auditSeconds;
		const ended = await removeEnded(store, { now, actsUntil });
		const walked = await walkTokens(store, tenure.position, tenure.now - TOKEN_REST_SECONDS);
		tenure.position = walked.position;
		if (walked.position === "") lapsToGo--;
		removed += ended + walked.removed;
		if (ended + walked.removed === 0 && lapsToGo <= 0) break;
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
	}
	return removed;
}
