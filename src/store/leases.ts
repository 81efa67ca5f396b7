// row ⇄ Lease: which process does what one is enough for, until when, and how far it has come.
import type { Seconds } from "../model.ts";
import { type Engine, statement } from "./engine.ts";

const FIND = statement("SELECT holder, ends_at FROM leases WHERE name = ?");
// Who takes it over goes on where the one before had come to; who has it says where that is.
const TAKE = statement(
	`INSERT INTO leases (name, holder, ends_at, position) VALUES (?, ?, ?, ?)
	ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at,
		position = CASE WHEN leases.holder = excluded.holder THEN excluded.position ELSE leases.position END
	WHERE leases.holder = excluded.holder OR leases.ends_at <= ?
	RETURNING position`,
);

export interface Lease {
	/** Of the work. */
	readonly name: string;
	readonly holder: string;
	/** By the clock of the database. */
	readonly endsAt: Seconds;
	/** How far the holder has come; empty for the beginning. */
	readonly position: string;
}

/**
 * Takes the lease when nobody has it, or has it longer when it is the holder's own. Gives the position to go on from;
 * null while somebody else has it, which costs no commit.
 */
export async function takeLease(engine: Engine, lease: Lease, now: Seconds): Promise<string | null> {
	const { name, holder, endsAt, position } = lease;
	const [found] = await engine.read(FIND, [name]);
	if (found && found["holder"] !== holder && Number(found["ends_at"]) > now) return null;
	const [taken] = await engine.change(TAKE, [name, holder, endsAt, position, now]);
	return taken ? String(taken["position"]) : null;
}
