// PostgreSQL on a disk that fails, through the front door of a server that lives through it. `npm run trust -- disk` does
// it at length.
import assert from "node:assert/strict";
import test from "node:test";
import { IS_POSTGRES } from "../house.ts";
import { whyNoDisk } from "./disk.ts";
import { endure } from "./postgres.ts";

const skip = IS_POSTGRES ? ((await whyNoDisk()) ?? false) : "The pass on PostgreSQL has it.";

test("data that cannot grow makes a write a clean error, and reads go on; where it cannot be synced, the database ends and is found again", {
	skip,
}, async () => {
	const { violations, errors, reads, slowestErrorMs, slowestHealingMs } = await endure(
		"data",
		["full", "badSyncs"],
		2026,
	);
	assert.deepEqual(violations, []);
	assert.ok(Number(errors["sign-up"]) > 0 && Number(errors["sign-in"]) > 0);
	assert.ok(reads > 0);
	assert.ok(slowestErrorMs < 5000, `an error took ${slowestErrorMs} ms`);
	assert.ok(slowestHealingMs < 5000, `to heal took ${slowestHealingMs} ms`);
});

test("a log that cannot grow or be synced ends the database, whose clients get errors until it is found again", {
	skip,
}, async () => {
	const { violations, errors, slowestErrorMs, slowestHealingMs } = await endure(
		"log",
		["full", "badSyncs"],
		2026,
	);
	assert.deepEqual(violations, []);
	assert.ok(Number(errors["sign-in"]) > 0);
	assert.ok(slowestErrorMs < 5000, `an error took ${slowestErrorMs} ms`);
	assert.ok(slowestHealingMs < 5000, `to heal took ${slowestHealingMs} ms`);
});
