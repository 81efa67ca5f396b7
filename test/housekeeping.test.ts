// What is over goes by itself: tokens some time after their end, in steps that cost the same however many there are, by
// one process of all that are on a database.
import assert from "node:assert/strict";
import test from "node:test";
import { startHousekeeping } from "../src/accounts/housekeeping.ts";
import { policyOf } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { createLog } from "../src/log.ts";
import { statement } from "../src/store/engine.ts";
import { removeEnded, walkTokens } from "../src/store/housekeeping.ts";
import { takeLease } from "../src/store/leases.ts";
import { ENGINES, type House, openHouse } from "./house.ts";
import { newcomerWithLink } from "./recovery/links.ts";

const HOUR = 3_600;
const DAY = 86_400;

async function countRows({ app }: House, table: string): Promise<number> {
	const [row] = await app.store.read(statement(`SELECT COUNT(*) AS number FROM ${table}`), []);
	return Number(row?.["number"]);
}

/** Seconds by the clock of the database. */
function nowOf({ app }: House): number {
	return Math.floor(app.store.now() / 1000);
}

/** What a second process on the database would run. */
function startSecond({ app }: House) {
	const { store, clock } = app;
	return startHousekeeping(
		{ store, clock, policy: policyOf(readConfig({}), new Set()) },
		createLog("silent"),
	);
}

/** A customer with so many access tokens, which all ended two hours ago. */
async function withEndedTokens(house: House, count: number): Promise<void> {
	await house.signedIn();
	const { store } = house.app;
	const insert = statement(
		`INSERT INTO access_tokens (digest, id, customer_id, created_at, expires_at)
		SELECT ?, ?, c.id, 0, ? FROM customers c`,
	);
	const end = nowOf(house) - 2 * HOUR;
	await Promise.all(
		Array.from({ length: count }, (_, index) => {
			const digest = (index * 7919).toString(36).padStart(8, "0");
			return store.change(insert, [digest, index + 1, end]);
		}),
	);
}

for (const engine of ENGINES) {
	test(`a token goes an hour after its end by the clock of the database (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store, housekeeping } = house.app;
		await newcomerWithLink(house, "reset");
		const tables = ["access_tokens", "one_time_tokens"] as const;
		const endAt = async (seconds: number) => {
			for (const table of tables) {
				const end = statement(`UPDATE ${table} SET expires_at = ? RETURNING expires_at`);
				assert.equal((await store.change(end, [nowOf(house) + seconds])).length, 1);
			}
		};
		const counts = () => Promise.all(tables.map((table) => countRows(house, table)));
		await house.advance(400 * DAY);
		await housekeeping.sweep();
		assert.deepEqual(await counts(), [1, 1], "a restart would forget that the clock was advanced");
		await endAt(60 - HOUR);
		await housekeeping.sweep();
		assert.deepEqual(await counts(), [1, 1], "it ended less than an hour ago");
		await endAt(-HOUR);
		await housekeeping.sweep();
		assert.deepEqual(await counts(), [0, 0]);
	});

	test(`what is over goes by itself, and what lives stays (${engine})`, async () => {
		await using house = await openHouse(engine);
		await withEndedTokens(house, 30);
		while ((await countRows(house, "access_tokens")) > 1) await new Promise((done) => setImmediate(done));
		assert.equal(await countRows(house, "customers"), 1);
		const [left] = await house.app.store.read(statement("SELECT expires_at FROM access_tokens"), []);
		assert.ok(Number(left?.["expires_at"]) > nowOf(house));
	});

	test(`a step removes a few, however many there are, and the next goes on behind it (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		// Nothing else sweeps.
		await house.app.housekeeping.close();
		await withEndedTokens(house, 450);
		const removed: number[] = [];
		let position = "";
		do {
			const walked = await walkTokens(store, position, nowOf(house) - HOUR);
			removed.push(walked.removed);
			position = walked.position;
		} while (position !== "");
		assert.deepEqual(
			removed.filter((count) => count > 0),
			[200, 200, 50],
		);
		assert.equal(await countRows(house, "access_tokens"), 1);
		const insert = statement("INSERT INTO attempts (subject, times, in_a_row, ends_at) VALUES (?, '', 0, ?)");
		const ends = Array.from({ length: 250 }, (_, index) => store.change(insert, [`subject ${index}`, index]));
		await Promise.all(ends);
		const ended = { now: 239, actsUntil: null };
		for (const count of [100, 100, 40, 0]) assert.equal(await removeEnded(store, ended), count);
		assert.equal(await countRows(house, "attempts"), 10);
	});

	test(`of two processes one sweeps, and gives the lease back when it stops (${engine})`, async () => {
		await using house = await openHouse(engine);
		const first = house.app.housekeeping;
		const second = startSecond(house);
		assert.equal(await first.sweep(), 0);
		assert.equal(await second.sweep(), null);
		await withEndedTokens(house, 10);
		assert.equal(await second.sweep(), null);
		assert.notEqual(await first.sweep(), null);
		assert.equal(await countRows(house, "access_tokens"), 1);
		await first.close();
		assert.equal(await second.sweep(), 0);
		await second.close();
	});

	test(`when the process that sweeps dies, another takes over after the end of the lease (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		await house.app.housekeeping.close();
		const lease = { name: "housekeeping", holder: "died", position: "access_tokens 5" };
		const now = nowOf(house);
		assert.equal(await takeLease(store, { ...lease, endsAt: now + 2 }, now), lease.position);
		const next = { ...lease, holder: "next", endsAt: now + 60, position: "" };
		assert.equal(await takeLease(store, next, now + 1), null, "it has not ended");
		await withEndedTokens(house, 10);
		const second = startSecond(house);
		assert.equal(await second.sweep(), null);
		let swept: number | null = null;
		// Whatever it finds by itself meanwhile is gone as well.
		while (swept === null) swept = await second.sweep();
		assert.ok(nowOf(house) >= now + 2);
		assert.equal(await countRows(house, "access_tokens"), 1);
		await second.close();
		// The position is the one that was written down last, whoever did.
		await takeLease(store, { ...lease, endsAt: now + 60 }, now + 60);
		await takeLease(store, { ...lease, endsAt: now + 120 }, now + 60);
		assert.equal(await takeLease(store, { ...next, endsAt: now + 180 }, now + 119), null);
		assert.equal(await takeLease(store, { ...next, endsAt: now + 180 }, now + 120), "access_tokens 5");
	});
}
