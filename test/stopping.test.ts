// A server that is told to stop: nobody's answer is cut off, and whoever insists is obeyed at once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { IS_POSTGRES, openDatabase, type Process, RECOVER, SIGN_UP, startProcess } from "./house.ts";
import { PostOffice } from "./mail/post-office.ts";
import { PostgresServer } from "./postgres/server.ts";

const CONNECTIONS = 20;
/** So many answers are waited for before the server is told. */
const ANSWERS = 200;
/** Whatever hangs. */
const LONGEST_STOP_MS = 30_000;
const TOKEN = "a public token of the tests of stopping";

function newFolder(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-stopping-"));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

function requestOf(server: Process, query: string, variables: unknown): string {
	const body = JSON.stringify({ query, variables });
	const head = [
		"POST /api/2026-04/graphql.json HTTP/1.1",
		"Host: localhost",
		"Content-Type: application/json",
		`X-Shopify-Storefront-Access-Token: ${server.storefrontAccessToken}`,
		`Content-Length: ${Buffer.byteLength(body)}`,
	];
	return `${head.join("\r\n")}\r\n\r\n${body}`;
}

test("told to stop under load, it cuts off no answer, and ends", async (t) => {
	await using server = await startProcess([], {}, newFolder(t));
	const asked = requestOf(server, "{ shop { name } }", {});
	let [answers, cutOff] = [0, 0];
	let tellEnough = () => {};
	const enough = new Promise<void>((resolve) => {
		tellEnough = resolve;
	});
	// Each connection asks again as soon as it is answered, until the server closes it.
	const keepAsking = async () => {
		const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
		socket.on("error", () => {});
		let received = "";
		socket.on("data", (chunk) => {
			received += chunk;
			const [head = "", body = ""] = received.split("\r\n\r\n");
			if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return;
			assert.match(head, /^HTTP\/1\.1 200 /);
			received = "";
			if (++answers === ANSWERS) tellEnough();
			if (/^connection: close\r?$/im.test(head)) socket.end();
			else socket.write(asked);
		});
		socket.write(asked);
		// A request that crosses the closing of its idle connection was not taken: its client sends it again elsewhere.
		await new Promise((resolve) => socket.once("close", resolve));
		if (received !== "") cutOff++;
	};
	const asking = Array.from({ length: CONNECTIONS }, keepAsking);
	await enough;
	const ended = server.end("SIGTERM");
	await Promise.all(asking);
	assert.equal(await ended, 0);
	assert.equal(cutOff, 0, "answers that were cut off");
	assert.ok(answers >= ANSWERS);
});

/** As an operator runs it. */
function startForProduction(
	t: TestContext,
	databaseUrl: string,
	delaySeconds: number,
	env: Record<string, string> = {},
): Promise<Process> {
	const settings = {
		LATCHKEY_DATABASE_URL: databaseUrl,
		LATCHKEY_SHOP_URL: "https://shop.example",
		LATCHKEY_STOREFRONT_ACCESS_TOKEN: TOKEN,
		LATCHKEY_STOP_DELAY_SECONDS: String(delaySeconds),
	};
	return startProcess([], { ...settings, ...env }, newFolder(t), "start");
}

interface Answer {
	readonly status: number | undefined;
	/** What the server says will become of the connection. */
	readonly connection: string | undefined;
}

/** Asks `path`; or, without one, something of the API. */
function ask(server: Process, path: string | null, agent: Agent | false = false): Promise<Answer> {
	const { port } = new URL(server.url);
	const api = {
		method: "POST",
		path: "/api/2026-04/graphql.json",
		headers: { "Content-Type": "application/json" },
	};
	return new Promise((resolve, reject) => {
		const options = { host: "127.0.0.1", port, agent, ...(path === null ? api : { path }) };
		request(options, (response) => {
			const { statusCode: status, headers } = response;
			response.resume().once("end", () => resolve({ status, connection: headers.connection }));
		})
			.once("error", reject)
			.end(path === null ? JSON.stringify({ query: "{ shop { name } }" }) : undefined);
	});
}

test("told to stop, it is not ready from then on, and serves for a while whoever still comes", async (t) => {
	await using database = await openDatabase();
	await using server = await startForProduction(t, database.url, 2);
	const agent = new Agent({ keepAlive: true });
	t.after(() => agent.destroy());
	assert.deepEqual(await ask(server, null, agent), { status: 200, connection: "keep-alive" });
	assert.equal((await ask(server, "/readyz")).status, 200);
	// One that never asks.
	const idle = connect(Number(new URL(server.url).port), "127.0.0.1");
	const idleEnded = new Promise((resolve) => idle.resume().once("close", resolve));
	const toldAt = performance.now();
	const ended = server.end("SIGTERM");
	while ((await ask(server, "/readyz")).status === 200);
	assert.equal((await ask(server, "/readyz")).status, 503);
	const last = { status: 200, connection: "close" };
	assert.deepEqual(await ask(server, null, agent), last, "on the connection that was kept");
	assert.deepEqual(await ask(server, null), last, "on a new one");
	assert.equal((await ask(server, "/healthz")).status, 200, "it is alive");
	const isTaken = () =>
		ask(server, "/readyz").then(
			() => true,
			() => false,
		);
	while (await isTaken());
	assert.ok(performance.now() - toldAt >= 2000);
	assert.equal(await ended, 0);
	await idleEnded;
});

test("told to stop while everything hangs, it ends all the same", async (t) => {
	await using own = IS_POSTGRES ? await PostgresServer.start() : null;
	await using file = own ? null : await openDatabase();
	await using office = await PostOffice.open();
	office.behave("holdRecipient");
	const mail = { LATCHKEY_SMTP_URL: office.url };
	await using server = await startForProduction(t, own?.url ?? file?.url ?? "", 1, mail);
	const post = (query: string, variables: unknown) => {
		const headers = { "Content-Type": "application/json", "X-Shopify-Storefront-Access-Token": TOKEN };
		const body = JSON.stringify({ query, variables });
		return fetch(`${server.url}/api/2026-04/graphql.json`, { method: "POST", headers, body });
	};
	const email = "ada@example.com";
	await post(SIGN_UP, { input: { email, password: "correct horse" } });
	await post(RECOVER, { email });
	// The mail server has been told of a letter, and says nothing more.
	await office.whenHeld(1);
	const whole = requestOf({ ...server, storefrontAccessToken: TOKEN }, "{ shop { name } }", {});
	const sockets = [whole.slice(0, 40), whole.slice(0, -10)].map((half) => {
		const socket = connect(Number(new URL(server.url).port), "127.0.0.1").on("error", () => {});
		socket.write(half);
		return new Promise((resolve) => socket.resume().once("close", resolve));
	});
	await own?.freeze("SIGSTOP");
	const unanswered = own ? post("{ shop { name } }", {}).catch(() => null) : null;
	const toldAt = performance.now();
	assert.equal(await server.end("SIGTERM"), 0);
	const took = performance.now() - toldAt;
	t.diagnostic(`ended after ${Math.round(took)} ms`);
	await own?.freeze("SIGCONT");
	assert.ok(took < LONGEST_STOP_MS, `${took} ms`);
	await Promise.all([...sockets, unanswered]);
});

test("told to stop a second time while it still serves, it ends at once", async (t) => {
	await using database = await openDatabase();
	await using server = await startForProduction(t, database.url, 15);
	const toldAt = performance.now();
	const ended = server.end("SIGTERM");
	while ((await ask(server, "/readyz")).status === 200);
	void server.end("SIGTERM");
	assert.equal(await ended, 1);
	assert.ok(performance.now() - toldAt < 15_000);
});

test("told to stop twice, it ends at once", async (t) => {
	const costly = { LATCHKEY_PASSWORD_MEMORY_KIB: "65536", LATCHKEY_PASSWORD_PASSES: "16" };
	await using server = await startProcess([], { ...costly, LATCHKEY_METRICS: "true" }, newFolder(t));
	const input = { email: "ada@example.com", password: "correct horse" };
	const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
	socket.on("error", () => {});
	let received = "";
	socket.on("data", (chunk) => {
		received += chunk;
	});
	socket.write(requestOf(server, SIGN_UP, { input }));
	// Until the password is being hashed, which takes longer than a stop may.
	const isHashing = async () => {
		const metrics = await (await fetch(`${server.url}/metrics`)).text();
		return metrics.includes("latchkey_password_hashes 1");
	};
	while (!(await isHashing()));
	const closed = new Promise((resolve) => socket.once("close", resolve));
	const ended = server.end("SIGTERM");
	// It stops listening first: once a new connection is refused, the first signal has arrived.
	const isRefused = () =>
		fetch(`${server.url}/healthz`).then(
			() => false,
			() => true,
		);
	while (!(await isRefused()));
	void server.end("SIGTERM");
	assert.equal(await ended, 1);
	await closed;
	assert.equal(received, "", "nothing was waited for");
});
