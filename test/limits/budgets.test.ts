// Which attempts share a budget, and what an owner's coming in does to it: by name, where many requests would show it
// only roughly.
import assert from "node:assert/strict";
import test from "node:test";
import { createAttempts } from "../../src/accounts/attempts.ts";
import type { Context } from "../../src/accounts/context.ts";
import { forgetGuesses, guessesAt, guessesInherited, rememberOwner } from "../../src/accounts/guesses.ts";
import {
	accountOf,
	failuresOf,
	type Limits,
	parseLimits,
	perAccount,
	perAddress,
	type Visitor,
} from "../../src/accounts/limits.ts";
import { countAttempt, FULL_ROW_SECONDS } from "../../src/store/attempts.ts";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, type House, openHouse, SIGN_UP } from "../house.ts";

const DAY = 86_400;
const LIMITS: Limits = {
	signInsPerAccount: [{ most: 10, seconds: 900 }],
	failuresPerAddress: [{ most: 30, seconds: 300 }],
	signUpsPerAddress: [],
	recoveriesPerAddress: [],
	linksPerAccount: [],
	emailChangesPerAccount: [],
};
const LIST = statement("SELECT subject, times, in_a_row FROM attempts ORDER BY subject");
const LIST_CUSTOMERS = statement("SELECT id FROM customers ORDER BY email_key");

const at = (address: string | null): Visitor => ({ address, fullAddress: address, language: "en" });
const HOME = at("198.51.100.7");
const NOWHERE = at(null);

/** What verbs are given, with a clock to set, and the ids of two customers. */
async function open(house: House, limits = LIMITS) {
	const ids: number[] = [];
	for (const name of ["ada", "eve"]) {
		await house.ask(SIGN_UP, { input: { email: `${name}@example.com`, password: "correct horse" } });
	}
	for (const row of await house.app.store.read(LIST_CUSTOMERS, [])) ids.push(Number(row["id"]));
	const [ada = 0, eve = 0] = ids;
	const { store, shop } = house.app;
	const time = { now: 1000 };
	const clock = { now: () => time.now };
	const attempts = createAttempts(store, clock, limits, "a key", console);
	return { context: { store, shop, clock, attempts } as unknown as Context, time, ada, eve, attempts, shop };
}

test("a limit is read as it is written, and no other text is one", () => {
	assert.deepEqual(parseLimits("10/900 50/86400"), [
		{ most: 10, seconds: 900 },
		{ most: 50, seconds: 86_400 },
	]);
	assert.deepEqual(parseLimits("999/9999999"), [{ most: 999, seconds: 9_999_999 }]);
	assert.deepEqual(parseLimits("off"), []);
	for (const text of [
		"",
		"ten",
		"10",
		"/900",
		"0/5",
		"5/0",
		"05/9",
		"5/09",
		"1000/5",
		"5/10000000",
		"5/9 ",
		" 5/9",
		"x5/9",
		"5/9x",
		"5/9  6/99",
		"5/9,6/99",
		"5/9 off",
		"off off",
		"OFF",
		"-5/9",
	]) {
		assert.equal(parseLimits(text), null, text);
	}
});

