// Fills a PostgreSQL database with the customers and tokens that `seed.ts` puts into a file, in the database itself.
import { Client } from "pg";
import { startApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { createPasswords } from "../src/secrets/password.ts";
import type { PostgresServer } from "../test/postgres/server.ts";
import { STOREFRONT_TOKEN } from "./operations.ts";
import { PASSWORD, TOKENS_PER_CUSTOMER } from "./seed.ts";

/** Makes a database of so many tokens; gives its URL. */
export async function seedPostgres(server: PostgresServer, tokens: number): Promise<string> {
	const name = `bench_${tokens}`;
	await server.ask(`CREATE DATABASE ${name}`);
	const url = `postgres://${server.authority}/${name}`;
	const config = readConfig({}, { databaseUrl: url, port: "0", logLevel: "silent" });
	const keys = { storefrontAccessToken: STOREFRONT_TOKEN, privateAccessToken: null, adminAccessToken: null };
	const app = await startApp(config, keys, true);
	await app.close();

	const passwordHash = await createPasswords({ memoryKib: 19_456, passes: 2 }, 0).hash(PASSWORD);
	const customers = Math.ceil(tokens / TOKENS_PER_CUSTOMER);
	const now = Math.floor(Date.now() / 1000);
	const client = new Client({ connectionString: url });
	await client.connect();
	const ofCustomer = "access_tokens_by_customer";
	const { rows } = await client.query(`SELECT indexdef FROM pg_indexes WHERE indexname = '${ofCustomer}'`);
	// Without checks of references, and the second index at the end: it takes a third of the time.
	await client.query(
		`SET session_replication_role = replica; SET work_mem = '1GB'; SET maintenance_work_mem = '1GB';
		DROP INDEX ${ofCustomer};
		INSERT INTO customers (id, shop_id, email, email_key, first_name, last_name, accepts_marketing, state,
			password_hash, default_address_id, created_at, updated_at)
		SELECT i + 1, ${app.shop.id}, email, email, 'Ada', 'Lovelace', 1, 'enabled', '${passwordHash}', 2 * i + 2,
			${now}, ${now}
		FROM generate_series(0, ${customers - 1}) i, concat('customer-', i, '@example.com') email;
		INSERT INTO addresses (customer_id, id, first_name, last_name, address1, city, province, country, zip)
		SELECT (i + 1) / 2, i, 'Ada', 'Lovelace', i || ' Elgin Street', 'Ottawa', 'ON', 'CA', 'K2P 1L4'
		FROM generate_series(1, ${2 * customers}) i;
		INSERT INTO access_tokens (digest, id, customer_id, created_at, expires_at)
		SELECT digest, i, 1 + i % ${customers}, ${now}, ${now + 365 * 86_400}
		FROM generate_series(0, ${tokens - 1}) i, ${sha256("'bench ' || i")} secret,
			${sha256("substr(encode(secret, 'hex'), 1, 48)")} sum,
			rtrim(translate(encode(sum, 'base64'), '+/', '-_'), '=') digest
		ORDER BY digest COLLATE "C";
		${rows[0]?.indexdef}`,
	);
	await client.query("VACUUM ANALYZE");
	await client.query("CHECKPOINT");
	await client.end();
	return url;
}

function sha256(text: string): string {
	return `sha256(convert_to(${text}, 'UTF8'))`;
}

interface TableSize {
	readonly table: string;
	readonly rows: number;
	/** With its indexes. */
	readonly bytes: number;
	readonly indexBytes: number;
}

/** Of the tables that were filled. */
export async function sizesOf(url: string): Promise<readonly TableSize[]> {
	const client = new Client({ connectionString: url });
	await client.connect();
	const { rows } = await client.query(
		`SELECT relname, reltuples, pg_total_relation_size(oid) AS bytes, pg_indexes_size(oid) AS index_bytes
		FROM pg_class WHERE relname IN ('customers', 'addresses', 'access_tokens') ORDER BY relname`,
	);
	await client.end();
	return rows.map((row) => ({
		table: String(row.relname),
		rows: Number(row.reltuples),
		bytes: Number(row.bytes),
		indexBytes: Number(row.index_bytes),
	}));
}
