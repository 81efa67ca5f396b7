// The line before a budget that is used up by attempts of which nobody knows yet how they end.
import assert from "node:assert/strict";
import test from "node:test";
import { createAttempts, TooManyAttempts } from "../../src/accounts/attempts.ts";
import { limitsOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { countAttempt } from "../../src/store/attempts.ts";
import { ENGINES, type House, openHouse } from "../house.ts";
import { afterTurns } from "../races/volley.ts";

function open({ app }: House) {
	return createAttempts(app.store, app.clock, limitsOf(readConfig({})), "", console);
}

/** At most so many in an hour. */
function budget(subject: string, most: number) {
	return { subject, limits: [{ most, seconds: 3600 }], row: null };
}

/** What has become of it once everything that could happen has. */
async function stateOf(
	{ app }: House,
	promise: Promise<unknown>,
): Promise<"counted" | "throttled" | "waiting"> {
	const settled = promise.then(
		() => "counted" as const,
		(error) => {
			assert.ok(error instanceof TooManyAttempts);
			return "throttled" as const;
		},
	);
	// Attempts are counted in turn: after some more of them, all that it asked the store is answered.
	const patience = async () => {
		for (let left = 5; left > 0; left--) {
			await countAttempt(app.store, [budget("patience", 1000)], app.clock.now());
			await afterTurns(3);
		}
		return "waiting" as const;
	};
	return Promise.race([settled, patience()]);
}

for (const engine of ENGINES) {
	test(`whoever is over a limit for good does not wait for what has room (${engine})`, async () => {
		await using house = await openHouse(engine);
		const attempts = open(house);
		const [account, address] = [budget("account", 1), budget("address", 30)];
		(await attempts.count([account])).end();
		const underWay = await attempts.count([address]);
		assert.equal(await stateOf(house, attempts.count([account, address])), "throttled");
		underWay.end();
	});

	test(`where all under way have failed, nobody waits any longer (${engine})`, async () => {
		await using house = await openHouse(engine);
		const attempts = open(house);
		const account = budget("account", 2);
		const first = await attempts.count([account]);
		const second = await attempts.count([account]);
		const waiting = [attempts.count([account]), attempts.count([account])];
		for (const one of waiting) assert.equal(await stateOf(house, one), "waiting");
		first.end();
		assert.equal(await stateOf(house, waiting[0] as Promise<unknown>), "waiting");
		second.end();
		for (const one of waiting) assert.equal(await stateOf(house, one), "throttled");
	});

	test(`room that the next in line cannot use is the one's behind it (${engine})`, async () => {
		await using house = await openHouse(engine);
		const attempts = open(house);
		const [account, address] = [budget("account", 2), budget("address", 1)];
		const first = await attempts.count([account]);
		const second = await attempts.count([account]);
		const next = attempts.count([account, address]);
		assert.equal(await stateOf(house, next), "waiting");
		const behind = attempts.count([account]);
		assert.equal(await stateOf(house, behind), "waiting");
		// Meanwhile its address has used up what it had.
		(await attempts.count([address])).end();
		await first.takeOut(true);
		assert.equal(await stateOf(house, next), "throttled");
		assert.equal(await stateOf(house, behind), "counted");
		second.end();
	});

	test(`they go in turn, and nobody who comes later goes before (${engine})`, async () => {
		await using house = await openHouse(engine);
		const attempts = open(house);
		const account = budget("account", 1);
		let current = await attempts.count([account]);
		const order: number[] = [];
		const waiting = Array.from({ length: 5 }, async (_, index) => {
			const attempt = await attempts.count([account]);
			order.push(index);
			return attempt;
		});
		await afterTurns(20);
		for (const next of waiting) {
			await current.takeOut(true);
			current = await next;
		}
		current.end();
		assert.deepEqual(order, [0, 1, 2, 3, 4]);
		assert.equal(await stateOf(house, attempts.count([account])), "throttled");
	});
}
