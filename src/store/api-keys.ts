// row ⇄ ApiKey
import type { Act, ApiKey, ApiKeyKind, Scope, Seconds, Shop } from "../model.ts";
import { BY_OPERATOR, putAct } from "./audit.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";
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

interface OtherKeys extends Pick<ApiKey, "shopId" | "kind" | "title"> {
	/** Of the one that stays. */
	readonly digest: string;
	readonly now: Seconds;
}

const DELETE_OTHER_KEYS = transaction("delete other api keys", function* (input: OtherKeys): Steps<void> {
	const { shopId, kind, title, digest, now } = input;
	for (const { id } of yield ask(DELETE_OTHERS, [shopId, kind, title, digest])) {
		yield* record("key-revoked", { id: Number(id), shopId, kind }, now);
	}
});

/** Of the shop's keys of this kind and title, only the one with this digest stays. */
export function deleteOtherApiKeys(engine: Engine, input: OtherKeys): Promise<void> {
	return engine.write(DELETE_OTHER_KEYS, input);
}

/** A key as it is written: its scopes in one text, for a set is no plain data. */
interface NewApiKey extends Omit<ApiKey, "scopes"> {
	readonly scopes: string;
	readonly digest: string;
	readonly now: Seconds;
}

const INSERT_KEY = transaction("insert api key", function* (input: NewApiKey): Steps<boolean> {
	const { id, shopId, kind, title, scopes, digest, now } = input;
	const inserted = yield ask(INSERT, [digest, id, shopId, kind, title, scopes, now]);
	if (inserted.length === 0) return false;
	yield* record("key-created", input, now);
	return true;
});

/** False when the digest is a key's already; then nothing has changed. */
export function insertApiKey(engine: Engine, key: ApiKey, digest: string, now: Seconds): Promise<boolean> {
	return engine.write(INSERT_KEY, { ...key, scopes: [...key.scopes].join(" "), digest, now });
}

/** The first 250 of the shop, oldest first. */
export async function listApiKeys(engine: Engine, shopId: number): Promise<readonly KeptApiKey[]> {
	return (await engine.read(LIST, [shopId])).map(toKeptApiKey);
}

export async function findApiKeyById(engine: Engine, id: number): Promise<KeptApiKey | null> {
	const row = (await engine.read(FIND, [id]))[0];
	return row ? toKeptApiKey(row) : null;
}

type OneKey = Pick<ApiKey, "id" | "shopId" | "kind" | "title">;

const DELETE_KEY = transaction(
	"delete api key",
	function* ({ key, now }: { readonly key: OneKey; readonly now: Seconds }): Steps<boolean> {
		if ((yield ask(DELETE, [key.id, key.title])).length === 0) return false;
		yield* record("key-revoked", key, now);
		return true;
	},
);

/** Once this has answered, the key opens nothing any more. False when it was gone already. */
export function deleteApiKey(
	engine: Engine,
	{ id, shopId, kind, title }: OneKey,
	now: Seconds,
): Promise<boolean> {
	return engine.write(DELETE_KEY, { key: { id, shopId, kind, title }, now });
}

/** By a command, or by the settings at a start. */
function* record(act: Act, { id, shopId, kind }: Omit<OneKey, "title">, now: Seconds): Steps<void> {
	yield* putAct({ shopId, customerId: null, now, act, origin: BY_OPERATOR, detail: `${kind} key ${id}` });
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
