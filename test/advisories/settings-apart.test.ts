// The settings that no row of settings.test.ts can turn, each turned both ways: those of a process, of its connections,
// and the key without which a house with a Multipass secret does not open.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { getIntrospectionQuery } from "graphql";
import { type App, startApp } from "../../src/app.ts";
import { environmentName, readConfig, type SettingName } from "../../src/config.ts";
import { makeToken } from "../../src/secrets/token.ts";
import { ask, statement, transaction } from "../../src/store/engine.ts";
import { ENGINES, IS_POSTGRES, openDatabase, openHouse, startProcess } from "../house.ts";
import { enter, giveSecret, passFor, SECRET } from "../multipass/passes.ts";
import { exchange } from "../wire/wire.ts";
import { isDone } from "./attacks.ts";
import { countTaken } from "./settings-world.ts";

const NOTHING_SLOWLY = transaction("nothing, slowly", function* () {
	yield ask(statement("SELECT pg_sleep(0.05)"), []);
});

/** How many requests one connection sends without reading. */
const AHEAD = 16;

type Settings = Partial<Record<SettingName, string>>;

/** In production: there every address is counted. */
async function openForAll(settings: Settings): Promise<App & AsyncDisposable> {
	const database = await openDatabase(ENGINES[0]);
	const fixed = {
		port: "0",
		logLevel: "silent",
		databaseUrl: database.url,
		shopUrl: "https://shop.example",
		stopDelaySeconds: "0",
	};
	const keys = { storefrontAccessToken: null, privateAccessToken: null, adminAccessToken: null };
	const app = await startApp(readConfig({}, { ...fixed, ...settings }), keys, false);
	return {
		...app,
		[Symbol.asyncDispose]: async () => {
			await app.close();
			await database[Symbol.asyncDispose]();
		},
	};
}

