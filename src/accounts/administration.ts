// The operator's verbs: shops and the keys that programs carry.
import type { ApiKey, Seconds, Shop } from "../model.ts";
import { digestToken, makeId } from "../secrets/token.ts";
import { deleteOtherApiKeys, insertApiKey } from "../store/api-keys.ts";
import type { Engine } from "../store/engine.ts";
import { insertShop, listShops, updateShop } from "../store/shops.ts";

export type ShopProfile = Omit<Shop, "id">;

/** The first shop, brought to the profile that the settings give it; made when there is none. */
export async function ensureFirstShop(store: Engine, profile: ShopProfile, now: Seconds): Promise<Shop> {
	const [first] = await listShops(store);
	if (!first) return createShop(store, profile, now);
	const shop = { ...profile, id: first.id };
	await updateShop(store, shop);
	return shop;
}

/** Throws when another shop has the same host. */
export async function createShop(store: Engine, profile: ShopProfile, now: Seconds): Promise<Shop> {
	const shop = { ...profile, id: makeId() };
	if (!(await insertShop(store, shop, now))) throw new Error(`another shop has the host of ${profile.url}`);
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
	await deleteOtherApiKeys(store, { ...key, shopId: shop.id }, digest);
	if (secret !== null) await ensureApiKey(store, shop, key, secret, now);
}
