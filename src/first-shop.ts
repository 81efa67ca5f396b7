// The first shop, as the settings describe it: its record, the keys of its programs, its Multipass secret.
import { ensureFirstShop, replaceApiKey, SETTINGS_TITLE } from "./accounts/administration.ts";
import type { Policy } from "./accounts/context.ts";
import { isLinkTemplate } from "./accounts/links.ts";
import { followMultipassSetting } from "./accounts/shop-policy.ts";
import { BadSetting, type Config, environmentName, parseSetting, type SettingName } from "./config.ts";
import { readAddress } from "./mail/address.ts";
import type { ApiKeyKind, Seconds, Shop } from "./model.ts";
import type { Engine } from "./store/engine.ts";
import { isPublishedCode } from "./storefront/schema.ts";
import { ALL_SCOPES } from "./storefront/scopes.ts";

/** The secrets of the first shop's programs; a member that is null makes no key. */
export interface Keys {
	readonly storefrontAccessToken: string | null;
	readonly privateAccessToken: string | null;
	readonly adminAccessToken: string | null;
}

/** Brings the shop, and what opens it, to what the settings say. `url` stands in where they name none. */
export async function ensureShopAndKeys(
	store: Engine,
	{ seal }: Policy,
	config: Config,
	url: string,
	keys: Keys,
	now: Seconds,
): Promise<Shop> {
	const profile = {
		name: config.shopName,
		description: config.shopDescription,
		url,
		country: config.shopCountry,
		language: config.shopLanguage,
		currency: config.shopCurrency,
	};
	const shop = await ensureFirstShop(store, profile, now);
	const all = new Set(ALL_SCOPES);
	const of = (kind: ApiKeyKind, scopes: ReadonlySet<string>) => ({ kind, scopes, title: SETTINGS_TITLE });
	await replaceApiKey(store, shop, of("public", all), keys.storefrontAccessToken, now);
	await replaceApiKey(store, shop, of("private", all), keys.privateAccessToken, now);
	await replaceApiKey(store, shop, of("admin", new Set()), keys.adminAccessToken, now);
	await followMultipassSetting(store, seal, shop.id, config.multipassSecret, now);
	return shop;
}

type Rule = (text: string) => string | null;

// A code that the API does not know would make answers that its clients cannot read.
const codeOf =
	(type: Parameters<typeof isPublishedCode>[0]): Rule =>
	(code) =>
		isPublishedCode(type, code) ? null : `is not a ${type} of the API: ${code}`;

const linkTemplate: Rule = (text) =>
	isLinkTemplate(text) ? null : "is a URL that has {customer} and {token} in it once each";

/** Links are made by putting a path behind it. */
const shopUrl: Rule = (text) => {
	const { username, password, search, hash } = new URL(text);
	return `${username}${password}${search}${hash}` === "" && !/[?#]$/.test(text)
		? null
		: "is a URL without a user, a query or a fragment";
};

/** Whether what is sent there is read by nobody on the way: https, or this machine. `{shop}` is as safe as the shop. */
export function isSafeUrl(text: string): boolean {
	const url = URL.parse(text.replace(/^\{shop\}/, "https://shop.example"));
	return url?.protocol === "https:" || /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url?.hostname ?? "");
}

/** What is wrong with a value of a shop that the settings' own table cannot know to be wrong. */
const RULES = {
	shopUrl,
	shopCountry: codeOf("CountryCode"),
	shopLanguage: codeOf("LanguageCode"),
	shopCurrency: codeOf("CurrencyCode"),
	mailFrom: (text) =>
		readAddress(text) ? null : "is an e-mail address, or a name and one: Shop <mail@shop.example>",
	resetUrl: linkTemplate,
	activationUrl: linkTemplate,
	accentColor: (text) => (/^#[\da-f]{6}$/i.test(text) ? null : "is a colour such as #1f5199"),
} as const satisfies Partial<Record<SettingName, Rule>>;

/** Throws `BadSetting`, which calls the value by its label, for one that the setting of this name could not have. */
export function checkShopValue(label: string, name: SettingName, text: string): void {
	parseSetting(label, name, text);
	const rules: Partial<Record<SettingName, Rule>> = RULES;
	const fault = rules[name]?.(text) ?? null;
	if (fault !== null) throw new BadSetting(`${label} ${fault}.`);
}

/** Throws `BadSetting` for a value that the settings' own table cannot know to be wrong. */
export function checkShopSettings(config: Config): void {
	for (const name of Object.keys(RULES) as (keyof typeof RULES)[]) {
		const value = config[name];
		if (value !== null) checkShopValue(environmentName(name), name, value);
	}
	if (config.multipassSecret !== null && config.encryptionKey === null) {
		throw new BadSetting("LATCHKEY_MULTIPASS_SECRET is kept sealed: set LATCHKEY_ENCRYPTION_KEY as well.");
	}
}
