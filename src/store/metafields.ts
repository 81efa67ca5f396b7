// row ⇄ Metafield, of customers.
import type { Metafield, Seconds } from "../model.ts";
import { BY_OPERATOR, putAct } from "./audit.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";

const LIST = statement(
	`SELECT namespace, key, id, type, value, description, created_at, updated_at
	FROM metafields WHERE customer_id = ? ORDER BY namespace, key LIMIT 250`,
);
const COUNT_OTHERS = statement(
	"SELECT COUNT(*) AS number FROM metafields WHERE customer_id = ? AND NOT (namespace = ? AND key = ?)",
);
const HAS_CUSTOMER = statement("SELECT id FROM customers WHERE id = ? AND shop_id = ?");
const PUT = statement(
	`INSERT INTO metafields (customer_id, namespace, key, id, type, value, description, created_at, updated_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (customer_id, namespace, key) DO UPDATE SET type = excluded.type, value = excluded.value,
		description = excluded.description, updated_at = excluded.updated_at`,
);
const DELETE = statement(
	`DELETE FROM metafields WHERE customer_id = ? AND namespace = ? AND key = ?
		AND EXISTS (SELECT 1 FROM customers c WHERE c.id = customer_id AND c.shop_id = ?)
	RETURNING key`,
);

export async function listMetafields(engine: Engine, customerId: number): Promise<readonly Metafield[]> {
	return (await engine.read(LIST, [customerId])).map(toMetafield);
}

interface NewMetafield {
	readonly shopId: number;
	readonly customerId: number;
	readonly metafield: Metafield;
	/** How many the customer may have. */
	readonly limit: number;
}

const PUT_METAFIELD = transaction("put metafield", function* (input: NewMetafield): Steps<
	"noSuchCustomer" | "tooMany" | null
> {
	const { shopId, customerId, metafield } = input;
	const { namespace, key, id, type, value, description, createdAt, updatedAt } = metafield;
	const [customer] = yield ask(HAS_CUSTOMER, [customerId, shopId]);
	if (!customer) return "noSuchCustomer";
	const [others] = yield ask(COUNT_OTHERS, [customerId, namespace, key]);
	if (Number(others?.["number"]) >= input.limit) return "tooMany";
	yield ask(PUT, [customerId, namespace, key, id, type, value, description, createdAt, updatedAt]);
	const entry = { shopId, customerId, now: updatedAt, origin: BY_OPERATOR, detail: `${namespace}.${key}` };
	yield* putAct({ ...entry, act: "metafield-set" });
	return null;
});

/** One that is there keeps its id and when it was made. Null when it is done. */
export function putMetafield(
	engine: Engine,
	input: NewMetafield,
): Promise<"noSuchCustomer" | "tooMany" | null> {
	return engine.write(PUT_METAFIELD, input);
}

interface GoneMetafield {
	readonly shopId: number;
	readonly customerId: number;
	readonly namespace: string;
	readonly key: string;
	readonly now: Seconds;
}

const REMOVE = transaction("remove metafield", function* (input: GoneMetafield): Steps<boolean> {
	const { shopId, customerId, namespace, key, now } = input;
	if ((yield ask(DELETE, [customerId, namespace, key, shopId])).length === 0) return false;
	const entry = { shopId, customerId, now, origin: BY_OPERATOR, detail: `${namespace}.${key}` };
	yield* putAct({ ...entry, act: "metafield-removed" });
	return true;
});

/** False when there was none. */
export function removeMetafield(engine: Engine, input: GoneMetafield): Promise<boolean> {
	return engine.write(REMOVE, input);
}

function toMetafield(row: Row): Metafield {
	return {
		id: Number(row["id"]),
		namespace: String(row["namespace"]),
		key: String(row["key"]),
		type: String(row["type"]),
		value: String(row["value"]),
		description: row["description"] as string | null,
		createdAt: Number(row["created_at"]),
		updatedAt: Number(row["updated_at"]),
	};
}
