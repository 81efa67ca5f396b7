// 4.2: statuses and bodies of what is refused.
import assert from "node:assert/strict";
import { createShop } from "../../src/accounts/administration.ts";
import { deniesField } from "./access.ts";
import type { Row } from "./row.ts";
import {
	type Answer,
	answers,
	answersExactly,
	at,
	costs,
	listed,
	PRIVATE_HEADER,
	PUBLIC_HEADER,
} from "./wire.ts";

const SHOP = "{ shop { name } }";
const NO_PLANS =
	"There are no plans here, and no shop is ever suspended or closed: nothing can be in this state.";

function hasNoVersion({ headers }: Answer): void {
	assert.equal(headers["x-shopify-api-version"], undefined);
}

const refusals: readonly Row[] = [
	{
		id: "4.2/invalid-token",
		says: "401, an empty message, `UNAUTHORIZED`; no `X-Shopify-API-Version`",
		sources: ["REC"],
		check: async (wire) => {
			for (const header of [PUBLIC_HEADER, PRIVATE_HEADER]) {
				for (const token of ["nobody", "0".repeat(48)]) {
					const answer = await wire.ask(SHOP, {}, { [header]: token });
					answersExactly(answer, listed("", "UNAUTHORIZED"), 401);
					hasNoVersion(answer);
				}
			}
		},
	},
	{
		id: "4.2/wrong-kind-of-token",
		says: "403, an empty message, `FORBIDDEN`: an admin token, or a token in the other kind’s header",
		sources: ["CLI"],
		check: async (wire) => {
			const { storefrontAccessToken, privateAccessToken, adminAccessToken } = wire.house.keys;
			for (const headers of [
				{ [PUBLIC_HEADER]: adminAccessToken },
				{ [PRIVATE_HEADER]: adminAccessToken },
				{ [PUBLIC_HEADER]: privateAccessToken },
				{ [PRIVATE_HEADER]: storefrontAccessToken },
			]) {
				answersExactly(await wire.ask(SHOP, {}, headers), listed("", "FORBIDDEN"), 403);
			}
		},
	},
	{
		id: "4.2/no-such-shop",
		says: "404, “Not Found”, `NOT_FOUND`; no `X-Shopify-API-Version`",
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open();
			const { store, shop, clock } = own.house.app;
			await createShop(store, { ...shop, name: "Other", url: "https://other.example" }, clock.now());
			const answer = await own.ask(SHOP, {}, { Host: "third.example" });
			answersExactly(answer, listed("Not Found", "NOT_FOUND"), 404);
			hasNoVersion(answer);
			const other = { data: { shop: { name: "Other" } }, extensions: costs(1) };
			answers(await own.ask(SHOP, {}, { Host: "other.example" }), other);
		},
	},
	{
		id: "4.2/locked",
		says: "without a token on a locked shop: 400, “Online Store channel is locked.”, `BAD_REQUEST`; with the version",
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open({ tokenlessAccess: "false" });
			const answer = await own.ask(SHOP, {}, {});
			answersExactly(answer, listed("Online Store channel is locked.", "BAD_REQUEST"), 400);
			assert.equal(answer.headers["x-shopify-api-version"], wire.version);
			answers(await own.ask(SHOP), { data: { shop: { name: "Latchkey" } }, extensions: costs(1) });
		},
	},
	{
		id: "4.2/no-query",
		says: "400, and `errors` an object: `query` is “Required parameter missing or invalid”",
		sources: ["DOC"],
		check: async (wire) => {
			const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken };
			const body = { errors: { query: "Required parameter missing or invalid" } };
			answersExactly(await wire.send({ headers, body: {} }), body, 400);
		},
	},
];

