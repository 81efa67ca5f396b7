// Backups are taken beside a server, and what is restored from them opens nothing that was shut since.
import assert from "node:assert/strict";
import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import type { Engine } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { DELETE, type House, openDatabase, openHouse, READ, SIGN_IN, SIGN_UP } from "../house.ts";
import { EMAIL, PASSWORD, redeem } from "../recovery/links.ts";
import { furnish, readAll, run, runJson } from "./full-house.ts";

/** A folder that goes with the test, and the name of a backup in it. */
function openFolder() {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-backup-"));
	return {
		file: join(folder, "house.backup"),
		folder,
		[Symbol.dispose]: () => rmSync(folder, { recursive: true }),
	};
}

async function isAlive(house: House, token: string): Promise<boolean> {
	return (await house.ask(READ, { t: token })).data.customer !== null;
}

async function canSignIn(house: House, email: string): Promise<boolean> {
	const { data } = await house.ask(SIGN_IN, { input: { email, password: PASSWORD } });
	return data.customerAccessTokenCreate.customerAccessToken !== null;
}

/** Changes the file by hand, as no command does. */
function edit(file: string, ...statements: readonly string[]): void {
	const database = new DatabaseSync(file);
	for (const sql of statements) database.exec(sql);
	database.close();
}

test("what ended after the backup does not come back, and everything else does", async () => {
	using place = openFolder();
	await using source = await openDatabase();
	await using target = await openDatabase();
	const { token, link, key } = await furnish(source.url);
	let kept: string;
	{
		await using house = await openHouse(undefined, { databaseUrl: source.url });
		kept = await house.signedIn("bob@example.com", PASSWORD);
		await runJson(source.url, `backup --to ${place.file}`);
		await house.ask(DELETE, { t: token });
		assert.equal(await isAlive(house, token), false);
		await runJson(source.url, `key revoke ${key.id}`);
	}
	const before = await readAll(source.url);

	const answer = await runJson(target.url, `restore --from ${place.file}`);
	assert.equal(answer.tokensEnded, true);
	assert.deepEqual(
		answer.keys.map(({ id, title }: { readonly id: string; readonly title: string }) => [id, title]),
		[[key.id, "web shop"]],
		"a key that opens again is named",
	);
	const restored = await readAll(target.url);
	for (const table of ["access_tokens", "one_time_tokens", "quiet_requests"]) {
		assert.deepEqual(restored[table], [], table);
	}
	assert.deepEqual(new Set(restored["outbox"]?.map(({ kind }) => kind)), new Set(["welcome"]));
	for (const table of [
		"customers",
		"addresses",
		"tags",
		"metafields",
		"shops",
		"slot_key",
		"mail_templates",
	]) {
		assert.deepEqual(restored[table], before[table], table);
	}
	await using house = await openHouse(undefined, { databaseUrl: target.url });
	assert.deepEqual([await isAlive(house, token), await isAlive(house, kept)], [false, false]);
	const spent = await redeem(house, link, "another password");
	assert.equal(spent.data.redeemed.customer, null);
	assert.deepEqual([await canSignIn(house, EMAIL), await canSignIn(house, "bob@example.com")], [true, true]);
});

test("told to keep tokens, a restore is everything as it was, links too", async () => {
	using place = openFolder();
	await using source = await openDatabase();
	await using target = await openDatabase();
	const { token, link } = await furnish(source.url);
	const before = await readAll(source.url);
	await runJson(source.url, `backup --to ${place.file}`);
	const answer = await runJson(target.url, `restore --from ${place.file} --keep-tokens`);
	assert.equal(answer.tokensEnded, false);
	assert.deepEqual(await readAll(target.url), before);
	await using house = await openHouse(undefined, { databaseUrl: target.url });
	assert.equal(await isAlive(house, token), true);
	const { data } = await redeem(house, link, "another password");
	assert.ok(data.redeemed.customerAccessToken);
});

test("under load, a backup has every customer who was told of an account before it began, each whole", async () => {
	using place = openFolder();
	await using source = await openDatabase();
	await using target = await openDatabase();
	await using house = await openHouse(undefined, { databaseUrl: source.url, limitSignUps: "off" });
	const acknowledged: string[] = [];
	let goesOn = true;
	const load = Array.from({ length: 8 }, async (_, client) => {
		for (let i = 0; goesOn; i++) {
			const email = `customer-${client}-${i}@example.com`;
			const { data } = await house.ask(SIGN_UP, { input: { email, password: PASSWORD } });
			if (data.customerCreate.customer) acknowledged.push(email);
		}
	});
	while (acknowledged.length < 100) await new Promise((done) => setImmediate(done));
	const due = [...acknowledged];
	await runJson(source.url, `backup --to ${place.file}`);
	goesOn = false;
	await Promise.all(load);
	assert.ok(acknowledged.length > due.length, "customers came while the backup was taken");

	await runJson(target.url, `restore --from ${place.file}`);
	const { customers = [], audit = [] } = await readAll(target.url);
	const there = new Set(customers.map(({ email }) => email));
	assert.deepEqual(
		due.filter((email) => !there.has(email)),
		[],
	);
	// Told of in the transaction that made them: both are there, or neither.
	const told = new Set(audit.filter(({ act }) => act === "signed-up").map(({ customer_id: id }) => id));
	assert.deepEqual(new Set(customers.map(({ id }) => id)), told);
});

