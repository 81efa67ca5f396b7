// From where each customer has signed in. What an owner's coming in does to the count of guesses happens with it.
import type { Seconds } from "../model.ts";
import { deleteAttempts, endRow } from "./attempts.ts";
import { ask, type Engine, type Steps, statement, transaction } from "./engine.ts";

const IS_KNOWN = statement(
	"SELECT seen_at FROM known_addresses WHERE customer_id = ? AND address = ? AND seen_at > ?",
);
const KEEP = statement(
	`INSERT INTO known_addresses (customer_id, address, seen_at) VALUES (?, ?, ?)
	ON CONFLICT (customer_id, address) DO UPDATE SET seen_at = excluded.seen_at`,
);
// The newest few are enough.
const FORGET_OLDEST = statement(
	`DELETE FROM known_addresses WHERE customer_id = ? AND address NOT IN
		(SELECT address FROM known_addresses WHERE customer_id = ? ORDER BY seen_at DESC, address LIMIT 16)`,
);

/** Whether the customer has signed in from the address since. */
export async function isKnownAddress(
	engine: Engine,
	customerId: number,
	address: string,
	since: Seconds,
): Promise<boolean> {
	return (await engine.read(IS_KNOWN, [customerId, address, since])).length > 0;
}

export interface OwnersEntry {
	readonly customerId: number;
	/** Known from now on; null where addresses are not counted. */
	readonly address: string | null;
	/** Of what was guessed in a row at this account, the row ends. */
	readonly rowOf: string;
	/** What was counted of these is forgotten. */
	readonly forgotten: readonly string[];
	readonly now: Seconds;
}

const LET_OWNER_IN = transaction("let owner in", function* (input: OwnersEntry): Steps<void> {
	const { customerId, address, now } = input;
	yield* endRow(input.rowOf);
	for (const subject of input.forgotten) yield* deleteAttempts(subject);
	if (address === null) return;
	yield ask(KEEP, [customerId, address, now]);
	yield ask(FORGET_OLDEST, [customerId, customerId]);
});

export function letOwnerIn(engine: Engine, entry: OwnersEntry): Promise<void> {
	return engine.write(LET_OWNER_IN, entry);
}
