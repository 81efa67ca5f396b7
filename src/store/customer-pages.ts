// The customers of a shop, a page at a time. A page costs the same however many customers there are.
import type { Customer, CustomerState } from "../model.ts";
import { CUSTOMER_COLUMNS, toCustomer } from "./customers.ts";
import { type Engine, statement } from "./engine.ts";

const FIND_PLACE = statement("SELECT created_at, id FROM customers WHERE id = ? AND shop_id = ?");
// Two questions and not one on (created_at, id): SQLite would look at every customer of the second to answer that.
const LIST_SAME_SECOND = statement(
	`SELECT ${CUSTOMER_COLUMNS} FROM customers c
	WHERE c.shop_id = ? AND c.state = ? AND c.created_at = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?`,
);
const LIST_EARLIER = statement(
	`SELECT ${CUSTOMER_COLUMNS} FROM customers c
	WHERE c.shop_id = ? AND c.state = ? AND c.created_at < ? ORDER BY c.created_at DESC, c.id DESC LIMIT ?`,
);

export interface PageRequest {
	readonly shopId: number;
	readonly states: readonly CustomerState[];
	/** The id of the customer after whom the page begins; null for the first page. */
	readonly after: number | null;
	readonly limit: number;
}

/** Newest first. Null when the shop has no customer with the id of `after`. */
export async function listCustomers(
	engine: Engine,
	{ shopId, states, after, limit }: PageRequest,
): Promise<readonly Customer[] | null> {
	const place = after === null ? [START] : await engine.read(FIND_PLACE, [after, shopId]);
	const [last] = place;
	if (!last) return null;
	const [createdAt, id] = [Number(last["created_at"]), Number(last["id"])];
	// The index is by state first, so that each state's newest are at hand; the newest of all are among them.
	const pages = await Promise.all(
		states.flatMap((state) => [
			engine.read(LIST_SAME_SECOND, [shopId, state, createdAt, id, limit]),
			engine.read(LIST_EARLIER, [shopId, state, createdAt, limit]),
		]),
	);
	return pages
		.flatMap((rows) => rows.map(toCustomer))
		.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id)
		.slice(0, limit);
}

/** Before the newest. */
const START = { created_at: Number.MAX_SAFE_INTEGER, id: 0 };
