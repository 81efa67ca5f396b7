// 4.1: where requests go, what they carry, and who may ask for what.
import assert from "node:assert/strict";
import { deniesField, keyWith, scopeDenial } from "./access.ts";
import type { Row } from "./row.ts";
import { answers, answersExactly, costs, PRIVATE_HEADER, PUBLIC_HEADER, type Wire } from "./wire.ts";

const SHOP = "{ shop { name } }";
const SERVED = { data: { shop: { name: "Latchkey" } }, extensions: costs(1) };

/** The shop answers at the path. */
async function servesAt(wire: Wire, path: string): Promise<void> {
	const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken };
	answers(await wire.send({ path, headers, body: { query: SHOP } }), SERVED);
}

const pathRows: readonly Row[] = [
	{
		id: "4.1/path/version",
		says: "`POST /api/{version}/graphql.json`",
		sources: ["DOC"],
		check: (wire) => servesAt(wire, `/api/${wire.version}/graphql.json`),
	},
	{
		id: "4.1/path/unstable",
		says: "the version may be `unstable`",
		sources: ["DOC"],
		check: (wire) => servesAt(wire, "/api/unstable/graphql.json"),
	},
	{
		id: "4.1/path/no-version",
		says: "the older paths `/api/graphql` and `/api/graphql.json`",
		sources: ["CLI"],
		check: async (wire) => {
			await servesAt(wire, "/api/graphql");
			await servesAt(wire, "/api/graphql.json");
		},
	},
	{
		id: "4.1/path/no-suffix",
		says: "a versioned path without `.json`",
		sources: ["OWN"],
		check: (wire) => servesAt(wire, `/api/${wire.version}/graphql`),
	},
	{
		id: "4.1/path/proxy",
		says: "every version we list has a path that Hydrogen’s proxy lets through, and answers there",
		sources: ["CLI"],
		check: async (wire) => {
			const { body } = await wire.ask("{ publicApiVersions { handle } }");
			for (const { handle } of body.data.publicApiVersions) {
				const path = `/api/${handle}/graphql.json`;
				assert.match(path, /^\/api\/(unstable|2\d{3}-\d{2})\/graphql\.json$/);
				await servesAt(wire, path);
			}
		},
	},
	{
		id: "4.1/get",
		says: "a GET with `?query=` is answered 400 or 401, though only POST is documented",
		sources: ["REC", "DOC"],
		difference:
			"405 with `Allow: POST` says what is wrong; nothing is read from an address, which logs keep.",
	},
];

