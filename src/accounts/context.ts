// What a verb is given. Six members; when a seventh is wanted, ask which verb is in the wrong room.
import type { Seconds, Shop } from "../model.ts";
import type { Passwords } from "../secrets/password.ts";
import type { Seal } from "../secrets/seal.ts";
import type { Engine } from "../store/engine.ts";
import type { Attempts } from "./attempts.ts";

export interface Clock {
	now(): Seconds;
}

/** What each shop may choose for itself; what it did not choose is as the settings say. */
export interface ShopPolicy {
	/** The address that mails come from; null for `no-reply@` and the shop's host. */
	readonly mailFrom: string | null;
	/** The links of mails: URLs in which `{shop}`, `{customer}` and `{token}` stand for the shop's URL, an id and a secret. */
	readonly resetUrl: string;
	readonly activationUrl: string;
	/** A CSS colour of six digits, e.g. `#1f5199`. */
	readonly accentColor: string;
	/** Whether `customerUpdate` may change the e-mail address. */
	readonly emailChange: "allow" | "deny";
	/** Whether Multipass lets a customer in whose account is not enabled, and enables it. */
	readonly multipassEnables: boolean;
}

/** The operator's choices that verbs obey. */
export interface Policy {
	/** Life of a customer access token, from creation or renewal. 42 days upstream. */
	readonly tokenLifetimeSeconds: number;
	/** Lives of the links in mails, from the moment at which the mail is sent. */
	readonly resetLifetimeSeconds: number;
	readonly activationLifetimeSeconds: number;
	/** Whether recovering and signing up tell nobody who has an account. */
	readonly isQuiet: boolean;
	readonly minPasswordLength: number;
	/** In lower case; empty where none is refused. */
	readonly commonPasswords: ReadonlySet<string>;
	/** For how long the audit log keeps what shoppers did; 0 records nothing of it. */
	readonly auditSeconds: Seconds;
	/** For secrets that must be readable again; null where no key is set for it. */
	readonly seal: Seal | null;
	readonly shop: ShopPolicy;
}

export interface Context {
	readonly store: Engine;
	readonly passwords: Passwords;
	readonly clock: Clock;
	readonly policy: Policy;
	readonly attempts: Attempts;
	/** Whose customers these are: told by the storefront access token, or by the host of a tokenless call. */
	readonly shop: Shop;
}
