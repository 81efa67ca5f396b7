// The door for shoppers' clients: `POST /api/{version}/graphql.json` in, JSON out. Status codes, headers and the
// bodies of refusals as upstream has them (wire 4).
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "../accounts/context.ts";
import type { Log } from "../log.ts";
import type { ApiKey, Scope, Shop } from "../model.ts";
import { digestToken } from "../secrets/token.ts";
import { findApiKey } from "../store/api-keys.ts";
import { findShopByHost, listShops } from "../store/shops.ts";
import type { Documents } from "../storefront/documents.ts";
import { execute } from "../storefront/execute.ts";
import { type Resolution, resolveVersion } from "../storefront/versions.ts";
import { type Body, parseContentType, readBody } from "./body.ts";
import { clientAddress, type Network } from "./client-address.ts";
import { CORS_HEADERS, PREFLIGHT_HEADERS } from "./cors.ts";
import type { Graphiql } from "./development.ts";
import { HTML_TYPE, JSON_TYPE, type RawHeaders, send, sendJson, sendNothing } from "./reply.ts";

export interface StorefrontDoor {
	readonly accounts: Omit<Context, "shop">;
	readonly documents: Documents;
	readonly log: Log;
	readonly tokenlessAccess: boolean;
	readonly network: Network;
	/** The page for a browser, under `latchkey dev`. */
	readonly graphiql: ((path: string) => Promise<Graphiql>) | null;
}

const PATH = /^\/api\/(?:([^/]+)\/)?graphql(?:\.json)?$/;
const NO_HEADERS: RawHeaders = [];
const WARNING_HEADERS: RawHeaders = [
	"X-Shopify-API-Version-Warning",
	"https://shopify.dev/concepts/about-apis/versioning",
];
const NO_SCOPES: ReadonlySet<Scope> = new Set();

/** Whether the path is this door's. */
export function isStorefrontPath(path: string): boolean {
	return PATH.test(path);
}

export async function serveStorefront(
	door: StorefrontDoor,
	path: string,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const requestId = randomUUID();
	const cors = request.headers.origin === undefined ? NO_HEADERS : CORS_HEADERS;
	const headers: RawHeaders = ["X-Request-ID", requestId, ...cors];
	const version = resolveVersion(PATH.exec(path)?.[1]);
	if (!version) return refuse(response, 404, listed("Not Found", "NOT_FOUND"), headers);
	if (request.method === "OPTIONS")
		return sendNothing(response, ["X-Request-ID", requestId, ...PREFLIGHT_HEADERS]);
	if (request.method !== "POST") return serveOtherMethod(door, path, request, response, headers);

	const { type, isUtf8 } = parseContentType(request.headers["content-type"]);
	if (!isUtf8 || (type !== "application/json" && type !== "application/graphql")) {
		const text = "Unsupported content type: send application/json or application/graphql, in UTF-8";
		return refuse(response, 415, listed(text, "UNSUPPORTED_MEDIA_TYPE"), headers);
	}
	if (request.headers["content-encoding"] !== undefined) {
		return refuse(response, 415, listed("Compressed bodies are not read", "UNSUPPORTED_MEDIA_TYPE"), headers);
	}

	const body = await readBody(request);
	const access = await findAccess(door, request);
	const versioned = [...headers, ...versionHeaders(version)];
	if ("status" in access) {
		// A locked shop names its version; where no shop was reached there is none to name (wire 4.2).
		return refuse(response, access.status, access.body, access.status === 400 ? versioned : headers);
	}
	const operation = parseOperation(type, body);
	if ("status" in operation) return refuse(response, operation.status, operation.body, versioned);

	const answer = await execute(door.documents, door.log, {
		...operation,
		version: version.served,
		requestId,
		tokenless: access.key === null,
		caller: {
			accounts: { ...door.accounts, shop: access.shop },
			scopes: access.key?.scopes ?? NO_SCOPES,
			acceptLanguage: request.headers["accept-language"] ?? "",
			findAddress: () => clientAddress(request, access.key?.kind ?? null, door.network),
		},
	});
	if (answer.deprecations !== null) versioned.push("X-Shopify-API-Deprecated-Reason", answer.deprecations);
	if (answer.retryAfterSeconds !== null) versioned.push("Retry-After", String(answer.retryAfterSeconds));
	send(response, 200, JSON_TYPE, answer.body, versioned);
}

