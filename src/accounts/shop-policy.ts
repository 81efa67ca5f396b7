// What holds for one shop: its own choices over what the settings say for all.

import type { Seal } from "../secrets/seal.ts";
import type { Engine } from "../store/engine.ts";
import { listChoices, setChoice } from "../store/shop-choices.ts";
import type { Context, ShopPolicy } from "./context.ts";

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

export async function getShopPolicy(
	store: Engine,
	shopId: number,
	defaults: ShopPolicy,
): Promise<ShopPolicy> {
	const choices = await listChoices(store, shopId);
	const chosen = Object.entries(SHOP_CHOICES).flatMap(([name, parse]) => {
		const text = choices.get(name);
		return text === undefined ? [] : [[name, parse(text)] as const];
	});
	return { ...defaults, ...Object.fromEntries(chosen) };
}

/** The secret that the shop's Multipass tokens are made with; null where it has none. Throws without its key. */
export async function findMultipassSecret({ store, seal, shop }: Context): Promise<string | null> {
	const sealed = (await listChoices(store, shop.id)).get(MULTIPASS_SECRET);
	if (sealed === undefined) return null;
	const secret = seal?.open(sealed, sealLabel(shop.id)) ?? null;
	if (secret === null) throw new Error("the shop's Multipass secret is sealed under another encryption key");
	return secret;
}

/** The secret as the shop's choice `MULTIPASS_SECRET` holds it. A shop without one lets nobody in by Multipass. */
export function sealMultipassSecret(seal: Seal, shopId: number, secret: string): string {
	return seal.close(secret, sealLabel(shopId));
}

export async function setMultipassSecret(
	store: Engine,
	seal: Seal,
	shopId: number,
	secret: string,
): Promise<void> {
	await setChoice(store, shopId, MULTIPASS_SECRET, sealMultipassSecret(seal, shopId, secret));
}
