// A mail and a process that dies: a short run of what `npm run trust -- crash` does at length.
import assert from "node:assert/strict";
import test from "node:test";
import { killOften, MOMENTS } from "./killing.ts";

test("every mail that was decided arrives, at most twice, wherever the process is killed on its way", async () => {
	const { violations, decided, arrived } = await killOften({ kills: 8, seed: 2026 });
	assert.deepEqual(violations, []);
	// That the kills were where they were meant to be.
	for (const moment of MOMENTS) assert.ok(decided[moment] >= 12, moment);
	assert.equal(arrived.beforeSending, decided.beforeSending);
	assert.ok(arrived.beforeAcknowledgement > decided.beforeAcknowledgement, JSON.stringify(arrived));
});
