// Browsers may call from any origin, without cookies: the storefront access token is all the credential there is.
import type { RawHeaders } from "./reply.ts";

/** The request headers that upstream lets through (wire 4.5); others are refused by the browser. */
const ALLOWED_HEADERS = [
	"Authorization",
	"Content-Type",
	"Custom-Storefront-Request-Group-ID",
	"Shopify-Storefront-Buyer-IP",
	"Shopify-Storefront-Id",
	"Shopify-Storefront-Private-Token",
	"Shopify-Storefront-S",
	"Shopify-Storefront-Y",
	"X-SDK-Variant",
	"X-SDK-Variant-Source",
	"X-SDK-Version",
	"X-Shopify-Storefront-Access-Token",
	"shopify-core-canary",
];

const EXPOSED_HEADERS = [
	"Retry-After",
	"X-Request-ID",
	"X-Shopify-API-Deprecated-Reason",
	"X-Shopify-API-Version",
	"X-Shopify-API-Version-Warning",
];

/** For requests that name an origin, which browsers do: others have no use for them. */
export const CORS_HEADERS: RawHeaders = [
	"Access-Control-Allow-Origin",
	"*",
	"Access-Control-Expose-Headers",
	EXPOSED_HEADERS.join(", "),
];

export const PREFLIGHT_HEADERS: RawHeaders = [
	"Access-Control-Allow-Origin",
	"*",
	"Access-Control-Allow-Methods",
	"POST, OPTIONS",
	"Access-Control-Allow-Headers",
	ALLOWED_HEADERS.join(", "),
	"Access-Control-Max-Age",
	"7200",
];
