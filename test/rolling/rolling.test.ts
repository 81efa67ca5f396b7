// The short form of `npm run trust -- rolling`.
import assert from "node:assert/strict";
import test from "node:test";
import { IS_POSTGRES, openDatabase } from "../house.ts";
import { restartOneByOne } from "./rolling.ts";

test("servers are restarted one after the other, and no request fails", {
	skip: IS_POSTGRES ? false : "one process has a SQLite file",
}, async (t) => {
	await using database = await openDatabase("postgres");
	const course = { restarts: 3, delaySeconds: 2, pollMs: 250, perSecond: 200 };
	const outcome = await restartOneByOne({ ...course, databaseUrl: database.url });
	t.diagnostic(`${outcome.reads} reads, ${outcome.renewals} renewals`);
	assert.deepEqual(outcome.failures, []);
	assert.deepEqual(outcome.exitCodes, [0, 0, 0]);
	assert.ok(outcome.reads > 100 && outcome.renewals > 100);
});
