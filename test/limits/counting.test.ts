// How attempts are counted, to the second: what many requests show roughly, the count itself shows exactly. On real
// databases, without a clock of its own.
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import {
	type Budget,
	countAttempt,
	ensureSlotKey,
	FULL_ROW_SECONDS,
	forgetAllAttempts,
	inheritAttempts,
	type Limit,
	takeOutAttempt,
} from "../../src/store/attempts.ts";
import { type Engine, statement, transaction } from "../../src/store/engine.ts";
import { removeEnded } from "../../src/store/housekeeping.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEngine } from "../../src/store/store.ts";
import { ENGINES, type EngineName, openDatabase } from "../house.ts";

const LIST = statement("SELECT subject, times, in_a_row, ends_at FROM attempts ORDER BY subject");

async function openStore(t: TestContext, engine: EngineName): Promise<Engine> {
	const database = await openDatabase(engine);
	const store = await openEngine(database.url);
	t.after(async () => {
		await store.close();
		await database[Symbol.asyncDispose]();
	});
	await migrate(store);
	return store;
}

function budget(subject: string, ...limits: readonly (readonly [most: number, seconds: number])[]): Budget {
	return { subject, limits: limits.map(([most, seconds]): Limit => ({ most, seconds })), row: null };
}

/** How long one who tries at each of these times would have to wait; 0 where the attempt was counted. */
async function waits(store: Engine, budgets: readonly Budget[], times: readonly number[]) {
	const seen: number[] = [];
	for (const now of times) seen.push((await countAttempt(store, budgets, now)).waitSeconds);
	return seen;
}

