// What was tried how often, and from where each customer has signed in: the limits on guessing.
import type { Dialect } from "../engine.ts";

export const name = "0003-attempts";

export function statements({ integer, text, clustered }: Dialect): readonly string[] {
	return [
		`CREATE TABLE attempts (
			subject ${text} NOT NULL PRIMARY KEY,
			times ${text} NOT NULL,
			in_a_row ${integer} NOT NULL,
			ends_at ${integer} NOT NULL
		) ${clustered}`,
		"CREATE INDEX attempts_by_end ON attempts (ends_at)",
		`CREATE TABLE slot_key (
			id ${integer} NOT NULL PRIMARY KEY,
			secret ${text} NOT NULL
		)`,
		`CREATE TABLE known_addresses (
			customer_id ${integer} NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
			address ${text} NOT NULL,
			seen_at ${integer} NOT NULL,
			PRIMARY KEY (customer_id, address)
		) ${clustered}`,
	];
}
