// A short run of the proof that `npm run trust -- failover` makes twenty times over.
import assert from "node:assert/strict";
import test from "node:test";
import { failOver, READS_BACK_MS, WRITES_BACK_MS } from "./failover.ts";

test("when the primary is killed under load and the standby takes its place, nothing that was acknowledged is lost", async () => {
	const { contradictions, readMs, writeMs, acknowledgedWrites } = await failOver(1, 2026);
	assert.deepEqual(contradictions, []);
	for (const took of readMs) assert.ok(took < READS_BACK_MS, `reads were back after ${took} ms`);
	for (const took of writeMs) assert.ok(took < WRITES_BACK_MS, `writes were back after ${took} ms`);
	assert.ok(acknowledgedWrites > 50);
});
