// A process of its own that makes tokens of each kind, by the functions that the server issues them with, and hands
// them over in the order in which they were made.
import { makeAccessToken } from "../../src/accounts/access-token.ts";
import { makeOneTimeToken } from "../../src/accounts/one-time-links.ts";
import { policyOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { makeToken } from "../../src/secrets/token.ts";

export const KINDS = ["access", "reset", "activation", "storefront"] as const;
export type Kind = (typeof KINDS)[number];

/** Tokens of one kind that one process made one after the other. */
export interface Batch {
	readonly kind: Kind;
	readonly tokens: readonly string[];
}

const BATCH = 10_000;
const context = {
	clock: { now: () => Math.floor(Date.now() / 1000) },
	policy: policyOf(readConfig({}, {}), new Set()),
};

const MAKE: Readonly<Record<Kind, () => string>> = {
	access: () => makeAccessToken(context, context.clock.now()).told.secret,
	reset: () => makeOneTimeToken(context, "reset").token,
	activation: () => makeOneTimeToken(context, "activation").token,
	storefront: makeToken,
};

if (import.meta.main) {
	const count = Number(process.argv[2]);
	for (const kind of KINDS) {
		for (let made = 0; made < count; made += BATCH) {
			const tokens = Array.from({ length: Math.min(BATCH, count - made) }, MAKE[kind]);
			// One after the other, so that they do not pile up here.
			await new Promise((resolve) => process.send?.({ kind, tokens } satisfies Batch, resolve));
		}
	}
	process.disconnect?.();
}