for (const engine of ENGINES) {
	test(`so many in any span of so many seconds, and the wait is to the second (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		const two = [budget("a", [2, 10])];
		assert.deepEqual(await waits(store, two, [100, 103, 105, 109, 110, 111, 113]), [0, 0, 5, 1, 0, 2, 0]);
		const both = [budget("b", [2, 10], [3, 100])];
		assert.deepEqual(await waits(store, both, [100, 101, 102, 111, 112, 199, 200]), [0, 0, 8, 0, 88, 1, 0]);
	});

	test(`an attempt counts in each of its budgets, or in none (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		const [short, long, wide] = [budget("short", [1, 10]), budget("long", [1, 50]), budget("wide", [9, 99])];
		assert.deepEqual(await countAttempt(store, [short, wide], 100), { full: [], waitSeconds: 0 });
		assert.deepEqual(await countAttempt(store, [long], 100), { full: [], waitSeconds: 0 });
		assert.deepEqual(await countAttempt(store, [wide, short, long], 105), {
			full: ["short", "long"],
			waitSeconds: 45,
		});
		assert.deepEqual(await countAttempt(store, [short, wide], 110), { full: [], waitSeconds: 0 });
		const rows = await store.read(LIST, []);
		assert.deepEqual(
			rows.map((row) => [row["subject"], row["times"]]),
			[
				["long", "100"],
				["short", "110"],
				["wide", "100 110"],
			],
			"what was refused left no trace, and what no limit looks back to is gone",
		);
	});

	test(`a row of failures comes to its end, and a year is its memory (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		const row = { most: 3, memorySeconds: 1000 };
		const tried = [{ ...budget("a", [5, 10], [6, 30]), row }];
		assert.deepEqual(await waits(store, tried, [100, 200, 300, 400, 5000]), [0, 0, 0, 30, 30]);
		const end = 300 + FULL_ROW_SECONDS;
		assert.deepEqual(await waits(store, tried, [end - 1, end]), [30, 0], "and then it begins anew");
		assert.deepEqual(
			await waits(store, tried, [end + 999, end + 1998, end + 1999, end + 2999, end + 3000]),
			[0, 0, 30, 30, 30],
			"an unfinished row is remembered from its last attempt",
		);
		const other = [{ ...budget("b", [5, 10]), row }];
		assert.deepEqual(await waits(store, other, [100, 200, 1200, 1300, 1400, 1500]), [0, 0, 0, 0, 0, 10]);
	});

	test(`a good attempt is taken out and ends the row, one that came to nothing is taken out alone (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		const budgets = [
			{ ...budget("a", [3, 100]), row: { most: 9, memorySeconds: 1000 } },
			budget("b", [3, 100]),
		];
		const takeOut = (countedAt: number, succeeded: boolean, now: number) =>
			takeOutAttempt(store, { budgets, countedAt, succeeded, now });
		const counted = async () =>
			(await store.read(LIST, [])).map((row) => `${row["subject"]}: ${row["times"]}, ${row["in_a_row"]}`);
		await waits(store, budgets, [100, 101, 101]);
		assert.deepEqual(await counted(), ["a: 100 101 101, 3", "b: 100 101 101, 0"]);
		await takeOut(101, false, 102);
		assert.deepEqual(await counted(), ["a: 100 101, 2", "b: 100 101, 0"], "one of two of the same second");
		await takeOut(77, false, 102);
		assert.deepEqual(await counted(), ["a: 100 101, 1", "b: 100 101, 0"], "what nobody remembers");
		await takeOut(77, false, 102);
		await takeOut(77, false, 102);
		assert.deepEqual(await counted(), ["a: 100 101, 0", "b: 100 101, 0"], "no row is shorter than nothing");
		await waits(store, budgets, [103]);
		await takeOut(100, true, 104);
		assert.deepEqual(await counted(), ["a: 101 103, 0", "b: 101 103, 0"]);
		await takeOut(101, true, 104);
		await takeOut(103, true, 104);
		assert.deepEqual(await counted(), [], "where nothing is counted nothing is kept");
	});

	test(`a row outlives the times of its attempts, and each is kept as long as it counts (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		const two = { ...budget("a", [2, 10], [3, 20]), row: { most: 3, memorySeconds: 1000 } };
		const kept = async () =>
			(await store.read(LIST, [])).map(
				({ subject, times, in_a_row, ends_at }) => `${subject}: ${times}, ${in_a_row} until ${ends_at}`,
			);
		const takeOut = (succeeded: boolean, now: number) =>
			takeOutAttempt(store, { budgets: [two], countedAt: 3, succeeded, now });
		await waits(store, [two], [3, 5]);
		assert.deepEqual(await kept(), ["a: 3 5, 2 until 1005"]);
		await takeOut(false, 30);
		assert.deepEqual(await kept(), ["a: , 1 until 1030"]);
		assert.deepEqual(
			await waits(store, [{ ...budget("a", [1, 20]), row: two.row }], [6]),
			[0],
			"no time is none",
		);
		await takeOut(true, 7);
		assert.deepEqual(await kept(), ["a: 6, 0 until 26"]);
		await waits(store, [two, budget("b", [5, 40])], [8]);
		assert.deepEqual(await kept(), ["a: 6 8, 1 until 1008", "b: 8, 0 until 48"]);
		await waits(store, [{ ...two, limits: [{ most: 9, seconds: 20 }] }, budget("b", [5, 40])], [9, 9]);
		assert.deepEqual(await kept(), [`a: 6 8 9 9, 3 until ${9 + FULL_ROW_SECONDS}`, "b: 8 9 9, 0 until 49"]);
	});

	test(`a clock that was set back gives no attempt for nothing (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		const two = [budget("a", [2, 10])];
		assert.deepEqual(await waits(store, two, [1000, 995, 996, 1004, 1005]), [0, 0, 9, 1, 0]);
		const one = [budget("b", [1, 10])];
		assert.deepEqual(await waits(store, one, [1000, 991, 990]), [0, 19, 0], "too far ahead to be meant");
	});

	test(`what has ended can be removed, and nothing else (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		for (let index = 0; index < 20; index++) await waits(store, [budget(`old ${index}`, [1, 10])], [100]);
		const kept = async () => (await store.read(LIST, [])).length;
		assert.equal(await kept(), 20);
		await waits(store, [budget("new", [1, 10])], [109]);
		assert.equal(await kept(), 21);
		assert.equal(await removeEnded(store, { now: 109, actsUntil: null }), 0);
		// One of them counts again.
		await waits(store, [budget("old 7", [1, 10])], [110]);
		assert.equal(await removeEnded(store, { now: 110, actsUntil: null }), 19);
		assert.equal(await kept(), 2);
		await forgetAllAttempts(store);
		assert.equal(await kept(), 0);
	});

	test(`the key that slots are drawn by is drawn once for each database (${engine})`, async (t) => {
		const store = await openStore(t, engine);
		assert.equal(await ensureSlotKey(store, "first"), "first");
		assert.equal(await ensureSlotKey(store, "second"), "first");
	});
}

const INHERIT = transaction("inherit in a test", (input: { readonly from: string; readonly to: string }) =>
	inheritAttempts(input.from, input.to),
);

test("what was counted of one subject is counted of a new one as well, and of no other", async (t) => {
	const store = await openStore(t, ENGINES[0]);
	const row = { most: 9, memorySeconds: 1000 };
	await waits(store, [{ ...budget("a", [5, 10]), row }], [100, 101]);
	await waits(store, [{ ...budget("b", [5, 10]), row }], [102]);
	await store.write(INHERIT, { from: "a", to: "b" });
	await store.write(INHERIT, { from: "a", to: "c" });
	await store.write(INHERIT, { from: "nobody", to: "d" });
	assert.deepEqual(
		(await store.read(LIST, [])).map((kept) => `${kept["subject"]}: ${kept["times"]}, ${kept["in_a_row"]}`),
		["a: 100 101, 2", "b: 102, 1", "c: 100 101, 2"],
	);
});
