// Slow and greedy clients, over real sockets: who keeps the server waiting is let go, who holds too much of it gets no
// more, and whoever asks politely beside them is answered.
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { type App, startApp } from "../../src/app.ts";
import { readConfig, type SettingName } from "../../src/config.ts";
import { ENGINES, openDatabase, openHouse } from "../house.ts";
import { rawRequest, sendRaw } from "./raw.ts";

const KEY = "connections-storefront-access-token-01";
const HEAD = [
	"POST /api/2026-04/graphql.json HTTP/1.1",
	"Host: shop.example",
	"Content-Type: application/json",
	`X-Shopify-Storefront-Access-Token: ${KEY}`,
];
const BODY = JSON.stringify({ query: "{ shop { name } }" });
const GOOD = rawRequest([...HEAD, `Content-Length: ${BODY.length}`], BODY);
/** Some hundred kilobytes. */
const LARGE_BODY = JSON.stringify({ query: "{__schema{types{name description fields{name description}}}}" });
const LARGE = rawRequest([...HEAD, `Content-Length: ${LARGE_BODY.length}`], LARGE_BODY);

/** A server for production, where addresses are counted; it waits a second where others wait longer. */
async function openServer(settings: Partial<Record<SettingName, string>> = {}): Promise<App> {
	const database = await openDatabase(ENGINES[0]);
	const config = readConfig(
		{},
		{
			...{ port: "0", logLevel: "silent", databaseUrl: database.url, shopUrl: "https://shop.example" },
			...{ requestTimeoutSeconds: "1", answerTimeoutSeconds: "1", keepAliveSeconds: "1", ...settings },
		},
	);
	const keys = { storefrontAccessToken: KEY, privateAccessToken: null, adminAccessToken: null };
	const app = await startApp(config, keys, false);
	const close = async () => {
		await app.close();
		await database[Symbol.asyncDispose]();
	};
	return { ...app, close };
}

/** A connection from an address of the loopback network. */
class Caller {
	readonly socket: Socket;
	/** What came so far. */
	text = "";
	readonly made: Promise<void>;
	readonly ended: Promise<void>;

	constructor(app: App, localAddress = "127.0.0.1") {
		this.socket = connect({ host: "127.0.0.1", port: Number(new URL(app.url).port), localAddress });
		this.socket.on("error", () => {});
		this.socket.on("data", (chunk) => {
			this.text += chunk;
		});
		this.made = new Promise((resolve) => this.socket.once("connect", () => resolve()));
		this.ended = new Promise((resolve) => this.socket.once("close", () => resolve()));
	}