test("the tokens of a process open what they should, and its log holds what it is told to", async () => {
	await using database = await openDatabase();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-settings-"));
	const make = (logLevel: string) => ({
		storefrontAccessToken: makeToken(),
		privateAccessToken: makeToken(),
		adminAccessToken: makeToken(),
		logLevel: logLevel,
	});
	const both = [make("debug"), make("silent")] as const;
	try {
		for (const settings of both) {
			const env = Object.entries(settings).map(([name, value]) => [environmentName(name), value]);
			await using server = await startProcess(["--database", database.url], Object.fromEntries(env), folder);
			const statusOf = async (header: string, token: string) => {
				const sent = { headers: { [header]: token }, body: { query: "{ shop { name } }" } };
				return (await exchange(server.url, { path: "/api/2026-04/graphql.json", ...sent })).status;
			};
			for (const known of both) {
				const opens = (status: number) => (known === settings ? status : 401);
				const { storefrontAccessToken, privateAccessToken, adminAccessToken } = known;
				const [open, secret] = ["X-Shopify-Storefront-Access-Token", "Shopify-Storefront-Private-Token"];
				assert.equal(await statusOf(open, storefrontAccessToken), opens(200));
				assert.equal(await statusOf(secret, privateAccessToken), opens(200));
				assert.equal(await statusOf(open, privateAccessToken), opens(403));
				assert.equal(await statusOf(open, adminAccessToken), opens(403));
			}
			assert.equal(await server.end("SIGTERM"), 0);
			assert.equal(server.log().includes('"ready"'), settings.logLevel === "debug");
			if (settings.logLevel === "silent") assert.equal(server.log(), "");
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("a Multipass secret opens under the encryption key that it was sealed under, and without one not at all", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	const keys = ["a key that is long enough for a test", "another key that is long enough for one"];
	await assert.rejects(openHouse(ENGINES[0], { multipassSecret: SECRET }), /LATCHKEY_ENCRYPTION_KEY/);
	const entries: boolean[] = [];
	for (const [index, key] of [keys[0], keys[1], keys[0]].entries()) {
		await using house = await openHouse(ENGINES[0], { databaseUrl, encryptionKey: key ?? "" });
		if (index === 0) await giveSecret(house, house.app.shop.id, SECRET);
		entries.push(isDone(await enter(house, passFor(house, { email: `ada${index}@example.com` }))));
	}
	assert.deepEqual(entries, [true, false, true]);
});

test("as many transactions run beside each other as the setting says", { skip: !IS_POSTGRES }, async () => {
	const countBusiest = async (databaseConnections: string) => {
		await using database = await openDatabase();
		const name = `latchkey of this test, ${databaseConnections}`;
		const url = `${database.url}&application_name=${encodeURIComponent(name)}`;
		await using app = await openForAll({ databaseUrl: url, databaseConnections });
		const { store } = app;
		const count = statement("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = ?");
		// Each has a connection of its own for as long as it runs, and that connection is kept.
		await Promise.all(Array.from({ length: 20 }, () => store.write(NOTHING_SLOWLY, null)));
		return Number((await store.read(count, [name]))[0]?.["n"]);
	};
	assert.equal((await countBusiest("6")) - (await countBusiest("1")), 5);
});

test("a server that is told to stop goes on serving for the seconds of the setting", async () => {
	const [hasty, patient] = [
		await openForAll({ stopDelaySeconds: "0" }),
		await openForAll({ stopDelaySeconds: "2" }),
	];
	const readiness = ({ url }: App) =>
		fetch(`${url}/readyz`).then(
			(response) => response.status,
			() => null,
		);
	const closed = [hasty, patient].map((app) => app[Symbol.asyncDispose]());
	assert.equal(await readiness(patient), 503);
	// Until it has stopped listening it says so as well.
	let said = await readiness(hasty);
	while (said === 503) said = await readiness(hasty);
	assert.equal(said, null);
	assert.equal(await readiness(patient), 503, "the other goes on");
	await Promise.all(closed);
	assert.equal(await readiness(patient), null);
});

test("an address holds as many connections as the setting says, or any number", async () => {
	await using few = await openForAll({ connectionsPerAddress: "3" });
	assert.equal(await countTaken({ app: few }, 8), 3);
	await using many = await openForAll({ connectionsPerAddress: "off" });
	assert.equal(await countTaken({ app: many }, 120), 120);
	await using some = await openForAll({});
	assert.equal(await countTaken({ app: some }, 120), 100);
});

function open({ url }: App, bytes: string): Socket {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname, () => socket.write(bytes));
	return socket.on("error", () => undefined);
}

function whenClosed(socket: Socket): Promise<void> {
	return new Promise((resolve) => socket.on("close", () => resolve()));
}

test("a request that does not come is given up after the seconds of the setting", async () => {
	await using quick = await openForAll({ requestTimeoutSeconds: "1" });
	await using patient = await openForAll({ requestTimeoutSeconds: "300" });
	const body = JSON.stringify({ query: "{ shop { name } }" });
	const head = `POST /api/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
	const [waiting, ended] = [open(patient, head), open(quick, head)];
	let told = "";
	ended.on("data", (chunk) => {
		told += chunk;
	});
	await whenClosed(ended);
	assert.match(told, /^HTTP\/1\.1 408 /);
	// As long after, the other still waits for the rest.
	const answered = new Promise((resolve) => waiting.once("data", (chunk) => resolve(String(chunk))));
	waiting.write(body);
	assert.match(String(await answered), /^HTTP\/1\.1 200 /);
	waiting.destroy();
});

test("an answer that is not taken is given up after the seconds of the setting", async () => {
	await using quick = await openForAll({ answerTimeoutSeconds: "1", requestTimeoutSeconds: "2" });
	await using patient = await openForAll({ answerTimeoutSeconds: "600" });
	const body = JSON.stringify({ query: getIntrospectionQuery() });
	const request = (connection: string) =>
		`POST /api/graphql HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
	// More than the network holds for anyone, and no more requests ahead than are served.
	const bytes = request("keep-alive").repeat(AHEAD - 1) + request("close");
	const deaf = [quick, patient].map((app) => open(app, bytes).pause());
	// Whoever does not read is not told that it is over; a request that does not come is, later.
	await whenClosed(open(quick, "POST / HTTP/1.1\r\n").resume());
	const answers = deaf.map(async (socket) => {
		const chunks: Buffer[] = [];
		socket.on("data", (chunk: Buffer) => chunks.push(chunk)).resume();
		await whenClosed(socket);
		return Buffer.concat(chunks).toString("latin1").split("HTTP/1.1 200 ").length - 1;
	});
	const [cut = 0, whole] = await Promise.all(answers);
	assert.ok(cut < AHEAD, `${cut} answers`);
	assert.equal(whole, AHEAD);
});
