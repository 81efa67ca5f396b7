// What was asked of an e-mail address while nobody is told who has an account, until it is carried out.
import type { Dialect } from "../engine.ts";

export const name = "0005-quiet-requests";

export function statements({ integer, text }: Dialect): readonly string[] {
	return [
		// From where, for the audit log; and what was typed of a new customer, or no e-mail address where a recovery was
		// asked for.
		`CREATE TABLE quiet_requests (
			id ${integer} NOT NULL PRIMARY KEY,
			shop_id ${integer} NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
			email_key ${text} NOT NULL,
			language ${text} NOT NULL,
			created_at ${integer} NOT NULL,
			address ${text},
			email ${text},
			phone ${text},
			first_name ${text},
			last_name ${text},
			accepts_marketing ${integer} NOT NULL
		)`,
		"CREATE INDEX quiet_requests_by_time ON quiet_requests (created_at, id)",
	];
}
