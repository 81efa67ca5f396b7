// What is counted stays small and stays there: a flood of names pushes nobody's count out, and shops do not share any.
import assert from "node:assert/strict";
import test from "node:test";
import { createAttempts } from "../../src/accounts/attempts.ts";
import { guessesAt } from "../../src/accounts/guesses.ts";
import { limitsOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { makeToken } from "../../src/secrets/token.ts";
import { countAttempt, ensureSlotKey } from "../../src/store/attempts.ts";
import { ENGINES, type House, IS_POSTGRES, openHouse, SIGN_IN } from "../house.ts";
import { openSecondShop } from "../second-shop.ts";
import {
	addressAt,
	assertFirst,
	CHECKED,
	countRows,
	EMAIL,
	outcomeOf,
	outcomes,
	PASSWORD,
	THROTTLED,
	visitor,
} from "./visitors.ts";

const SLOTS = 2 ** 18;
/** All of them are answered within the time that one may take. */
const AT_ONCE = IS_POSTGRES ? 500 : 5_000;

/** One wrong password for each of so many names that nobody has, counted as a sign-in counts it. */
async function flood({ app }: House, names: number): Promise<void> {
	const { store, clock, shop } = app;
	const attempts = createAttempts(
		store,
		clock,
		limitsOf(readConfig({})),
		await ensureSlotKey(store, makeToken()),
		console,
	);
	const context = { store, clock, shop, attempts } as unknown as Parameters<typeof guessesAt>[0];
	const guess = async (index: number) => {
		const budgets = await guessesAt(context, null, `flood${index}@example.com`, {
			address: null,
			fullAddress: null,
			language: "EN",
		});
		await countAttempt(store, budgets, clock.now());
	};
	for (let from = 0; from < names; from += AT_ONCE) {
		await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => guess(from + index)));
	}
}

const FLOODS = { "sqlite::memory:": 50_000, "sqlite:file": 100_000, postgres: 10_000 } as const;

for (const engine of ENGINES) {
	const names = FLOODS[engine];
	test(`a flood of ${names} names is bounded, and forgets nobody (${engine})`, async (story) => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		assertFirst(await outcomes(10, (index) => visitor(house, addressAt(index)).signIn("guess")), 10);
		await flood(house, names);
		const rows = await countRows(house, "attempts");
		story.diagnostic(`${rows} rows`);
		// So many rows of so many are hit on average; and never more than there are.
		const expected = SLOTS * (1 - Math.exp(-names / SLOTS));
		assert.ok(rows <= SLOTS + 100 && Math.abs(rows - expected) < expected / 50, `${rows}, not ${expected}`);
		assert.equal(
			await visitor(house, addressAt(99)).signIn(PASSWORD),
			THROTTLED,
			"the victim is not forgotten",
		);

		// What is over goes by itself, thousands of rows a second.
		await house.advance(8 * 86_400);
		while ((await countRows(house, "attempts")) > rows - 2_000) await new Promise((go) => setImmediate(go));
	});
}

for (const engine of ENGINES) {
	test(`a clock that is set back makes no guess free (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store, clock } = house.app;
		const now = clock.now();
		const budgets = [{ subject: "clock", limits: [{ most: 2, seconds: 3600 }], row: null }];
		for (const ahead of [100, 50]) {
			assert.deepEqual(await countAttempt(store, budgets, now + ahead), { full: [], waitSeconds: 0 });
		}
		// It is allowed again an hour after the earlier of the two, by that clock.
		assert.deepEqual(await countAttempt(store, budgets, now), { full: ["clock"], waitSeconds: 3650 });
		assert.equal((await countAttempt(store, budgets, now + 3649)).waitSeconds, 1);
		assert.equal((await countAttempt(store, budgets, now + 3650)).waitSeconds, 0);
	});

	test(`typing errors of years do not lock names that nobody has, and guesses lock an account (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		for (const [email, checked] of [
			["nobody@example.com", 120],
			[EMAIL, 100],
		] as const) {
			const seen = await outcomes(120, async (index) => {
				if (index % 10 === 0) await house.advance(8 * 86_400);
				return visitor(house, addressAt(index)).signIn("guess", email);
			});
			assertFirst(seen, checked);
		}
	});

	test(`two shops share no budget (${engine})`, async () => {
		await using house = await openHouse(engine, { trustedProxies: "127.0.0.1" });
		const second = await openSecondShop(house);
		await house.signedIn(EMAIL, PASSWORD);
		const headers = { ...second, "X-Forwarded-For": "192.0.2.1" };
		const there = async (email: string) =>
			outcomeOf(await house.ask(SIGN_IN, { input: { email, password: "guess" } }, { headers }));
		for (const email of [EMAIL, "nobody@example.com"]) {
			assertFirst(await outcomes(12, (index) => visitor(house, addressAt(index)).signIn("guess", email)), 10);
			assert.equal(await there(email), CHECKED, "the same name in the other shop");
		}
		assertFirst(
			await outcomes(31, (index) =>
				visitor(house, "192.0.2.1").signIn("guess", `nobody${index}@example.com`),
			),
			30,
		);
		assert.equal(await there("someone@example.com"), CHECKED, "the same address in the other shop");
	});
}
