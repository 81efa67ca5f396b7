// row ⇄ Shop
import type { Seconds, Shop } from "../model.ts";
import { type Engine, type Row, statement } from "./engine.ts";

const COLUMNS = "id, name, description, url, country, language, currency";
const FIND_BY_HOST = statement(`SELECT ${COLUMNS} FROM shops WHERE host = ?`);
const LIST = statement(`SELECT ${COLUMNS} FROM shops ORDER BY created_at, id LIMIT 250`);
const INSERT = statement(
	`INSERT INTO shops (${COLUMNS}, host, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT DO NOTHING RETURNING id`,
);
const UPDATE = statement(
	"UPDATE shops SET name = ?, description = ?, url = ?, host = ?, country = ?, language = ?, currency = ? WHERE id = ? RETURNING id",
);

/** By the host of its URL, e.g. `shop.example:8080`. */
export async function findShopByHost(engine: Engine, host: string): Promise<Shop | null> {
	const row = (await engine.read(FIND_BY_HOST, [host]))[0];
	return row ? toShop(row) : null;
}

/** The first 250, oldest first. */
export async function listShops(engine: Engine): Promise<readonly Shop[]> {
	return (await engine.read(LIST, [])).map(toShop);
}

/** False when another shop has the same host. */
export async function insertShop(engine: Engine, shop: Shop, now: Seconds): Promise<boolean> {
	const { id, name, description, url, country, language, currency } = shop;
	const values = [id, name, description, url, country, language, currency, new URL(url).host, now];
	return (await engine.change(INSERT, values)).length === 1;
}

export async function updateShop(engine: Engine, shop: Shop): Promise<void> {
	const { id, name, description, url, country, language, currency } = shop;
	await engine.change(UPDATE, [name, description, url, new URL(url).host, country, language, currency, id]);
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
