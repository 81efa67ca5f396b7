// A Multipass token works once and for fifteen minutes.
import assert from "node:assert/strict";
import test from "node:test";
import { createAttempts } from "../../src/accounts/attempts.ts";
import { signInByMultipass } from "../../src/accounts/multipass.ts";
import { limitsOf, policyOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, openHouse, READ, RENEW } from "../house.ts";
import { newcomerWithLink, redeem, refusalOf } from "../recovery/links.ts";
import { enter, entered, makePass, momentOf, passFor, REFUSED, SETTINGS, whoIs } from "./passes.ts";

const COUNT_TOKENS = statement("SELECT COUNT(*) AS n FROM access_tokens");
const COUNT_SPENT = statement("SELECT COUNT(*) AS n FROM spent_multipasses");
const AGE_SPENT = statement("UPDATE spent_multipasses SET expires_at = expires_at - 90000 RETURNING digest");

for (const engine of ENGINES) {
	test(`200 parallel uses of one token give exactly one access token (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await house.signedIn("known@example.com");
		for (const [round, email] of ["new@example.com", "known@example.com", "new@example.com"].entries()) {
			const token = passFor(house, { email, tag_string: `round ${round}` });
			const [{ n: before } = {}] = await house.app.store.read(COUNT_TOKENS, []);
			const spellings = [token, token.replace(/=+$/, "")];
			const answers = await Promise.all(
				Array.from({ length: 200 }, (_, index) => enter(house, spellings[index % 2] ?? token)),
			);
			const isWinner = ({ data }: (typeof answers)[number]) =>
				data.customerAccessTokenCreateWithMultipass.customerAccessToken !== null;
			const [winner, ...more] = answers.filter(isWinner);
			assert.equal(more.length, 0);
			for (const answer of answers) if (answer !== winner) assert.deepEqual(answer, REFUSED);
			const { accessToken } = winner?.data.customerAccessTokenCreateWithMultipass.customerAccessToken ?? {};
			assert.equal((await whoIs(house, accessToken)).email, email);
			const [{ n: after } = {}] = await house.app.store.read(COUNT_TOKENS, []);
			assert.equal(Number(after) - Number(before), 1);
		}
	});

	test(`200 tokens of one new customer, used together, make one customer (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const passes = Array.from({ length: 200 }, () => passFor(house, { email: "ada@example.com" }));
		const tokens = await Promise.all(passes.map((pass) => entered(house, pass)));
		assert.equal(new Set(tokens).size, 200);
		const customers = await Promise.all(tokens.map((token) => whoIs(house, token)));
		assert.equal(new Set(customers.map(({ id }) => id)).size, 1);
	});

	test(`a token that was used is refused ever after, in every spelling (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const token = passFor(house, { email: "ada@example.com" });
		const accessToken = await entered(house, token);
		for (const seconds of [0, 600, 295, 10, 86_400, 3600]) {
			await house.advance(seconds);
			assert.deepEqual(await enter(house, token), REFUSED);
			assert.deepEqual(await enter(house, token.replace(/=+$/, "")), REFUSED);
			// What is long over is forgotten meanwhile.
			await house.app.housekeeping.sweep();
		}
		assert.equal((await whoIs(house, accessToken)).email, "ada@example.com");
	});

	test(`a token is good for fifteen minutes (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const pass = (seconds: number) =>
			makePass({ email: "ada@example.com", created_at: momentOf(house, seconds) });
		const [early, late] = [pass(0), pass(0)];
		await house.advance(895);
		await entered(house, early);
		await house.advance(5);
		assert.deepEqual(await enter(house, late), REFUSED);
		// A minute ahead is a clock that is a little fast; more is not.
		await entered(house, pass(55));
		assert.deepEqual(await enter(house, pass(70)), REFUSED);
		assert.deepEqual(await enter(house, pass(86_400)), REFUSED);
	});
}

test("a Multipass token is nothing but that, and nothing else is one", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const pass = passFor(house, { email: "ada@example.com" });
	const accessToken = await entered(house, passFor(house, { email: "ada@example.com" }));
	assert.equal((await house.ask(READ, { t: pass })).data.customer, null);
	assert.equal((await house.ask(RENEW, { t: pass })).errors[0].extensions.code, "ACCESS_DENIED");
	const headers = { "X-Shopify-Storefront-Access-Token": pass };
	assert.equal(
		(await house.ask("{ shop { name } }", {}, { headers })).errors[0].extensions.code,
		"UNAUTHORIZED",
	);
	const link = await newcomerWithLink(house, "reset", "grace@example.com");
	assert.deepEqual(refusalOf(await redeem(house, { ...link, token: pass }, "a new password")), [
		"TOKEN_INVALID",
	]);
	for (const token of [accessToken, link.token, ...Object.values(house.keys), SETTINGS.multipassSecret]) {
		assert.deepEqual(await enter(house, token), REFUSED);
	}
	await entered(house, pass);
});

test("to the second: from one minute before the moment that it names until 15 minutes after", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const { store, shop, clock } = house.app;
	const created = clock.now();
	const policy = policyOf({ ...readConfig({}), encryptionKey: SETTINGS.encryptionKey }, new Set());
	const [passwords, attempts] = [
		null as never,
		createAttempts(store, clock, limitsOf(readConfig({})), "", console),
	];
	for (const [seconds, ok] of [
		[-61, false],
		[-60, true],
		[0, true],
		[899, true],
		[900, false],
	] as const) {
		const set = { now: () => created + seconds };
		const pass = makePass({ email: "ada@example.com", created_at: new Date(created * 1000).toISOString() });
		const result = await signInByMultipass({ store, shop, clock: set, policy, passwords, attempts }, pass, {
			address: null,
			fullAddress: null,
			language: "EN",
		});
		assert.equal(result.ok, ok, `${seconds} s`);
	}
});

test("a clock that is set back does not bring a spent token back to life", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const token = passFor(house, { email: "ada@example.com" });
	await entered(house, token);
	await house.advance(3600);
	await house.app.housekeeping.sweep();
	// Sets the clock right, and forgets the customers.
	await fetch(`${house.app.url}/_dev/reset`, { method: "POST" });
	assert.deepEqual(await enter(house, token), REFUSED);
});

test("what is long over is forgotten", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const { store, housekeeping } = house.app;
	const enterOnce = () => entered(house, passFor(house, { email: "ada@example.com" }));
	const countSpent = async () => (await store.read(COUNT_SPENT, []))[0]?.["n"];
	for (let index = 0; index < 3; index++) await enterOnce();
	await store.change(AGE_SPENT, []);
	await enterOnce();
	await housekeeping.sweep();
	assert.equal(await countSpent(), 1);
});
