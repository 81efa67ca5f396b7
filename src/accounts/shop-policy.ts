// What holds for one shop: its own choices over what the settings say for all.
import type { Seconds } from "../model.ts";
import type { Seal } from "../secrets/seal.ts";
import type { Engine } from "../store/engine.ts";
import { listChoices } from "../store/shop-choices.ts";
import { changeShop, listShops } from "../store/shops.ts";
import type { Context, Policy, ShopPolicy } from "./context.ts";

/** How a choice reads as text; as `latchkey shop set` takes it. */
export const SHOP_CHOICES = {
	mailFrom: (text) => text,
	resetUrl: (text) => text,
	activationUrl: (text) => text,
	accentColor: (text) => text,
	emailChange: (text) => (text === "deny" ? "deny" : "allow"),
	multipassEnables: (text) => text === "true",
} as const satisfies { readonly [N in keyof ShopPolicy]: (text: string) => ShopPolicy[N] };

/** The name under which a shop's sealed Multipass secret is kept. */
export const MULTIPASS_SECRET = "multipassSecret";

function sealLabel(shopId: number): string {
	return `${MULTIPASS_SECRET} of shop ${shopId}`;
}

export async function getShopPolicy({
	store,
	shop,
	policy,
}: Pick<Context, "store" | "shop" | "policy">): Promise<ShopPolicy> {
	const choices = await listChoices(store, shop.id);
	const chosen = Object.entries(SHOP_CHOICES).flatMap(([name, parse]) => {
		const text = choices.get(name);
		return text === undefined ? [] : [[name, parse(text)] as const];
	});
	return { ...policy.shop, ...Object.fromEntries(chosen) };
}

/**
 * The secret that the shop's Multipass tokens are made with; null where it has none, or where the encryption key is not
 * the one that it was sealed under.
 */
export async function findMultipassSecret({
	store,
	shop,
	policy,
}: Pick<Context, "store" | "shop" | "policy">): Promise<string | null> {
	const sealed = (await listChoices(store, shop.id)).get(MULTIPASS_SECRET);
	return sealed === undefined ? null : (policy.seal?.open(sealed, sealLabel(shop.id)) ?? null);
}

/** Names of the shops whose Multipass secret cannot be read with this key: nobody comes in by it. */
export async function listUnreadableSecrets(store: Engine, policy: Policy): Promise<readonly string[]> {
	const names: string[] = [];
	for (const shop of await listShops(store)) {
		const hasSecret = (await listChoices(store, shop.id)).has(MULTIPASS_SECRET);
		if (hasSecret && (await findMultipassSecret({ store, shop, policy })) === null) names.push(shop.name);
	}
	return names;
}

/** The secret as the shop's choice `MULTIPASS_SECRET` holds it. A shop without one lets nobody in by Multipass. */
export function sealMultipassSecret(seal: Seal, shopId: number, secret: string): string {
	return seal.close(secret, sealLabel(shopId));
}

/** Beside a secret that the settings gave: the same sealed text. */
const GIVEN_BY_SETTINGS = "multipassSecretOfSettings";

/** What the settings say of a shop's secret. One that they gave and no longer give is gone; the operator's own stays. */
export async function followMultipassSetting(
	store: Engine,
	seal: Seal | null,
	shopId: number,
	secret: string | null,
	now: Seconds,
): Promise<void> {
	const set = async (sealed: string | null) => {
		const choices = { [MULTIPASS_SECRET]: sealed, [GIVEN_BY_SETTINGS]: sealed };
		await changeShop(store, { shopId, profile: {}, choices, now });
	};
	const choices = await listChoices(store, shopId);
	const given = choices.get(GIVEN_BY_SETTINGS);
	const isGiven = given !== undefined && given === choices.get(MULTIPASS_SECRET);
	if (secret === null || !seal) return isGiven ? set(null) : undefined;
	// Sealed anew it would look changed at every start.
	const isSame = isGiven && seal.open(given, sealLabel(shopId)) === secret;
	if (!isSame) await set(sealMultipassSecret(seal, shopId, secret));
}
