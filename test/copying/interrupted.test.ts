// A copy that is killed goes on where it was, and what it left meanwhile is served by nobody; and the comparison at the
// end is one: whatever is otherwise than at the source is told.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { emailOf, PASSWORD, seed } from "../../bench/seed.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEngine } from "../../src/store/store.ts";
import { type Database, IS_POSTGRES, openDatabase, openHouse, SIGN_IN } from "../house.ts";
import { readAll, run, runJson } from "./full-house.ts";

const TOKENS = 8_000;
const folder = mkdtempSync(join(tmpdir(), "latchkey-copying-"));
const source = `sqlite:${join(folder, "source.db")}`;

before(() => seed(join(folder, "source.db"), TOKENS));
after(() => rmSync(folder, { recursive: true }));

/** Copies in a process of its own, and kills it once the table is there in part; gives how many rows there are. */
async function copyAndKill(target: string, table: string): Promise<number> {
	const entry = join(import.meta.dirname, "../../bin/latchkey.js");
	const child = spawn(process.execPath, [entry, "copy", "--from", source, "--to", target], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	const ended = new Promise<NodeJS.Signals | null>((done) => child.once("exit", (_, signal) => done(signal)));
	let said = "";
	await new Promise<void>((begun, failed) => {
		child.stderr.on("data", (chunk) => {
			said += chunk;
			if (said.includes(`copying ${table}: `)) begun();
		});
		void ended.then(() => failed(new Error(`the copy ended by itself: ${said}`)));
	});
	const engine = await openEngine(target, { beside: true });
	const count = async () => {
		const [row] = await engine.read({ sql: `SELECT COUNT(*) AS number FROM ${table}` }, []);
		return Number(row?.["number"]);
	};
	while ((await count()) === 0) await new Promise((done) => setImmediate(done));
	child.kill("SIGKILL");
	assert.equal(await ended, "SIGKILL");
	const rows = await count();
	await engine.close();
	return rows;
}

/** Does one thing to a database that nobody serves. */
async function change(url: string, ...statements: readonly string[]): Promise<void> {
	const engine = await openEngine(url);
	await engine.define(statements);
	await engine.close();
}

test("a copy that is killed midway is served by nobody, goes on, and is whole", async () => {
	await using opened = new AsyncDisposableStack();
	let target: Database;
	let rows: number;
	// On a slow machine a table may be all there before anybody has seen some of it: then this shows nothing, yet.
	do {
		target = opened.use(await openDatabase());
		rows = await copyAndKill(target.url, "access_tokens");
	} while (rows === TOKENS);
	assert.ok(rows > 0 && rows < TOKENS, `${rows} of ${TOKENS} rows were there`);
	const unfinished = /is not all there: give the same command again, and it goes on\.$/;
	await assert.rejects(openHouse(undefined, { databaseUrl: target.url }), unfinished);
	assert.match((await run(target.url, "customer list")).notes, unfinished);

	const { tables } = await runJson(source, `copy --to ${target.url}`);
	const copied = await readAll(target.url);
	assert.deepEqual(copied, await readAll(source));
	for (const { table, rows: number } of tables) assert.equal(number, copied[table]?.length, table);

	await using house = await openHouse(undefined, { databaseUrl: target.url });
	const input = { email: emailOf(7), password: PASSWORD };
	const { data } = await house.ask(SIGN_IN, { input });
	assert.ok(data.customerAccessTokenCreate.customerAccessToken);
});

test("a copy does not go on over rows that are not the source's", async () => {
	await using target = await openDatabase();
	await copyAndKill(target.url, "access_tokens");
	await change(target.url, "UPDATE customers SET first_name = 'Eve' WHERE id = 1");
	const { code, notes } = await run(source, `copy --to ${target.url}`);
	assert.equal(code, 1);
	assert.match(notes, /The target has other rows in customers than the source: begin anew/);
});

const SPOIL = IS_POSTGRES
	? [
			`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN NEW.zip = 'spoilt'; RETURN NEW; END $$`,
			"CREATE TRIGGER spoil BEFORE INSERT ON addresses FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION spoil()",
		]
	: [
			`CREATE TRIGGER spoil AFTER INSERT ON addresses WHEN NEW.id = 2
			BEGIN UPDATE addresses SET zip = 'spoilt' WHERE customer_id = NEW.customer_id AND id = NEW.id; END`,
		];

test("one value of one row that is otherwise in the target is found, and the target is not served", async () => {
	await using target = await openDatabase();
	const engine = await openEngine(target.url);
	await migrate(engine);
	await engine.define(SPOIL);
	await engine.close();
	const { code, out, notes } = await run(source, `copy --to ${target.url}`);
	assert.deepEqual([code, out], [1, ""]);
	assert.match(notes, /What was copied into addresses is not what the source has/);
	await assert.rejects(openHouse(undefined, { databaseUrl: target.url }), /is not all there/);
});
