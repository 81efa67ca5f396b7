// What clients are told while the database does not do its work: an error within seconds, never a false success. Each
// fault heals, and without a restart of the processes.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { Nodes } from "./node.ts";
import { Pair } from "./pair.ts";
import { Shopper } from "./shopper.ts";
import type { Reply } from "./wire.ts";

/** Within this a client is told, whatever the database does. */
const TOLD_MS = 5_000;
/** Within this everything goes on once the fault is over. */
const HEALED_MS = 15_000;
/** A host that is slow, and not silent. */
const SLOW_MS = 1_000;
const PASSWORD = "correct horse";

const opened = new AsyncDisposableStack();
let pair: Pair;
let nodes: Nodes;
let shoppers: readonly [Shopper, Shopper];

test.before(async () => {
	pair = opened.use(await Pair.start());
	nodes = opened.use(await Nodes.start(2, pair.url));
	shoppers = nodes.all.map(({ port }) => new Shopper(port)) as unknown as [Shopper, Shopper];
	opened.defer(() => {
		for (const shopper of shoppers) shopper.close();
	});
});
test.after(() => opened.disposeAsync());

function took({ sentAt, answeredAt }: Reply): number {
	return answeredAt - sentAt;
}

function assertToldInTime(reply: Reply): void {
	assert.equal(reply.outcome, "unknown");
	assert.notEqual(reply.body, null, "it is told, and the connection is not cut off");
	assert.ok(took(reply) < TOLD_MS, `told after ${took(reply)} ms`);
}

/** Asks again until it is accepted. */
async function whenAccepted(ask: () => Promise<Reply>): Promise<Reply> {
	const until = performance.now() + HEALED_MS;
	for (;;) {
		const reply = await ask();
		if (reply.outcome === "accepted") return reply;
		assert.ok(
			performance.now() < until,
			`still ${reply.outcome} after ${HEALED_MS} ms: ${JSON.stringify(reply.body)}`,
		);
		await pass(50);
	}
}

const BACKENDS = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'latchkey'";

test("while the standby is frozen, writes fail in time and reads go on; then all goes on", async () => {
	const [one, other] = shoppers;
	const t = await one.enter("frozen@example.com", PASSWORD);
	const doomed = await Promise.all(
		Array.from({ length: 3 }, async () => {
			const { body } = await one.ask("signIn", { i: { email: "frozen@example.com", password: PASSWORD } });
			return body.data.customerAccessTokenCreate.customerAccessToken.accessToken as string;
		}),
	);
	await pair.standby.freeze();
	const [before] = await pair.primary.ask(BACKENDS);
	let isFrozen = true;
	const reading = async () => {
		let slowest = 0;
		while (isFrozen) {
			for (const shopper of shoppers) {
				const reply = await shopper.ask("read", { t });
				assert.equal(reply.outcome, "accepted");
				slowest = Math.max(slowest, took(reply));
			}
			await pass(20);
		}
		return slowest;
	};
	const read = reading();
	for (let round = 0; round < 2; round++) {
		const writes = shoppers.flatMap((shopper) => [
			...Array.from({ length: 12 }, () => shopper.ask("renew", { t })),
			...doomed.map((token) => shopper.ask("delete", { t: token })),
			shopper.signUp(`frozen${round}@example.com`, PASSWORD),
		]);
		for (const reply of await Promise.all(writes)) assertToldInTime(reply);
	}
	// Whoever waits for the standby stays where it is: nobody makes another connection to wait on.
	const [after] = await pair.primary.ask(BACKENDS);
	assert.ok(Number(after?.["count"]) <= Number(before?.["count"]) + 16, `${after?.["count"]} connections`);
	isFrozen = false;
	const slowest = await read;
	assert.ok(slowest < 1_000, `a read took ${slowest} ms`);

	await pair.standby.freeze("SIGCONT");
	for (const shopper of shoppers) await whenAccepted(() => shopper.ask("renew", { t }));
	// What nobody knew is whole or nothing, and the same at both.
	for (const token of doomed) {
		const seen = await Promise.all(shoppers.map((shopper) => shopper.ask("read", { t: token })));
		assert.equal(seen[0]?.outcome, seen[1]?.outcome);
		const { outcome } = await other.ask("delete", { t: token });
		assert.equal(outcome, seen[0]?.outcome);
	}
	await whenAccepted(() => other.signUp("thawed@example.com", PASSWORD));
});

