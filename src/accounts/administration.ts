// The operator's verbs: shops and the keys that programs carry.
import type { ApiKey, Seconds, Shop } from "../model.ts";
import { digestToken, makeId, makeToken } from "../secrets/token.ts";
import { deleteApiKey, deleteOtherApiKeys, findApiKeyById, insertApiKey } from "../store/api-keys.ts";
import type { Engine } from "../store/engine.ts";
import { changeShop, findShop, insertShop, listShops, type ShopChange } from "../store/shops.ts";

export type ShopProfile = Omit<Shop, "id">;

/** Two shops cannot have the same host: it tells whose a call without a token is. */
export class HostTaken extends Error {
	override readonly name = "HostTaken";
	constructor(url: string) {
		super(`Another shop has the host of ${url}.`);
	}
}

/** The title of the keys that the settings name. */
export const SETTINGS_TITLE = "settings";

/** The first shop, brought to the profile that the settings give it; made when there is none. Throws `HostTaken`. */
export async function ensureFirstShop(store: Engine, profile: ShopProfile, now: Seconds): Promise<Shop> {
	let [first] = await listShops(store);
	if (!first) {
		const shop = { ...profile, id: makeId() };
		if (await insertShop(store, shop, now)) return shop;
		// Another process that starts as well has just made it.
		[first] = await listShops(store);
	}
	if (!first) throw new HostTaken(profile.url);
	return setShop(store, { shopId: first.id, profile, choices: {}, now });
}

/** Changes all of it or nothing. Throws `HostTaken`. */
export async function setShop(store: Engine, change: ShopChange): Promise<Shop> {
	const isChanged = await changeShop(store, change);
	const shop = await findShop(store, change.shopId);
	if (!isChanged || !shop) throw new HostTaken(String(change.profile.url));
	return shop;
}

/** Throws `HostTaken`. */
export async function createShop(store: Engine, profile: ShopProfile, now: Seconds): Promise<Shop> {
	const shop = { ...profile, id: makeId() };
	if (!(await insertShop(store, shop, now))) throw new HostTaken(profile.url);
	return shop;
}

/** Makes the secret a key of the shop; a secret that is a key already stays as it is. */
export async function ensureApiKey(
	store: Engine,
	shop: Shop,
	key: Pick<ApiKey, "kind" | "title" | "scopes">,
	secret: string,
	now: Seconds,
): Promise<void> {
	const digest = digestToken(secret);
	if (digest === null) throw new Error("a key is 1 to 256 characters long");
	await insertApiKey(store, { ...key, id: makeId(), shopId: shop.id }, digest, now);
}

/**
 * Makes the secret the one key of this kind and title that the shop has: another that it had under that title opens
 * nothing any more. Null leaves none.
 */
export async function replaceApiKey(
	store: Engine,
	shop: Shop,
	key: Pick<ApiKey, "kind" | "title" | "scopes">,
	secret: string | null,
	now: Seconds,
): Promise<void> {
	const digest = secret === null ? "" : (digestToken(secret) ?? "");
	const { kind, title } = key;
	await deleteOtherApiKeys(store, { shopId: shop.id, kind, title, digest, now });
	if (secret !== null) await ensureApiKey(store, shop, key, secret, now);
}

/** A key at the one moment at which its secret is known. */
export interface MadeApiKey {
	readonly key: ApiKey;
	readonly secret: string;
}

/** A new key of the shop, with a secret that a program carries already or a new one. Null for one that is taken. */
export async function createApiKey(
	store: Engine,
	shop: Shop,
	input: Pick<ApiKey, "kind" | "title" | "scopes">,
	known: string | null,
	now: Seconds,
): Promise<MadeApiKey | null> {
	const secret = known ?? makeToken();
	const digest = digestToken(secret);
	const key = { ...input, id: makeId(), shopId: shop.id };
	const isMade = digest !== null && (await insertApiKey(store, key, digest, now));
	return isMade ? { key, secret } : null;
}

/** Once this has answered, the key opens nothing. Those of the settings would be back at the next start. */
export async function revokeApiKey(
	store: Engine,
	id: number,
	now: Seconds,
): Promise<ApiKey | "noSuchKey" | "ofTheSettings"> {
	const key = await findApiKeyById(store, id);
	if (key?.title === SETTINGS_TITLE) return "ofTheSettings";
	return key && (await deleteApiKey(store, key, now)) ? key : "noSuchKey";
}
