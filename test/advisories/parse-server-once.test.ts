// What went wrong in Parse Server with what works once, and with what a client may write, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import { openLine } from "../command-line/line.ts";
import {
	type Body,
	DELETE,
	DURABLE_ENGINE,
	ENGINES,
	type EngineName,
	type House,
	openHouse,
	READ,
	RECOVER,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { ENTER, passFor, SECRET, SETTINGS } from "../multipass/passes.ts";
import { openVolley, parse, type Shot } from "../races/volley.ts";
import { DOCUMENTS, EMAIL, newcomerWithLink, PASSWORD, readerOf, setState } from "../recovery/links.ts";
import { onEveryNode } from "./nodes.ts";

const NEW = "new battery staple";
const AT_ONCE = 60;
const FORTY_TWO_DAYS = 3_628_800;

/** Something that works once, in every way in which it can be used. */
interface Once {
	readonly says: string;
	readonly ways: readonly Shot[];
}

/** Everything here that works once. Each has another customer, so that none ends another. */
async function makeOnce(house: House): Promise<readonly Once[]> {
	const things: Once[] = [];
	for (const purpose of ["reset", "activation"] as const) {
		const { id, token, url } = await newcomerWithLink(house, purpose, `${purpose}@example.com`);
		const variables = { id, token, url, password: NEW };
		const ways = Object.values(DOCUMENTS[purpose]).map((query) => ({ query, variables }));
		things.push({ says: purpose, ways });
	}
	// A pass is one pass with its padding and without.
	for (const email of ["known@example.com", "new@example.com"]) {
		if (email.startsWith("known")) await house.signedIn(email, PASSWORD);
		const pass = passFor(house, { email });
		const ways = [pass, pass.replace(/=+$/, "")].map((t) => ({ query: ENTER, variables: { t } }));
		things.push({ says: `the pass of ${email}`, ways });
	}
	const t = await house.signedIn("deleting@example.com", PASSWORD);
	things.push({ says: "a token's end", ways: [{ query: DELETE, variables: { t } }] });
	return things;
}

/** The link that the operator hands over, by the command line. */
async function makeHandedOver(
	house: House,
	run: (command: string) => Promise<{ activationUrl: string }>,
): Promise<Once> {
	const email = "handed@example.com";
	await house.signedIn(email, PASSWORD);
	await setState(house, email, "disabled");
	const { activationUrl: url } = await run(`customer invite ${email} --link`);
	const [, number, token] = /\/(\d+)\/([\w-]+)$/.exec(url) ?? [];
	const variables = { id: `gid://shopify/Customer/${number}`, token, url, password: NEW };
	const ways = Object.values(DOCUMENTS.activation).map((query) => ({ query, variables }));
	return { says: "the link that was handed over", ways };
}

function isUsed({ data }: Body): boolean {
	const [payload] = Object.values(data ?? {}) as (Record<string, unknown> | null)[];
	return Boolean(payload?.["customerAccessToken"] ?? payload?.["deletedAccessToken"]);
}

/** Fires each of them at once, in all its ways: one comes through, and all others are told the same. */
async function race(house: House, things: readonly Once[]): Promise<void> {
	await using volley = await openVolley(house);
	for (const { says, ways } of things) {
		const shots = Array.from({ length: AT_ONCE }, (_, index) => ways[index % ways.length] as Shot);
		const answers = await volley.fire(shots);
		const losers = answers.filter((answer) => !isUsed(parse(answer)));
		assert.deepEqual([losers.length, new Set(losers).size], [AT_ONCE - 1, 1], `${says}: ${losers[0]}`);
	}
}

for (const engine of ENGINES) {
	test(`Parse Server CVE-2026-33624, CVE-2026-34224, CVE-2026-43930: whatever works once, one of many at once comes through (${engine})`, async () => {
		if (engine === DURABLE_ENGINE) {
			await using line = await openLine({ multipassSecret: SECRET });
			const { house } = line;
			const handedOver = await makeHandedOver(house, (command) => line.json(command));
			await race(house, [...(await makeOnce(house)), handedOver]);
		} else {
			await using house = await openHouse(engine, SETTINGS);
			await race(house, await makeOnce(house));
		}
	});

	test(`Parse Server CVE-2026-31875: what was used once is refused ever after, in every form and on every node (${engine})`, () => {
		const useAgain = async (house: House, things: readonly Once[]) => {
			for (const { says, ways } of things) {
				for (const { query, variables } of [...ways, ...ways]) {
					assert.equal(isUsed(await house.ask(query, variables)), false, says);
				}
			}
		};
		return onEveryNode(
			engine,
			SETTINGS,
			async (house) => {
				const things = await makeOnce(house);
				for (const { says, ways } of things) {
					const [first] = ways as readonly [Shot];
					assert.equal(isUsed(await house.ask(first.query, first.variables)), true, says);
				}
				return things;
			},
			async (house, things) => {
				await useAgain(house, things);
				await house.advance(600);
				await useAgain(house, things);
			},
		);
	});

	test(`Parse Server CVE-2026-30941: a token that is no text is a type error, and finds nobody (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const operations: readonly [string, Record<string, unknown>][] = [
			[READ, {}],
			[RENEW, {}],
			[DELETE, {}],
			[UPDATE, { customer: { firstName: "Eve" } }],
			[ENTER, {}],
			[RECOVER.replaceAll("$email", "$t"), {}],
			["query($t: String!) @inContext(buyer: { customerAccessToken: $t }) { shop { name } }", {}],
			[DOCUMENTS.reset.id.replaceAll("$token", "$t"), { id: "gid://shopify/Customer/1", password: NEW }],
			[DOCUMENTS.activation.id.replaceAll("$token", "$t"), { id: "gid://shopify/Customer/1", password: NEW }],
			[DOCUMENTS.reset.url.replaceAll("$url", "$t"), { password: NEW }],
			[DOCUMENTS.activation.url.replaceAll("$url", "$t"), { password: NEW }],
		];
		const wrong: unknown[] = [
			{ $ne: null },
			{ $regex: ".*" },
			{ $gt: "" },
			{ $in: [t] },
			{ toString: t, length: 48 },
			[],
			[t],
			[[t]],
			{ 0: t },
			1,
			0,
			true,
			null,
		];
		for (const [query, variables] of operations) {
			for (const value of wrong) {
				const { data, errors } = await house.ask(query, { ...variables, t: value });
				const says = `${JSON.stringify(value)}: ${query}`;
				assert.deepEqual([data, errors?.[0].extensions.code], [undefined, "INVALID_VARIABLE"], says);
				const written = writeIn(query, value);
				assert.equal((await house.ask(written, variables)).data, undefined, written);
			}
			// A text is none, and comes as far as being refused for what it says.
			const written = writeIn(query, "https://shop.example/account/reset/1/x");
			const { data, errors } = await house.ask(written, variables);
			assert.ok(data !== undefined || errors[0].message === "The token provided is not valid", written);
		}
		for (const input of [
			{ email: { $ne: "" }, password: { $ne: "" } },
			{ email: [EMAIL], password: [PASSWORD] },
		]) {
			assert.equal((await house.ask(SIGN_IN, { input })).data, undefined);
		}
		assert.equal(await readerOf(house, t), EMAIL);
	});

	test(`Parse Server CVE-2026-32742: no client sets a token, its end, or anything else that is not its own (${engine})`, async () => {
		await using house = await openHouse(engine);
		await setFields(house, engine);
	});
}

/** The document with the value in the place of its variable `$t`. */
function writeIn(query: string, value: unknown): string {
	const literal = JSON.stringify(value).replace(
		/"([$\w]+)":/g,
		(_, name: string) => `${name.replace(/\W|^\d/g, "_")}:`,
	);
	return query
		.replace(/\$t: \w+!,? ?/, "")
		.replace("()", "")
		.replaceAll(/\$t\b/g, () => literal);
}

/** Members that the store has and the API does not, and those of the prototype of objects. */
const FOREIGN = {
	accessToken: "0".repeat(48),
	customerAccessToken: "0".repeat(48),
	sessionToken: "0".repeat(48),
	token: "0".repeat(48),
	digest: "0".repeat(64),
	expiresAt: "2099-01-01T00:00:00Z",
	expires_at: 4_070_908_800,
	createdWith: { action: "login" },
	id: "gid://shopify/Customer/1",
	state: "ENABLED",
	verifiedEmail: true,
	tags: ["vip"],
	passwordHash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHQ",
	createdAt: "2020-01-01T00:00:00Z",
	numberOfOrders: 7,
	constructor: { prototype: { isAdmin: true } },
};

async function setFields(house: House, engine: EngineName): Promise<void> {
	const own = { email: EMAIL, password: PASSWORD };
	const t = await house.signedIn(EMAIL, PASSWORD);
	const members = [
		...Object.entries(FOREIGN),
		...Object.entries(JSON.parse('{"__proto__": {"isAdmin": true}}')),
	];
	for (const [name, value] of members) {
		const more = Object.fromEntries([[name, value]]);
		for (const [query, variables] of [
			[SIGN_IN, { input: { ...own, ...more } }],
			[SIGN_UP, { input: { ...own, email: "eve@example.com", ...more } }],
			[UPDATE, { t, customer: { firstName: "Eve", ...more } }],
		] as const) {
			const { data, errors } = await house.ask(query, variables);
			assert.deepEqual([data, errors?.[0].extensions.code], [undefined, "INVALID_VARIABLE"], name);
		}
	}
	assert.equal(Object.hasOwn(Object.prototype, "isAdmin"), false, engine);
	// Beside the input they are nobody's: what is issued is drawn here, and ends after 42 days.
	const before = house.app.clock.now();
	const { data } = await house.ask(SIGN_IN, { input: own, ...FOREIGN });
	const { accessToken, expiresAt } = data.customerAccessTokenCreate.customerAccessToken;
	assert.notEqual(accessToken, FOREIGN.accessToken);
	const lifetime = Date.parse(expiresAt) / 1000 - before;
	assert.ok(lifetime >= FORTY_TWO_DAYS && lifetime <= FORTY_TWO_DAYS + 5, `${lifetime} s`);
	const renewed = await house.ask(RENEW, { t: accessToken, ...FOREIGN });
	assert.ok(
		Date.parse(renewed.data.customerAccessTokenRenew.customerAccessToken.expiresAt) / 1000 <=
			house.app.clock.now() + FORTY_TWO_DAYS,
	);
	assert.equal(await readerOf(house, FOREIGN.accessToken), null);
	const query = "query($t: String!) { customer(customerAccessToken: $t) { firstName tags numberOfOrders } }";
	assert.deepEqual((await house.ask(query, { t })).data.customer, {
		firstName: null,
		tags: [],
		numberOfOrders: "0",
	});
}
