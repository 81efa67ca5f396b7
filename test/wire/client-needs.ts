// 4.1, continued: what official clients send besides, and what they insist on or ask about.
import assert from "node:assert/strict";
import type { Row } from "./row.ts";
import { answers, costs, PUBLIC_HEADER } from "./wire.ts";

const SHOP = "{ shop { name } }";
const SERVED = { data: { shop: { name: "Latchkey" } }, extensions: costs(1) };

/** The headers of the official clients that say nothing to the server. */
const IGNORED_HEADERS = {
	"X-SDK-Variant": "hydrogen",
	"X-SDK-Variant-Source": "react",
	"X-SDK-Version": "2026.4.0",
	"Custom-Storefront-Request-Group-ID": "6f1d",
	"Shopify-Storefront-Id": "1000",
	"Shopify-Storefront-Y": "y",
	"Shopify-Storefront-S": "s",
	"X-Shopify-UniqueToken": "u",
	"X-Shopify-VisitToken": "v",
	"X-Shopify-Client-IP": "203.0.113.7",
	"X-Shopify-Client-IP-Sig": "sig",
};

export const rows: readonly Row[] = [
	{
		id: "4.1/client-headers",
		says: "what else official clients send about themselves changes nothing",
		sources: ["CLI"],
		check: async (wire) => {
			const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken, ...IGNORED_HEADERS };
			answers(await wire.ask(SHOP, {}, headers), SERVED);
		},
	},
	{
		id: "4.1/content-type",
		says: "answers are `application/json`, which the official client insists on",
		sources: ["CLI"],
		check: async (wire) => {
			const types = [
				(await wire.ask(SHOP)).headers["content-type"],
				(await wire.ask("{")).headers["content-type"],
				(await wire.ask(SHOP, {}, { [PUBLIC_HEADER]: "nobody" })).headers["content-type"],
			];
			assert.deepEqual(types, Array(3).fill("application/json; charset=utf-8"));
		},
	},
	{
		id: "4.1/retries",
		says: "it repeats a request that was answered 429 or 503, when `Retry-After` says",
		sources: ["CLI"],
		difference:
			"A throttled operation is 200 with `THROTTLED`, as upstream, and carries `Retry-After` all the same (9); neither status is sent.",
	},
	{
		id: "4.1/defer",
		says: "an operation with `@defer` may be answered in parts, as `multipart/mixed`",
		sources: ["CLI"],
		difference: "It is answered whole, as JSON, which the directive allows and the official client takes.",
	},
	{
		id: "4.1/introspection",
		says: "introspection is open, to calls without a token too",
		sources: ["DOC"],
		check: async (wire) => {
			const document = "{ __schema { queryType { name } mutationType { name } subscriptionType { name } } }";
			answers(await wire.ask(document, {}, {}), {
				data: {
					__schema: {
						queryType: { name: "QueryRoot" },
						mutationType: { name: "Mutation" },
						subscriptionType: null,
					},
				},
				extensions: costs(0),
			});
		},
	},
	{
		id: "4.1/directives",
		says: "the directives are `inContext`, `defer`, `accessRestricted`, `oneOf`, `specifiedBy` and GraphQL’s own",
		sources: ["DOC"],
		check: async (wire) => {
			const { body } = await wire.ask("{ __schema { directives { name locations args { name } } } }");
			type Directive = { name: string; locations: string[]; args: { name: string }[] };
			const directives = body.data.__schema.directives.map(({ name, locations, args }: Directive) => [
				name,
				locations.toSorted(),
				args.map((arg) => arg.name).toSorted(),
			]);
			assert.deepEqual(
				directives.toSorted(([a]: [string], [b]: [string]) => (a < b ? -1 : 1)),
				[
					["accessRestricted", ["FIELD_DEFINITION", "OBJECT"], ["reason"]],
					["defer", ["FRAGMENT_SPREAD", "INLINE_FRAGMENT"], ["if", "label"]],
					[
						"deprecated",
						["ARGUMENT_DEFINITION", "ENUM_VALUE", "FIELD_DEFINITION", "INPUT_FIELD_DEFINITION"],
						["reason"],
					],
					[
						"inContext",
						["MUTATION", "QUERY"],
						["buyer", "country", "language", "preferredLocationId", "visitorConsent"],
					],
					["include", ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"], ["if"]],
					["oneOf", ["INPUT_OBJECT"], []],
					["skip", ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"], ["if"]],
					["specifiedBy", ["SCALAR"], ["url"]],
				],
			);
		},
	},
];
