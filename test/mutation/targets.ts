// What is mutated, and the tests that have to notice: the cheapest first, because the first failure ends them. None of
// them starts a process of its own, which would outlive a run that is cut short.

interface Target {
	/** Of src/. `:3-9` behind a name is those lines of it. */
	readonly files: readonly string[];
	/** Of test/, without their ending. */
	readonly tests: readonly string[];
}

export const TARGETS: readonly Target[] = [
	{ files: ["src/secrets/token.ts"], tests: ["secrets/tokens"] },
	{ files: ["src/secrets/seal.ts"], tests: ["secrets/seal"] },
	{ files: ["src/secrets/password.ts", "src/secrets/hash-thread.ts"], tests: ["secrets/hashing"] },
	{ files: ["src/http/client-address.ts"], tests: ["http/client-address"] },
	{ files: ["src/store/attempts.ts"], tests: ["limits/counting", "limits/budgets"] },
	{ files: ["src/accounts/attempts.ts"], tests: ["limits/attempts", "limits/waiting", "limits/budgets"] },
	{ files: ["src/accounts/limits.ts", "src/accounts/guesses.ts"], tests: ["limits/budgets"] },
	{ files: ["src/store/known-addresses.ts"], tests: ["limits/budgets"] },
	{
		files: ["src/store/access-tokens.ts", "src/accounts/access-token.ts", "src/accounts/sign-in.ts"],
		tests: ["access-tokens", "recovery/one-time-tokens"],
	},
	{
		files: ["src/store/one-time-tokens.ts", "src/accounts/one-time-links.ts"],
		tests: ["recovery/one-time-tokens"],
	},
	{ files: ["src/storefront/scopes.ts", "src/storefront/schema.ts:49-57"], tests: ["scope-table", "scopes"] },
	{ files: ["src/storefront/schema.ts:63-71"], tests: ["scope-table", "scopes"] },
];
