// Who did what to which customer, from where. A row refers to no other table: it outlives the customer.
import type { Dialect } from "../engine.ts";

export const name = "0004-audit";

export function statements({ integer, text, counter, forbidUpdates }: Dialect): readonly string[] {
	return [
		`CREATE TABLE audit (
			id ${counter} NOT NULL PRIMARY KEY,
			shop_id ${integer} NOT NULL,
			customer_id ${integer},
			at ${integer} NOT NULL,
			act ${text} NOT NULL,
			actor ${text} NOT NULL,
			address ${text},
			detail ${text}
		)`,
		// With the act, so that entries of other acts are passed over, and those of one counted, in the index alone.
		"CREATE INDEX audit_by_customer ON audit (shop_id, customer_id, at, id, act)",
		"CREATE INDEX audit_by_shop ON audit (shop_id, at, id, act)",
		"CREATE INDEX audit_by_age ON audit (at)",
		// How old a row must be to be deleted is a setting, which the database does not know: that no younger one is deleted
		// is kept by what store/audit.ts deletes.
		...forbidUpdates("audit"),
	];
}
