// Passwords: hashed with argon2id off the event loop, a few at a time, so that hashing never starves reading.
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { HashJob, HashOutcome } from "./hash-thread.ts";

/** Cost of one hash. OWASP's floor for argon2id is 19 MiB, t=2, p=1. */
export interface PasswordCost {
	readonly memoryKib: number;
	readonly passes: number;
}

/** Thrown when so many hashes are waiting that a new one would only time out; the door answers THROTTLED. */
export class HashQueueFull extends Error {
	override readonly name = "HashQueueFull";
	constructor() {
		super("too many password hashes are waiting");
	}
}

export interface Passwords {
	/** A string that names its algorithm and cost: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`. */
	hash(password: string): Promise<string>;
	/**
	 * Whether the password is the stored one. With `null` (nobody has this address, or no password is set)
	 * it hashes all the same, against a string that nothing matches, and says false after the same work.
	 */
	verify(password: string, stored: string | null): Promise<boolean>;
	/** True when the string was made by another algorithm, or at a lower cost, than the one in force. */
	needsRehash(stored: string): boolean;
	/**
	 * A place among those who may go on to ask for a hash: to be waited for before anything else is done for it. A crowd is
	 * let in a few at a time, so that others are served in between. Rejects with `HashQueueFull` while no hash is taken.
	 */
	admit(): Promise<void>;
	/** Hashes running and waiting now. */
	readonly load: number;
	/** Hashes begun since the start, right and wrong passwords alike. */
	readonly begun: number;
	/** Ends the threads, and with them what they were hashing. */
	close(): Promise<void>;
}

/** The most characters of a password, counted in its normal form. */
export const MAX_PASSWORD_LENGTH = 256;

/**
 * The form in which a password is hashed: NFKC, so that every keyboard's way of typing it is one password
 * (NIST SP 800-63B). Null when it is too long to look at or not well-formed text, both found before any
 * work that grows with its length.
 */
export function normalizePassword(password: string): string | null {
	if (password.length > 4 * MAX_PASSWORD_LENGTH || !password.isWellFormed()) return null;
	return password.normalize("NFKC");
}

/** At most `cores − 1` hashes (at least one) run at once, each on a thread of its own; up to `maxQueued` more wait. */
export function createPasswords(cost: PasswordCost, maxQueued: number): Passwords {
	const maxThreads = Math.max(1, availableParallelism() - 1);
	const threads: Worker[] = [];
	const idle: Worker[] = [];
	const waiting: ((thread: Worker) => void)[] = [];
	const entering: (() => void)[] = [];
	let begun = 0;
	// As long and as costly as a real one, of no password: its salt and its tag are both random.
	const [salt, tag] = [randomBytes(16), randomBytes(32)].map((bytes) =>
		bytes.toString("base64").replaceAll("=", ""),
	);
	const nobody = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1$${salt}$${tag}`;

	const isFull = () => idle.length === 0 && threads.length >= maxThreads && waiting.length >= maxQueued;

	function letIn(): void {
		// Enough in each turn of the event loop that no thread waits for work.
		for (const enter of entering.splice(0, maxThreads + 1)) enter();
		if (entering.length > 0) setImmediate(letIn);
	}

	/** A thread that is free now, or the next that will be. */
	function findThread(): Worker | Promise<Worker> {
		const thread = idle.pop();
		if (thread) return thread;
		if (threads.length < maxThreads) {
			const started = new Worker(new URL("hash-thread.ts", import.meta.url));
			started.unref();
			threads.push(started);
			return started;
		}
		if (isFull()) throw new HashQueueFull();
		return new Promise((resolve) => waiting.push(resolve));
	}

	async function run(job: HashJob): Promise<string | boolean> {
		const thread = await findThread();
		begun++;
		const outcome = await new Promise<HashOutcome>((resolve) => {
			thread.once("message", resolve);
			thread.postMessage(job);
		});
		const next = waiting.shift();
		if (next) next(thread);
		else idle.push(thread);
		if ("error" in outcome) throw outcome.error;
		return outcome.value;
	}

	const hash = async (password: string) => String(await run({ password, ...cost }));
	return {
		hash,
		verify: async (password, stored) => {
			const matches = await run({ password, stored: stored ?? nobody });
			return matches === true && stored !== null;
		},
		needsRehash: (stored) => {
			const [, memoryKib, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(stored) ?? [];
			return !(Number(memoryKib) >= cost.memoryKib && Number(passes) >= cost.passes);
		},
		admit: async () => {
			await new Promise<void>((resolve) => {
				entering.push(resolve);
				if (entering.length === 1) setImmediate(letIn);
			});
			if (isFull()) throw new HashQueueFull();
		},
		get load() {
			return threads.length - idle.length + waiting.length;
		},
		get begun() {
			return begun;
		},
		close: async () => {
			await Promise.all(threads.map((thread) => thread.terminate()));
		},
	};
}
