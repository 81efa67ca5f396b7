// Which databases a command works on, and which it leaves alone.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { IS_POSTGRES, openDatabase } from "../house.ts";
import { runAlone } from "./line.ts";

/** A folder that goes with the test. */
function openFolder() {
	const path = mkdtempSync(join(tmpdir(), "latchkey-database-"));
	return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const SQLITE_ALONE = { skip: IS_POSTGRES && "it is about files" };

/** The command is refused; gives the sentence. */
async function refusal(databaseUrl: string, command = "shop list"): Promise<string> {
	const { code, out, notes } = await runAlone(command, { databaseUrl });
	assert.deepEqual([code, out], [1, ""]);
	assert.equal(notes.split("\n").length, 1, notes);
	return notes;
}

/** A database as Latchkey 0.1.0 left it, with one shop in it. */
async function makeOld(databaseUrl: string): Promise<void> {
	const engine = await openEngine(databaseUrl);
	const { name, statements } = await import("../../src/store/migrations/0001-accounts.ts");
	await engine.define(["CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY)"]);
	await engine.define([...statements(engine.dialect), `INSERT INTO migrations (name) VALUES ('${name}')`]);
	await engine.define([
		"INSERT INTO shops VALUES (7, 'Old', NULL, 'https://old.example', 'old.example', 'US', 'EN', 'USD', 0)",
	]);
	await engine.close();
}

test(
	"a database in memory, one that is not there, and one that is not ours are refused, and nothing is made",
	SQLITE_ALONE,
	async () => {
		using folder = openFolder();
		assert.match(await refusal("sqlite::memory:"), /^A database in memory is its server's alone/);
		const missing = join(folder.path, "deep/missing.db");
		assert.equal(
			await refusal(`sqlite:${missing}`),
			`${missing} is not there; the server makes it when it starts.`,
		);
		assert.equal(existsSync(join(folder.path, "deep")), false);
		const foreign = join(folder.path, "foreign.db");
		const database = new DatabaseSync(foreign);
		database.exec("CREATE TABLE songs (title TEXT)");
		assert.match(await refusal(`sqlite:${foreign}`), /is no database of Latchkey/);
		assert.deepEqual(
			database
				.prepare("SELECT name FROM sqlite_master")
				.all()
				.map(({ name }) => name),
			["songs"],
		);
		database.close();
		const text = join(folder.path, "text.db");
		writeFileSync(
			text,
			"not a database at all, but a text that is long enough to be looked at as one".repeat(99),
		);
		assert.match(await refusal(`sqlite:${text}`), /cannot be opened as a SQLite database/);
	},
);

test("a database of an older version is brought up to date, but never under a server that has the file open", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	await makeOld(databaseUrl);
	if (!IS_POSTGRES) {
		const server = await openEngine(databaseUrl);
		assert.match(
			await refusal(databaseUrl),
			/of an older Latchkey, and a server has it open: restart that server/,
		);
		await server.close();
	}
	const { code, out, notes } = await runAlone("shop list --json", { databaseUrl });
	assert.equal(code, 0, notes);
	assert.equal(JSON.parse(out)[0].name, "Old");
});

test("a PostgreSQL database that is not ours is refused, and nothing is made", {
	skip: !IS_POSTGRES,
}, async () => {
	await using database = await openDatabase();
	const engine = await openEngine(database.url);
	await engine.define(["CREATE TABLE songs (title TEXT)"]);
	const sentence = await refusal(database.url);
	assert.match(sentence, /^postgres:\/\/127\.0\.0\.1:\d+\/postgres is no database of Latchkey/);
	assert.ok(!sentence.includes("password of the tests"));
	const list = statement("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()");
	assert.deepEqual(
		(await engine.read(list, [])).map((row) => row["tablename"]),
		["songs"],
	);
	await engine.close();
});

test("where a table of somebody else's is in the way, nothing is made on top of it", {
	skip: !IS_POSTGRES,
}, async () => {
	await using database = await openDatabase();
	await makeOld(database.url);
	const engine = await openEngine(database.url);
	await engine.define(["CREATE TABLE attempts (song TEXT)"]);
	assert.match(await refusal(database.url), /a name that is wanted for a table \(migration 0003-attempts\)/);
	await engine.define(["DROP TABLE attempts"]);
	await engine.close();
	assert.equal((await runAlone("shop list", { databaseUrl: database.url })).code, 0);
});

test("a database of a newer version is refused", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	await makeOld(databaseUrl);
	const engine = await openEngine(databaseUrl);
	await engine.define(["INSERT INTO migrations (name) VALUES ('9999-from-the-future')"]);
	await engine.close();
	assert.match(await refusal(databaseUrl), /made by a newer Latchkey \(migration 9999-from-the-future\)/);
});

test("before the first shop is there, a command says who makes it", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	await makeOld(databaseUrl);
	const engine = await openEngine(databaseUrl);
	await engine.define(["DELETE FROM shops"]);
	await engine.close();
	assert.match(
		await refusal(databaseUrl, "customer list"),
		/^There is no shop yet: the server makes the first one/,
	);
	const create = await refusal(databaseUrl, "shop create --name A --url https://a.example");
	assert.match(create, /^There is no shop yet: the server makes the first one, from its settings/);
});

test("a command that is under way does not keep a server from starting", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	await makeOld(databaseUrl);
	const command = await openEngine(databaseUrl, { beside: true });
	const server = await openEngine(databaseUrl);
	await command.close();
	await server.close();
});
