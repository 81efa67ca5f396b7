// Fills a database file with customers and tokens, straight into the tables: five tokens and two addresses a customer,
// the second of them the default.

import { hash } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { startApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { createPasswords } from "../src/secrets/password.ts";
import { STOREFRONT_TOKEN } from "./operations.ts";

export const TOKENS_PER_CUSTOMER = 5;
export const PASSWORD = "bench password";

/** The same secret for the same number, on every run. */
export function tokenSecret(index: number): string {
	return hash("sha256", `bench ${index}`).slice(0, 48);
}

export function emailOf(customer: number): string {
	return `customer-${customer}@example.com`;
}

/** Does nothing when the file is there already. */
export async function seed(path: string, tokens: number): Promise<void> {
	if (existsSync(path)) return;
	const unfinished = `${path}.unfinished`;
	rmSync(unfinished, { force: true });
	const config = readConfig({}, { databaseUrl: `sqlite:${unfinished}`, port: "0", logLevel: "silent" });
	const keys = { storefrontAccessToken: STOREFRONT_TOKEN, privateAccessToken: null, adminAccessToken: null };
	const app = await startApp(config, keys, true);
	await app.close();

	const passwordHash = await createPasswords({ memoryKib: 19_456, passes: 2 }, 0).hash(PASSWORD);
	const database = new DatabaseSync(unfinished);
	database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; BEGIN");
	const now = Math.floor(Date.now() / 1000);
	const customer = database.prepare(
		`INSERT INTO customers (id, shop_id, email, email_key, first_name, last_name, accepts_marketing, state,
			password_hash, default_address_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, 'Ada', 'Lovelace', 1, 'enabled', ?, ?, ?, ?)`,
	);
	const address = database.prepare(
		`INSERT INTO addresses (customer_id, id, first_name, last_name, address1, city, province, country, zip)
		VALUES (?, ?, 'Ada', 'Lovelace', ?, 'Ottawa', 'ON', 'CA', 'K2P 1L4')`,
	);
	const customers = Math.ceil(tokens / TOKENS_PER_CUSTOMER);
	for (let i = 0; i < customers; i++) {
		const [older, newer] = [2 * i + 1, 2 * i + 2];
		customer.run(i + 1, app.shop.id, emailOf(i), emailOf(i), passwordHash, newer, now, now);
		address.run(i + 1, older, `${older} Elgin Street`);
		address.run(i + 1, newer, `${newer} Elgin Street`);
	}
	const token = database.prepare(
		"INSERT INTO access_tokens (digest, id, customer_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
	);
	// In the order of their digests, so that filling a large table stays quick.
	const rows = Array.from({ length: tokens }, (_, i) => ({
		i,
		digest: hash("sha256", tokenSecret(i), "base64url"),
	}));
	rows.sort((a, b) => (a.digest < b.digest ? -1 : 1));
	for (const { i, digest } of rows) {
		token.run(digest, i, 1 + (i % customers), now, now + 365 * 86_400);
	}
	database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	database.close();
	renameSync(unfinished, path);
}
