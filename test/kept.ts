// All that a database keeps, as bytes to be searched: what is in its files, those of a write-ahead log among them.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Of a URL as `openDatabase` gives it. On PostgreSQL also each row as text: in its files long values are compressed. */
export async function readKept(url: string): Promise<Buffer> {
	if (!url.startsWith("sqlite:")) return readSchema(url);
	const file = url.slice("sqlite:".length);
	const names = readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file)));
	return Buffer.concat(names.map((name) => readFileSync(join(dirname(file), name))));
}

const FILES = `SELECT current_setting('data_directory') || '/' || pg_relation_filepath(kept.oid) AS path
	FROM pg_class AS owner JOIN pg_class AS kept ON kept.oid IN (owner.oid, owner.reltoastrelid)
	WHERE owner.relnamespace = current_schema()::regnamespace AND pg_relation_filepath(kept.oid) IS NOT NULL`;
const TABLES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()";

async function readSchema(url: string): Promise<Buffer> {
	const { Client } = await import("pg");
	const client = new Client({ connectionString: url });
	await client.connect();
	try {
		await client.query("CHECKPOINT");
		const parts = (await client.query(FILES)).rows.map(({ path }) => readFileSync(path));
		for (const { name } of (await client.query(TABLES)).rows) {
			const { rows } = await client.query(`SELECT kept::text AS row FROM ${name} AS kept`);
			parts.push(...rows.map(({ row }) => Buffer.from(row)));
		}
		return Buffer.concat(parts);
	} finally {
		await client.end();
	}
}
