// 9, continued: what is decided about paths, methods, bodies and content types.
import assert from "node:assert/strict";
import { startApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { ENGINES, openDatabase } from "../house.ts";
import type { Row } from "./row.ts";
import { type Answer, answers, answersExactly, exchange, listed, PUBLIC_HEADER, type Wire } from "./wire.ts";

const OWN = ["OWN"] as const;
const BROWSER = { Accept: "text/html,application/xhtml+xml" };
const SHOP = "{ shop { name } }";
const SERVED = { data: { shop: { name: "Latchkey" } }, extensions: { cost: { requestedQueryCost: 1 } } };
const NOT_FOUND = listed("Not Found", "NOT_FOUND");
const NO_QUERY = { errors: { query: "Required parameter missing or invalid" } };
const NOT_READ = listed(
	"Unsupported content type: send application/json or application/graphql, in UTF-8",
	"UNSUPPORTED_MEDIA_TYPE",
);
const NOT_POST = listed("Send the operation with POST", "METHOD_NOT_ALLOWED");

/** 405, and which method there is. */
function isNotPost(answer: Answer): void {
	answersExactly(answer, NOT_POST, 405);
	assert.equal(answer.headers.allow, "POST");
}

/** The headers of a client with the public token that sends this type of content. */
function sending(wire: Wire, type: string): Record<string, string> {
	return { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken, "Content-Type": type };
}

export const rows: readonly Row[] = [
	{
		id: "9/garbage-version",
		says: "a version that is none is 404, with the body of “no such shop”",
		sources: OWN,
		check: async (wire) => {
			const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken };
			for (const version of ["2026-02", "latest", "2026-4", "1.0", "%00"]) {
				const path = `/api/${version}/graphql.json`;
				answersExactly(await wire.send({ path, headers, body: { query: SHOP } }), NOT_FOUND, 404);
			}
		},
	},
	{
		id: "9/wrong-method",
		says: "other methods are 405 with `Allow: POST`",
		sources: OWN,
		check: async (wire) => {
			const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken };
			const path = `/api/${wire.version}/graphql.json?query={shop{name}}`;
			for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
				const answer = await wire.send({ method, path, headers });
				isNotPost(answer);
			}
		},
	},
	{
		id: "9/graphiql",
		says: "in development a browser that opens the address is given GraphiQL, which asks no other host",
		sources: OWN,
		check: async (wire) => {
			const { status, headers, text } = await wire.send({ method: "GET", headers: BROWSER });
			assert.equal(status, 200);
			assert.equal(headers["content-type"], "text/html; charset=utf-8");
			assert.match(text.trimStart(), /^<!doctype html>/i);
			assert.doesNotMatch(text, /<(?:script|link|img|iframe)[^>]*(?:src|href)=["']?(?:https?:)?\/\//i);
		},
	},
	{
		id: "9/graphiql/production",
		says: "elsewhere a browser is 405 like everyone",
		sources: OWN,
		check: async ({ version }) => {
			await using database = await openDatabase(ENGINES[0]);
			const config = readConfig({}, { port: "0", logLevel: "silent", databaseUrl: database.url });
			const keys = { storefrontAccessToken: null, privateAccessToken: null, adminAccessToken: null };
			const app = await startApp(config, keys, false);
			const path = `/api/${version}/graphql.json`;
			try {
				isNotPost(await exchange(app.url, { method: "GET", path, headers: BROWSER }));
			} finally {
				await app.close();
			}
		},
	},
	{
		id: "9/bad-body",
		says: "a body that is no JSON, or has no `query`, is 400 with the body of 4.2",
		sources: OWN,
		check: async (wire) => {
			const headers = sending(wire, "application/json");
			const bodies = ["", "{", "null", '"query"', "{}", '{"query":null}', '{"query":42}', '{"query":" "}'];
			for (const body of bodies) answersExactly(await wire.send({ headers, body }), NO_QUERY, 400);
		},
	},
	{
		id: "9/content-types",
		says: "`application/json` and `application/graphql` are read",
		sources: OWN,
		check: async (wire) => {
			const asJson = JSON.stringify({ query: SHOP });
			for (const [type, body] of [
				["application/json", asJson],
				["application/json; charset=utf-8", asJson],
				["Application/JSON", asJson],
				["application/graphql", SHOP],
				["application/graphql; charset=UTF-8", SHOP],
			] as const) {
				answers(await wire.send({ headers: sending(wire, type), body }), SERVED);
			}
		},
	},
	{
		id: "9/content-types/others",
		says: "others are 415",
		sources: OWN,
		check: async (wire) => {
			for (const type of [
				"text/plain",
				"application/x-www-form-urlencoded",
				"multipart/form-data; boundary=b",
				"application/json; charset=latin1",
			]) {
				const answer = await wire.send({
					headers: sending(wire, type),
					body: JSON.stringify({ query: SHOP }),
				});
				answersExactly(answer, NOT_READ, 415);
			}
		},
	},
	{
		id: "9/arrays",
		says: "several operations in an array are 400",
		sources: OWN,
		check: async (wire) => {
			const headers = sending(wire, "application/json");
			answersExactly(await wire.send({ headers, body: [{ query: SHOP }, { query: SHOP }] }), NO_QUERY, 400);
		},
	},
];
