// Client programs from npm, unmodified, each through a customer access token's whole life; and that each really
// sends what it is known for, so that a life lived is a life in that client's own dialect.
import assert from "node:assert/strict";
import test from "node:test";
import { createGraphQLClient } from "@shopify/graphql-client";
import { type IntrospectionObjectType, type IntrospectionQuery, Kind, parse, visit } from "graphql";
import published from "hydrogen-react-2026-04/storefront.schema.json" with { type: "json" };
import { ENGINES, type House, openHouse, VERSIONS } from "../house.ts";
import { CLIENTS, endpoint, hydrogenStorefront, publicHeaders } from "./clients.ts";
import { liveThrough, READ } from "./life.ts";
import { watchSent } from "./sent.ts";

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		for (const [name, make] of Object.entries(CLIENTS)) {
			test(`${name} lives a token's whole life on ${version}, ${engine}`, async () => {
				await using house = await openHouse(engine);
				await liveThrough(house, make(house, version));
			});
		}
	}
}

test("the life reads every field that the published schema gives a customer", () => {
	const { types } = (published as unknown as IntrospectionQuery).__schema;
	const customer = types.find(({ name }) => name === "Customer") as IntrospectionObjectType;
	const selected: string[] = [];
	visit(parse(READ), {
		Field: (field) => {
			if (field.name.value === "customer") {
				for (const selection of field.selectionSet?.selections ?? []) {
					if (selection.kind === Kind.FIELD) selected.push(selection.name.value);
				}
			}
		},
	});
	assert.deepEqual(selected.sort(), customer.fields.map(({ name }) => name).sort());
});

/** What each client sends of its own accord. A text must be the header's value, an expression must match it. */
const DIALECTS: Readonly<Record<string, (house: House, version: string) => Record<string, string | RegExp>>> =
	{
		"@shopify/hydrogen, public token": ({ keys }, version) => ({
			...hydrogenHeaders(version),
			"x-shopify-storefront-access-token": keys.storefrontAccessToken,
		}),
		"@shopify/hydrogen, private token": ({ keys }, version) => ({
			...hydrogenHeaders(version),
			"shopify-storefront-private-token": keys.privateAccessToken,
			"shopify-storefront-buyer-ip": "203.0.113.7",
		}),
		"@shopify/hydrogen-react 2026.1, public token": ({ keys }, version) => ({
			"x-sdk-variant": "hydrogen-react",
			"x-sdk-version": version,
			"x-shopify-storefront-access-token": keys.storefrontAccessToken,
		}),
		"@shopify/hydrogen-react 2026.4, private token": ({ keys }, version) => ({
			"x-sdk-variant": "hydrogen-react",
			"x-sdk-version": version,
			"shopify-storefront-private-token": keys.privateAccessToken,
			"shopify-storefront-buyer-ip": "203.0.113.7",
		}),
		"@shopify/graphql-client": () => ({
			"x-sdk-variant": "shopify-graphql-client",
			"x-sdk-version": "2.0.0",
		}),
		"@shopify/storefront-api-client, public token": ({ keys }) => ({
			"x-sdk-variant": "storefront-api-client",
			"x-sdk-version": "2.0.0",
			"x-shopify-storefront-access-token": keys.storefrontAccessToken,
		}),
		"@shopify/storefront-api-client, private token": ({ keys }) => ({
			"x-sdk-variant": "storefront-api-client",
			"x-sdk-version": "2.0.0",
			"shopify-storefront-private-token": keys.privateAccessToken,
		}),
		"@apollo/client": () => ({ accept: "application/graphql-response+json,application/json;q=0.9" }),
		"@urql/core": () => ({
			accept:
				"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
		}),
		"graphql-request": () => ({ accept: "application/graphql-response+json, application/json" }),
	};

function hydrogenHeaders(version: string): Record<string, string | RegExp> {
	return {
		"x-sdk-variant": "hydrogen-react",
		"x-sdk-version": version,
		"x-shopify-client-ip": "203.0.113.7",
		"custom-storefront-request-group-id": "7e1b6b52-5f5b-4f32-9e0c-0d6d2e2b7d11",
		"x-shopify-uniquetoken": /^[\da-f-]{36}$/,
		"x-shopify-visittoken": /^[\da-f-]{36}$/,
		"user-agent": /^Hydrogen \d/,
	};
}

for (const version of VERSIONS) {
	for (const [name, make] of Object.entries(CLIENTS)) {
		test(`${name} speaks its own dialect on ${version}`, async () => {
			await using house = await openHouse();
			const sent = await watchSent(house, () => make(house, version).request(READ, { token: "none" }));
			assert.deepEqual(
				sent.map(({ method, path }) => ({ method, path })),
				[{ method: "POST", path: `/api/${version}/graphql.json` }],
			);
			const headers = sent[0]?.headers ?? {};
			assert.equal(headers["content-type"], "application/json");
			const kinds = ["x-shopify-storefront-access-token", "shopify-storefront-private-token"];
			assert.equal(kinds.filter((kind) => kind in headers).length, 1, "one token of one kind");
			const dialect = DIALECTS[name];
			assert.ok(dialect, "nobody has said how this client speaks");
			for (const [header, expected] of Object.entries(dialect(house, version))) {
				if (expected instanceof RegExp) assert.match(headers[header] ?? "", expected);
				else assert.equal(headers[header], expected);
			}
		});
	}
}

for (const version of VERSIONS) {
	test(`clients that can take a deferred part later get the answer whole and at once on ${version}`, async () => {
		await using house = await openHouse();
		const token = await house.signedIn("ada@example.com");
		const document = `query Later($token: String!) {
			customer(customerAccessToken: $token) { numberOfOrders ... @defer(label: "later") { email } }
		}`;
		const whole = { customer: { numberOfOrders: "0", email: "ada@example.com" } };

		const headers = { "Content-Type": "application/json", ...publicHeaders(house) };
		const client = createGraphQLClient({ url: endpoint(house, version), headers });
		const parts: unknown[] = [];
		for await (const { data, errors, hasNext } of await client.requestStream(document, {
			variables: { token },
		})) {
			parts.push({ data, errors, hasNext });
		}
		assert.deepEqual(parts, [{ data: whole, errors: undefined, hasNext: false }]);

		const storefront = hydrogenStorefront(house, version, "public");
		const options = { variables: { token }, cache: storefront.CacheNone() };
		assert.deepEqual(await storefront.query(document, options), whole);
	});
}
