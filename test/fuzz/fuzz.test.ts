// Two thousand grown and broken documents; `npm run fuzz` sends a hundred thousand. `TEST_RUNS` multiplies their
// number, `TEST_SEED` rolls others.
import assert from "node:assert/strict";
import test from "node:test";
import { IS_POSTGRES } from "../house.ts";
import { fuzz } from "./fuzz.ts";

/** What documents do is the same on each engine; what they reach of the database, some hundred reach as well. */
const DOCUMENTS = (IS_POSTGRES ? 400 : 2000) * Number(process.env["TEST_RUNS"] ?? 1);
const SEED = Number(process.env["TEST_SEED"] ?? 20_261_122);

test("no document is answered by a fault of ours, by more than 1 MiB, or by what is somebody else's", async () => {
	const report = await fuzz({ documents: DOCUMENTS, seed: SEED });
	assert.deepEqual(report.faults, []);
	assert.equal(report.documents, DOCUMENTS);
	// The documents were worth sending: many were executed, many refused, and for many different reasons.
	const { answered, partly, refused } = report;
	assert.ok(answered + partly > DOCUMENTS / 5, `${answered} answered, ${partly} in part`);
	assert.ok(refused > DOCUMENTS / 4, `${refused} refused`);
	assert.ok(report.codes.size > 15, [...report.codes.keys()].join(" "));
	for (const root of [
		"customer",
		"shop",
		"customerAccessTokenRenew",
		"customerAddressCreate",
		"customerUpdate",
	]) {
		assert.ok(report.roots.has(root), `${root} was answered`);
	}
});
