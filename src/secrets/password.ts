// Passwords: hashed with argon2id off the event loop, a few at a time, so that hashing never starves reading.
import { availableParallelism } from "node:os";
import { hash as argon2Hash, verify as argon2Verify } from "@node-rs/argon2";

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
	/** Hashes running and waiting now. */
	readonly load: number;
}

/** The most code units of password text that are looked at; more is refused before any text work. */
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

/** At most `cores − 1` hashes (at least one) run at once; up to `maxQueued` more wait. */
export function createPasswords(cost: PasswordCost, maxQueued: number): Passwords {
	const options = { memoryCost: cost.memoryKib, timeCost: cost.passes, parallelism: 1 };
	const maxRunning = Math.max(1, availableParallelism() - 1);
	const waiting: (() => void)[] = [];
	let running = 0;
	let nobody: Promise<string> | undefined;

	async function inTurn<T>(job: () => Promise<T>): Promise<T> {
		if (running < maxRunning) running++;
		else if (waiting.length >= maxQueued) throw new HashQueueFull();
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await job();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else running--;
		}
	}

	return {
		hash: (password) => inTurn(() => argon2Hash(password, options)),
		verify: async (password, stored) => {
			nobody ??= argon2Hash(crypto.randomUUID(), options);
			const against = stored ?? (await nobody);
			const matches = await inTurn(() => argon2Verify(against, password));
			return matches && stored !== null;
		},
		needsRehash: (stored) => {
			const [, memoryKib, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(stored) ?? [];
			return !(Number(memoryKib) >= cost.memoryKib && Number(passes) >= cost.passes);
		},
		get load() {
			return running + waiting.length;
		},
	};
}