const tokenRows: readonly Row[] = [
	{
		id: "4.1/token/public",
		says: "`X-Shopify-Storefront-Access-Token` carries a public token",
		sources: ["DOC"],
		check: async (wire) =>
			answers(await wire.ask(SHOP, {}, { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken }), SERVED),
	},
	{
		id: "4.1/token/private",
		says: "`Shopify-Storefront-Private-Token` a private one, beside `Shopify-Storefront-Buyer-IP`",
		sources: ["DOC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const headers = {
				[PRIVATE_HEADER]: wire.house.keys.privateAccessToken,
				"Shopify-Storefront-Buyer-IP": "203.0.113.7",
			};
			const document = "query Q($t: String!) { customer(customerAccessToken: $t) { lastName } }";
			answers(await wire.ask(document, { t }, headers), {
				data: { customer: { lastName: null } },
				extensions: costs(1),
			});
		},
	},
	{
		id: "4.1/tokenless/allowed",
		says: "without a token products, collections, search, pages and the cart may be read",
		sources: ["DOC"],
		check: async (wire) => {
			const nodes = "(first: 1) { nodes { id } }";
			const cart = 'cart(id: "gid://shopify/Cart/1") { id }';
			const search = 'search(query: "hat", first: 1) { nodes { __typename } }';
			answers(
				await wire.ask(`{ products${nodes} collections${nodes} ${search} pages${nodes} ${cart} }`, {}, {}),
				{
					data: {
						products: { nodes: [] },
						collections: { nodes: [] },
						search: { nodes: [] },
						pages: { nodes: [] },
						cart: null,
					},
					extensions: costs(9),
				},
			);
		},
	},
	{
		id: "4.1/tokenless/customers",
		says: "customers not",
		sources: ["DOC"],
		check: async (wire) => {
			const read = 'query Q { customer(customerAccessToken: "t") { id } }';
			await deniesField(wire, read, "customer", "unauthenticated_read_customers", { customer: null }, 1);
			const field = "customerAccessTokenRenew";
			const write = `mutation M { ${field}(customerAccessToken: "t") { userErrors { field } } }`;
			await deniesField(wire, write, field, "unauthenticated_write_customers", { [field]: null }, 11);
		},
	},
	{
		id: "4.1/tokenless/tags",
		says: "nor tags",
		sources: ["DOC"],
		check: async (wire) => {
			const document = "query Q { productTags(first: 1) { nodes } }";
			await deniesField(wire, document, "productTags", "unauthenticated_read_product_tags", null, 1);
		},
	},
	{
		id: "4.1/tokenless/metaobjects",
		says: "nor metaobjects",
		sources: ["DOC"],
		check: async (wire) => {
			const scope = "unauthenticated_read_metaobjects";
			const one = 'query Q { metaobject(id: "gid://shopify/Metaobject/1") { id } }';
			await deniesField(wire, one, "metaobject", scope, { metaobject: null }, 1);
			const many = 'query Q { metaobjects(type: "size", first: 1) { nodes { id } } }';
			await deniesField(wire, many, "metaobjects", scope, null, 2);
		},
	},
	{
		id: "4.1/tokenless/menus",
		says: "nor menus",
		sources: ["DOC"],
		check: async (wire) => {
			const document = 'query Q { menu(handle: "main") { id } }';
			await deniesField(wire, document, "menu", "unauthenticated_read_content", { menu: null }, 1);
		},
	},
	{
		id: "4.1/tokenless/complexity",
		says: "an operation without a token may cost 1000",
		sources: ["DOC"],
		check: async (wire) => {
			// A page of 250 costs 16: its size counts by its logarithm.
			const pages = (count: number) =>
				Array.from({ length: count }, (_, index) => `p${index}: products(first: 250) { nodes { id } }`);
			const allowed = `{ shop { name } ${pages(62).join(" ")} }`;
			assert.deepEqual((await wire.ask(allowed, {}, {})).body.extensions, costs(993));
			const refused = `{ ${pages(63).join(" ")} }`;
			answers(await wire.ask(refused, {}, {}), {
				errors: [
					{
						message: "Complexity exceeded",
						extensions: { code: "MAX_COMPLEXITY_EXCEEDED", cost: 1008, maxCost: 1000 },
					},
				],
			});
			assert.deepEqual((await wire.ask(refused)).body.extensions, costs(1008));
		},
	},
	{
		id: "4.1/tokens-per-shop",
		says: "at most 100 storefront tokens for each app and shop",
		sources: ["DOC"],
		difference:
			"A key belongs to a shop and not to an app, and costs one row: there is nothing that a limit would protect.",
	},
];

/** A row about one scope: with it alone the document is served, without it the field is denied. */
function scopeRow(
	name: string,
	document: string,
	path: readonly [string, ...string[]],
	scope: string,
	also: string[],
	sources: Row["sources"],
): Row {
	return {
		id: `4.1/scope/${name}`,
		says: `\`${path.join(".")}\` needs \`${scope}\``,
		sources,
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const served = await wire.ask(document, { t }, await keyWith(wire, scope, ...also));
			assert.equal(served.body.errors, undefined, served.text);
			const [root] = path;
			assert.notEqual(served.body.data[root], null);
			const denied = await wire.ask(
				document,
				{ t },
				await keyWith(wire, "unauthenticated_read_content", ...also),
			);
			answersExactly(denied, {
				errors: [scopeDenial(document, path, scope)],
				data: { [root]: null },
				extensions: served.body.extensions,
			});
		},
	};
}

export const rows: readonly Row[] = [
	...pathRows,
	...tokenRows,
	scopeRow(
		"read-customers",
		"query Q($t: String!) { customer(customerAccessToken: $t) { id } }",
		["customer"],
		"unauthenticated_read_customers",
		[],
		["DOC", "INF"],
	),
	scopeRow(
		"write-customers",
		"mutation M($t: String!) { customerAccessTokenRenew(customerAccessToken: $t) { userErrors { field } } }",
		["customerAccessTokenRenew"],
		"unauthenticated_write_customers",
		[],
		["DOC", "REC"],
	),
	scopeRow(
		"read-customer-tags",
		"query Q($t: String!) { customer(customerAccessToken: $t) { id tags } }",
		["customer", "tags"],
		"unauthenticated_read_customer_tags",
		["unauthenticated_read_customers"],
		["DOC", "INF"],
	),
];
