// A server that is told to stop: nobody's answer is cut off, and whoever insists is obeyed at once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { type Process, SIGN_UP, startProcess } from "./house.ts";

const CONNECTIONS = 20;
/** So many answers are waited for before the server is told. */
const ANSWERS = 200;

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
	const request = requestOf(server, "{ shop { name } }", {});
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
			else socket.write(request);
		});
		socket.write(request);
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
