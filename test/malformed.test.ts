// Ten thousand malformed requests: whatever is sent, the answer is a refusal in well-formed JSON and never our
// fault, and nothing that was there before is lost. `TEST_RUNS` multiplies their number, `TEST_SEED` rolls others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import {
	DELETE,
	DURABLE_ENGINE,
	type House,
	IS_POSTGRES,
	openHouse,
	READ,
	RENEW,
	SIGN_IN,
	SIGN_UP,
} from "./house.ts";
import { oddBytes, oddRequests } from "./malformed/heads.ts";
import { type Request, Sender, TOGETHER } from "./malformed/sending.ts";
import { BOMBS, HOSTILE_BODIES, VALID } from "./malformed/texts.ts";

const RUNS = Number(process.env["TEST_RUNS"] ?? 1);
const SEED = Number(process.env["TEST_SEED"] ?? 20_261_122);

/** The part of those that never come as far as a database, where the other pass sends all of them. */
const FEWER = IS_POSTGRES ? 0.1 : 1;

let house: House;
let sender: Sender;
let token: string;
let deletedToken: string;
let planned = 0;

before(async () => {
	house = await openHouse(DURABLE_ENGINE);
	sender = new Sender(house);
	token = await house.signedIn("ada@example.com", "correct horse");
	deletedToken = await house.signedIn("grace@example.com", "battery staple");
	await house.ask(DELETE, { t: deletedToken });
});

after(async () => {
	sender.close();
	await house[Symbol.asyncDispose]();
});

/** Sends so many, several together. */
async function sendMany<T>(
	count: number,
	all: fc.Arbitrary<T>,
	send: (one: T) => Promise<void>,
): Promise<void> {
	const together = fc.array(all, { minLength: TOGETHER, maxLength: TOGETHER });
	const property = fc.asyncProperty(together, async (some) => void (await Promise.all(some.map(send))));
	planned += count * RUNS;
	await fc.assert(property, { numRuns: (count * RUNS) / TOGETHER, seed: SEED });
}

const send = (request: Request): Promise<void> => sender.send(request);
const asJson = (query: string, variables?: unknown): Request => ({
	body: JSON.stringify({ query, variables }),
});

/** A valid body, damaged at some place. */
const damaged = fc
	.tuple(fc.nat(VALID.length), fc.nat(3), fc.string({ unit: "binary" }))
	.map(([at, cut, text]) => {
		return `${VALID.slice(0, at)}${text}${VALID.slice(at + cut)}`;
	});

test("bodies that are no operation", async () => {
	const bodies = fc.oneof(
		fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
		fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.concat([Buffer.from(VALID), bytes])),
		fc.json({ maxDepth: 4 }),
		fc
			.record({ query: fc.jsonValue(), variables: fc.jsonValue(), operationName: fc.jsonValue() })
			.map((value) => {
				return JSON.stringify(value);
			}),
		damaged,
		fc.constantFrom(...HOSTILE_BODIES),
	);
	const types = fc.constantFrom("application/json", "application/json; charset=utf-8", "application/graphql");
	await sendMany(
		3000 * FEWER,
		fc.tuple(bodies, types).map(([body, type]) => ({ body, headers: { "Content-Type": type } })),
		send,
	);
});

test("headers, methods and paths that nobody should send", async () => {
	await sendMany(2000 * FEWER, oddRequests, send);
});

test("bytes that are hardly HTTP", async () => {
	await sendMany(1500 * FEWER, oddBytes, (bytes) => sender.sendBytes(bytes));
});

test("variables of every wrong type, in every argument of the five operations", async () => {
	const value = fc.oneof(
		fc.jsonValue({ maxDepth: 3 }),
		fc.constantFrom(
			null,
			"",
			[],
			{},
			[[]],
			0,
			-0,
			1e308,
			true,
			"\0",
			"\ud800",
			"a".repeat(10_000),
			"gid://x/y/1",
		),
		fc.constantFrom(
			"a@b",
			`${"a".repeat(500)}@example.com`,
			"@",
			"é@é.é",
			"a@b.c\r\nBcc: x@y.z",
			"'; DROP TABLE customers --",
		),
		fc.constantFrom(
			JSON.parse('{"__proto__":1}'),
			{ constructor: 1 },
			{ toString: null },
			Array(300).fill("x"),
		),
		fc.string({ unit: "binary" }),
	);
	const input = fc.oneof(
		value,
		fc.record(
			{
				email: value,
				password: value,
				firstName: value,
				lastName: value,
				phone: value,
				acceptsMarketing: value,
				other: value,
			},
			{ requiredKeys: [] },
		),
	);
	const operation = fc.oneof(
		fc.constantFrom(READ, RENEW, DELETE).chain((query) => value.map((t) => asJson(query, { t }))),
		fc.constantFrom(SIGN_UP, SIGN_IN).chain((query) => input.map((given) => asJson(query, { input: given }))),
		fc.constantFrom(READ, SIGN_UP).chain((query) => value.map((variables) => asJson(query, variables))),
	);
	await sendMany(2500, operation, send);
});

test("documents that are cut, mixed up, or far too much", async () => {
	const valid = [READ, SIGN_UP, SIGN_IN, RENEW, DELETE, "{shop{...f}}fragment f on Shop{id}"];
	const tokens = [
		...new Set(valid.join(" ").match(/\w+|[^\s\w]|\s+/g) ?? []),
		"...",
		"fragment",
		"subscription",
		'"""',
		"\\u{110000}",
	];
	const document = fc.oneof(
		{
			weight: 4,
			arbitrary: fc
				.constantFrom(...valid)
				.chain((text) => fc.nat(text.length).map((end) => text.slice(0, end))),
		},
		{
			weight: 4,
			arbitrary: fc.array(fc.constantFrom(...tokens), { maxLength: 60 }).map((all) => all.join("")),
		},
		{
			weight: 4,
			arbitrary: fc
				.array(fc.constantFrom(...tokens), { maxLength: 60 })
				.map((all) => `{shop{${all.join(" ")}`),
		},
		{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
	);
	const variables = fc.option(
		fc.dictionary(fc.constantFrom("t", "input", "__proto__", "v0"), fc.jsonValue()),
		{ nil: undefined },
	);
	await sendMany(
		1500 * FEWER,
		fc.tuple(document, variables).map(([query, given]) => asJson(query, given)),
		send,
	);
	for (const query of BOMBS) await send(asJson(query));
});

test("all of them were sent, and everybody is still who they were", async () => {
	assert.ok(planned >= 3000 * RUNS && sender.sent >= planned, `${sender.sent} were sent`);
	const read = await house.ask(READ, { t: token });
	assert.equal(read.data.customer.email, "ada@example.com");
	assert.equal(read.errors, undefined);
	assert.equal((await house.ask(READ, { t: deletedToken })).data.customer, null);
	const again = await house.ask(SIGN_IN, { input: { email: "ada@example.com", password: "correct horse" } });
	assert.ok(again.data.customerAccessTokenCreate.customerAccessToken.accessToken);
	const taken = await house.ask(SIGN_UP, { input: { email: "ada@example.com", password: "another horse" } });
	assert.equal(taken.data.customerCreate.customerUserErrors[0].code, "TAKEN");
	// Nobody's prototype was changed on the way.
	assert.deepEqual(Object.keys(Object.prototype), []);
	assert.equal(({} as Record<string, unknown>)["query"], undefined);
});
