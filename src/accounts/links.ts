// The links inside mails: built from the shop's own template, never from a request, and read as text, never fetched.
import type { Purpose, Shop } from "../model.ts";
import type { ShopPolicy } from "./context.ts";

/** What a link says: whose account, and the one-time token that opens it. */
export interface Link {
	readonly customerId: number;
	readonly token: string;
}

const MAX_URL_LENGTH = 2048;

/** Where clients expect the links to lead; what a shop gets that has no template of its own. */
const STANDARD_TEMPLATES: Readonly<Record<Purpose, string>> = {
	reset: "{shop}/account/reset/{customer}/{token}",
	activation: "{shop}/account/activate/{customer}/{token}",
};

/** A template that links can be made of and read from again: an address on the web that holds both places. */
export function isLinkTemplate(template: string): boolean {
	const { length: customers } = template.split("{customer}");
	const { length: tokens } = template.split("{token}");
	const sample = fillTemplate(template, "https://shop.example", { customerId: 1, token: "token" });
	if (customers !== 2 || tokens !== 2 || template.length > MAX_URL_LENGTH || !URL.canParse(sample))
		return false;
	const { protocol } = new URL(sample);
	return (protocol === "https:" || protocol === "http:") && readByTemplate(template, sample) !== null;
}

export function makeLink(purpose: Purpose, policy: ShopPolicy, shop: Shop, link: Link): string {
	return fillTemplate(templateOf(purpose, policy), shop.url, link);
}

/**
 * What a link of this purpose says, whatever its host and whatever parameters were added to it: by the shop's
 * template, or the standard one. Null for any other text.
 */
export function readLink(purpose: Purpose, policy: ShopPolicy, url: string): Link | null {
	if (url.length > MAX_URL_LENGTH || !URL.canParse(url)) return null;
	return readByTemplate(templateOf(purpose, policy), url) ?? readByTemplate(STANDARD_TEMPLATES[purpose], url);
}

function readByTemplate(template: string, url: string): Link | null {
	const { customer, token } = patternOf(template).exec(withoutHost(url))?.groups ?? {};
	return customer && token ? { customerId: Number(customer), token } : null;
}

/** As every program that reads URLs writes the rest of one. */
function withoutHost(url: string): string {
	const { pathname, search, hash } = new URL(url);
	return pathname + search + hash;
}

function templateOf(purpose: Purpose, policy: ShopPolicy): string {
	return purpose === "reset" ? policy.resetUrl : policy.activationUrl;
}

function fillTemplate(template: string, shopUrl: string, { customerId, token }: Link): string {
	return template
		.replace("{shop}", shopUrl.replace(/\/$/, ""))
		.replace("{customer}", String(customerId))
		.replace("{token}", token);
}

/**
 * Matches what a link of the template has after its host, and whatever was added to it: parameters behind it, or a
 * language before its path.
 */
function patternOf(template: string): RegExp {
	const sample = template
		.replace("{shop}", "https://shop.example")
		.replace("{customer}", "CUSTOMERPLACE")
		.replace("{token}", "TOKENPLACE");
	const pattern = RegExp.escape(withoutHost(sample))
		.replace("CUSTOMERPLACE", "(?<customer>\\d{1,16})")
		.replace("TOKENPLACE", "(?<token>[\\w-]{1,200})");
	return new RegExp(`^[^?#]*${pattern}/?(?:[?&#].*)?$`);
}