const states: readonly Row[] = [
	{
		id: "4.2/state/402",
		says: "402 “This shop's plan does not have access to this feature”",
		sources: ["DOC"],
		difference: NO_PLANS,
	},
	{ id: "4.2/state/403", says: "403 “Unavailable Shop”", sources: ["DOC"], difference: NO_PLANS },
	{
		id: "4.2/state/404",
		says: "404 with the text “Not Found”",
		sources: ["DOC"],
		difference: "404 has the body that was recorded, a list with `NOT_FOUND`, everywhere.",
	},
	{ id: "4.2/state/423", says: "423 “This shop is unavailable”", sources: ["DOC"], difference: NO_PLANS },
	{
		id: "4.2/state/500",
		says: "500 with the text “An unexpected error occurred”, where not even the token could be looked up",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open();
			await own.house.app.store.define(["DROP TABLE api_keys"]);
			answersExactly(await own.ask(SHOP), { errors: "An unexpected error occurred" }, 500);
		},
	},
	{
		id: "4.2/security-rejection",
		says: "430 “Shopify Security Rejection” for traffic that looks malicious",
		sources: ["DOC"],
		difference:
			"The server judges what a request asks for, not whose traffic it may be; that is a proxy’s task.",
	},
	{
		id: "4.2/throttled",
		says: "a throttled request is 200 with “Throttled”, `THROTTLED`, and no data",
		sources: ["DOC"],
		difference:
			"Requests are not counted, as upstream promises not to: what is limited are attempts, and their refusal names the mutation and has data (1.0, 1.2, 9).",
	},
	{
		id: "4.2/internal-fault",
		says: "a fault of ours is 200, `INTERNAL_SERVER_ERROR`, and tells the request’s id",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open();
			const { token: t } = await own.newcomer();
			await own.house.app.store.define(["DROP TABLE access_tokens"]);
			const document = "query Q($t: String!) { customer(customerAccessToken: $t) { id } }";
			const answer = await own.ask(document, { t });
			const requestId = answer.headers["x-request-id"];
			assert.match(String(requestId), /^[\da-f-]{36}$/);
			answersExactly(answer, {
				errors: [
					{
						message: `Internal error. Looks like something went wrong on our end.\nRequest ID: ${requestId} (include this in support requests).`,
						path: ["customer"],
						locations: [at(document, "customer")],
						extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
					},
				],
				data: { customer: null },
				extensions: costs(1),
			});
		},
	},
	{
		id: "4.2/shop-inactive",
		says: "`SHOP_INACTIVE`",
		sources: ["DOC"],
		difference: NO_PLANS,
	},
];

export const rows: readonly Row[] = [
	...refusals,
	...states,
	{
		id: "4.2/missing-scope/nullable",
		says: "200, the denial with its place in the document, the field null, the cost still there; in this order",
		sources: ["REC"],
		check: (wire) =>
			deniesField(
				wire,
				'query Q { menu(handle: "main") { id } }',
				"menu",
				"unauthenticated_read_content",
				{ menu: null },
				1,
			),
	},
	{
		id: "4.2/missing-scope/non-null",
		says: "a root field that cannot be null makes it `data: null`",
		sources: ["REC"],
		check: (wire) =>
			deniesField(
				wire,
				"query Q { productTags(first: 2) { nodes } }",
				"productTags",
				"unauthenticated_read_product_tags",
				null,
				1,
			),
	},
	{
		id: "4.2/tokenless",
		says: "a request without any token is run, on a shop that is open",
		sources: ["REC"],
		check: async (wire) =>
			answers(await wire.ask(SHOP, {}, {}), {
				data: { shop: { name: "Latchkey" } },
				extensions: costs(1),
			}),
	},
	{
		id: "4.2/tokenless/denied",
		says: "a field beyond what it may read is denied as above",
		sources: ["REC"],
		check: (wire) =>
			deniesField(
				wire,
				"query Q { shop { name } productTags(first: 2) { edges { node } } }",
				"productTags",
				"unauthenticated_read_product_tags",
				null,
				2,
			),
	},
	{
		id: "4.2/tokenless/read-customers",
		says: "`customer` is denied with `unauthenticated_read_customers`",
		sources: ["INF"],
		check: (wire) =>
			deniesField(
				wire,
				'query Q { customer(customerAccessToken: "t") { id } }',
				"customer",
				"unauthenticated_read_customers",
				{ customer: null },
				1,
			),
	},
	{
		id: "4.2/tokenless/write-customers",
		says: "every `customer…` mutation with `unauthenticated_write_customers`",
		sources: ["INF"],
		check: async (wire) => {
			const scope = "unauthenticated_write_customers";
			for (const [field, given] of [
				["customerCreate", '(input: { email: "ada@example.com", password: "secret" })'],
				["customerAccessTokenCreate", '(input: { email: "ada@example.com", password: "secret" })'],
				["customerAccessTokenRenew", '(customerAccessToken: "t")'],
				["customerAccessTokenDelete", '(customerAccessToken: "t")'],
				["customerRecover", '(email: "ada@example.com")'],
			] as const) {
				const document = `mutation M { ${field}${given} { __typename } }`;
				await deniesField(wire, document, field, scope, { [field]: null }, 10);
			}
		},
	},
	{
		id: "4.2/forms-of-errors",
		says: "`errors` is a list, an object or a text",
		sources: ["CLI"],
		check: async (wire) => {
			const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken };
			const list = await wire.ask(SHOP, {}, { [PUBLIC_HEADER]: "nobody" });
			assert.ok(Array.isArray(list.body.errors));
			const object = await wire.send({ headers, body: {} });
			assert.deepEqual(Object.keys(object.body.errors), ["query"]);
			await using own = await wire.open();
			await own.house.app.store.define(["DROP TABLE api_keys"]);
			assert.equal(typeof (await own.ask(SHOP)).body.errors, "string");
		},
	},
];