async function serveOtherMethod(
	door: StorefrontDoor,
	path: string,
	request: IncomingMessage,
	response: ServerResponse,
	headers: RawHeaders,
): Promise<void> {
	const wantsPage = request.method === "GET" && request.headers.accept?.includes("text/html");
	if (wantsPage && door.graphiql) {
		const { page, headers: own } = await door.graphiql(path);
		return send(response, 200, HTML_TYPE, page, [...headers, ...own]);
	}
	refuse(response, 405, listed("Send the operation with POST", "METHOD_NOT_ALLOWED"), [
		"Allow",
		"POST",
		...headers,
	]);
}

/** A refusal that leaves the body unread ends the connection, so that nobody waits for the rest of it. */
function refuse(response: ServerResponse, status: number, body: unknown, headers: RawHeaders): void {
	const { complete } = response.req;
	sendJson(response, status, body, complete ? headers : ["Connection", "close", ...headers]);
}

function listed(message: string, code: string): unknown {
	return { errors: [{ message, extensions: { code } }] };
}

function versionHeaders({ served, differs }: Resolution): RawHeaders {
	return ["X-Shopify-API-Version", served, ...(differs ? WARNING_HEADERS : [])];
}

interface Refusal {
	readonly status: number;
	readonly body: unknown;
}

/**
 * Which shop is called, and with what rights. A token that opens nothing is refused, never taken for none. Without
 * one, the host names the shop, or there is only one.
 */
async function findAccess(
	door: StorefrontDoor,
	request: IncomingMessage,
): Promise<{ readonly key: ApiKey | null; readonly shop: Shop } | Refusal> {
	const publicToken = request.headers["x-shopify-storefront-access-token"];
	const privateToken = request.headers["shopify-storefront-private-token"];
	const token = privateToken ?? publicToken;
	const { store } = door.accounts;
	if (token === undefined) {
		const shop = (await findShopByHost(store, hostOf(request))) ?? (await findOnlyShop(door));
		if (!shop) return { status: 404, body: listed("Not Found", "NOT_FOUND") };
		if (!door.tokenlessAccess) {
			return { status: 400, body: listed("Online Store channel is locked.", "BAD_REQUEST") };
		}
		return { key: null, shop };
	}
	const digest = digestToken(String(token));
	const found = digest === null ? null : await findApiKey(store, digest);
	if (!found) return { status: 401, body: listed("", "UNAUTHORIZED") };
	if (found.key.kind !== (privateToken === undefined ? "public" : "private")) {
		return { status: 403, body: listed("", "FORBIDDEN") };
	}
	return found;
}

/** As a shop's URL has it: in lower case, without the port that goes without saying. */
function hostOf({ headers }: IncomingMessage): string {
	return (headers.host ?? "").toLowerCase().replace(/:(?:443|80)$/, "");
}

async function findOnlyShop(door: StorefrontDoor): Promise<Shop | null> {
	const [first, second] = await listShops(door.accounts.store, 2);
	return first && !second ? first : null;
}

interface OperationRequest {
	readonly query: string;
	readonly variables: Readonly<Record<string, unknown>>;
	readonly operationName: string | null;
}

function badRequest(member: string): Refusal {
	return { status: 400, body: { errors: { [member]: "Required parameter missing or invalid" } } };
}

function parseOperation(type: string, body: Body): OperationRequest | Refusal {
	if ("refused" in body) {
		if (body.refused === "tooLarge")
			return { status: 413, body: listed("The request is larger than 64 KiB", "REQUEST_TOO_LARGE") };
		return { status: 400, body: listed("The body is not UTF-8 text", "BAD_REQUEST") };
	}
	const text = body.text.startsWith("\uFEFF") ? body.text.slice(1) : body.text;
	if (type === "application/graphql") {
		return text.trim() === "" ? badRequest("query") : { query: text, variables: {}, operationName: null };
	}
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		return badRequest("query");
	}
	if (!isRecord(parsed)) return badRequest("query");
	const { query, variables, operationName } = parsed;
	if (typeof query !== "string" || query.trim() === "") return badRequest("query");
	if (variables !== undefined && variables !== null && !isRecord(variables)) return badRequest("variables");
	if (!isShallow(variables, MAX_VARIABLE_DEPTH)) return badRequest("variables");
	if (operationName !== undefined && operationName !== null && typeof operationName !== "string") {
		return badRequest("operationName");
	}
	return { query, variables: variables ?? {}, operationName: operationName || null };
}

/** No input of the schema nests as deep; beyond this, walking the variables could exhaust the stack. */
const MAX_VARIABLE_DEPTH = 50;

function isShallow(value: unknown, depth: number): boolean {
	if (typeof value !== "object" || value === null) return true;
	return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