test("a backup is one private file, replaces none, and is not served", async () => {
	using place = openFolder();
	await using source = await openDatabase();
	await using target = await openDatabase();
	const { token, link, key } = await furnish(source.url);
	const { takenAt } = await runJson(source.url, `backup --to ${place.file}`);
	assert.match(takenAt, /^\d{4}-\d\d-\d\dT/);
	assert.equal(statSync(place.file).mode & 0o777, 0o600);
	for (const suffix of ["-wal", "-shm", "-lock", "-journal", ".unfinished", ".unfinished-lock"]) {
		assert.equal(existsSync(place.file + suffix), false, suffix);
	}
	const bytes = readFileSync(place.file);
	for (const secret of [token, link.token, key.token]) assert.equal(bytes.includes(secret), false);
	const again = await run(source.url, `backup --to ${place.file}`);
	assert.deepEqual(
		[again.code, again.notes],
		[1, `${place.file} is there already: a backup replaces no file.`],
	);
	await assert.rejects(
		openHouse(undefined, { databaseUrl: `sqlite:${place.file}` }),
		/This file is a backup/,
	);
	assert.match((await run(`sqlite:${place.file}`, "customer list")).notes, /^This file is a backup/);
	await runJson(target.url, `restore --from ${place.file} --keep-tokens`);
	assert.deepEqual(await readAll(target.url), await readAll(source.url));
});

test("a restore goes into an empty database only", async () => {
	using place = openFolder();
	await using source = await openDatabase();
	await furnish(source.url);
	await runJson(source.url, `backup --to ${place.file}`);
	const before = await readAll(source.url);
	const { code, notes } = await run(source.url, `restore --from ${place.file}`);
	assert.equal(code, 1);
	assert.match(notes, /^The target has data already/);
	assert.deepEqual(await readAll(source.url), before);
});

test("a file that is missing, none of ours, cut short or changed by a single value is refused", async () => {
	using place = openFolder();
	await using source = await openDatabase();
	await using target = await openDatabase();
	await furnish(source.url);
	await runJson(source.url, `backup --to ${place.file}`);
	const bytes = readFileSync(place.file);
	const refuse = async (damage: () => void, sentence: RegExp) => {
		writeFileSync(place.file, bytes);
		damage();
		const { code, out, notes } = await run(target.url, `restore --from ${place.file}`);
		assert.deepEqual([code, out], [1, ""], notes);
		assert.match(notes, sentence);
	};
	await refuse(() => rmSync(place.file), /house\.backup is not there\.$/);
	await refuse(
		() => writeFileSync(place.file, "a text that is no database ".repeat(99)),
		/cannot be read as a database/,
	);
	await refuse(
		() => writeFileSync(place.file, bytes.subarray(0, bytes.length / 2)),
		/damaged|cannot be read/,
	);
	await refuse(() => edit(place.file, "DROP TABLE migrations"), /is no backup of Latchkey/);
	await refuse(
		() => edit(place.file, "UPDATE customers SET accepts_marketing = 1 - accepts_marketing"),
		/is not as it was written: customers has been changed/,
	);
	await refuse(() => edit(place.file, "DELETE FROM tags"), /is not as it was written: tags/);
	await refuse(
		() => edit(place.file, "INSERT INTO migrations VALUES ('9999-from-the-future')"),
		/made by a newer Latchkey \(migration 9999-from-the-future\)/,
	);
	writeFileSync(place.file, bytes);
	await runJson(target.url, `restore --from ${place.file}`);
});

/** As Latchkey 0.1.0 left it, with one shop in it. */
async function openOld(file: string): Promise<Engine> {
	const old = await openEngine(`sqlite:${file}`);
	const { name, statements } = await import("../../src/store/migrations/0001-accounts.ts");
	await old.define([
		"CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY)",
		...statements(old.dialect),
		`INSERT INTO migrations (name) VALUES ('${name}')`,
		"INSERT INTO shops VALUES (7, 'Old', NULL, 'https://old.example', 'old.example', 'US', 'EN', 'USD', 0)",
	]);
	return old;
}

test("a file of an older version is brought up to date on the way, and stays as it is", async () => {
	using place = openFolder();
	await using target = await openDatabase();
	const old = await openOld(place.file);
	await old.define(["INSERT INTO migrations (name) VALUES ('backup')"]);
	await old.close();
	const bytes = readFileSync(place.file);
	const { takenAt } = await runJson(target.url, `restore --from ${place.file}`);
	assert.equal(takenAt, null);
	assert.ok(readFileSync(place.file).equals(bytes));
	const [shop] = await runJson(target.url, "shop list");
	assert.deepEqual([shop.id, shop.name], ["7", "Old"]);
});

test("what a server of an older version had committed when it was killed comes back, be it in the log alone", async () => {
	using place = openFolder();
	await using target = await openDatabase();
	const running = join(place.folder, "running.db");
	const old = await openOld(running);
	// As it is on the disk in the midst of its work.
	for (const end of ["", "-wal"]) copyFileSync(running + end, place.file + end);
	await old.close();
	await runJson(target.url, `restore --from ${place.file}`);
	const [shop] = await runJson(target.url, "shop list");
	assert.deepEqual([shop.id, shop.name], ["7", "Old"]);
});
