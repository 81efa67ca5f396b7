// Q1 to Q10: GraphQL and HTTP.
import type { Promised } from "../promises.ts";

export const REQUESTS: readonly Promised[] = [
	{
		id: "Q1",
		says: "What a request may ask for is bounded before any of it is done.",
		goal: "Each bound let in at it and refused beyond it, by fragments too: 64 KiB of body, 3 000 tokens, 100 levels, 100 aliases, 20 directives, 5 mutations, 75 000 answered fields.",
		tests: {
			"http/bounds.test.ts": [
				"bodies, tokens, levels, introspection and lists have bounds, each let in at the bound and refused beyond",
				"an operation has at most a hundred aliases and twenty directives",
				"one operation has at most five mutations, however they are written",
				"a document a hundred times too large is refused, each time",
			],
			"advisories/directus-requests.test.ts": [
				"Directus CVE-2024-39895: ten thousand equal fields are refused before they are parsed to the end",
				"Directus GHSA-6q22-g298-grjh, CVE-2026-35441: thirty aliases of the dearest field ask the database no more than one",
			],
		},
		but: "Bounds of other servers are tighter (1 000 tokens, 10 levels, 30 aliases, 2 000 fields). Storefronts in use ask for 250 items within 250, and a document is cheap here: Q2 is the bound that these are chosen by.",
	},
	{
		id: "Q2",
		says: "No request keeps the server from others, and the limits are cheap themselves.",
		goal: "No body of up to 64 KiB blocks the event loop for more than 50 ms; no answer has more than 1 MiB.",
		runs: ["longest-block", "fuzz"],
		tests: {
			"http/bounds.test.ts": ["an answer has at most 1 MiB, and real pages and introspection have far less"],
			"advisories/parse-server-bounds.test.ts": [
				"Parse Server CVE-2026-34573, CVE-2026-30946: what bounds an operation is itself bounded",
			],
			"advisories/requests.test.ts": ["graphql-js CVE-2023-26144: no document costs more than its length"],
		},
	},
	{
		id: "Q3",
		says: "Introspection is open, as the contract has it, and bounded.",
		goal: "The official introspection query works and is cached; one `__schema` in a document.",
		tests: {
			"clients/introspection.test.ts": [
				"the introspection query in its shortest and its longest form builds a client's schema on …",
			],
			"names.test.ts": ["introspection is bounded, whatever stands beside it"],
		},
		rows: ["4.1/introspection"],
	},
	{
		id: "Q4",
		says: "A request is one operation.",
		goal: "Lists of 0, 1, 2 and 10 000 operations, nested ones and lines of JSON: refused with 400, none executed.",
		tests: {
			"http/csrf.test.ts": ["lists of operations are not executed, however they are written"],
			"advisories/saleor.test.ts": [
				"Saleor CVE-2026-33756: a list of operations is not run, however long it is",
			],
		},
	},
	{
		id: "Q5",
		says: "GraphQL over HTTP is spoken as its specification has it.",
		goal: "All 13 audits of `graphql-http` that say MUST pass; each that says SHOULD passes, or is listed with the row of the contract that forbids it.",
		tests: { "http/audits.test.ts": ["every audit of GraphQL over HTTP passes that the contract lets pass"] },
	},
	{
		id: "Q6",
		says: "No other website can have a browser do anything here.",
		goal: "Of at least 24 kinds of request that browsers send without asking, none executes; only `application/json` and `application/graphql` do.",
		tests: {
			"http/csrf.test.ts": ["no simple request executes anything", "what clients send does execute"],
			"advisories/requests.test.ts": [
				"Fastify CVE-2022-41919, CVE-2026-3419; Apollo GHSA-9q82-xgwf-vj6h, CVE-2026-23897: a body is read as its type says, and only two types are read",
			],
		},
	},
	{
		id: "Q7",
		says: "Any origin may read, and none with credentials.",
		goal: "`*` without credentials whatever the origin says (`null`, look-alikes, other schemes); each header that clients send is allowed.",
		tests: { "http/hygiene.test.ts": ["any origin may read, none is named, and none may send credentials"] },
		rows: ["4.5/any-origin"],
	},
	{
		id: "Q8",
		says: "Whatever is sent where something else is expected is an error of the client's.",
		goal: "Objects, lists, numbers, `__proto__`, keys given twice, NUL, lone surrogates and JSON of 20 000 levels in every argument and header: 0 answers of 5xx, no prototype changed, the same answer on each database.",
		runs: ["fuzz"],
		tests: {
			"malformed.test.ts": [
				"variables of every wrong type, in every argument of the five operations",
				"bodies that are no operation",
				"all of them were sent, and everybody is still who they were",
			],
			"wording/variables.test.ts": ["touches no prototype and breaks on no value"],
			"advisories/parse-server-once.test.ts": [
				"Parse Server CVE-2026-30941: a token that is no text is a type error, and finds nobody",
				"Parse Server CVE-2026-32742: no client sets a token, its end, or anything else that is not its own",
			],
		},
	},
	{
		id: "Q9",
		says: "Nothing that is sent is read as SQL.",
		goal: "SQL in every header, argument and value of `@inContext`, as a value, an identifier and a pattern: 0 findings. Statements are constant texts, and every value is bound.",
		tests: {
			"advisories/vendure.test.ts": ["Vendure CVE-2026-40887: nothing that is sent is ever read as SQL"],
		},
	},
	{
		id: "Q10",
		says: "HTTP is read in one way only, and no answer about a customer is kept by anyone.",
		goal: "Requests that could be read in two ways are refused; unknown methods, TRACE and endless heads too; `no-store` and `nosniff` on every answer, a strict policy on every page.",
		tests: {
			"http/smuggling.test.ts": [
				"a request that could be read in two ways is refused, and what follows it with it",
				"heads without end are refused before anything reads them",
			],
			"http/hygiene.test.ts": [
				"no answer is kept or guessed at, and every page has a strict policy",
				"methods that nobody should send are refused, and nothing is sent back of what was sent",
			],
			"malformed.test.ts": ["bytes that are hardly HTTP"],
		},
	},
];
