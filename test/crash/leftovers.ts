// What a killed process left in its database: of a file a copy is looked at, so that the recovery stays the next
// process's own; a PostgreSQL server is asked when it has noticed that the process is gone.
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { whenSessionsEnded } from "../postgres/sessions.ts";

export interface Leftovers {
	/** What is found wrong with the database; empty for a sound one. */
	readonly faults: readonly string[];
	readonly customers: number;
	readonly accessTokens: number;
	/** Of SQLite's own log; 0 on PostgreSQL, whose log is the server's. */
	readonly walBytes: number;
}

export async function inspectLeftovers(url: string): Promise<Leftovers> {
	try {
		return await (url.startsWith("sqlite:") ? inspectFile(url.slice("sqlite:".length)) : inspectSchema(url));
	} catch (error) {
		return { faults: [String(error)], customers: 0, accessTokens: 0, walBytes: 0 };
	}
}

function inspectFile(file: string): Leftovers {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-leftovers-"));
	try {
		const copy = join(folder, "copy.db");
		for (const suffix of ["", "-wal"]) {
			if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
		}
		const walBytes = existsSync(`${copy}-wal`) ? statSync(`${copy}-wal`).size : 0;
		using database = new DatabaseSync(copy);
		const integrity = database.prepare("PRAGMA integrity_check").all().flatMap(Object.values).map(String);
		const orphans = database.prepare("PRAGMA foreign_key_check").all();
		const faults = integrity.filter((line) => line !== "ok");
		if (orphans.length > 0) faults.push(`${orphans.length} rows refer to nothing`);
		const count = (table: string) =>
			Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
		return { faults, customers: count("customers"), accessTokens: count("access_tokens"), walBytes };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const COUNT = `SELECT
	(SELECT count(*)::int FROM customers) AS customers,
	(SELECT count(*)::int FROM access_tokens) AS tokens,
	(SELECT count(*)::int FROM access_tokens t WHERE NOT EXISTS (
		SELECT 1 FROM customers c WHERE c.id = t.customer_id
	)) AS orphans`;

async function inspectSchema(url: string): Promise<Leftovers> {
	await whenSessionsEnded(url);
	const client = new Client({ connectionString: url });
	await client.connect();
	try {
		const [row] = (await client.query(COUNT)).rows;
		const faults = row.orphans > 0 ? [`${row.orphans} tokens refer to nothing`] : [];
		return { faults, customers: row.customers, accessTokens: row.tokens, walBytes: 0 };
	} finally {
		await client.end();
	}
}
