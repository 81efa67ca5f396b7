// Removes what is over, a few rows at a time and never inside anybody's transaction: what is found by its end through an
// index, and tokens, whose ends have none, by a walk along their keys. A step costs the same however many rows there are.
import type { Seconds } from "../model.ts";
import { type Engine, statement, type Value } from "./engine.ts";

/** Rows that one statement removes by their end. */
const BATCH = 100;
/** Rows that one step of a walk looks at. */
const STEP = 200;

function endsOf(table: string, key: string, end: string) {
	const some = `SELECT ${key} FROM ${table} WHERE ${end} <= ? ORDER BY ${end} LIMIT ${BATCH}`;
	return {
		find: statement(`SELECT ${end} FROM ${table} WHERE ${end} <= ? LIMIT 1`),
		// The end once more: a row that was given a later one since it was found stays.
		remove: statement(`DELETE FROM ${table} WHERE (${key}) IN (${some}) AND ${end} <= ? RETURNING ${end}`),
	};
}

const ATTEMPTS = endsOf("attempts", "subject", "ends_at");
const MULTIPASSES = endsOf("spent_multipasses", "shop_id, digest", "expires_at");
const ACTS = endsOf("audit", "id", "at");

/** Which rows are over. */
export interface Ended {
	/** By the clock that attempts and Multipass tokens were written with. */
	readonly now: Seconds;
	/** Acts of this moment and before are too old; null where they are kept. */
	readonly actsUntil: Seconds | null;
}

/** Removes some of each kind; gives how many. Where there are none it is a question, and no commit. */
export async function removeEnded(engine: Engine, { now, actsUntil }: Ended): Promise<number> {
	const kinds = [
		{ ...ATTEMPTS, until: now },
		{ ...MULTIPASSES, until: now },
		...(actsUntil === null ? [] : [{ ...ACTS, until: actsUntil }]),
	];
	const removed = await Promise.all(
		kinds.map(async ({ find, remove, until }) => {
			if ((await engine.read(find, [until])).length === 0) return 0;
			return (await engine.change(remove, [until, until])).length;
		}),
	);
	return removed.reduce((sum, count) => sum + count, 0);
}

// An index by their end would have every renewal write twice.
function walkOf(table: string, key: string, first: Value) {
	const step = `SELECT ${key} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${STEP}`;
	return {
		table,
		first,
		look: statement(
			`SELECT reached, (
				SELECT COUNT(*) FROM ${table} WHERE ${key} > ? AND ${key} <= reached AND expires_at <= ?
			) AS ended
			FROM (SELECT MAX(${key}) AS reached FROM (${step}) AS step) AS step_end`,
		),
		remove: statement(
			`DELETE FROM ${table} WHERE ${key} > ? AND ${key} <= ? AND expires_at <= ? RETURNING expires_at`,
		),
	};
}

/** In this order, and from the beginning again. */
const WALKS = [walkOf("access_tokens", "digest", ""), walkOf("one_time_tokens", "customer_id", 0)] as const;

export interface Walked {
	readonly removed: number;
	/** Where to go on: the table and the last key that was looked at; empty for the beginning. */
	readonly position: string;
}

/** One step along the tokens: removes, of some hundred, those that ended by then. */
export async function walkTokens(engine: Engine, position: string, endedBy: Seconds): Promise<Walked> {
	const [table = "", key] = position.split(" ");
	const at = Math.max(
		0,
		WALKS.findIndex((walk) => walk.table === table),
	);
	const { first, look, remove } = WALKS[at] as (typeof WALKS)[number];
	const from = key === undefined ? first : typeof first === "number" ? Number(key) : key;
	const [seen] = await engine.read(look, [from, endedBy, from]);
	const reached = seen?.["reached"] ?? null;
	if (reached === null) return { removed: 0, position: WALKS[at + 1]?.table ?? "" };
	const isAnyOver = Number(seen?.["ended"]) > 0;
	const removed = isAnyOver ? (await engine.change(remove, [from, reached, endedBy])).length : 0;
	return { removed, position: `${WALKS[at]?.table} ${reached}` };
}
