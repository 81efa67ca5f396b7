// One PostgreSQL server for all tests of a run (test/run.ts starts it), or for those of a file that runs by itself. What
// is a database to Latchkey is a schema there.
import { Pool } from "pg";
import { migrate } from "../../src/store/migrate.ts";
import { openEngine } from "../../src/store/store.ts";
import type { Database } from "../house.ts";
import { PostgresServer } from "./server.ts";

/** Where the server of the whole run is. */
export const SERVER_VARIABLE = "TEST_POSTGRES";

let server: Promise<Server> | null = null;
let count = 0;
/** Migrated schemas that a test has let go of, as empty as new: to make one anew takes ten times as long. */
const spare: string[] = [];

interface Server {
	readonly url: string;
	/** The first column of the first row. */
	ask(sql: string): Promise<unknown>;
}

/** An empty schema of its own. */
export async function openSchema(): Promise<Database> {
	const { url, ask } = await getServer();
	const name = await makeSchema();
	return { url: urlOf(url, name), [Symbol.asyncDispose]: async () => void (await ask(drop(name))) };
}

/** One with all tables in it, and without rows. */
export async function openMigratedSchema(): Promise<Database> {
	const { url, ask } = await getServer();
	let name = spare.pop();
	if (name === undefined) {
		name = await makeSchema();
		const engine = await openEngine(urlOf(url, name));
		await migrate(engine);
		await engine.close();
	}
	const form = await ask(formOf(name));
	return {
		url: urlOf(url, name),
		[Symbol.asyncDispose]: async () => {
			const isWhole = (await ask(formOf(name))) === form;
			// A test may have taken it apart.
			await ask(isWhole ? empty(name) : drop(name));
			if (isWhole) spare.push(name);
		},
	};
}

async function makeSchema(): Promise<string> {
	const name = `s${process.pid}_${++count}`;
	await (await getServer()).ask(`CREATE SCHEMA ${name}`);
	return name;
}

function getServer(): Promise<Server> {
	server ??= findServer();
	return server;
}

async function findServer(): Promise<Server> {
	const url = process.env[SERVER_VARIABLE] ?? (await startServer());
	const pool = new Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
	return {
		url,
		ask: async (text) => (await pool.query({ text, rowMode: "array" })).rows[0]?.[0],
	};
}

async function startServer(): Promise<string> {
	const own = await PostgresServer.start({ max_connections: "400" });
	// A file of tests ends by itself, and this with it.
	process.once("exit", () => process.kill(own.pid, "SIGKILL"));
	own.unref();
	return own.url;
}

function urlOf(url: string, schema: string): string {
	return `${url}?options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

function drop(schema: string): string {
	return `DROP SCHEMA ${schema} CASCADE`;
}

/** The columns, triggers and functions that it has, as one text. */
function formOf(schema: string): string {
	return `SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
		SELECT relname || attname AS part FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = '${schema}'::regnamespace AND NOT attisdropped
		UNION ALL
		SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE c.relnamespace = '${schema}'::regnamespace AND NOT tgisinternal
		UNION ALL
		SELECT proname FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace
	) AS parts`;
}

/** Quicker than TRUNCATE, which makes every file anew. */
function empty(schema: string): string {
	return `DO $$
		DECLARE name text;
		BEGIN
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> 'migrations'
			LOOP EXECUTE 'DELETE FROM ${schema}.' || name; END LOOP;
			PERFORM setval(pg_get_serial_sequence('${schema}.audit', 'id'), 1, false);
		END $$`;
}
