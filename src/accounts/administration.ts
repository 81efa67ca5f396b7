// The operator's verbs: shops and the keys that programs carry.
import type { ApiKeyKind, Scope, Seconds, Shop } from "../model.ts";
import { digestToken, makeId } from "../secrets/token.ts";
import { insertApiKey } from "../store/api-keys.ts";
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
	kind: ApiKeyKind,
	secret: string,
	scopes: readonly Scope[],
	now: Seconds,
): Promise<void> {
	const digest = digestToken(secret);
	if (digest === null) throw new Error("a key is 1 to 256 characters long");
	await insertApiKey(
		store,
		{ id: makeId(), shopId: shop.id, kind, title: kind, scopes: new Set(scopes) },
		digest,
		now,
	);
}
