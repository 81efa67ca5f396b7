// That the checker finds what it looks for, and a short run of the proof that `npm run trust -- history` makes at length.
import assert from "node:assert/strict";
import test from "node:test";
import { type Act, findContradictions, type Token } from "./history.ts";
import { checkOneTruth } from "./one-truth.ts";

const ACTS = 50_000;

/** One letter and one line each: what was done with token 0, and when it was sent and answered. */
function act(kind: Act["kind"], outcome: Act["outcome"], sentAt: number, answeredAt: number, more = {}): Act {
	const token = kind === "signIn" ? null : 0;
	return { kind, node: 0, customer: 0, token, version: 0, outcome, sentAt, answeredAt, ...more };
}

const TOKENS: readonly Token[] = [
	{ customer: 0, version: 0 },
	{ customer: 0, version: 0 },
	{ customer: 0, version: 1 },
];
const find = (...acts: readonly Act[]) => findContradictions({ acts, tokens: TOKENS });
const change = (outcome: Act["outcome"], sentAt: number, answeredAt: number, more = {}) =>
	act("changePassword", outcome, sentAt, answeredAt, { version: 1, ...more });

test("a history that some order explains has no contradiction", () => {
	const explained: readonly (readonly Act[])[] = [
		[act("read", "accepted", 0, 1), act("delete", "accepted", 2, 5), act("read", "refused", 6, 7)],
		// At once with the deletion, either answer will do.
		[act("delete", "accepted", 2, 9), act("read", "accepted", 3, 4), act("read", "refused", 5, 6)],
		// Nobody knows when it happened, or whether.
		[act("delete", "unknown", 2, 3), act("read", "accepted", 4, 5), act("read", "refused", 6, 7)],
		[act("delete", "unknown", 2, 3), act("renew", "accepted", 4, 5)],
		[
			change("unknown", 2, 3),
			act("read", "refused", 4, 5),
			act("read", "accepted", 4, 5, { token: 1 }),
		].slice(0, 2),
		[change("accepted", 2, 5), act("read", "refused", 6, 7), act("read", "accepted", 6, 7, { token: 2 })],
		[change("accepted", 2, 5), act("signIn", "accepted", 1, 4), act("signIn", "refused", 3, 6)],
	];
	for (const acts of explained) assert.deepEqual(find(...acts), []);
});

test("a history that no order explains is told of", () => {
	const contradictory: readonly (readonly Act[])[] = [
		// Alive after its end.
		[act("delete", "accepted", 0, 1), act("read", "accepted", 2, 3)],
		[act("delete", "accepted", 0, 1), act("renew", "accepted", 2, 3)],
		[act("delete", "accepted", 0, 1), act("delete", "accepted", 2, 3)],
		[change("accepted", 0, 1), act("read", "accepted", 2, 3, { token: 1 })],
		// Dead, and alive again.
		[act("delete", "unknown", 0, 9), act("read", "refused", 1, 2), act("read", "accepted", 3, 4)],
		// Dead of nothing, and before it could be.
		[act("read", "refused", 0, 1)],
		[act("read", "refused", 0, 1), act("delete", "unknown", 2, 3)],
		[change("accepted", 0, 1), act("read", "refused", 2, 3, { token: 2 })],
		// Refused while a deletion was still to succeed.
		[act("read", "refused", 0, 1), act("delete", "accepted", 2, 3)],
		// A password that was replaced, and one that was not.
		[change("accepted", 0, 1), act("signIn", "accepted", 2, 3)],
		[act("signIn", "refused", 2, 3)],
		// One token of the customer dies by the new password when another one is still alive.
		[change("accepted", 0, 9), act("read", "refused", 1, 2, { token: 1 }), act("read", "accepted", 3, 4)],
	];
	for (const acts of contradictory) assert.equal(find(...acts).length > 0, true, JSON.stringify(acts));
});

test("four processes on one database, some of them killed, answer as one", async () => {
	const report = await checkOneTruth(ACTS, 4, 2026);
	assert.deepEqual(report.contradictions, []);
	// A new password that meets renewals of the same customer again and again may run out of time: once in a while.
	assert.ok(report.faults.length <= ACTS / 1000, report.faults.join("\n"));
	assert.equal(report.kills, 4);
	assert.ok(report.unknown < 4 * 100 + report.faults.length, `${report.unknown} of unknown outcome`);
	assert.ok(report.pairs > ACTS / 50, `${report.pairs} deletions with a use at another process at once`);
});
