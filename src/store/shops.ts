// row ⇄ Shop
import type { Seconds, Shop } from "../model.ts";
import { BY_OPERATOR, putAct } from "./audit.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";
import { replaceChoice } from "./shop-choices.ts";

const COLUMNS = "id, name, description, url, country, language, currency";
const FIND_BY_HOST = statement(`SELECT ${COLUMNS} FROM shops WHERE host = ?`);
const FIND = statement(`SELECT ${COLUMNS} FROM shops WHERE id = ?`);
const FIND_BY_NAME = statement(`SELECT ${COLUMNS} FROM shops WHERE name = ? ORDER BY id LIMIT 2`);
const LIST = statement(`SELECT ${COLUMNS} FROM shops ORDER BY created_at, id LIMIT ?`);
// Always after every other: which shop is the first must not hang on two of one second.
const INSERT = statement(
	`INSERT INTO shops (${COLUMNS}, host, created_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, COALESCE((SELECT MAX(created_at) + 1 FROM shops WHERE created_at >= ?), ?))
	ON CONFLICT DO NOTHING RETURNING id`,
);
const UPDATE = statement(
	"UPDATE shops SET name = ?, description = ?, url = ?, host = ?, country = ?, language = ?, currency = ? WHERE id = ? RETURNING id",
);

export async function findShop(engine: Engine, id: number): Promise<Shop | null> {
	const row = (await engine.read(FIND, [id]))[0];
	return row ? toShop(row) : null;
}

/** By the host of its URL, e.g. `shop.example:8080`. */
export async function findShopByHost(engine: Engine, host: string): Promise<Shop | null> {
	const row = (await engine.read(FIND_BY_HOST, [host]))[0];
	return row ? toShop(row) : null;
}

/** Two at most: a name is not always one shop's. */
export async function findShopsByName(engine: Engine, name: string): Promise<readonly Shop[]> {
	return (await engine.read(FIND_BY_NAME, [name])).map(toShop);
}

/** The oldest so many, oldest first. */
export async function listShops(engine: Engine, most = 250): Promise<readonly Shop[]> {
	return (await engine.read(LIST, [most])).map(toShop);
}

const INSERT_SHOP = transaction(
	"insert shop",
	function* ({ shop, now }: { readonly shop: Shop; readonly now: Seconds }): Steps<boolean> {
		const { id, name, description, url, country, language, currency } = shop;
		const values = [id, name, description, url, country, language, currency, new URL(url).host, now, now];
		if ((yield ask(INSERT, values)).length === 0) return false;
		yield* putAct({ shopId: id, customerId: null, now, act: "shop-created", origin: BY_OPERATOR });
		return true;
	},
);

/** False when another shop has the same host. */
export function insertShop(engine: Engine, shop: Shop, now: Seconds): Promise<boolean> {
	return engine.write(INSERT_SHOP, { shop, now });
}

/** What becomes of a shop: members that are left out stay as they are. */
export interface ShopChange {
	readonly shopId: number;
	readonly profile: Partial<Omit<Shop, "id">>;
	/** Its own values by their names; null forgets one. */
	readonly choices: Readonly<Record<string, string | null>>;
	readonly now: Seconds;
}

const CHANGE = transaction("change shop", function* (input: ShopChange): Steps<boolean> {
	const { shopId, profile, choices, now } = input;
	const [row] = yield ask(FIND, [shopId]);
	if (!row) return false;
	const before = toShop(row);
	const shop = { ...before, ...profile };
	const { name, description, url, country, language, currency } = shop;
	const { host } = new URL(url);
	const [holder] = yield ask(FIND_BY_HOST, [host]);
	if (holder && Number(holder["id"]) !== shopId) return false;
	yield ask(UPDATE, [name, description, url, host, country, language, currency, shopId]);
	const changed = Object.keys(profile).filter((key) => shop[key as keyof Shop] !== before[key as keyof Shop]);
	for (const [choice, value] of Object.entries(choices)) {
		if (yield* replaceChoice(shopId, choice, value)) changed.push(choice);
	}
	const entry = { shopId, customerId: null, now, origin: BY_OPERATOR, detail: changed.join(" ") };
	if (changed.length > 0) yield* putAct({ ...entry, act: "shop-changed" });
	return true;
});

/** By a command, or by the settings at a start. False when another shop has the same host; then nothing has changed. */
export function changeShop(engine: Engine, change: ShopChange): Promise<boolean> {
	return engine.write(CHANGE, change);
}

export function toShop(row: Row): Shop {
	return {
		id: Number(row["id"]),
		name: String(row["name"]),
		description: row["description"] as string | null,
		url: String(row["url"]),
		country: String(row["country"]),
		language: String(row["language"]),
		currency: String(row["currency"]),
	};
}
