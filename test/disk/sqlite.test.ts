// SQLite on a disk that fails, through the front door. `npm run trust -- disk` does it at length.
import assert from "node:assert/strict";
import test from "node:test";
import { askAt, IS_POSTGRES, SIGN_IN, SIGN_UP } from "../house.ts";
import { whyNoDisk } from "./disk.ts";
import { cutPower, endure, ServerOnDisk } from "./sqlite.ts";

const skip = IS_POSTGRES ? "The pass on SQLite has it." : ((await whyNoDisk()) ?? false);

test("on a disk that is full, or whose writes or syncs fail, a write is a clean error, and reads go on", {
	skip,
}, async () => {
	const { violations, errors, reads, slowestErrorMs, slowestHealingMs } = await endure(
		["full", "badWrites", "badSyncs"],
		2026,
	);
	assert.deepEqual(violations, []);
	for (const kind of ["sign-up", "sign-in", "renew", "delete"]) {
		assert.ok(Number(errors[kind]) > 0, `${kind} was refused`);
	}
	assert.ok(reads > 0);
	assert.ok(slowestErrorMs < 1000, `an error took ${slowestErrorMs} ms`);
	assert.ok(slowestHealingMs < 5000, `to heal took ${slowestHealingMs} ms`);
});

test("what a failed sync refused does not come back when the process is killed", { skip }, async () => {
	await using server = await ServerOnDisk.start();
	const create = { input: { email: "ada@example.com", password: "correct horse" } };
	const ask = (query: string, variables: object) => askAt(server.process, query, variables);
	await server.disk.setFault("badSyncs");
	const { errors } = await ask(SIGN_UP, create);
	assert.equal(errors[0].extensions.code, "INTERNAL_SERVER_ERROR");
	// Killed before the next write, which would take the place of what was refused.
	await server.restart("SIGKILL", () => server.disk.setFault("none"));
	const { data } = await ask(SIGN_IN, create);
	assert.equal(data.customerAccessTokenCreate.customerUserErrors[0].code, "UNIDENTIFIED_CUSTOMER");
});

test("a power cut takes nothing that was acknowledged", { skip }, async () => {
	const { violations, acknowledged } = await cutPower(3, 2026);
	assert.deepEqual(violations, []);
	assert.ok(acknowledged > 100);
});
