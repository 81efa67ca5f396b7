// What becomes of one attempt: counted before its work, taken out again by what the work comes to; and of those that
// wait for it, whatever happens to the one before them.
import assert from "node:assert/strict";
import test from "node:test";
import { type Attempts, countFailure, createAttempts, TooManyAttempts } from "../../src/accounts/attempts.ts";
import { limitsOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { HashQueueFull } from "../../src/secrets/password.ts";
import { type Budget, countAttempt } from "../../src/store/attempts.ts";
import { type Engine, statement } from "../../src/store/engine.ts";
import { breakTable } from "../broken-tables.ts";
import { ENGINES, openHouse } from "../house.ts";
import { afterTurns } from "../races/volley.ts";

const LIST = statement(
	"SELECT subject, times, in_a_row FROM attempts WHERE subject LIKE 'one%' ORDER BY subject",
);
const NOW = 1000;
const CLOCK = { now: () => NOW };

function open(store: Engine, log: Parameters<typeof createAttempts>[4] = console): Attempts {
	return createAttempts(store, CLOCK, limitsOf(readConfig({})), "", log);
}

function budget(subject: string, most: number, row: Budget["row"] = null): Budget {
	return { subject, limits: [{ most, seconds: 60 }], row };
}

/** What the store has counted: each subject with how often, and how often in a row. */
async function counted(store: Engine): Promise<readonly string[]> {
	const rows = await store.read(LIST, []);
	return rows.map(
		(row) => `${row["subject"]}: ${String(row["times"]).split(" ").length}, ${row["in_a_row"]}`,
	);
}

/** What has become of it once everything that could happen has. */
async function stateOf(store: Engine, promise: Promise<unknown>): Promise<"allowed" | "refused" | "waiting"> {
	const settled = promise.then(
		() => "allowed" as const,
		() => "refused" as const,
	);
	// Attempts are counted in turn: after some more of them, all that it asked the store is answered.
	const patience = async () => {
		for (let left = 8; left > 0; left--) {
			await countAttempt(store, [budget("patience", 1000)], NOW);
			await afterTurns(3);
		}
		return "waiting" as const;
	};
	return Promise.race([settled, patience()]);
}

for (const engine of ENGINES) {
	test(`what the work comes to decides whether the attempt stays counted (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		const attempts = open(store);
		const one = [budget("one", 3, { most: 9, memorySeconds: 600 })];
		const attempt = (work: () => Promise<string>) =>
			countFailure(attempts, one, (answer) => answer === "bad", work);
		const during: (readonly string[])[] = [];
		const answer = (text: string) => async () => {
			during.push(await counted(store));
			return text;
		};
		assert.equal(await attempt(answer("good")), "good");
		assert.deepEqual(during, [["one: 1, 1"]], "counted before its work");
		assert.deepEqual(await counted(store), [], "and taken out after it");
		assert.equal(await attempt(answer("bad")), "bad");
		assert.deepEqual(await counted(store), ["one: 1, 1"]);
		const full = new HashQueueFull();
		await assert.rejects(
			attempt(() => Promise.reject(full)),
			full,
		);
		assert.deepEqual(await counted(store), ["one: 1, 1"], "no password was looked at, and the row goes on");
		assert.equal(await attempt(answer("good")), "good");
		assert.deepEqual(await counted(store), ["one: 1, 0"], "a good one ends the row");
		const broken = new Error("broken");
		await assert.rejects(
			attempt(() => Promise.reject(broken)),
			broken,
		);
		assert.deepEqual(await counted(store), ["one: 2, 1"], "nobody knows what was looked at");
		assert.equal(await attempt(answer("bad")), "bad");
		await assert.rejects(attempt(answer("good")), (error) => {
			assert.ok(error instanceof TooManyAttempts);
			assert.deepEqual(
				[error.name, error.message, error.retryAfterSeconds],
				["TooManyAttempts", "too many attempts", 60],
			);
			return true;
		});
		assert.equal(during.length, 4, "nothing is done where nothing is allowed");
	});

	test(`where a good attempt cannot be taken out again, the log is told, and whoever did it is not (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		const told: string[] = [];
		const log = { warn: ({ err }: object & { err?: unknown }, what: string) => told.push(`${what}: ${err}`) };
		const attempts = open(store, log as unknown as Parameters<typeof open>[1]);
		await using _ = await breakTable(store, "attempts", ["UPDATE", "DELETE"]);
		assert.equal(
			await countFailure(
				attempts,
				[budget("one", 3)],
				() => false,
				async () => "good",
			),
			"good",
		);
		assert.equal(told.length, 1);
		assert.match(`${told}`, /^an attempt that was a good one stays in the count: .*broken/);
		assert.deepEqual(await counted(store), ["one: 1, 0"]);
	});

	test(`what no budget is set for is not counted, and asks no database (${engine})`, async () => {
		const house = await openHouse(engine);
		const attempts = open(house.app.store);
		await house[Symbol.asyncDispose]();
		const attempt = await attempts.count([]);
		await attempt.takeOut(true);
		attempt.end();
		await assert.rejects(attempts.count([budget("one", 1)]), { message: "the store is closed" });
	});

	test(`an attempt ends once (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		const attempts = open(store);
		const two = [budget("one", 2)];
		const [first, second] = [await attempts.count(two), await attempts.count(two)];
		const third = attempts.count(two);
		first.end();
		first.end();
		assert.equal(await stateOf(store, third), "waiting", "for the second");
		second.end();
		assert.equal(await stateOf(store, third), "refused");
	});

	test(`room goes to who waits for it, not to who comes as it is made (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		const attempts = open(store);
		const one = [budget("one", 1)];
		const current = await attempts.count(one);
		const waiting = attempts.count(one);
		assert.equal(await stateOf(store, waiting), "waiting");
		const made = current.takeOut(true);
		const late = attempts.count(one);
		await made;
		assert.equal(await stateOf(store, waiting), "allowed");
		const next = await waiting;
		assert.equal(await stateOf(store, late), "waiting");
		await next.takeOut(true);
		(await late).end();
	});

	test(`whoever finds its room taken by another process stays the next (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		const [attempts, beside] = [open(store), open(store)];
		const two = [budget("one", 2)];
		const [first, second] = [await attempts.count(two), await attempts.count(two)];
		const order: string[] = [];
		const waiting = ["a", "b"].map(async (name) => {
			const attempt = await attempts.count(two);
			order.push(name);
			return attempt;
		});
		assert.equal(await stateOf(store, Promise.race(waiting)), "waiting");
		const [, taken] = await Promise.all([first.takeOut(true), beside.count(two)]);
		assert.equal(await stateOf(store, Promise.race(waiting)), "waiting");
		await second.takeOut(true);
		assert.equal(await stateOf(store, waiting[0] as Promise<unknown>), "allowed");
		assert.equal(await stateOf(store, waiting[1] as Promise<unknown>), "waiting");
		assert.deepEqual(order, ["a"]);
		await taken.takeOut(true);
		await (await waiting[0])?.takeOut(true);
		await (await waiting[1])?.takeOut(true);
		assert.deepEqual(order, ["a", "b"]);
	});

	test(`where the database fails the one who was next, the one behind it has its turn (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { store } = house.app;
		const attempts = open(store);
		const two = budget("one", 2);
		const [first, second] = [await attempts.count([two]), await attempts.count([two])];
		const next = attempts.count([two, budget("one that breaks", 9)]);
		const failed = assert.rejects(next, /broken/);
		const behind = attempts.count([two]);
		assert.equal(await stateOf(store, Promise.race([next, behind])), "waiting");
		await using _ = await breakTable(store, "attempts", ["INSERT"], "NEW.subject = 'one that breaks'");
		await first.takeOut(true);
		await failed;
		assert.equal(await stateOf(store, behind), "allowed");
		for (const attempt of [second, await behind]) attempt.end();
		await assert.rejects(attempts.count([budget("one that breaks", 9)]), /broken/);
	});

	test(`nobody waits for room in one budget who has used up another for good (${engine})`, async () => {
		await using house = await openHouse(engine);
		const attempts = open(house.app.store);
		const [account, address] = [budget("one account", 1), budget("one address", 1)];
		(await attempts.count([account])).end();
		const underWay = await attempts.count([address]);
		for (const both of [
			[account, address],
			[address, account],
		]) {
			await assert.rejects(attempts.count(both), TooManyAttempts);
		}
		underWay.end();
	});
}
