// The contracts with the outside: how it starts and stops, its settings, health, and the development doors.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { migrate } from "../src/store/migrate.ts";
import { openEngine } from "../src/store/store.ts";
import {
	type Body,
	ENGINES,
	IS_POSTGRES,
	openDatabase,
	openHouse,
	READ,
	SIGN_UP,
	startProcess,
} from "./house.ts";

const ENTRY = join(import.meta.dirname, "../bin/latchkey.js");

/** A folder of its own for a process, gone with the test. */
function newFolder(context: { after(done: () => void): void }): string {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
	context.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

/** Options of a test that is about files, or about what is read before a database is opened. */
const SQLITE_ALONE = { skip: IS_POSTGRES && "it would be the same test again, or one of files" };

function latchkey(args: readonly string[], env: Record<string, string> = {}, cwd = tmpdir()) {
	return spawnSync(process.execPath, [ENTRY, ...args], {
		cwd,
		env: { ...process.env, ...env },
		encoding: "utf8",
	});
}

test("prints one line of JSON and nothing else, serves, and stops cleanly", async (t) => {
	const cwd = newFolder(t);
	await using database = await openDatabase(ENGINES[0]);
	await using server = await startProcess(["--database", database.url], {}, cwd);
	const { url, shop, storefrontAccessToken, privateAccessToken, adminAccessToken } = server;
	for (const member of [url, shop, storefrontAccessToken, privateAccessToken, adminAccessToken]) {
		assert.equal(typeof member, "string");
	}
	assert.equal((await fetch(`${url}/healthz`)).status, 200);
	assert.equal((await fetch(`${url}/readyz`)).status, 200);
	assert.equal(await server.end("SIGTERM"), 0);
	assert.equal(server.printed().split("\n").length, 2);
});

test("keeps the shop and its keys over a restart, readable by the owner alone", async (t) => {
	const cwd = newFolder(t);
	await using database = await openDatabase();
	// What is kept where nobody says where is SQLite's.
	const args = IS_POSTGRES ? ["--database", database.url] : [];
	const first = await startProcess(args, {}, cwd);
	await first.end("SIGTERM");
	await using second = await startProcess(args, {}, cwd);
	assert.equal(second.storefrontAccessToken, first.storefrontAccessToken);
	assert.equal(second.privateAccessToken, first.privateAccessToken);
	assert.equal(second.adminAccessToken, first.adminAccessToken);
	const files = IS_POSTGRES ? [] : ["latchkey.db", "latchkey.db-wal", "latchkey.db-lock"];
	for (const file of ["keys.json", ...files]) {
		assert.equal(statSync(join(cwd, ".latchkey", file)).mode & 0o777, 0o600, file);
	}
	const headers = { "X-Shopify-Storefront-Access-Token": first.storefrontAccessToken };
	const answer = await fetch(`${second.url}/api/graphql.json`, {
		method: "POST",
		headers: { ...headers, "Content-Type": "application/graphql" },
		body: "{ shop { name } }",
	});
	assert.deepEqual(((await answer.json()) as { data: unknown }).data, { shop: { name: "Latchkey" } });
});

test("refuses a second process on the same file with a sentence", SQLITE_ALONE, async (t) => {
	const cwd = newFolder(t);
	await using _ = await startProcess(["--database", "sqlite:one.db"], {}, cwd);
	const second = latchkey(["dev", "--port", "0", "--database", "sqlite:one.db"], {}, cwd);
	symlinkSync(join(cwd, "one.db"), join(cwd, "other.db"));
	const byAnotherName = latchkey(["dev", "--port", "0", "--database", "sqlite:other.db"], {}, cwd);
	assert.equal(byAnotherName.status, 1);
	assert.match(byAnotherName.stderr, /already in use/);
	assert.equal(second.status, 1);
	assert.match(second.stderr, /one\.db is already in use by another Latchkey process\..*\n$/);
});

test("says in a sentence why it cannot start", SQLITE_ALONE, async (t) => {
	const cwd = newFolder(t);
	writeFileSync(join(cwd, "text.db"), "this is no database, and long enough to be seen as none ".repeat(20));
	await using server = await startProcess(["--database", "sqlite::memory:"], {}, cwd);
	const { port } = new URL(server.url);
	for (const [args, sentence] of [
		[["--database", "sqlite:text.db"], /^text\.db cannot be opened as a SQLite database: .*\n$/],
		[["--database", "sqlite:."], /^\. cannot be opened as a SQLite database: .*\n$/],
		[
			["--database", "sqlite:text.db/inner.db"],
			/^text\.db\/inner\.db cannot be opened as a SQLite database: .*\n$/,
		],
		[["--database", "oracle:x"], /^Latchkey cannot open "oracle:…"; use .*\n$/],
		[["--port", port], /^Cannot listen on 127\.0\.0\.1:\d+: another process has it\..*\n$/],
		[["--shop-country", "us"], /^LATCHKEY_SHOP_COUNTRY is not a CountryCode of the API: us\.\n$/],
		[["--shop-url", "shop.example"], /^LATCHKEY_SHOP_URL is a URL that begins with https:.*\n$/],
	] as const) {
		const run = latchkey(["dev", "--port", "0", ...args], {}, cwd);
		assert.equal(run.status, 1, run.stderr);
		assert.match(run.stderr, sentence);
	}
});

test("a key that the settings no longer give opens nothing", async (t) => {
	const cwd = newFolder(t);
	await using database = await openDatabase();
	const args = ["--database", database.url];
	const [leaked, fresh] = ["a".repeat(40), "b".repeat(40)] as const;
	const statusWith = async (url: string, token: string) => {
		const headers = { "Content-Type": "application/json", "X-Shopify-Storefront-Access-Token": token };
		const sent = { method: "POST", headers, body: '{"query":"{shop{name}}"}' };
		return (await fetch(`${url}/api/graphql.json`, sent)).status;
	};
	{
		await using first = await startProcess(args, { LATCHKEY_STOREFRONT_ACCESS_TOKEN: leaked }, cwd);
		assert.equal(await statusWith(first.url, leaked), 200);
		await first.end("SIGTERM");
	}
	await using second = await startProcess(args, { LATCHKEY_STOREFRONT_ACCESS_TOKEN: fresh }, cwd);
	assert.equal(await statusWith(second.url, leaked), 401);
	assert.equal(await statusWith(second.url, fresh), 200);
});

test("told to stop, it finishes what is under way and ends", async (t) => {
	const cwd = newFolder(t);
	const costly = { LATCHKEY_PASSWORD_MEMORY_KIB: "65536", LATCHKEY_PASSWORD_PASSES: "8" };
	await using database = await openDatabase();
	const args = ["--database", database.url];
	await using server = await startProcess(args, { ...costly, LATCHKEY_METRICS: "true" }, cwd);
	const headers = {
		"Content-Type": "application/json",
		"X-Shopify-Storefront-Access-Token": server.storefrontAccessToken,
	};
	const input = { email: "ada@example.com", password: "correct horse" };
	const body = JSON.stringify({ query: SIGN_UP, variables: { input } });
	const signUp = fetch(`${server.url}/api/graphql.json`, { method: "POST", headers, body });
	// Until the password is being hashed, which takes a while.
	const isHashing = async () => {
		const metrics = await (await fetch(`${server.url}/metrics`)).text();
		return metrics.includes("latchkey_password_hashes 1");
	};
	while (!(await isHashing()));
	const ended = server.end("SIGTERM");
	const answer = (await (await signUp).json()) as Body;
	assert.equal(answer.data.customerCreate.customer.email, "ada@example.com");
	assert.equal(await ended, 0);
});

test("refuses a database that a newer Latchkey has changed", async (t) => {
	await using database = await openDatabase();
	const engine = await openEngine(database.url);
	await migrate(engine);
	await engine.define(["INSERT INTO migrations (name) VALUES ('9999-later')"]);
	await engine.close();
	const run = latchkey(["dev", "--port", "0", "--database", database.url], {}, newFolder(t));
	assert.equal(run.status, 1);
	assert.match(run.stderr, /made by a newer Latchkey \(migration 9999-later\)/);
});

test("start refuses what is missing or unsafe, all of it at once", SQLITE_ALONE, () => {
	const bare = latchkey(["start"]);
	assert.equal(bare.status, 1);
	assert.match(bare.stderr, /LATCHKEY_SHOP_URL is missing/);
	assert.match(bare.stderr, /No program could call/);
	const unsafe = latchkey(["start", "--database", "sqlite::memory:", "--password-memory-kib", "8"], {
		LATCHKEY_SHOP_URL: "http://shop.example",
		LATCHKEY_STOREFRONT_ACCESS_TOKEN: "short-secret",
		LATCHKEY_ENUMERATION: "quiet",
	});
	assert.equal(unsafe.status, 1);
	const sentences = [
		/in memory/,
		/must begin with https/,
		/too cheap to guess/,
		/too short/,
		/answers by mail/,
	];
	for (const sentence of sentences) assert.match(unsafe.stderr, sentence);
	assert.doesNotMatch(unsafe.stderr, /short-secret/);
});

test("start serves without development doors, GraphiQL or made-up keys", async (t) => {
	const cwd = newFolder(t);
	await using database = await openDatabase();
	const token = "0123456789abcdef0123456789abcdef0123456789abcdef";
	writeFileSync(join(cwd, "token"), `${token}\n`);
	await using server = await startProcess(
		["--database", database.url],
		{ LATCHKEY_SHOP_URL: "https://shop.example", LATCHKEY_STOREFRONT_ACCESS_TOKEN_FILE: join(cwd, "token") },
		cwd,
		"start",
	);
	assert.equal((await fetch(`${server.url}/_dev/mail`)).status, 404);
	const page = await fetch(`${server.url}/api/2026-04/graphql.json`, { headers: { Accept: "text/html" } });
	assert.equal(page.status, 405);
	assert.equal(page.headers.get("allow"), "POST");
	const answer = await fetch(`${server.url}/api/2026-04/graphql.json`, {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Shopify-Storefront-Access-Token": token },
		body: JSON.stringify({ query: "{ shop { primaryDomain { url } } }" }),
	});
	assert.deepEqual(((await answer.json()) as { data: unknown }).data, {
		shop: { primaryDomain: { url: "https://shop.example" } },
	});
	assert.equal(await server.end("SIGTERM"), 0);
});

test(
	"settings come from flags, then the environment, then files; a misspelt one is refused",
	SQLITE_ALONE,
	(t) => {
		const cwd = newFolder(t);
		writeFileSync(join(cwd, "secret"), "a secret of the shop\n");
		const env = {
			LATCHKEY_PORT: "4001",
			LATCHKEY_SHOP_NAME: "From the environment",
			LATCHKEY_ADMIN_ACCESS_TOKEN_FILE: join(cwd, "secret"),
		};
		const shown = JSON.parse(latchkey(["config", "--json", "--port", "4002"], env).stdout);
		assert.equal(shown.LATCHKEY_PORT, 4002);
		assert.equal(shown.LATCHKEY_SHOP_NAME, "From the environment");
		assert.equal(shown.LATCHKEY_ADMIN_ACCESS_TOKEN, "(set)");
		assert.equal(shown.LATCHKEY_PRIVATE_ACCESS_TOKEN, null);
		const misspelt = latchkey(["config"], { LATCHKEY_PROT: "1" });
		assert.equal(misspelt.status, 1);
		assert.match(misspelt.stderr, /LATCHKEY_PROT is not a setting/);
		for (const [name, value] of [
			["LATCHKEY_PORT", "high"],
			["LATCHKEY_PORT", "70000"],
			["LATCHKEY_METRICS", "yes"],
			["LATCHKEY_LOG_LEVEL", "loud"],
			["LATCHKEY_SHOP_NAME", ""],
		] as const) {
			const refused = latchkey(["config"], { [name]: value });
			assert.equal(refused.status, 1, `${name}=${value}`);
			assert.match(refused.stderr, new RegExp(`^${name} is .*\\.\n$`));
		}
	},
);

test("an older Node is told what is needed, in one sentence", SQLITE_ALONE, () => {
	const text = readFileSync(ENTRY, "utf8");
	const told = text.replace("process.versions.node.split", "'20.1.0'.split");
	const run = spawnSync(process.execPath, ["--input-type=module", "-e", told], { encoding: "utf8" });
	assert.equal(run.status, 1);
	assert.match(run.stderr, /^Latchkey needs Node 24 or later; .*\n$/);
});

for (const engine of ENGINES) {
	test(`the clock moves expiry for the whole process, and a reset forgets customers (${engine})`, async () => {
		await using house = await openHouse(engine);
		const token = await house.signedIn();
		await house.advance(3_628_799 - 60);
		assert.equal((await house.ask(READ, { t: token })).data.customer.email, "ada@example.com");
		await house.advance(61);
		assert.deepEqual((await house.ask(READ, { t: token })).data, { customer: null });
		const reset = await fetch(`${house.app.url}/_dev/reset`, { method: "POST" });
		assert.equal(reset.status, 200);
		const again = await house.signedIn();
		assert.equal((await house.ask(READ, { t: again })).data.customer.email, "ada@example.com");
	});
}

test("metrics answer only where they are switched on", async () => {
	await using without = await openHouse();
	assert.equal((await fetch(`${without.app.url}/metrics`)).status, 404);
	await using house = await openHouse(ENGINES[0], { metrics: "true" });
	await house.signedIn();
	const text = await (await fetch(`${house.app.url}/metrics`)).text();
	assert.match(text, /^latchkey_answers_total\{status="200"\} 2$/m);
	assert.match(text, /^latchkey_password_hashes 0$/m);
});
