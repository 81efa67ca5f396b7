// A name that stands for several servers, as that of a managed database does for a while when another takes over: only
// the one that takes writes is asked.
import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import test from "node:test";
import { ask, statement, transaction } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { Pair } from "./pair.ts";

const IS_STANDBY = statement("SELECT pg_is_in_recovery()::int AS standby");
const LOOK = transaction<null, unknown>("test: whom a transaction asks", function* () {
	const [row] = yield ask(IS_STANDBY, []);
	return row?.["standby"];
});

/** One address, and behind it by turns one of these. */
async function standFor(ports: readonly number[]) {
	const sockets = new Set<Socket>();
	let count = 0;
	const relay = createServer((client) => {
		const server = connect(Number(ports[count++ % ports.length]), "127.0.0.1");
		for (const [one, other] of [
			[client, server],
			[server, client],
		] as const) {
			sockets.add(one.on("error", () => {}).on("close", () => other.destroy()));
			one.pipe(other);
		}
	});
	await new Promise((resolve) => relay.listen(0, "127.0.0.1", () => resolve(null)));
	return {
		port: (relay.address() as AddressInfo).port,
		/** Ends every connection: whoever wants another one comes to whoever is next. */
		end: () => {
			for (const socket of sockets) socket.destroy();
		},
		get count() {
			return count;
		},
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => relay.close(resolve));
		},
	};
}

test("where one name stands for the primary and its standby, only the primary is asked", async () => {
	await using pair = await Pair.start();
	await using name = await standFor([pair.standby.port, pair.primary.port]);
	const url = new URL(pair.primary.url);
	url.port = String(name.port);
	const engine = await openEngine(url.href);
	await engine.define(["CREATE TABLE seen (round BIGINT NOT NULL)"]);
	for (let round = 1; round <= 3; round++) {
		const asked = [
			...Array.from({ length: 8 }, () => engine.write(LOOK, null)),
			engine.read(IS_STANDBY, []).then(([row]) => row?.["standby"]),
		];
		assert.deepEqual(await Promise.all(asked), Array(9).fill(0));
		await engine.change(statement("INSERT INTO seen (round) VALUES (?)"), [round]);
		const [row] = await engine.read(statement("SELECT count(*) AS count FROM seen"), []);
		assert.equal(Number(row?.["count"]), round);
		name.end();
	}
	assert.ok(name.count > 10, "both were come to");
	await engine.close();
});
