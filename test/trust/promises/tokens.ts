// T1 to T8: tokens and secrets.
import type { Promised } from "../promises.ts";

export const TOKENS: readonly Promised[] = [
	{
		id: "T1",
		says: "No token can be guessed, or worked out from others.",
		goal: "At least 128 random bits in each token (there are 192); no token twice; each character equally likely at each place, p > 0.001 over all places together.",
		runs: ["tokens"],
		tests: {
			"advisories/keycloak.test.ts": [
				"Keycloak CVE-2025-12390: no token is issued twice, and nobody reads another",
			],
		},
		but: "The p is of all places together: of some hundred places that are judged one by one, chance alone makes one fall below 0.001 in every fifth run.",
	},
	{
		id: "T2",
		says: "Whoever reads the database, its journal or the disk finds no secret that opens anything.",
		goal: "0 of at least 30 planted secrets found (there are more than 50), plain, hexadecimal, in base64, escaped or reversed.",
		tests: {
			"secrets.test.ts": [
				"the search finds a secret in every form",
				"writes no password and no token anywhere, and says none to anyone whose it is not",
			],
			"secrets/links.test.ts": ["a one-time token is in its mail, and in nothing that is written or said"],
			"multipass/shops.test.ts": ["neither the secret nor a token is readable in the files of the database"],
			"audit/keeping.test.ts": ["nothing that was typed is in the log, and nothing that opens anything"],
		},
		but: "A copy of the files is what is searched; what `latchkey backup` writes is searched for tokens, links and keys only (F12). Replicas have what the database has. Under `latchkey dev` the shop's own keys stand in `keys.json`, readable by the owner alone.",
	},
	{
		id: "T3",
		says: "How long an answer takes tells nothing of how much of a token was right.",
		goal: "Tokens are looked up by their digest; those that share 0, 8, 16 and 31 characters with a real one cannot be told apart: AUC 0.47 to 0.53.",
		runs: ["timing"],
	},
	{
		id: "T4",
		says: "A token serves one purpose, one customer and one shop.",
		goal: "Every kind of token in every place that takes one, of one's own and of another customer, of one's own and of another shop: none accepted but where it belongs.",
		tests: {
			"recovery/matrix.test.ts": ["of all secrets in all places, only those that belong there are accepted"],
			"multipass/once.test.ts": ["a Multipass token is nothing but that, and nothing else is one"],
			"multipass/shops.test.ts": ["a token opens the shop whose secret it was made with, and no other"],
			"shops.test.ts": ["one address is two customers in two shops, and a token opens only its own"],
			"advisories/link-tokens.test.ts": [
				"Joplin CVE-2026-105785: a reset takes no token of another kind, of nobody's",
			],
		},
	},
	{
		id: "T5",
		says: "A field that needs a scope is answered with it and never without.",
		goal: "Every query and mutation with every kind of key (none, wrong, revoked, each scope, both, private, public), and through fragments, aliases, conditions and named operations: 0 served without the scope, 0 denied with it.",
		tests: {
			"scopes.test.ts": [
				"a field that needs a scope is denied without it and never with it, however it is asked for",
			],
			"tags-and-metafields.test.ts": [
				"tags are read with their scope only, wherever the customer comes from",
			],
			"advisories/directus-requests.test.ts": [
				"Directus CVE-2026-126539, CVE-2024-54151: a token that is bad gives nothing that none would not give",
			],
		},
		rows: ["9/scope-first"],
	},
	{
		id: "T6",
		says: "Renewing a token brings none back to life and makes no second one.",
		goal: "Renewals that race renewals, deletions, changes of password and the end, 200 at once, 500 rounds: no token is alive after its deletion, and none has two successors.",
		runs: ["races"],
		tests: {
			"races.test.ts": [
				"… renewals and deletions of one token fit one order",
				"renewing at once is harmless: the same token, and the life never gets shorter",
			],
			"advisories/keycloak.test.ts": [
				"Keycloak CVE-2026-1035, GHSA-m2w5-7xhv-w6fh: a renewal is checked and done in one step",
			],
		},
		rows: ["1.1/renew/expired"],
		but: "One process on SQLite; several nodes come with PostgreSQL.",
	},
	{
		id: "T7",
		says: "No secret is logged, and no answer says how the server is built.",
		goal: "0 planted secrets in logs at the finest level, with failing SQL, thrown errors and validation errors, nor in metrics; no SQL, path or stack in an answer. A client is told only what it sent itself, as the contract has it.",
		tests: {
			"secrets.test.ts": [
				"writes no password and no token anywhere, and says none to anyone whose it is not",
			],
			"secrets/heap.test.ts": ["remembers no password and no token once it has answered"],
			"fuzz/fuzz.test.ts": [
				"no document is answered by a fault of ours, by more than 1 MiB, or by what is somebody else's",
			],
			"advisories/logs.test.ts": [
				"CodeIgniter Shield GHSA-j72f-h752-mx4w, WatchGuard CVE-2026-78174: no log, table or list holds a token",
			],
		},
	},
	{
		id: "T8",
		says: "A Multipass token is believed only as the shop's own system made it, once, and for fifteen minutes.",
		goal: "0 of 10 000 mutants accepted, one answer to all of them; of 200 uses at once exactly one succeeds; refused in the second in which it ends.",
		runs: ["races"],
		tests: {
			"multipass/mutants.test.ts": ["10 000 mutants of a good token are refused alike, and it is still good"],
			"multipass/once.test.ts": [
				"200 parallel uses of one token give exactly one access token",
				"to the second: from one minute before the moment that it names until 15 minutes after",
				"a token that was used is refused ever after, in every spelling",
			],
		},
	},
];
