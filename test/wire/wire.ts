// A house as rows of the wire see it: one API version, and answers with their status, headers and raw text.
import assert from "node:assert/strict";
import { type IncomingHttpHeaders, request } from "node:http";
import type { SettingName } from "../../src/config.ts";
import { type EngineName, type House, openHouse, SIGN_IN, SIGN_UP, type VERSIONS } from "../house.ts";

export type Version = (typeof VERSIONS)[number];

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
	readonly body: any;
}

/** What is sent; what is left out is as a client of the version sends it, but for the token. */
export interface Sent {
	readonly method?: string;
	readonly path?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Text goes as it is, anything else as JSON. */
	readonly body?: unknown;
}

/** A customer that was just signed up and in. */
interface Newcomer {
	readonly email: string;
	readonly password: string;
	readonly token: string;
}

type Variables = Readonly<Record<string, unknown>>;

export interface Wire extends AsyncDisposable {
	readonly house: House;
	readonly version: Version;
	/** Sends just this. */
	send(sent: Sent): Promise<Answer>;
	/** Sends an operation with the public token, or with the headers given instead. */
	ask(query: string, variables?: Variables, headers?: Readonly<Record<string, string>>): Promise<Answer>;
	newcomer(): Promise<Newcomer>;
	/** Another house on the same engine and version, for rows that change settings, the clock or the shop. */
	open(settings?: Partial<Record<SettingName, string>>): Promise<Wire>;
}

export const PUBLIC_HEADER = "X-Shopify-Storefront-Access-Token";
export const PRIVATE_HEADER = "Shopify-Storefront-Private-Token";
export const PASSWORD = "correct horse";

let customers = 0;

/** An address that no row has used. */
export function newEmail(): string {
	return `ada.${++customers}@example.com`;
}

export async function openWire(
	engine: EngineName,
	version: Version,
	settings: Partial<Record<SettingName, string>> = {},
): Promise<Wire> {
	const house = await openHouse(engine, settings);
	const path = `/api/${version}/graphql.json`;
	const token = { [PUBLIC_HEADER]: house.keys.storefrontAccessToken };
	const wire: Wire = {
		house,
		version,
		send: (sent) => exchange(house.app.url, { path, ...sent }),
		ask: (query, variables, headers = token) =>
			wire.send({ headers, body: variables ? { query, variables } : { query } }),
		newcomer: async () => {
			const input = { email: newEmail(), password: PASSWORD };
			const created = await wire.ask(SIGN_UP, { input });
			assert.ok(created.body.data?.customerCreate?.customer, created.text);
			const { body } = await wire.ask(SIGN_IN, { input });
			return { ...input, token: body.data.customerAccessTokenCreate.customerAccessToken.accessToken };
		},
		open: (own) => openWire(engine, version, own),
		[Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
	};
	return wire;
}

/** One HTTP exchange, by node's own client: `fetch` would keep some headers from being set and hide others. */
export function exchange(
	url: string,
	{ method = "POST", path = "/", headers = {}, body }: Sent,
): Promise<Answer> {
	const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
	const type = text === undefined ? {} : { "Content-Type": "application/json" };
	return new Promise((resolve, reject) => {
		const sent = request(`${url}${path}`, { method, headers: { ...type, ...headers } }, (response) => {
			let answered = "";
			response.setEncoding("utf8");
			response.on("data", (chunk: string) => {
				answered += chunk;
			});
			response.on("error", reject);
			response.on("end", () => {
				const { statusCode = 0 } = response;
				const isJson = response.headers["content-type"]?.startsWith("application/json");
				const parsed = isJson ? JSON.parse(answered) : null;
				resolve({ status: statusCode, headers: response.headers, text: answered, body: parsed });
			});
		});
		sent.on("error", reject);
		sent.end(text);
	});
}

/** The whole answer, whatever the order of its keys. */
export function answers(answer: Answer, body: unknown, status = 200): void {
	assert.deepEqual(answer.body, body);
	assert.equal(answer.status, status);
}

/** The whole answer, letter by letter: where the order of keys is the fact. */
export function answersExactly(answer: Answer, body: unknown, status = 200): void {
	answers(answer, body, status);
	assert.equal(answer.text, JSON.stringify(body));
}

/** `extensions` of an operation that costs so much. */
export function costs(requestedQueryCost: number): {
	readonly cost: { readonly requestedQueryCost: number };
} {
	return { cost: { requestedQueryCost } };
}

/** The body of a refusal before anything was executed: one error that has a code and nothing else. */
export function listed(message: string, code: string): unknown {
	return { errors: [{ message, extensions: { code } }] };
}

/** Where a piece of a document begins: its first occurrence, or the one after another piece. */
export function at(document: string, piece: string, after = ""): { line: number; column: number } {
	const start = document.indexOf(piece, document.indexOf(after) + after.length);
	assert.ok(start >= 0, `"${piece}" is not in the document`);
	const before = document.slice(0, start).split("\n");
	return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Whole seconds as the wire writes them. */
export function timeOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