for (const engine of ENGINES) {
	test(`guesses are counted by account, and by name where nobody has it (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { context, attempts, shop, ada, eve } = await open(house);
		const { signInsPerAccount: limits } = LIMITS;
		assert.deepEqual(await guessesAt(context, ada, "ada@example.com", HOME), [
			{ subject: `sign-in customer ${ada}`, limits, row: { most: 100, memorySeconds: FULL_ROW_SECONDS } },
		]);
		assert.equal(FULL_ROW_SECONDS, 365 * DAY);
		const slot = attempts.slotOf(`${shop.id} nobody@example.com`);
		assert.deepEqual(await guessesAt(context, null, "nobody@example.com", HOME), [
			{ subject: `sign-in slot ${slot}`, limits, row: { most: 100, memorySeconds: 7 * DAY } },
		]);
		const adasSlot = attempts.slotOf(`${shop.id} ada@example.com`);
		assert.notEqual(adasSlot, slot);
		assert.deepEqual(guessesInherited(context, "ada@example.com", eve), {
			from: `sign-in slot ${adasSlot}`,
			to: `sign-in customer ${eve}`,
		});
		const unlimited = await open(house, { ...LIMITS, signInsPerAccount: [] });
		assert.deepEqual(await guessesAt(unlimited.context, ada, "ada@example.com", HOME), []);
	});

	test(`an address is known for ninety days from the owner's last coming in, to that account (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { context, time, ada, eve } = await open(house);
		const subjectOf = async (id: number, visitor: Visitor) =>
			String((await guessesAt(context, id, "", visitor))[0]?.subject);
		const [anywhere, known] = [`sign-in customer ${ada}`, /^sign-in customer \d+ from [\w-]{43}$/];
		await rememberOwner(context, ada, NOWHERE);
		assert.equal(await subjectOf(ada, NOWHERE), anywhere);
		await rememberOwner(context, ada, HOME);
		assert.match(await subjectOf(ada, HOME), known);
		assert.equal(await subjectOf(ada, at("198.51.100.8")), anywhere);
		assert.equal(await subjectOf(ada, NOWHERE), anywhere);
		assert.equal(await subjectOf(eve, HOME), `sign-in customer ${eve}`);
		time.now += 90 * DAY - 1;
		assert.match(await subjectOf(ada, HOME), known);
		time.now += 1;
		assert.equal(await subjectOf(ada, HOME), anywhere);
		await rememberOwner(context, ada, HOME);
		assert.match(await subjectOf(ada, HOME), known);
	});

	test(`the sixteen newest addresses of each account are known (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { context, time, ada, eve } = await open(house);
		await rememberOwner(context, eve, HOME);
		for (let index = 1; index <= 18; index++) {
			time.now++;
			await rememberOwner(context, ada, at(`203.0.113.${index}`));
			// Seen again: as new as the newest.
			await rememberOwner(context, ada, at("203.0.113.1"));
		}
		const known: number[] = [];
		for (let index = 1; index <= 18; index++) {
			const [budget] = await guessesAt(context, ada, "", at(`203.0.113.${index}`));
			if (budget?.subject.includes("from")) known.push(index);
		}
		assert.deepEqual(known, [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
		assert.match(String((await guessesAt(context, eve, "", HOME))[0]?.subject), /from/);
	});

	test(`a right password ends the row, a mailed link forgets the count as well (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { context, time, ada, eve } = await open(house);
		await rememberOwner(context, ada, HOME);
		const away = at("203.0.113.9");
		const all = [
			...(await guessesAt(context, ada, "", away)),
			...(await guessesAt(context, ada, "", HOME)),
			...(await guessesAt(context, eve, "", away)),
		];
		const counted = async () =>
			new Map(
				(await context.store.read(LIST, [])).map((row) => [
					row["subject"],
					`${row["times"]}, ${row["in_a_row"]} in a row`,
				]),
			);
		const [anywhere = "", home = "", eves = ""] = all.map(({ subject }) => subject);
		const none = await counted();
		for (const subject of [anywhere, home, eves]) assert.ok(!none.has(subject));
		await countAttempt(context.store, all, time.now);
		const once = "1000, 1 in a row";
		const seen = async () => {
			const now = await counted();
			return [now.get(anywhere), now.get(home), now.get(eves)];
		};
		assert.deepEqual(await seen(), [once, once, once]);
		await rememberOwner(context, ada, NOWHERE);
		assert.deepEqual(await seen(), ["1000, 0 in a row", once, once]);
		await forgetGuesses(context, ada, HOME);
		assert.deepEqual(await seen(), [undefined, undefined, once]);
	});
}

test("what counts by account or address counts nobody who is not counted, and nothing without a limit", async () => {
	await using house = await openHouse();
	const { context, attempts, shop } = await open(house);
	const limits = [{ most: 3, seconds: 60 }];
	const someone = accountOf(context, 12, "ada@example.com");
	assert.deepEqual(someone, { name: "customer 12", isSlot: false });
	assert.deepEqual(accountOf(context, null, "ada@example.com"), {
		name: `slot ${attempts.slotOf(`${shop.id} ada@example.com`)}`,
		isSlot: true,
	});
	assert.deepEqual(perAccount("link", someone, HOME, limits), [
		{ subject: "link customer 12", limits, row: null },
	]);
	const subject = `slot ${attempts.slotOf(`${shop.id} ${HOME.address}`)}`;
	assert.deepEqual(perAddress("sign-up", context, HOME, limits), [
		{ subject: `sign-up ${subject}`, limits, row: null },
	]);
	assert.deepEqual(failuresOf(context, HOME), [
		{ subject: `failure ${subject}`, limits: LIMITS.failuresPerAddress, row: null },
	]);
	for (const [visitor, some] of [
		[NOWHERE, limits],
		[HOME, []],
	] as const) {
		assert.deepEqual(perAccount("link", someone, visitor, some), []);
		assert.deepEqual(perAddress("link", context, visitor, some), []);
	}
	assert.deepEqual(failuresOf(context, NOWHERE), []);
});

test("texts are drawn into 262 144 slots by a key, always into the same", async () => {
	await using house = await openHouse();
	const { store, clock } = house.app;
	const [one, again, other] = ["a key", "a key", "another key"].map((key) =>
		createAttempts(store, clock, LIMITS, key, console),
	);
	const texts = Array.from({ length: 1000 }, (_, index) => `text ${index}`);
	const slots = texts.map((text) => Number(one?.slotOf(text)));
	assert.deepEqual(
		slots,
		texts.map((text) => again?.slotOf(text)),
	);
	assert.notDeepEqual(
		slots,
		texts.map((text) => other?.slotOf(text)),
	);
	assert.ok(slots.every((slot) => Number.isInteger(slot) && slot >= 0 && slot < 2 ** 18));
	assert.ok(Math.max(...slots) > 2 ** 17 && new Set(slots).size > 990, "all over them");
});