	/** The status of every answer, once so many have come or the connection has ended. */
	async statuses(count: number): Promise<readonly number[]> {
		const seen = () => [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
		const isOver = this.ended.then(() => true);
		while (seen().length < count) {
			const more = new Promise<false>((resolve) => this.socket.once("data", () => resolve(false)));
			if (await Promise.race([isOver, more])) break;
		}
		return seen();
	}

	async ask(request = GOOD): Promise<number | undefined> {
		this.socket.write(request);
		return (await this.statuses(1))[0];
	}
}

/** Writes one piece after the other for as long as the connection stands. */
function drip({ socket }: Caller, piece: string): void {
	const dripping = setInterval(() => {
		if (socket.writable) socket.write(piece);
	}, 50);
	socket.once("close", () => clearInterval(dripping));
}

test("heads and bodies that do not come, or come byte by byte, are not waited for", async () => {
	const app = await openServer();
	const slow = {
		"nothing at all": "",
		"half a head": HEAD.join("\r\n"),
		"no body": rawRequest([...HEAD, "Content-Length: 100"]),
		"half a body": rawRequest([...HEAD, `Content-Length: ${BODY.length}`], BODY.slice(0, 10)),
		"no end of chunks": rawRequest([...HEAD, "Transfer-Encoding: chunked"], "5\r\n{    \r\n"),
	};
	const dripping = {
		"a head that drips": [`${HEAD.join("\r\n")}\r\nX: `, "x"],
		"headers that drip": [`${HEAD.join("\r\n")}\r\n`, "X: y\r\n"],
		"a body that drips": [rawRequest([...HEAD, "Content-Length: 60000"]), " "],
		"chunks that drip": [rawRequest([...HEAD, "Transfer-Encoding: chunked"]), "1\r\n \r\n"],
	} as const;
	const callers = new Map<string, Caller>();
	const call = async (name: string, first: string) => {
		const caller = new Caller(app);
		callers.set(name, caller);
		await caller.made;
		caller.socket.write(first);
		return caller;
	};
	for (const [name, first] of Object.entries(slow)) await call(name, first);
	for (const [name, [first, piece]] of Object.entries(dripping)) drip(await call(name, first), piece);
	let answered = 0;
	const areEnded = Promise.all([...callers.values()].map(({ ended }) => ended)).then(() => true);
	// Good clients go on, on new connections, until the last of the others is gone.
	const soon = () => new Promise<false>((resolve) => setImmediate(() => resolve(false)));
	while (!(await Promise.race([areEnded, soon()]))) {
		const caller = new Caller(app, "127.0.0.2");
		assert.equal(await caller.ask(), 200);
		caller.socket.destroy();
		answered++;
	}
	assert.ok(answered > 10, `${answered} good answers meanwhile`);
	for (const [name, caller] of callers) assert.deepEqual(await caller.statuses(1), [408], name);
	await app.close();
});

test("a connection that is idle is kept for a while, and no longer", async () => {
	const app = await openServer();
	const caller = new Caller(app);
	assert.equal(await caller.ask(), 200);
	caller.socket.write(GOOD);
	assert.deepEqual(await caller.statuses(2), [200, 200]);
	await caller.ended;
	assert.match(caller.text, /^Keep-Alive: timeout=1, max=10000\r$/m);
	await app.close();
});

test("a client that does not read has one answer in the making, and is given up in time", async () => {
	const app = await openServer({ metrics: "true" });
	const deaf = new Caller(app);
	await deaf.made;
	deaf.socket.pause();
	let asked = 0;
	// Whoever takes nothing learns nothing of the end either, but that nothing more can be sent.
	const asking = setInterval(() => {
		if (deaf.socket.writable) deaf.socket.write(LARGE);
		asked++;
	}, 20);
	await deaf.ended;
	clearInterval(asking);
	const metrics = await (await fetch(`${app.url}/metrics`)).text();
	const answered = Number(/^latchkey_answers_total\{status="200"\} (\d+)$/m.exec(metrics)?.[1]);
	// In the second for which nothing was taken, nothing more was made; the system had taken some before.
	assert.ok(answered > 0 && answered < asked - 15, `${answered} answers of ${asked}`);
	await app.close();
});

test("answers come in the order of requests that were sent ahead, and there is an end to them", async () => {
	const app = await openServer({ requestTimeoutSeconds: "15" });
	const eager = new Caller(app);
	eager.socket.write(GOOD.repeat(16) + LARGE);
	assert.deepEqual(await eager.statuses(17), Array(17).fill(200));
	assert.equal(eager.text.match(/"shop":\{"name":"Latchkey"\}/g)?.length, 16);
	assert.ok(eager.text.lastIndexOf('"shop":{') < eager.text.indexOf("__schema"), "the large one came last");
	eager.socket.destroy();
	const greedy = new Caller(app);
	greedy.socket.write(GOOD.repeat(100));
	await greedy.ended;
	assert.deepEqual(await greedy.statuses(1), []);
	// Fewer, but with bodies that would have to be held.
	const heavy = new Caller(app);
	const body = JSON.stringify({ query: `{ shop { name } } #${"x".repeat(50_000)}` });
	heavy.socket.write(GOOD + rawRequest([...HEAD, `Content-Length: ${body.length}`], body).repeat(4));
	await heavy.ended;
	assert.deepEqual(await heavy.statuses(1), []);
	await app.close();
});

test("one address holds so many connections and no more, whatever another does", async () => {
	const app = await openServer({ connectionsPerAddress: "5", keepAliveSeconds: "60" });
	const greedy = Array.from({ length: 5 }, () => new Caller(app, "127.0.0.2"));
	for (const caller of greedy) assert.equal(await caller.ask(), 200);
	const more = Array.from({ length: 20 }, () => new Caller(app, "127.0.0.2"));
	for (const caller of more) {
		await caller.ended;
		assert.equal(caller.text, "");
	}
	const other = new Caller(app, "127.0.0.3");
	assert.equal(await other.ask(), 200);
	// Whoever lets one go may have another: as soon as the server has seen it.
	greedy[0]?.socket.destroy();
	let again: number | undefined;
	while (again === undefined) again = await new Caller(app, "127.0.0.2").ask();
	assert.equal(again, 200);
	await app.close();
});

test("a trusted proxy holds as many as it needs, and so does the developer's own machine", async () => {
	const app = await openServer({ connectionsPerAddress: "2", trustedProxies: "127.0.0.2" });
	const proxied = Array.from({ length: 8 }, () => new Caller(app, "127.0.0.2"));
	for (const caller of proxied) assert.equal(await caller.ask(), 200);
	await app.close();
	const unlimited = await openServer({ connectionsPerAddress: "off" });
	const many = Array.from({ length: 120 }, () => new Caller(unlimited));
	assert.deepEqual(new Set(await Promise.all(many.map((caller) => caller.ask()))), new Set([200]));
	await unlimited.close();
	await assert.rejects(openServer({ connectionsPerAddress: "0" }), /above zero, or off/);
	await using house = await openHouse(ENGINES[0], { connectionsPerAddress: "2" });
	const key = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	const request = GOOD.replace(KEY, key["X-Shopify-Storefront-Access-Token"]);
	const callers = Array.from({ length: 8 }, () => new Caller(house.app));
	for (const caller of callers) assert.equal(await caller.ask(request), 200);
	for (const caller of callers) caller.socket.destroy();
});

test("when all the room is taken the next one waits outside, and nobody keeps a place for later", async () => {
	const app = await openServer({ connections: "10", keepAliveSeconds: "60", requestTimeoutSeconds: "15" });
	const callers = Array.from({ length: 9 }, (_, index) => new Caller(app, `127.0.1.${index + 1}`));
	for (const caller of callers) {
		assert.equal(await caller.ask(), 200);
		// On its way to the next request, so that it is not idle.
		caller.socket.write("GET /healthz HTTP/1.1\r\n");
	}
	const tenth = new Caller(app, "127.0.1.10");
	await tenth.made;
	// With ten there is hardly any room: an answer is the last of its connection.
	assert.equal(await tenth.ask(), 200);
	await tenth.ended;
	assert.match(tenth.text, /^Connection: close\r$/m);
	const silent = Array.from({ length: 3 }, () => new Caller(app, "127.0.1.11"));
	const refused = await Promise.any(silent.map((caller) => caller.ended.then(() => caller)));
	assert.equal(refused.text, "", "it was not taken at all, or else it had a 408");
	for (const { socket } of [...callers, ...silent]) socket.destroy();
	await app.close();
});

test("where there is hardly any room, idle connections make some for those who ask", async () => {
	const app = await openServer({ connections: "20", keepAliveSeconds: "60", requestTimeoutSeconds: "15" });
	const idle = Array.from({ length: 18 }, (_, index) => new Caller(app, `127.0.1.${index + 1}`));
	for (const caller of idle) assert.equal(await caller.ask(), 200);
	const halves = Array.from({ length: 2 }, () => new Caller(app, "127.0.2.1"));
	for (const { socket } of halves) socket.write("GET /healthz HTTP/1.1\r\n");
	await Promise.all(idle.map(({ ended }) => ended));
	assert.equal(await new Caller(app, "127.0.2.2").ask(), 200);
	for (const { socket } of halves) socket.destroy();
	await app.close();
});

test("compressed bodies are not read, in whatever way they are said to be", async () => {
	await using house = await openHouse();
	const zipped = gzipSync(BODY);
	const key = `X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`;
	for (const encoding of ["gzip", "br", "deflate", "zstd", "identity", "gzip, gzip", "x", ""]) {
		const lines = [...HEAD.slice(0, 3), key, `Content-Encoding: ${encoding}`, "Connection: close"];
		const body = zipped.toString("latin1");
		const [answer] = await sendRaw(house, rawRequest([...lines, `Content-Length: ${body.length}`], body));
		assert.equal(answer?.status, 415, encoding);
	}
	// Sent as if it were plain, it is no JSON.
	const lines = [...HEAD.slice(0, 3), key, "Connection: close", `Content-Length: ${zipped.length}`];
	const [answer] = await sendRaw(house, rawRequest(lines, zipped.toString("latin1")));
	assert.equal(answer?.status, 400);
	const coded = [...HEAD.slice(0, 3), key, "Transfer-Encoding: gzip, chunked", "Connection: close"];
	const [other] = await sendRaw(house, rawRequest(coded, "5\r\nhello\r\n0\r\n\r\n"));
	assert.ok(other && other.status >= 400 && other.status < 500, `${other?.status}`);
});
