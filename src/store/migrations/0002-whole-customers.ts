// Addresses, tags and metafields of customers, one-time tokens, mails that wait, and what each shop chose for itself.
import type { Dialect } from "../engine.ts";

export const name = "0002-whole-customers";

export function statements({ integer, text, clustered }: Dialect): readonly string[] {
	const customer = `customer_id ${integer} NOT NULL REFERENCES customers (id) ON DELETE CASCADE`;
	return [
		`ALTER TABLE customers ADD COLUMN default_address_id ${integer}`,
		// 1 for a customer whom only Multipass has let in: no mail may give such an account a password.
		`ALTER TABLE customers ADD COLUMN multipass_only ${integer} NOT NULL DEFAULT 0`,
		`ALTER TABLE customers ADD COLUMN multipass_identifier ${text}`,
		// The operator's list: the newest of a shop, of each state.
		"CREATE INDEX customers_by_creation ON customers (shop_id, state, created_at, id)",
		"CREATE INDEX api_keys_by_shop ON api_keys (shop_id, created_at)",
		`CREATE TABLE addresses (
			${customer},
			id ${integer} NOT NULL,
			first_name ${text},
			last_name ${text},
			company ${text},
			address1 ${text},
			address2 ${text},
			city ${text},
			province ${text},
			country ${text},
			zip ${text},
			phone ${text},
			PRIMARY KEY (customer_id, id)
		) ${clustered}`,
		`CREATE TABLE tags (
			${customer},
			tag_key ${text} NOT NULL,
			tag ${text} NOT NULL,
			PRIMARY KEY (customer_id, tag_key)
		) ${clustered}`,
		`CREATE TABLE metafields (
			${customer},
			namespace ${text} NOT NULL,
			key ${text} NOT NULL,
			id ${integer} NOT NULL,
			type ${text} NOT NULL,
			value ${text} NOT NULL,
			description ${text},
			created_at ${integer} NOT NULL,
			updated_at ${integer} NOT NULL,
			PRIMARY KEY (customer_id, namespace, key)
		) ${clustered}`,
		// One for each customer and purpose: a newer one takes the older one's place.
		`CREATE TABLE one_time_tokens (
			${customer},
			purpose ${text} NOT NULL,
			digest ${text} NOT NULL,
			expires_at ${integer} NOT NULL,
			PRIMARY KEY (customer_id, purpose)
		) ${clustered}`,
		`CREATE TABLE spent_multipasses (
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			digest ${text} NOT NULL,
			expires_at ${integer} NOT NULL,
			PRIMARY KEY (shop_id, digest)
		) ${clustered}`,
		"CREATE INDEX spent_multipasses_by_end ON spent_multipasses (expires_at)",
		`CREATE TABLE outbox (
			id ${integer} NOT NULL PRIMARY KEY,
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			${customer},
			kind ${text} NOT NULL,
			recipient ${text} NOT NULL,
			language ${text} NOT NULL,
			attempts ${integer} NOT NULL,
			next_attempt_at ${integer},
			created_at ${integer} NOT NULL,
			ordinal ${integer} NOT NULL
		)`,
		"CREATE INDEX outbox_by_next_attempt ON outbox (next_attempt_at, ordinal)",
		"CREATE INDEX outbox_by_ordinal ON outbox (ordinal)",
		"CREATE INDEX outbox_by_customer ON outbox (customer_id, kind)",
		`CREATE TABLE shop_choices (
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			name ${text} NOT NULL,
			value ${text} NOT NULL,
			PRIMARY KEY (shop_id, name)
		) ${clustered}`,
		`CREATE TABLE mail_templates (
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			kind ${text} NOT NULL,
			language ${text} NOT NULL,
			subject ${text} NOT NULL,
			html ${text} NOT NULL,
			text ${text},
			PRIMARY KEY (shop_id, kind, language)
		) ${clustered}`,
	];
}