test("a wait for the standby that is cancelled is no success", async () => {
	const [one, other] = shoppers;
	const email = "cancelled@example.com";
	const [kept, renewed] = [await one.enter(email, PASSWORD), await one.enter(`2.${email}`, PASSWORD)];
	await pair.standby.freeze();
	const waiting = [one.ask("renew", { t: renewed }), one.ask("delete", { t: kept })];
	const told = Promise.all(waiting);
	let cancelled = 0;
	let isTold = false;
	void told.then(() => {
		isTold = true;
	});
	while (!isTold) {
		const rows = await pair.primary.ask(
			"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'latchkey'",
		);
		cancelled += rows.length;
		await pass(20);
	}
	assert.ok(cancelled >= 2);
	for (const reply of await told) {
		assert.equal(reply.outcome, "unknown");
		// It was told when the wait ended, not when its own time was over.
		assert.ok(took(reply) < 3_000, `told after ${took(reply)} ms`);
	}
	await pair.standby.freeze("SIGCONT");
	await whenAccepted(() => other.ask("renew", { t: renewed }));
	assert.equal((await other.ask("read", { t: kept })).outcome, "refused");
});

test("while the primary is frozen, everything fails in time; then all goes on", async () => {
	const [one] = shoppers;
	const t = await one.enter("primary@example.com", PASSWORD);
	await pair.primary.freeze();
	for (let round = 0; round < 2; round++) {
		const asked = shoppers.flatMap((shopper) => [
			shopper.ask("read", { t }),
			shopper.ask("renew", { t }),
			shopper.signUp(`ice${round}@example.com`, PASSWORD),
		]);
		for (const reply of await Promise.all(asked)) assertToldInTime(reply);
	}
	await pair.primary.freeze("SIGCONT");
	for (const shopper of shoppers) {
		await whenAccepted(() => shopper.ask("read", { t }));
		await whenAccepted(() => shopper.ask("renew", { t }));
	}
});

test("a primary that was replaced is asked nothing any more, whether it went on or comes back", async () => {
	const [one, other] = shoppers;
	const email = "deposed@example.com";
	const t = await one.enter(email, PASSWORD);
	const ended = madeBy(await one.ask("signIn", { i: { email, password: PASSWORD } }));
	// It is not stopped: it goes on answering whoever asks it.
	const deposed = pair.primary;
	// Once one process writes to the new one, no other may read from the old one, and be it that it slept meanwhile.
	const sleeper = nodes.all[1]?.pid ?? 0;
	process.kill(sleeper, "SIGSTOP");
	await pair.promote();
	await pair.waitFor("");
	await whenAccepted(() => one.ask("renew", { t }));
	assert.equal((await one.ask("delete", { t: ended })).outcome, "accepted");
	// It wakes when the new one is slow to answer: the old one would be quicker.
	await pair.primary.freeze();
	const seen = other.ask("read", { t: ended });
	process.kill(sleeper, "SIGCONT");
	await Promise.race([seen, pass(SLOW_MS)]);
	await pair.primary.freeze("SIGCONT");
	assert.notEqual((await seen).outcome, "accepted");

	// It is ended and started again as it was, and a process that starts finds both.
	await deposed.crash();
	await deposed.begin();
	await nodes.all[1]?.end("SIGTERM");
	await nodes.all[1]?.start();
	for (let round = 0; round < 8; round++) {
		for (const shopper of shoppers) {
			assert.equal((await shopper.ask("read", { t: ended })).outcome, "refused");
			assert.equal((await shopper.ask("read", { t })).outcome, "accepted");
		}
		await pass(100);
	}
	// There was something to refuse: to the one that was replaced the token is still alive.
	const old =
		"SELECT t.id FROM access_tokens t JOIN customers c ON c.id = t.customer_id WHERE c.email = 'deposed@example.com'";
	assert.equal((await deposed.ask(old)).length, 2);
});

function madeBy({ body }: Reply): string {
	return body.data.customerAccessTokenCreate.customerAccessToken.accessToken;
}
