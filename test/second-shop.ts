// A second shop beside the house's own.
import { createShop, ensureApiKey } from "../src/accounts/administration.ts";
import { makeToken } from "../src/secrets/token.ts";
import { ALL_SCOPES } from "../src/storefront/scopes.ts";
import type { House } from "./house.ts";

/** The headers with which requests go to the new shop. */
export async function openSecondShop({ app }: House): Promise<Record<string, string>> {
	const profile = { ...app.shop, name: "Second", url: "https://second.example" };
	const shop = await createShop(app.store, profile, app.clock.now());
	const token = makeToken();
	const key = { kind: "public", title: "second", scopes: new Set(ALL_SCOPES) } as const;
	await ensureApiKey(app.store, shop, key, token, app.clock.now());
	return { "X-Shopify-Storefront-Access-Token": token };
}
