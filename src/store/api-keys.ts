// row ⇄ ApiKey
import type { ApiKey, ApiKeyKind, Scope, Seconds, Shop } from "../model.ts";
import { type Engine, type Row, statement } from "./engine.ts";
import { toShop } from "./shops.ts";

const FIND_BY_DIGEST = statement(
	`SELECT k.id AS key_id, k.kind, k.title, k.scopes,
		s.id, s.name, s.description, s.url, s.country, s.language, s.currency
	FROM api_keys k JOIN shops s ON s.id = k.shop_id WHERE k.digest = ?`,
);
const DELETE_OTHERS = statement(
	"DELETE FROM api_keys WHERE shop_id = ? AND kind = ? AND title = ? AND digest <> ? RETURNING id",
);
const INSERT = statement(
	`INSERT INTO api_keys (digest, id, shop_id, kind, title, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT DO NOTHING RETURNING id`,
);

const FIND = statement("SELECT id, shop_id, kind, title, scopes, created_at FROM api_keys WHERE id = ?");
const LIST = statement(
	`SELECT id, shop_id, kind, title, scopes, created_at FROM api_keys
	WHERE shop_id = ? ORDER BY created_at LIMIT 250`,
);
const DELETE = statement("DELETE FROM api_keys WHERE id = ? AND title = ? RETURNING id");

/** A key as it stands in the store: its secret is not in it. */
export interface KeptApiKey extends ApiKey {
	readonly createdAt: Seconds;
}

interface Access {
	readonly key: ApiKey;
	readonly shop: Shop;
}

/** The key with this digest and the shop that it opens, in one question; null when there is none. */
export async function findApiKey(engine: Engine, digest: string): Promise<Access | null> {
	const row = (await engine.read(FIND_BY_DIGEST, [digest]))[0];
	return row ? toAccess(row) : null;
}

/** Requests of one view are given the same row: it is understood once. */
const accesses = new WeakMap<Row, Access>();

function toAccess(row: Row): Access {
	let access = accesses.get(row);
	if (!access) {
		const shop = toShop(row);
		const key = {
			id: Number(row["key_id"]),
			shopId: shop.id,
			kind: row["kind"] as ApiKeyKind,
			title: String(row["title"]),
			scopes: toScopes(String(row["scopes"])),
		};
		access = { key, shop };
		accesses.set(row, access);
	}
	return access;
}

/** One set for each list that there is: most keys carry the same scopes, and every request asks for its key's. */
const scopeSets = new Map<string, ReadonlySet<Scope>>();

function toScopes(list: string): ReadonlySet<Scope> {
	let scopes = scopeSets.get(list);
	if (!scopes) {
		scopes = new Set(list === "" ? [] : list.split(" "));
		scopeSets.set(list, scopes);
	}
	return scopes;
}

/** Of the shop's keys of this kind and title, only the one with this digest stays. */
export async function deleteOtherApiKeys(
	engine: Engine,
	{ shopId, kind, title }: Pick<ApiKey, "shopId" | "kind" | "title">,
	digest: string,
): Promise<void> {
	await engine.change(DELETE_OTHERS, [shopId, kind, title, digest]);
}

/** False when the digest is a key's already; then nothing has changed. */
export async function insertApiKey(
	engine: Engine,
	key: ApiKey,
	digest: string,
	now: Seconds,
): Promise<boolean> {
	const { id, shopId, kind, title, scopes } = key;
	const values = [digest, id, shopId, kind, title, [...scopes].join(" "), now];
	return (await engine.change(INSERT, values)).length === 1;
}

/** The first 250 of the shop, oldest first. */
export async function listApiKeys(engine: Engine, shopId: number): Promise<readonly KeptApiKey[]> {
	return (await engine.read(LIST, [shopId])).map(toKeptApiKey);
}

export async function findApiKeyById(engine: Engine, id: number): Promise<KeptApiKey | null> {
	const row = (await engine.read(FIND, [id]))[0];
	return row ? toKeptApiKey(row) : null;
}

/** Once this has answered, the key opens nothing any more. False when it was gone already. */
export async function deleteApiKey(
	engine: Engine,
	{ id, title }: Pick<ApiKey, "id" | "title">,
): Promise<boolean> {
	return (await engine.change(DELETE, [id, title])).length > 0;
}

function toKeptApiKey(row: Row): KeptApiKey {
	return {
		id: Number(row["id"]),
		shopId: Number(row["shop_id"]),
		kind: row["kind"] as ApiKeyKind,
		title: String(row["title"]),
		scopes: toScopes(String(row["scopes"])),
		createdAt: Number(row["created_at"]),
	};
}
