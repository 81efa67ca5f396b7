// The shop and its places as the wire sees them, all from the shop's own record. Names of countries, languages
// and currencies come from Node's own Unicode data.
import type { Shop } from "../model.ts";
import { toGid } from "./forms.ts";

type Fields = Readonly<Record<string, unknown>>;

const IMPERIAL_COUNTRIES = new Set(["US", "LR", "MM"]);

export function toWireShop(shop: Shop): Fields {
	const { host, protocol } = new URL(shop.url);
	return {
		__typename: "Shop",
		id: toGid("Shop", shop.id),
		name: shop.name,
		description: shop.description,
		moneyFormat: `${currencySymbol(shop.currency)}{{amount}}`,
		primaryDomain: { host, sslEnabled: protocol === "https:", url: shop.url },
		shipsToCountries: [shop.country],
		socialLoginProviders: [],
		paymentSettings: toWirePaymentSettings(shop),
	};
}

/** We take no payments: the lists are empty, and the vault's address is the shop's own. */
export function toWirePaymentSettings(shop: Shop): Fields {
	return {
		acceptedCardBrands: [],
		cardVaultUrl: shop.url,
		countryCode: shop.country,
		currencyCode: shop.currency,
		enabledPresentmentCurrencies: [shop.currency],
		supportedDigitalWallets: [],
	};
}

/** One country and one language, the shop's; `country` and `language` are those in context. */
export function toWireLocalization(shop: Shop, country: string, language: string): Fields {
	const available = new Set([shop.country, country]);
	const languages = [...new Set([shop.language, language])].map((code) => toWireLanguage(code, language));
	const countries = [...available].map((code) => toWireCountry(code, shop, language, languages));
	return {
		availableCountries: countries,
		availableLanguages: languages,
		country: toWireCountry(country, shop, language, languages),
		language: toWireLanguage(language, language),
		market: toWireMarket(shop.country),
	};
}

function toWireCountry(code: string, shop: Shop, language: string, languages: readonly Fields[]): Fields {
	const { currency } = shop;
	return {
		isoCode: code,
		name: nameOf("region", code, language),
		unitSystem: IMPERIAL_COUNTRIES.has(code) ? "IMPERIAL_SYSTEM" : "METRIC_SYSTEM",
		availableLanguages: languages,
		defaultLanguage: toWireLanguage(shop.language, language),
		currency: {
			isoCode: currency,
			name: nameOf("currency", currency, language),
			symbol: currencySymbol(currency),
		},
		market: toWireMarket(code),
	};
}

function toWireMarket(country: string): Fields {
	return { __typename: "Market", id: toGid("Market", 1), handle: country.toLowerCase() };
}

function toWireLanguage(code: string, shownIn: string): Fields {
	return {
		isoCode: code,
		name: nameOf("language", toLocale(code), shownIn),
		endonymName: nameOf("language", toLocale(code), code),
	};
}

/** `PT_BR` → `pt-BR`. */
function toLocale(language: string): string {
	return language.replaceAll("_", "-");
}

/** Names once looked up: at most each published code in each published language. */
const names = new Map<string, string>();

function nameOf(type: "region" | "language" | "currency", code: string, language: string): string {
	const key = `${type} ${code} ${language}`;
	let name = names.get(key);
	if (name === undefined) {
		name = lookUpName(type, code, language);
		names.set(key, name);
	}
	return name;
}

function lookUpName(type: "region" | "language" | "currency", code: string, language: string): string {
	try {
		return new Intl.DisplayNames([toLocale(language), "en"], { type }).of(code) ?? code;
	} catch {
		// The published enums hold a few codes that Unicode does not name.
		return code;
	}
}

const symbols = new Map<string, string>();

function currencySymbol(currency: string): string {
	let symbol = symbols.get(currency);
	if (symbol === undefined) {
		symbol = lookUpSymbol(currency);
		symbols.set(currency, symbol);
	}
	return symbol;
}

function lookUpSymbol(currency: string): string {
	try {
		const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
		const parts = new Intl.NumberFormat("en", options).formatToParts(0);
		return parts.find(({ type }) => type === "currency")?.value ?? currency;
	} catch {
		return currency;
	}
}
