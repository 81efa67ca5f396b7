// The command line on PostgreSQL, as processes of their own: a server in production and commands beside it, a database
// that cannot be used, several servers that start at once, and a password in the URL that is shown to nobody.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { listPending } from "../../src/store/migrate.ts";
import { listShops } from "../../src/store/shops.ts";
import { openEngine } from "../../src/store/store.ts";
import { IS_POSTGRES, openDatabase, type Process, READ, SIGN_IN, SIGN_UP, startProcess } from "../house.ts";
import { freePort } from "../postgres/server.ts";

const ENTRY = join(import.meta.dirname, "../../bin/latchkey.js");
const POSTGRES_ALONE = { skip: !IS_POSTGRES && "it is about PostgreSQL alone" };
const TOKEN = "a storefront access token of the tests";
const EMAIL = "ada@example.com";
const PASSWORD = "correct horse";
/** The database's, where a test makes the URL up. */
const SECRET = "hunter2-of-the-database";
type Attempt = readonly [url: string, sentence: RegExp];
/** Ten seconds for a server that may start as well, and as many for processes that begin side by side on a busy machine. */
const TOLD_WITHIN_MS = 20_000;

/** A folder of its own for a process, gone with the test. */
function newFolder(context: { after(done: () => void): void }): string {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-postgres-line-"));
	context.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

interface Ended {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

/** Runs `latchkey` in a folder to its end. */
async function latchkey(
	folder: string,
	args: readonly string[],
	settings: Record<string, string> = {},
): Promise<Ended> {
	const env = { ...process.env, ...settings };
	const child = spawn(process.execPath, [ENTRY, ...args], { cwd: folder, env, stdio: "pipe" });
	const [out, err]: [string[], string[]] = [[], []];
	child.stdout.on("data", (chunk) => out.push(String(chunk)));
	child.stderr.on("data", (chunk) => err.push(String(chunk)));
	child.stdin.end();
	const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
	return { code, out: out.join(""), err: err.join("") };
}

const PRODUCTION = {
	LATCHKEY_SHOP_URL: "https://shop.example",
	LATCHKEY_STOREFRONT_ACCESS_TOKEN: TOKEN,
	LATCHKEY_STOP_DELAY_SECONDS: "0",
};

function startServer(url: string, folder: string, logLevel = "info"): Promise<Process> {
	const env = { ...PRODUCTION, LATCHKEY_LOG_LEVEL: logLevel, LATCHKEY_DATABASE_URL: url };
	return startProcess([], env, folder, "start");
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
async function ask({ url }: Process, query: string, variables: object): Promise<any> {
	const response = await fetch(`${url}/api/2026-04/graphql.json`, {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Shopify-Storefront-Access-Token": TOKEN },
		body: JSON.stringify({ query, variables }),
	});
	return ((await response.json()) as { readonly data: unknown }).data;
}

async function signIn(server: Process, email: string): Promise<string> {
	const data = await ask(server, SIGN_IN, { input: { email, password: PASSWORD } });
	return data.customerAccessTokenCreate.customerAccessToken.accessToken;
}

test(
	"a server in production keeps everything there, and commands beside it are obeyed at once",
	POSTGRES_ALONE,
	async (t) => {
		await using database = await openDatabase();
		const folder = newFolder(t);
		const secret = decodeURIComponent(new URL(database.url).password);
		assert.ok(secret.length > 10);
		const told: string[] = [];
		{
			await using server = await startServer(database.url, folder, "trace");
			await ask(server, SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
			const token = await signIn(server, EMAIL);
			assert.equal((await ask(server, READ, { t: token })).customer.email, EMAIL);

			// By a flag, by the environment, and from a file.
			const file = join(folder, "url.txt");
			writeFileSync(file, `${database.url}\n`);
			const disabled = await latchkey(folder, ["customer", "disable", EMAIL, "--database", database.url]);
			assert.deepEqual([disabled.code, disabled.err], [0, ""]);
			assert.deepEqual(await ask(server, READ, { t: token }), { customer: null });
			const enabled = await latchkey(folder, ["customer", "enable", EMAIL], {
				LATCHKEY_DATABASE_URL: database.url,
			});
			assert.equal(enabled.code, 0, enabled.err);
			const shown = await latchkey(folder, ["customer", "show", EMAIL, "--json"], {
				LATCHKEY_DATABASE_URL_FILE: file,
			});
			assert.equal(JSON.parse(shown.out).state, "enabled", shown.err);
			assert.equal(await server.end("SIGTERM"), 0);
			told.push(server.log(), disabled.out, enabled.out, shown.out);
		}
		// Another one finds what the first has left.
		await using server = await startServer(database.url, folder);
		assert.ok(await signIn(server, EMAIL));
		told.push(server.log());
		assert.match(told.join(), /"database":"postgres"/);
		for (const form of [secret, encodeURIComponent(secret)]) assert.ok(!told.join().includes(form));
	},
);

test("the password of the URL is shown by no command, and kept in no file", POSTGRES_ALONE, async (t) => {
	await using database = await openDatabase();
	const folder = newFolder(t);
	const url = `postgres://someone:${SECRET}@db.example:5432,db2.example/shop?sslmode=require&password=${SECRET}`;
	const file = join(folder, "url.txt");
	writeFileSync(file, url);
	for (const [args, settings] of [
		[["config"], { LATCHKEY_DATABASE_URL: url }],
		[["config", "--json"], { LATCHKEY_DATABASE_URL_FILE: file }],
		[["config", "--database", url], {}],
	] as const) {
		const { code, out, err } = await latchkey(folder, args, settings);
		assert.equal(code, 0, err);
		assert.match(
			out,
			/postgres:\/\/someone:…@db\.example:5432,db2\.example\/shop\?sslmode=require&password=…/,
		);
		assert.ok(!(out + err).includes(SECRET), out);
	}
	// Where it may not stand as it is, nobody can tell where it ends.
	for (const broken of [`a/${SECRET}`, `${SECRET}@a`, `a?${SECRET}`, `a#${SECRET}`]) {
		const { out } = await latchkey(folder, ["config", "--database", `postgres://someone:${broken}@db/shop`]);
		assert.ok(out.includes("LATCHKEY_DATABASE_URL=…\n"), out);
		assert.ok(!out.includes(SECRET), broken);
	}
	rmSync(file);
	// The development server keeps its keys by the database that they are of.
	const secret = new URL(database.url).password;
	const keys: string[] = [];
	for (let time = 0; time < 2; time++) {
		await using server = await startProcess(["--database", database.url], {}, folder);
		keys.push(server.adminAccessToken);
	}
	assert.equal(keys[0], keys[1]);
	const kept = readdirSync(join(folder, ".latchkey")).map((name) =>
		readFileSync(join(folder, ".latchkey", name), "utf8"),
	);
	assert.ok(kept.join().includes(String(keys[0])));
	for (const form of [secret, decodeURIComponent(secret)]) assert.ok(!kept.join().includes(form));
});

test(
	"a database that cannot be used is told of in a sentence, without the password, and in time",
	POSTGRES_ALONE,
	async (t) => {
		await using database = await openDatabase();
		const folder = newFolder(t);
		const nobody = `postgres://someone:${SECRET}@127.0.0.1:${await freePort()}/shop`;
		const stranger = new URL(database.url);
		stranger.password = SECRET;
		const elsewhere = new URL(database.url);
		elsewhere.pathname = "/nothing";
		const [hasty, mute] = ["synchronous_commit=off", "client_min_messages=error"].map(
			(setting) => `${database.url}${encodeURIComponent(` -c ${setting}`)}`,
		) as [string, string];
		const unreadable: readonly Attempt[] = [
			[
				`postgres://someone:${SECRET}@/shop@@`,
				/^The database URL cannot be read; use postgres:\/\/user:password@/,
			],
			[`postgres://someone:${SECRET}@a b/shop`, /^The database URL cannot be read;/],
			[
				`postgres://someone:${SECRET}@db/shop?sslmode=perhaps`,
				/^The database URL has an sslmode that is none of/,
			],
		];
		const unusable: readonly [Attempt, ...Attempt[]] = [
			[nobody, /^The database cannot be used: 127\.0\.0\.1:\d+: .*ECONNREFUSED/],
			[stranger.href, /^The database cannot be used: 127\.0\.0\.1:\d+: .*password authentication failed/],
			[elsewhere.href, /^The database cannot be used: 127\.0\.0\.1:\d+: .*database "nothing" does not exist/],
			[hasty, /^The database cannot be used: 127\.0\.0\.1:\d+: .*synchronous_commit is off/],
			[mute, /^The database cannot be used: 127\.0\.0\.1:\d+: .*client_min_messages is error/],
		];
		const attempt = async (args: readonly string[], url: string, sentence: RegExp) => {
			const began = performance.now();
			const { code, out, err } = await latchkey(folder, args, { ...PRODUCTION, LATCHKEY_DATABASE_URL: url });
			const milliseconds = Math.round(performance.now() - began);
			assert.deepEqual([code, out], [1, ""], err);
			assert.match(err, sentence);
			assert.equal(err.trimEnd().split("\n").length, 1, err);
			assert.ok(!err.includes(SECRET), err);
			assert.ok(milliseconds < TOLD_WITHIN_MS, `${args[0]}: told after ${milliseconds} ms`);
			return milliseconds;
		};
		const START = ["start", "--port", "0"];
		for (const [url, sentence] of unreadable) await attempt(START, url, sentence);
		// Side by side: most of the time they wait.
		const [silent, wrongPassword, noDatabase] = await Promise.all([
			...unusable.map(([url, sentence]) => attempt(START, url, sentence)),
			attempt(["shop", "list"], ...unusable[0]),
		]);
		// Only whoever may still come is waited for.
		assert.ok(Math.max(Number(wrongPassword), Number(noDatabase)) < Number(silent));
	},
);

test(
	"four servers that start at once on an empty database, twice, make one shop and are all of one mind",
	POSTGRES_ALONE,
	async (t) => {
		const folder = newFolder(t);
		for (let round = 0; round < 2; round++) {
			await using database = await openDatabase();
			await using stack = new AsyncDisposableStack();
			const starts = Array.from({ length: 4 }, () => startServer(database.url, folder));
			const servers: Process[] = [];
			for (const started of await Promise.allSettled(starts)) {
				if (started.status === "rejected") throw started.reason;
				servers.push(stack.use(started.value));
			}
			const engine = await openEngine(database.url);
			stack.defer(() => engine.close());
			assert.deepEqual(await listPending(engine), []);
			assert.equal((await listShops(engine)).length, 1);
			for (const server of servers) assert.doesNotMatch(server.log(), /"level":(?:50|60|"error"|"fatal")/);

			// What one is told, each other one knows.
			const [first, ...others] = servers;
			assert.ok(first);
			await ask(first, SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
			const token = await signIn(first, EMAIL);
			for (const other of others) assert.equal((await ask(other, READ, { t: token })).customer?.email, EMAIL);
			for (const server of servers) assert.equal(await server.end("SIGTERM"), 0);
		}
	},
);
