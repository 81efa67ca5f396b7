// Who does, for some time, what one process is enough for.
import type { Dialect } from "../engine.ts";

export const name = "0006-leases";

export function statements({ integer, text, clustered }: Dialect): readonly string[] {
	return [
		// The position is how far the work has come, in its own words.
		`CREATE TABLE leases (
			name ${text} NOT NULL PRIMARY KEY,
			holder ${text} NOT NULL,
			ends_at ${integer} NOT NULL,
			position ${text} NOT NULL
		) ${clustered}`,
	];
}
