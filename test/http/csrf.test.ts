// Another website in a customer's browser can send "simple" requests without asking first: GET, HEAD and POST, with
// three content types and few headers. None of them executes anything, even with a token that it could not know.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, openHouse } from "../house.ts";
import { making, PATH, wasMade } from "./made.ts";
import { rawRequest, sendRaw } from "./raw.ts";

const inJson = (query: string) => JSON.stringify({ query });
const inForm = (query: string) => `query=${encodeURIComponent(query)}`;
const inParts = (query: string) =>
	`--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n${query}\r\n--x--\r\n`;
const inOperations = (query: string) =>
	`--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${inJson(query)}\r\n--x\r\nContent-Disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n`;

interface Simple {
	readonly method?: string;
	readonly target?: (query: string) => string;
	/** Null for none. */
	readonly type: string | null;
	readonly body?: (query: string) => string;
	readonly lines?: readonly string[];
}

const inQuery = (query: string) => `${PATH}?query=${encodeURIComponent(query)}`;

const SIMPLE: readonly Simple[] = [
	...[
		null,
		"",
		";",
		"text/plain",
		"text/plain; charset=utf-8",
		"text/plain;application/json",
		"text/plain; application/json",
		"text/plain, application/json",
		"text/plain;charset=application/json",
		"TEXT/PLAIN",
		"text/plain\t;application/json",
		"application/x-www-form-urlencoded",
		"application/x-www-form-urlencoded; charset=application/json",
		"application/x-www-form-urlencoded;application/graphql",
		"multipart/form-data",
		"multipart/form-data; boundary=application/json",
		"multipart/form-data, application/json",
		"*/*",
		"application",
		"application/jsonx",
		"application/json-seq",
		"json",
	].map((type): Simple => ({ type, body: inJson })),
	{ type: "text/plain", body: (query) => query },
	{ type: null, body: (query) => query },
	{ type: "application/x-www-form-urlencoded", body: inForm },
	{ type: "text/plain", body: (query) => `{"query":${JSON.stringify(query)},"x":"=\r\n"}` },
	{ type: "multipart/form-data; boundary=x", body: inParts },
	{ type: "multipart/form-data; boundary=x", body: inOperations },
	{ type: "text/plain", target: inQuery },
	{ type: null, target: inQuery },
	{ type: "application/x-www-form-urlencoded", target: inQuery, body: inForm },
	{ method: "GET", type: null, target: inQuery },
	{ method: "HEAD", type: null, target: inQuery },
	{ method: "GET", type: null, body: inJson },
	{ method: "GET", type: null, target: inQuery, lines: ["Accept: text/html"] },
	{ method: "GET", type: null, target: inQuery, lines: ["X-HTTP-Method-Override: POST"] },
	{ method: "GET", type: null, target: (query) => `${inQuery(query)}&_method=POST` },
	{ type: "text/plain", body: inJson, lines: ["X-HTTP-Method-Override: POST"] },
	// Two content types: the first is the one that counts.
	{ type: "text/plain", body: inJson, lines: ["Content-Type: application/json"] },
];

for (const engine of ENGINES) {
	test(`no simple request executes anything (${engine})`, async () => {
		await using house = await openHouse(engine);
		assert.ok(SIMPLE.length >= 24);
		for (const [index, simple] of SIMPLE.entries()) {
			const { method = "POST", target = () => PATH, type, body = () => "", lines = [] } = simple;
			const email = `forged${index}@example.com`;
			const bytes = Buffer.from(body(making(email)));
			const head = [
				`${method} ${target(making(email))} HTTP/1.1`,
				`Host: ${new URL(house.app.url).host}`,
				"Origin: https://evil.example",
				"Sec-Fetch-Site: cross-site",
				`X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`,
				...(type === null ? [] : [`Content-Type: ${type}`]),
				...lines,
				...(bytes.length > 0 || method === "POST" ? [`Content-Length: ${bytes.length}`] : []),
				"Connection: close",
			];
			const [answer, ...more] = await sendRaw(house, rawRequest(head, bytes.toString("latin1")));
			const what = `${method} ${type} ${lines}`;
			assert.deepEqual(more, [], what);
			const isPage = lines.includes("Accept: text/html");
			assert.equal(answer?.status, isPage ? 200 : method === "POST" ? 415 : 405, what);
			assert.equal(await wasMade(house, email), false, what);
		}
	});

	test(`what clients send does execute (${engine})`, async () => {
		await using house = await openHouse(engine);
		const types: readonly (readonly [string, (query: string) => string])[] = [
			["application/json", inJson],
			["application/json; charset=utf-8", inJson],
			["application/json;charset=UTF-8", inJson],
			["Application/JSON", inJson],
			["application/graphql; charset=utf-8", (query) => query],
		];
		for (const [index, [type, write]] of types.entries()) {
			const email = `asked${index}@example.com`;
			const response = await fetch(`${house.app.url}${PATH}`, {
				method: "POST",
				headers: {
					"Content-Type": type,
					"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
				},
				body: write(making(email)),
			});
			assert.equal(response.status, 200, type);
			assert.equal(await wasMade(house, email), true, type);
		}
	});
}

test("lists of operations are not executed, however they are written", async () => {
	await using house = await openHouse();
	const one = inJson(making("batched@example.com"));
	const batches = [
		"[]",
		`[${one}]`,
		`[${one},${one}]`,
		`[[${one}]]`,
		`{"0":${one}}`,
		`${one}\n${one}`,
		`${one}${one}`,
	];
	batches.push(`[${Array(300).fill(one).join(",")}]`);
	for (const body of batches) {
		const response = await fetch(`${house.app.url}${PATH}`, {
			method: "POST",
			headers: {
				"Content-Type": "application/json",
				"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
			},
			body,
		});
		assert.equal(response.status, 400, body.slice(0, 80));
	}
	assert.equal(await wasMade(house, "batched@example.com"), false);
});
