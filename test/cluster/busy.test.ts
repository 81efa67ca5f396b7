// One server that is there, and does not do what it is asked: rows that somebody has locked, connections that somebody
// ends. Nobody waits without end, nobody is told of a success that was none, and reading goes on.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { Client } from "pg";
import { PostgresServer } from "../postgres/server.ts";
import { findContradictions } from "./history.ts";
import { Load } from "./load.ts";
import { Nodes } from "./node.ts";
import { Shopper } from "./shopper.ts";

const TOLD_MS = 5_000;
const OPENED = new AsyncDisposableStack();
let server: PostgresServer;
let nodes: Nodes;

test.before(async () => {
	server = OPENED.use(await PostgresServer.start());
	nodes = OPENED.use(await Nodes.start(2, server.url));
});
test.after(() => OPENED.disposeAsync());

test("while somebody holds the locks of every table, writes fail in time and reads go on; then all goes on", async () => {
	const shoppers = nodes.all.map(({ port }) => new Shopper(port));
	const [one] = shoppers as [Shopper, ...Shopper[]];
	const t = await one.enter("locked@example.com", "correct horse");
	await using opened = new AsyncDisposableStack();
	const holder = new Client({ connectionString: server.url });
	await holder.connect();
	opened.defer(() => holder.end());
	await holder.query("BEGIN; LOCK TABLE customers, access_tokens, audit IN EXCLUSIVE MODE");

	// More than there are connections.
	const writes = shoppers.flatMap((shopper) =>
		Array.from({ length: 30 }, (_, index) => [
			shopper.ask("renew", { t }),
			shopper.signUp(`locked${index}@example.com`, "correct horse"),
		]).flat(),
	);
	let isTold = false;
	const told = Promise.all(writes).finally(() => {
		isTold = true;
	});
	let reads = 0;
	while (!isTold) {
		for (const shopper of shoppers) {
			const { outcome, sentAt, answeredAt } = await shopper.ask("read", { t });
			assert.equal(outcome, "accepted");
			assert.ok(answeredAt - sentAt < 1_000, `a read took ${answeredAt - sentAt} ms`);
			reads++;
		}
		await pass(10);
	}
	assert.ok(reads > 20);
	for (const { outcome, body, sentAt, answeredAt } of await told) {
		assert.equal(outcome, "unknown");
		assert.notEqual(body, null);
		assert.ok(answeredAt - sentAt < TOLD_MS, `told after ${answeredAt - sentAt} ms`);
	}

	await holder.query("ROLLBACK");
	const freedAt = performance.now();
	for (const shopper of shoppers) {
		while ((await shopper.ask("renew", { t })).outcome !== "accepted") {
			assert.ok(performance.now() < freedAt + TOLD_MS, "it drains within five seconds");
		}
	}
	// Nobody who was refused is carried out later.
	const waiting =
		"SELECT 1 FROM pg_stat_activity WHERE application_name = 'latchkey' AND wait_event_type = 'Lock'";
	assert.deepEqual(await server.ask(waiting), []);
	for (const shopper of shoppers) shopper.close();
});

test("connections that are ended in the midst of their work make no false success", async () => {
	const load = new Load(
		nodes.all.map(({ port }) => port),
		5,
	);
	await load.prepare(20);
	let isOver = false;
	const running = load.run(16, 1_500).finally(() => {
		isOver = true;
	});
	let ended = 0;
	while (!isOver) {
		const rows = await server.ask(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE application_name = 'latchkey' AND (state <> 'idle' OR random() < 0.1) LIMIT 2`,
		);
		ended += rows.length;
		await pass(100);
	}
	await running;
	await load.sweep();
	load.close();
	assert.deepEqual(findContradictions(load), []);
	assert.ok(ended > 10, `${ended} connections were ended`);
	// Reading is asked again, and is not noticed.
	const unanswered = load.acts.filter(({ kind, outcome }) => kind === "read" && outcome === "unknown");
	assert.deepEqual(unanswered, []);
});
