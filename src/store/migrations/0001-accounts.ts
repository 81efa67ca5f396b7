// Shops, their keys, their customers and the customers' access tokens.
import type { Dialect } from "../engine.ts";

export const name = "0001-accounts";

export function statements({ integer, clustered }: Dialect): readonly string[] {
	return [
		`CREATE TABLE shops (
			id ${integer} NOT NULL PRIMARY KEY,
			name TEXT NOT NULL,
			description TEXT,
			url TEXT NOT NULL,
			host TEXT NOT NULL UNIQUE,
			country TEXT NOT NULL,
			language TEXT NOT NULL,
			currency TEXT NOT NULL,
			created_at ${integer} NOT NULL
		)`,
		`CREATE TABLE api_keys (
			digest TEXT NOT NULL PRIMARY KEY,
			id ${integer} NOT NULL UNIQUE,
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			kind TEXT NOT NULL,
			title TEXT NOT NULL,
			scopes TEXT NOT NULL,
			created_at ${integer} NOT NULL
		) ${clustered}`,
		`CREATE TABLE customers (
			id ${integer} NOT NULL PRIMARY KEY,
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			email TEXT,
			email_key TEXT,
			phone TEXT,
			first_name TEXT,
			last_name TEXT,
			accepts_marketing ${integer} NOT NULL,
			state TEXT NOT NULL,
			password_hash TEXT,
			created_at ${integer} NOT NULL,
			updated_at ${integer} NOT NULL,
			UNIQUE (shop_id, email_key),
			UNIQUE (shop_id, phone)
		)`,
		`CREATE TABLE access_tokens (
			digest TEXT NOT NULL PRIMARY KEY,
			id ${integer} NOT NULL,
			customer_id ${integer} NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
			created_at ${integer} NOT NULL,
			expires_at ${integer} NOT NULL
		) ${clustered}`,
		"CREATE INDEX access_tokens_by_customer ON access_tokens (customer_id)",
	];
}
