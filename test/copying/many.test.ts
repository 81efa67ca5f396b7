// `npm run trust -- copy` with few customers: PostgreSQL is in it whichever pass this is, so one is enough.
import assert from "node:assert/strict";
import test from "node:test";
import { IS_POSTGRES } from "../house.ts";
import { run } from "../trust/copy.ts";

test("moved to PostgreSQL and back, and restored from a backup, customers come in", {
	skip: IS_POSTGRES,
}, async () => {
	const figures = await run({ minutes: null, count: 300, seed: 1 });
	assert.deepEqual(
		figures.filter(({ isMet }) => !isMet),
		[],
	);
});
