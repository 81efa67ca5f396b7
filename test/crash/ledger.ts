// What the clients know: every act with its outcome, and what must therefore be true of every account and token.
import type { Outcome } from "./door.ts";

export const KINDS = ["signUp", "signIn", "renew", "delete", "read"] as const;
export type Kind = (typeof KINDS)[number];

export interface Account {
	readonly email: string;
	readonly password: string;
	/** `inDoubt`: its sign-up was sent and not answered. */
	state: "there" | "absent" | "inDoubt";
	/** The last round in which something happened to it, or its doubt was settled. */
	touchedIn: number;
}

export interface Token {
	readonly secret: string;
	readonly account: Account;
	/** As the last acknowledged reply told it, in seconds since 1970. */
	expiresAt: number;
	/** `mayBe…`: that act was sent and not answered. */
	state: "live" | "deleted" | "mayBeDeleted" | "mayBeRenewed";
	touchedIn: number;
}

/** Belongs to one client, which does one thing at a time: so what it expects is exact. */
export interface Client {
	readonly name: string;
	readonly accounts: Account[];
	readonly tokens: Token[];
}

const MAX_KEPT_VIOLATIONS = 50;

export class Ledger {
	readonly clients: readonly Client[];
	readonly outcomes = Object.fromEntries(
		KINDS.map((kind) => [kind, { acknowledged: 0, refused: 0, unknown: 0, neverSent: 0 }]),
	) as Record<Kind, Record<Outcome, number>>;
	readonly violations: string[] = [];
	violationCount = 0;
	/** Acts without an answer that had happened, and that had not. */
	readonly settled = { happened: 0, didNot: 0 };
	/** Answers held against what must be true. */
	checks = 0;
	/** Tokens that lived on after their old end because of an acknowledged renewal. */
	renewalsProven = 0;

	constructor(clients: number) {
		this.clients = Array.from({ length: clients }, (_, i) => ({ name: `c${i}`, accounts: [], tokens: [] }));
	}

	/** How many acts were. */
	get acknowledged(): number {
		return Object.values(this.outcomes).reduce((sum, { acknowledged }) => sum + acknowledged, 0);
	}

	get accounts(): readonly Account[] {
		return this.clients.flatMap(({ accounts }) => accounts);
	}

	get tokens(): readonly Token[] {
		return this.clients.flatMap(({ tokens }) => tokens);
	}

	violate(text: string): void {
		this.violationCount++;
		if (this.violations.length < MAX_KEPT_VIOLATIONS) this.violations.push(text);
	}

	/** Counts one answer that must be so; says what is wrong where it is not. */
	expect(holds: boolean, otherwise: string): void {
		this.checks++;
		if (!holds) this.violate(otherwise);
	}
}
