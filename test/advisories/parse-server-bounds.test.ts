// What went wrong in Parse Server with work that has no bound, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, openHouse, VERSIONS } from "../house.ts";
import { exchange } from "../wire/wire.ts";

const PATH = "/api/2026-04/graphql.json";

const times = (count: number, write: (index: number) => string) =>
	Array.from({ length: count }, (_, index) => write(index)).join(" ");

for (const version of VERSIONS) {
	// What has to end at all: each of them, counted naively, would take longer than the world will last.
	test(`Parse Server CVE-2026-34573, CVE-2026-30946: what bounds an operation is itself bounded (${version})`, {
		timeout: 30_000,
	}, async () => {
		await using house = await openHouse();
		const doubling = (type: string, inner: string, last: string) =>
			`${times(200, (i) => `fragment f${i} on ${type} { ${inner.replaceAll("NEXT", `f${i + 1}`)} }`)} fragment f200 on ${type} { ${last} }`;
		const refused = new Map<string, string>([
			["aliases by doubling", `{ shop { ...f0 } } ${doubling("Shop", "...NEXT ...NEXT", "a: id")}`],
			[
				"directives by doubling",
				`{ shop { ...f0 } } ${doubling("Shop", "...NEXT ...NEXT", "id @skip(if: false)")}`,
			],
			[
				"mutations by doubling",
				`mutation { ...f0 } ${doubling(
					"Mutation",
					"...NEXT ...NEXT",
					times(6, (i) => `m${i}: cartCreate { cart { id } }`),
				)}`,
			],
			[
				"conflicts by doubling",
				`{ shop { ...f0 } } ${doubling("Shop", "...NEXT ... on Shop { ...NEXT }", "a: id a: name")}`,
			],
			["aliases", `{ shop { ${times(900, (i) => `a${i}: id`)} } }`],
			[
				"a circle",
				`{ shop { ...f0 } } ${times(300, (i) => `fragment f${i} on Shop { ...f${(i + 1) % 300} ...f${(i + 7) % 300} }`)}`,
			],
			["a deep value", `{ node(id: ${"[".repeat(400)}1${"]".repeat(400)}) { id } }`],
			["levels", `${"{ ... ".repeat(140)} { shop { id } } ${"}".repeat(140)}`],
			["definitions", times(900, (i) => `query q${i} { shop { id } }`)],
		]);
		for (const [says, query] of refused) {
			const { data, errors } = await house.ask(query, {}, { version });
			assert.equal(data, undefined, says);
			assert.ok(errors.length > 0 && errors.length < 500, `${says}: ${errors.length} errors`);
			assert.notEqual(errors[0].extensions?.code, "INTERNAL_SERVER_ERROR", says);
		}
		// Doubled at each level of a nesting that goes as deep as it may, and equal: one field a level.
		const nested = `{ __schema { types { ...f0 } } } ${times(40, (i) => `fragment f${i} on __Type { ofType { ...f${i + 1} } ofType { ...f${i + 1} ...f${i + 1} } }`)} fragment f40 on __Type { name }`;
		assert.ok((await house.ask(nested, {}, { version })).data.__schema.types.length > 100);
		assert.equal((await house.ask("{ shop { name } }", {}, { version })).data.shop.name, "Latchkey");
	});
}

/** Pieces that a pattern with overlapping repetitions would try again and again. */
const PIECES = [
	"a",
	" ",
	"\t",
	",",
	";",
	"=",
	"/",
	'"',
	":",
	".",
	"a,",
	" ,",
	"a;",
	";q=0.",
	"en-",
	"charset=",
	"::",
	"1.",
	"%",
	"a b",
];

test("Parse Server CVE-2026-47138: no header makes the server think, whatever it repeats", async () => {
	await using house = await openHouse(ENGINES[0], { trustedProxies: "127.0.0.1" });
	const names = [
		"Content-Type",
		"Accept",
		"Accept-Language",
		"Origin",
		"Host",
		"X-Forwarded-For",
		"Shopify-Storefront-Buyer-IP",
		"X-Shopify-Storefront-Access-Token",
		"Shopify-Storefront-Private-Token",
		"Content-Encoding",
		"Cookie",
		"Sec-Fetch-Site",
	];
	const query = `mutation { customerRecover(email: "nobody@example.com") { customerUserErrors { code } } }`;
	const cpuOf = async (headers: Record<string, string>): Promise<number> => {
		const before = process.cpuUsage();
		const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
		const answer = await exchange(house.app.url, {
			path: PATH,
			headers: { ...token, ...headers },
			body: { query },
		});
		assert.ok(answer.status < 431, `${answer.status}: ${JSON.stringify(headers).slice(0, 100)}`);
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	};
	for (const name of names) {
		for (const piece of PIECES) {
			const header = piece.repeat(Math.floor(15_000 / piece.length));
			for (const value of [header, `x${header}!`]) {
				// CPU time of both ends together, the least of a few: whatever else this process did is not the header's.
				let least = Number.POSITIVE_INFINITY;
				for (let turn = 0; turn < 8 && least > 10; turn++)
					least = Math.min(least, await cpuOf({ [name]: value }));
				assert.ok(least <= 10, `${name}, ${JSON.stringify(piece)} repeated: ${least} ms`);
			}
		}
	}
});
