// row ⇄ AuditEntry. An act is put here in the transaction that does it: both are there, or neither. Rows are never
// changed, and what was committed is deleted only by its age.
import type { Act, Actor, AuditEntry, Origin, Seconds } from "../model.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";

/** Of one customer so many entries of one kind are kept in a day: more would say nothing new, and fill the disk. */
const MOST_A_DAY = 100;
/** What lets somebody in, or changes what does, is told of each time. */
const ALWAYS: ReadonlySet<Act> = new Set<Act>([
	"signed-up",
	"signed-in",
	"signed-in-by-multipass",
	"password-reset",
	"activated",
	"password-changed",
	"email-changed",
]);
const DAY_SECONDS = 86_400;

const COLUMNS = "shop_id, customer_id, at, act, actor, address, detail";
const PUT = statement(`INSERT INTO audit (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`);
const COUNT_ALIKE = statement(
	`SELECT COUNT(*) AS number FROM (
		SELECT id FROM audit WHERE shop_id = ? AND customer_id = ? AND at > ? AND act = ? LIMIT ${MOST_A_DAY}
	) AS alike`,
);
const TAKE_BACK = statement("DELETE FROM audit WHERE id = ?");
const DELETE_ALL = statement("DELETE FROM audit");
const FIND_TIME = statement("SELECT at FROM audit WHERE id = ? AND shop_id = ?");

/** Who acts, and whether that is recorded. */
export interface Recording extends Origin {
	readonly isRecorded: boolean;
}

export const BY_OPERATOR: Recording = { actor: "operator", address: null, isRecorded: true };

export interface NewEntry {
	readonly shopId: number;
	/** Null for what is done to the shop itself. */
	readonly customerId: number | null;
	readonly now: Seconds;
	readonly act: Act;
	readonly origin: Recording;
	/** Ids and names, never what was typed. */
	readonly detail?: string | null;
}

/** An access token, as `detail` names it. */
export function sayToken(id: number): string {
	return `token ${id}`;
}

/** Inside the transaction that does it, behind everything that could refuse it. */
export function* putAct(entry: NewEntry): Steps<void> {
	if (entry.origin.isRecorded && !(yield* isOneTooMany(entry))) yield* insert(entry);
}

const PUT_REFUSAL = transaction(
	"put refusal",
	function* (input: { readonly entry: NewEntry; readonly isOfNobody: boolean }): Steps<void> {
		const { entry, isOfNobody } = input;
		const isTooMany = yield* isOneTooMany(entry);
		const id = yield* insert(entry);
		if (isTooMany || isOfNobody) yield ask(TAKE_BACK, [id]);
	},
);

/**
 * Puts an act that nothing else came of. `isOfNobody` leaves no entry, by the same work: whoever waits for it cannot
 * tell whether there was somebody.
 */
export async function putRefusal(engine: Engine, entry: NewEntry, isOfNobody: boolean): Promise<void> {
	if (entry.origin.isRecorded) await engine.write(PUT_REFUSAL, { entry, isOfNobody });
}

/** The operator's acts are all kept. */
function* isOneTooMany({ shopId, customerId, now, act, origin }: NewEntry): Steps<boolean> {
	if (origin.actor === "operator" || ALWAYS.has(act)) return false;
	const [row] = yield ask(COUNT_ALIKE, [shopId, customerId, now - DAY_SECONDS, act]);
	return Number(row?.["number"]) >= MOST_A_DAY;
}

function* insert({ shopId, customerId, now, act, origin, detail = null }: NewEntry): Steps<number> {
	const values = [shopId, customerId, now, act, origin.actor, origin.address, detail];
	const [row] = yield ask(PUT, values);
	return Number(row?.["id"]);
}

export async function forgetAllActs(engine: Engine): Promise<void> {
	await engine.change(DELETE_ALL, []);
}

function listOf(whose: string) {
	const list = (which: string) =>
		statement(
			`SELECT id, ${COLUMNS} FROM audit WHERE ${whose} AND at >= ? AND (at, id) < (?, ?) ${which}
			ORDER BY at DESC, id DESC LIMIT ?`,
		);
	return { all: list(""), ofAct: list("AND act = ?") };
}

const OF_SHOP = listOf("shop_id = ?");
const OF_CUSTOMER = listOf("shop_id = ? AND customer_id = ?");

export interface ActsRequest {
	readonly shopId: number;
	/** Null for every customer, and for the shop itself. */
	readonly customerId: number | null;
	/** Null for every act. */
	readonly act: Act | null;
	readonly since: Seconds;
	/** The id of the entry after which the page begins; null for the first page. */
	readonly after: number | null;
	readonly limit: number;
}

/** Newest first. Null when the shop has no entry with the id of `after`. */
export async function listActs(
	engine: Engine,
	{ shopId, customerId, act, since, after, limit }: ActsRequest,
): Promise<readonly AuditEntry[] | null> {
	const [place] = after === null ? [START] : await engine.read(FIND_TIME, [after, shopId]);
	if (!place) return null;
	const list = customerId === null ? OF_SHOP : OF_CUSTOMER;
	const values = [
		shopId,
		...(customerId === null ? [] : [customerId]),
		since,
		Number(place["at"]),
		after ?? 0,
	];
	const rows = await (act === null
		? engine.read(list.all, [...values, limit])
		: engine.read(list.ofAct, [...values, act, limit]));
	return rows.map(toEntry);
}

/** Before the newest. */
const START = { at: Number.MAX_SAFE_INTEGER };

function toEntry(row: Row): AuditEntry {
	return {
		id: Number(row["id"]),
		shopId: Number(row["shop_id"]),
		customerId: row["customer_id"] as number | null,
		at: Number(row["at"]),
		act: row["act"] as Act,
		actor: row["actor"] as Actor,
		address: row["address"] as string | null,
		detail: row["detail"] as string | null,
	};
}
