// What a verb is given. Five members; when a seventh is wanted, ask which verb is in the wrong room.
import type { Seconds, Shop } from "../model.ts";
import type { Passwords } from "../secrets/password.ts";
import type { Engine } from "../store/engine.ts";

export interface Clock {
	now(): Seconds;
}

/** The operator's choices that verbs obey. */
interface Policy {
	/** Life of a customer access token, from creation or renewal. 42 days upstream. */
	readonly tokenLifetimeSeconds: number;
	readonly minPasswordLength: number;
}

export interface Context {
	readonly store: Engine;
	readonly passwords: Passwords;
	readonly clock: Clock;
	readonly policy: Policy;
	/** Whose customers these are: told by the storefront access token, or by the host of a tokenless call. */
	readonly shop: Shop;
}
