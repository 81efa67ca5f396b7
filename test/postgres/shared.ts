// One PostgreSQL server for all tests of a run (test/run.ts starts it), or for those of a file that runs by itself.
import type { Database } from "../house.ts";
import { PostgresServer } from "./server.ts";

/** Where the server of the whole run is. */
export const SERVER_VARIABLE = "LATCHKEY_TEST_POSTGRES";

let server: Promise<string> | null = null;
let count = 0;
/** Schemas that a test has let go of, migrated and empty: to make one anew takes ten times as long. */
const emptied: string[] = [];

/** An empty schema of its own: for Latchkey a database. */
export async function openSchema(): Promise<Database> {
	server ??= findServer();
	const url = await server;
	const name = emptied.pop() ?? `s${process.pid}_${++count}`;
	await ask(url, `CREATE SCHEMA IF NOT EXISTS ${name}`);
	return {
		url: `${url}?options=${encodeURIComponent(`-c search_path=${name}`)}`,
		[Symbol.asyncDispose]: async () => {
			try {
				await ask(url, `SET search_path = ${name}; TRUNCATE ${await listTables(url, name)} RESTART IDENTITY`);
				emptied.push(name);
			} catch {
				// A test took it apart.
				await ask(url, `DROP SCHEMA ${name} CASCADE`);
			}
		},
	};
}

async function findServer(): Promise<string> {
	const given = process.env[SERVER_VARIABLE];
	if (given !== undefined) return given;
	const own = await PostgresServer.start({ max_connections: "400" });
	// A file of tests ends by itself, and this with it.
	process.once("exit", () => process.kill(own.pid, "SIGKILL"));
	own.unref();
	return own.url;
}

/** All but the migrations. */
async function listTables(url: string, schema: string): Promise<string> {
	const [row] = await ask(
		url,
		`SELECT string_agg(tablename, ', ') AS tables
		FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> 'migrations'`,
	);
	return String(row?.["tables"]);
}

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
	const { Client } = await import("pg");
	const client = new Client({ connectionString: url });
	await client.connect();
	try {
		const result = await client.query(sql);
		return result.rows;
	} finally {
		await client.end();
	}
}
