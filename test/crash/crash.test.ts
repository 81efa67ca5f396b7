// A short run of the proof that `npm run crash` does at length.
import assert from "node:assert/strict";
import test from "node:test";
import { crashRepeatedly } from "./crash.ts";

test("keeps every promise when it is killed in the midst of its work", async () => {
	const { ledger, readyMs } = await crashRepeatedly({
		kills: 5,
		seed: 2026,
		longestLoadMs: 900,
		clients: 24,
	});
	assert.deepEqual(ledger.violations, []);
	// That the run was one: it was killed in the midst of answers, and renewals outlived their old end.
	assert.equal(readyMs.length, 6);
	const { signUp, signIn, renew, delete: deleted } = ledger.outcomes;
	for (const { acknowledged } of [signUp, signIn, renew, deleted]) assert.ok(acknowledged > 20);
	assert.ok(signUp.unknown + signIn.unknown + renew.unknown + deleted.unknown >= 5);
	assert.ok(ledger.renewalsProven > 20);
});
