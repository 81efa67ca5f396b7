// 1.7: what operations cost. Cost is told by the document alone: what its mutations answer makes no difference.
import assert from "node:assert/strict";
import type { Row } from "./row.ts";
import { costs, type Wire } from "./wire.ts";

const TOKEN = "customerAccessToken { accessToken expiresAt }";
const ERRORS = "customerUserErrors { code field message } userErrors { field message }";
const PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
const MONEY = "totalPrice { amount currencyCode }";
const ID = "gid://shopify/Customer/1";
const LINK = "https://shop.example/account/reset/1/token";

async function operationCosts(wire: Wire, document: string, cost: number): Promise<void> {
	assert.deepEqual((await wire.ask(document)).body.extensions, costs(cost), document);
}

/** Names that have a figure on record, and a document of each: mutations of one field. */
function mutations(cost: number, fields: Readonly<Record<string, string>>): readonly Row[] {
	return Object.entries(fields).map(([field, rest]) => ({
		id: `1.7/${field}`,
		says: `\`${field}\` costs ${cost}`,
		sources: ["REC"],
		check: (wire) => operationCosts(wire, `mutation M { ${field}${rest} }`, cost),
	}));
}

export const rows: readonly Row[] = [
	...mutations(11, {
		customerAccessTokenDelete: `(customerAccessToken: "t") { deletedAccessToken deletedCustomerAccessTokenId userErrors { field message } }`,
	}),
	...mutations(12, {
		customerAccessTokenRenew: `(customerAccessToken: "t") { ${TOKEN} userErrors { field message } }`,
		customerAccessTokenCreateWithMultipass: `(multipassToken: "t") { ${TOKEN} customerUserErrors { code field message } }`,
		customerRecover: `(email: "nobody@example.com") { ${ERRORS} }`,
		customerAddressDelete: `(customerAccessToken: "t", id: "${ID}") { deletedCustomerAddressId ${ERRORS} }`,
	}),
	...mutations(13, {
		customerAccessTokenCreate: `(input: { email: "nobody@example.com", password: "secret" }) { ${TOKEN} ${ERRORS} }`,
		customerActivateByUrl: `(activationUrl: "${LINK}", password: "secret") { customer { id } ${TOKEN} customerUserErrors { code field message } }`,
		customerAddressCreate: `(customerAccessToken: "t", address: { city: "Ottawa" }) { customerAddress { id } ${ERRORS} }`,
		customerAddressUpdate: `(customerAccessToken: "t", id: "${ID}", address: { city: "Ottawa" }) { customerAddress { id } ${ERRORS} }`,
	}),
	...mutations(14, {
		customerActivate: `(id: "${ID}", input: { activationToken: "t", password: "secret" }) { customer { id } ${TOKEN} ${ERRORS} }`,
		customerReset: `(id: "${ID}", input: { resetToken: "t", password: "secret" }) { customer { id } ${TOKEN} ${ERRORS} }`,
		customerResetByUrl: `(resetUrl: "${LINK}", password: "secret") { customer { id } ${TOKEN} ${ERRORS} }`,
		customerUpdate: `(customerAccessToken: "t", customer: { firstName: "Ada" }) { customer { id } ${TOKEN} ${ERRORS} }`,
	}),
	{
		id: "1.7/customerCreate",
		says: "`customerCreate` with `addresses(first: 2)` and its `pageInfo` costs 16",
		sources: ["REC"],
		check: (wire) =>
			operationCosts(
				wire,
				`mutation M {
					customerCreate(input: { email: "not an address", password: "secret" }) {
						customer { id addresses(first: 2) { nodes { id } ${PAGE_INFO} } } ${ERRORS}
					}
				}`,
				16,
			),
	},
	{
		id: "1.7/customerDefaultAddressUpdate",
		says: "`customerDefaultAddressUpdate` with `defaultAddress`, `addresses(first: 5)` and `pageInfo` costs 21",
		sources: ["REC"],
		check: (wire) =>
			operationCosts(
				wire,
				`mutation M {
					customerDefaultAddressUpdate(customerAccessToken: "t", addressId: "${ID}") {
						customer { id defaultAddress { id } addresses(first: 5) { nodes { id } ${PAGE_INFO} } } ${ERRORS}
					}
				}`,
				21,
			),
	},
	{
		id: "1.7/customer/addresses",
		says: "`customer` with `addresses(first: 2)` and `pageInfo` costs 4",
		sources: ["REC"],
		check: (wire) =>
			operationCosts(
				wire,
				`{ customer(customerAccessToken: "t") { id addresses(first: 2) { nodes { id } ${PAGE_INFO} } } }`,
				4,
			),
	},
	{
		id: "1.7/customer/orders",
		says: "`customer` with `defaultAddress`, five addresses, and five orders with three amounts each costs 25",
		sources: ["REC"],
		check: (wire) =>
			operationCosts(
				wire,
				`{
					customer(customerAccessToken: "t") {
						defaultAddress { id }
						addresses(first: 5) { nodes { id } ${PAGE_INFO} }
						orders(first: 5) {
							nodes { id a: ${MONEY} b: ${MONEY} c: ${MONEY} }
							${PAGE_INFO}
						}
					}
				}`,
				25,
			),
	},
	{
		id: "1.7/flat",
		says: "10 for a mutation, and 1 for every object or list of objects; scalars are free",
		sources: ["INF"],
		check: async (wire) => {
			await operationCosts(wire, "{ shop { name } }", 1);
			await operationCosts(
				wire,
				"{ shop { name primaryDomain { host } paymentSettings { currencyCode } } }",
				3,
			);
			await operationCosts(wire, "{ localization { availableCountries { currency { isoCode } } } }", 3);
			await operationCosts(wire, 'mutation M { customerRecover(email: "e") { __typename } }', 10);
		},
	},
	{
		id: "1.7/pages",
		says: "the cost of a page does not grow in proportion to `first`; by which rule is not known",
		sources: ["INF"],
		check: async (wire) => {
			const page = (first: number) =>
				`{ customer(customerAccessToken: "t") { addresses(first: ${first}) { nodes { id } } } }`;
			for (const [first, cost] of [
				[2, 3],
				[5, 7],
				[250, 17],
			] as const) {
				await operationCosts(wire, page(first), cost);
			}
		},
	},
];
