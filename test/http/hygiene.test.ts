// What every answer says beside its body, whichever door gives it: not to be kept, not to be guessed at, read by any
// origin but never with credentials, and, where it is a page, nothing run but what the page brought.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { ENGINES, type House, openHouse, READ, RECOVER } from "../house.ts";
import { making, PATH, wasMade } from "./made.ts";
import { rawRequest, sendRaw } from "./raw.ts";

interface Asked {
	readonly method: string;
	readonly path: string;
	readonly headers?: Record<string, string>;
	readonly body?: string;
}

const html = { Accept: "text/html" };
const json = { "Content-Type": "application/json" };

function everyDoor(house: House, token: string): readonly Asked[] {
	const withKey = { ...json, "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	const read = JSON.stringify({ query: READ, variables: { t: token } });
	return [
		{ method: "POST", path: PATH, headers: withKey, body: read },
		{ method: "POST", path: "/api/graphql", headers: withKey, body: read },
		{ method: "POST", path: PATH, headers: withKey, body: "{" },
		{ method: "POST", path: PATH, headers: json, body: read },
		{
			method: "POST",
			path: PATH,
			headers: { ...json, "X-Shopify-Storefront-Access-Token": "none" },
			body: read,
		},
		{ method: "POST", path: PATH, headers: { "Content-Type": "text/plain" }, body: read },
		{ method: "POST", path: PATH, headers: { ...withKey, "Content-Encoding": "gzip" }, body: read },
		{ method: "POST", path: "/api/1999-13/graphql.json", headers: withKey, body: read },
		...["GET", "HEAD", "PUT", "PATCH", "DELETE", "QUERY", "PROPFIND"].map((method) => ({
			method,
			path: PATH,
		})),
		{ method: "GET", path: PATH, headers: html },
		...[
			"/",
			"/nothing",
			"/healthz",
			"/readyz",
			"/metrics",
			"/docs",
			"/docs/api/storefront/latest",
			"/llms.txt",
		].map((path) => ({ method: "GET", path })),
		...["/docs/api/storefront/2026-04", "/docs/api/storefront/2026-04.md", "/docs/none"].map((path) => ({
			method: "GET",
			path,
		})),
		{ method: "POST", path: "/docs" },
		{ method: "GET", path: "/_dev/mail" },
		{ method: "GET", path: "/_dev/mail", headers: html },
		{ method: "GET", path: "/_dev/none" },
		{ method: "GET", path: "/_dev/mail", headers: { Origin: "https://evil.example" } },
		{ method: "POST", path: "/_dev/clock", body: "{}" },
	];
}

test("no answer is kept or guessed at, and every page has a strict policy", async () => {
	await using house = await openHouse(ENGINES[0], { metrics: "true" });
	const token = await house.signedIn();
	await house.ask(RECOVER, { email: "ada@example.com" });
	let pages = 0;
	for (const { method, path, headers = {}, body } of everyDoor(house, token)) {
		const init = { method, headers, redirect: "manual" as const, ...(body === undefined ? {} : { body }) };
		const response = await fetch(`${house.app.url}${path}`, init);
		const what = `${method} ${path} ${JSON.stringify(headers)}: ${response.status}`;
		assert.ok(response.status < 500, what);
		assert.equal(response.headers.get("Cache-Control"), "no-store", what);
		assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff", what);
		assert.equal(response.headers.get("Set-Cookie"), null, what);
		assert.equal(response.headers.get("X-Powered-By"), null, what);
		const text = await response.text();
		if (!response.headers.get("Content-Type")?.startsWith("text/html") || method === "HEAD") continue;
		pages++;
		assertStrict(policyOf(response), text, what);
	}
	assert.equal(pages, 5, "GraphiQL, the mailbox, and the pages of the reference");
});

function policyOf(response: Response): ReadonlyMap<string, readonly string[]> {
	const policy = response.headers.get("Content-Security-Policy") ?? "";
	return new Map(
		policy.split("; ").map((directive) => {
			const [name = "", ...sources] = directive.split(" ");
			return [name, sources];
		}),
	);
}

function assertStrict(policy: ReadonlyMap<string, readonly string[]>, page: string, what: string): void {
	for (const name of ["default-src", "base-uri", "form-action", "frame-ancestors"]) {
		assert.deepEqual(policy.get(name), ["'none'"], `${what}: ${name}`);
	}
	// Every script that the page holds is named by its hash, and there is none else: no host, no eval, no inline.
	const scripts = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(
		([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
	);
	assert.deepEqual(policy.get("script-src") ?? [], scripts, what);
	for (const [name, sources] of policy) {
		if (name === "img-src") continue;
		for (const source of sources)
			assert.doesNotMatch(source, /\*|https?:|unsafe-(?!inline)/, `${what}: ${name}`);
	}
}

test("methods that nobody should send are refused, and nothing is sent back of what was sent", async () => {
	await using house = await openHouse();
	const body = JSON.stringify({ query: making("method@example.com") });
	const key = `X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`;
	const expected: Readonly<Record<string, number>> = {
		...{ TRACE: 405, PUT: 405, PATCH: 405, DELETE: 405, PROPFIND: 405, QUERY: 405, SEARCH: 405, HEAD: 405 },
		...{ FOO: 400, post: 400, "": 400, TRACK: 400, DEBUG: 400, PRI: 400 },
	};
	for (const [method, status] of Object.entries(expected)) {
		const lines = [`${method} ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", key];
		const head = [...lines, `Content-Length: ${body.length}`, "Connection: close"];
		const answers = await sendRaw(house, rawRequest(head, body));
		assert.deepEqual(
			answers.map((answer) => answer.status),
			[status],
			method,
		);
		const [answer] = answers;
		if (status === 405) assert.match(answer?.head ?? "", /^Allow: POST$/m);
		if (method === "HEAD") assert.equal(answer?.body, "");
		assert.ok(!`${answer?.head}${answer?.body}`.includes(house.keys.storefrontAccessToken), method);
	}
	for (const path of ["/healthz", "/docs", "/nothing", "/_dev/mail"]) {
		const lines = [`TRACE ${path} HTTP/1.1`, "Host: localhost", "X-Secret: hush", "Connection: close"];
		const [answer] = await sendRaw(house, rawRequest(lines));
		assert.doesNotMatch(`${answer?.head}${answer?.body}`, /hush/);
	}
	assert.deepEqual(await sendRaw(house, rawRequest(["CONNECT localhost:1 HTTP/1.1", "Host: localhost"])), []);
	assert.equal(await wasMade(house, "method@example.com"), false);
});

const ORIGINS = [
	...["https://shop.example", "null", "http://localhost:3000", "https://evil.example", "file://", "", "*"],
	...[
		"https://shop.example.evil.example",
		"https://evilshop.example",
		"https://shop.example:443",
		"HTTPS://SHOP.EXAMPLE",
	],
];

test("any origin may read, none is named, and none may send credentials", async () => {
	await using house = await openHouse();
	const key = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	for (const origin of ORIGINS) {
		const headers = { ...json, ...key, Origin: origin, Cookie: "session=1" };
		const query = JSON.stringify({ query: "{ shop { name } }" });
		const preflight = {
			"Access-Control-Request-Method": "POST",
			"Access-Control-Request-Headers": "content-type, cookie",
		};
		for (const init of [
			{ method: "POST", headers, body: query },
			{ method: "POST", headers, body: "{" },
			{ method: "GET", headers },
			{ method: "OPTIONS", headers: { Origin: origin, ...preflight } },
		]) {
			const response = await fetch(`${house.app.url}${PATH}`, init);
			const what = `${init.method} from ${origin}`;
			assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*", what);
			assert.equal(response.headers.get("Access-Control-Allow-Credentials"), null, what);
			assert.doesNotMatch(response.headers.get("Access-Control-Allow-Headers") ?? "", /cookie|\*/i, what);
			assert.match(
				response.headers.get("Access-Control-Allow-Methods") ?? "POST, OPTIONS",
				/^POST, OPTIONS$/,
				what,
			);
			assert.equal(response.headers.get("Access-Control-Allow-Private-Network"), null, what);
		}
		// Other doors are read by their own pages only.
		for (const path of ["/_dev/mail", "/docs", "/healthz", "/metrics"]) {
			const response = await fetch(`${house.app.url}${path}`, { headers: { Origin: origin } });
			assert.equal(response.headers.get("Access-Control-Allow-Origin"), null, `${path} from ${origin}`);
		}
	}
});
