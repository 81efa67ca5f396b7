// Shops, their keys, their customers and the customers' access tokens.
import type { Dialect } from "../engine.ts";

export const name = "0001-accounts";

export function statements({ integer, text, clustered }: Dialect): readonly string[] {
	return [
		`CREATE TABLE shops (
			id ${integer} NOT NULL PRIMARY KEY,
			name ${text} NOT NULL,
			description ${text},
			url ${text} NOT NULL,
			host ${text} NOT NULL UNIQUE,
			country ${text} NOT NULL,
			language ${text} NOT NULL,
			currency ${text} NOT NULL,
			created_at ${integer} NOT NULL
		)`,
		`CREATE TABLE api_keys (
			digest ${text} NOT NULL PRIMARY KEY,
			id ${integer} NOT NULL UNIQUE,
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			kind ${text} NOT NULL,
			title ${text} NOT NULL,
			scopes ${text} NOT NULL,
			created_at ${integer} NOT NULL
		) ${clustered}`,
		`CREATE TABLE customers (
			id ${integer} NOT NULL PRIMARY KEY,
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			email ${text},
			email_key ${text},
			phone ${text},
			first_name ${text},
			last_name ${text},
			accepts_marketing ${integer} NOT NULL,
			state ${text} NOT NULL,
			password_hash ${text},
			created_at ${integer} NOT NULL,
			updated_at ${integer} NOT NULL,
			UNIQUE (shop_id, email_key),
			UNIQUE (shop_id, phone)
		)`,
		`CREATE TABLE access_tokens (
			digest ${text} NOT NULL PRIMARY KEY,
			id ${integer} NOT NULL,
			customer_id ${integer} NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
			created_at ${integer} NOT NULL,
			expires_at ${integer} NOT NULL
		) ${clustered}`,
		"CREATE INDEX access_tokens_by_customer ON access_tokens (customer_id)",
	];
}
