// Each limit is a setting: a smaller one holds and ends to the second, `off` lets everything through, nonsense is refused.
import assert from "node:assert/strict";
import test from "node:test";
import { BadSetting, type SettingName } from "../../src/config.ts";
import { ENGINES, type House, openHouse, RECOVER, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import { exchange } from "../wire/wire.ts";
import { addressAt, comingFrom, EMAIL, outcomeOf, PASSWORD, THROTTLED } from "./visitors.ts";

interface Tried {
	readonly outcome: string;
	/** Seconds, where the answer says so. */
	readonly retryAfter: number | null;
}

interface Limited {
	readonly setting: SettingName;
	/** How often it may be done in the test's hour, where nothing else is set. */
	readonly most: number;
	/** Does once what is limited, so that no other limit is met. */
	readonly attempt: (house: House, index: number, token: string) => Promise<Tried>;
}

async function send(house: House, query: string, variables: unknown, address: string): Promise<Tried> {
	const { body, headers } = await exchange(house.app.url, {
		path: "/api/2026-04/graphql.json",
		headers: comingFrom(house, address),
		body: { query, variables },
	});
	const retryAfter = headers["retry-after"];
	return { outcome: outcomeOf(body), retryAfter: retryAfter === undefined ? null : Number(retryAfter) };
}

const ONE = "192.0.2.1";
const guessAt = (email: string) => ({ input: { email, password: "guess" } });

const LIMITED: readonly Limited[] = [
	{
		setting: "limitSignIns",
		most: 10,
		attempt: (house, index) => send(house, SIGN_IN, guessAt(EMAIL), addressAt(index)),
	},
	{
		setting: "limitFailures",
		most: 30,
		attempt: (house, index) => send(house, SIGN_IN, guessAt(`nobody${index}@example.com`), ONE),
	},
	{
		setting: "limitSignUps",
		most: 20,
		attempt: (house, index) =>
			send(house, SIGN_UP, { input: { email: `new${index}@example.com`, password: PASSWORD } }, ONE),
	},
	{
		setting: "limitRecoveries",
		most: 40,
		attempt: (house, index) => send(house, RECOVER, { email: `nobody${index}@example.com` }, ONE),
	},
	{
		setting: "limitLinks",
		most: 5,
		attempt: (house, index) => send(house, RECOVER, { email: EMAIL }, addressAt(index)),
	},
	{
		setting: "limitEmailChanges",
		most: 10,
		attempt: (house, index, t) =>
			send(house, UPDATE, { t, customer: { email: `ada${index}@example.com` } }, addressAt(index)),
	},
];

for (const engine of ENGINES) {
	for (const { setting, most, attempt } of LIMITED) {
		test(`${setting} sets how often, within how long, and ends to the second (${engine})`, async () => {
			await using house = await openHouse(engine, { [setting]: "3/600 5/3000" });
			const { clock } = house.app;
			const token = await house.signedIn(EMAIL, PASSWORD);
			let index = 0;
			const allowed = async () => {
				const { outcome, retryAfter } = await attempt(house, ++index, token);
				assert.notEqual(outcome, THROTTLED, `try ${index}`);
				assert.equal(retryAfter, null);
			};
			/** The moment at which the answer says that it will be allowed again. */
			const throttledUntil = async () => {
				const before = clock.now();
				const { outcome, retryAfter } = await attempt(house, ++index, token);
				assert.equal(outcome, THROTTLED, `try ${index}`);
				assert.ok(retryAfter !== null && retryAfter > 0);
				return { from: before + retryAfter, to: clock.now() + retryAfter };
			};
			const first = { from: clock.now(), to: 0 };
			await allowed();
			first.to = clock.now();
			await house.advance(100);
			await allowed();
			await allowed();
			const until = await throttledUntil();
			assert.ok(
				until.from <= first.to + 600 && until.to >= first.from + 600,
				JSON.stringify({ first, until }),
			);
			await house.advance(until.from - clock.now() - 1);
			const early = await attempt(house, ++index, token);
			if (early.outcome === THROTTLED) {
				await house.advance(2);
				await allowed();
			} else {
				// The clock goes on by itself: the second turned before this was answered.
				assert.ok(clock.now() >= first.from + 600, `try ${index}`);
			}
			await throttledUntil();
			await house.advance(600);
			await allowed();
			// The second limit: five in 3000 seconds, from the first of them.
			const later = await throttledUntil();
			assert.ok(later.from <= first.to + 3000 && later.to >= first.from + 3000);
			await house.advance(later.to - clock.now());
			await allowed();
		});

		test(`${setting} as it is unless set, and off (${engine})`, async () => {
			for (const [settings, allowed] of [
				[{}, most],
				[{ [setting]: "off" }, most + 12],
			] as const) {
				await using house = await openHouse(engine, settings);
				const token = await house.signedIn(EMAIL, PASSWORD);
				const seen: boolean[] = [];
				for (let index = 1; index <= most + 12; index++) {
					seen.push((await attempt(house, index, token)).outcome !== THROTTLED);
				}
				assert.deepEqual(
					seen,
					seen.map((_, index) => index < allowed),
				);
			}
		});
	}
}

for (const { setting } of LIMITED) {
	test(`${setting} refuses what is no limit`, async () => {
		for (const text of [
			"",
			"ten",
			"10",
			"0/5",
			"10/0",
			"10/900  50/86400",
			"1000/5",
			"10/900,50/86400",
			"-1/5",
			"OFF",
		]) {
			await assert.rejects(openHouse(ENGINES[0], { [setting]: text }), (error) => {
				const name = `LATCHKEY_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
				assert.ok(error instanceof BadSetting && error.message.startsWith(name), `${text}: ${error}`);
				return true;
			});
		}
	});
}

test("trustedProxies refuses what is neither an address nor a network", async () => {
	for (const text of [
		"proxy.example",
		"10.0.0.0/",
		"10.0.0.0/33",
		"::1/129",
		"10.0.0.0/8/8",
		"10.0.0/8",
		"10.0.0.0/-1",
	]) {
		await assert.rejects(openHouse(ENGINES[0], { trustedProxies: text }), (error) => {
			const isTold = error instanceof BadSetting && error.message.startsWith("LATCHKEY_TRUSTED_PROXIES: ");
			assert.ok(isTold, `${text}: ${error}`);
			return true;
		});
	}
});
