// Every row of the wire that can be held against the server is, on each engine and in each API version. What is
// known, how it is known, and what differs on purpose: test/wire/, printed as docs/conformance.md.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, VERSIONS } from "./house.ts";
import { outcomesOf } from "./wire/row.ts";
import { ROWS } from "./wire/rows.ts";
import { openWire } from "./wire/wire.ts";

test("every row has an id of its own", () => {
	const ids = ROWS.map(({ id }) => id);
	assert.deepEqual(
		ids.filter((id, index) => ids.indexOf(id) !== index),
		[],
	);
});

test("every row is proven, or differs for a reason: one of the two", () => {
	for (const row of ROWS) assert.equal(outcomesOf(row).length, 1, row.id);
});

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		test(`the wire of ${version} on ${engine}`, async (story) => {
			await using wire = await openWire(engine, version);
			for (const { id, says, check } of ROWS) {
				if (check) await story.test(`${id}: ${says}`, () => check(wire));
			}
		});
	}
}
