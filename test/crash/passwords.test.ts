// A short run of the part of `npm run crash` that is about passwords.
import assert from "node:assert/strict";
import test from "node:test";
import { crashPasswords } from "./passwords.ts";

test("loses no password that was changed, and brings back none, when it is killed in the midst of changes", async () => {
	const { violations, changes, settled } = await crashPasswords({ kills: 6, seed: 2026 });
	assert.deepEqual(violations, []);
	// That the run was one: both ways were taken, and some changes were cut off.
	assert.ok(changes.update >= 20 && changes.reset >= 5, JSON.stringify(changes));
	assert.ok(settled.happened + settled.didNot >= 6, JSON.stringify(settled));
});
