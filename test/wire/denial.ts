// 1.5 and 1.6: the codes of user errors, and what a mutation answers to a customer access token that opens nothing.
import assert from "node:assert/strict";
import type { Row } from "./row.ts";
import { type Answer, answers, answersExactly, costs, type Wire } from "./wire.ts";

const NOBODY = "0123456789abcdef0123456789abcdef";

const REQUIRED =
	"`unauthenticated_write_customers` access scope. Also: Requires valid customer access token.";

const DELETE = `mutation M($t: String!) {
	customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken userErrors { field message } }
}`;
const RENEW = `mutation M($t: String!) {
	customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { expiresAt } userErrors { field message } }
}`;

const UPDATE = `mutation M($t: String!) {
	customerUpdate(customerAccessToken: $t, customer: { email: "no address", password: "four" }) {
		customer { id } customerUserErrors { code }
	}
}`;

/** The whole body of the denial, its keys in order. */
export function denial(field: string, cost: number): unknown {
	return {
		errors: [
			{
				message: `Access denied for ${field} field. Required access: ${REQUIRED}`,
				path: [field],
				locations: [],
				extensions: {
					code: "ACCESS_DENIED",
					documentation: "https://shopify.dev/api/usage/access-scopes",
					requiredAccess: REQUIRED,
				},
			},
		],
		data: { [field]: null },
		extensions: costs(cost),
	};
}

export function deleteToken(wire: Wire, token = NOBODY): Promise<Answer> {
	return wire.ask(DELETE, { t: token });
}

export async function isDeniedToDelete(wire: Wire, token = NOBODY): Promise<void> {
	answersExactly(await deleteToken(wire, token), denial("customerAccessTokenDelete", 11));
}

export async function isDeniedToRenew(wire: Wire, token = NOBODY): Promise<void> {
	answersExactly(await wire.ask(RENEW, { t: token }), denial("customerAccessTokenRenew", 12));
}

export async function isDeniedToUpdate(wire: Wire, token = NOBODY): Promise<void> {
	answersExactly(await wire.ask(UPDATE, { t: token }), denial("customerUpdate", 12));
}

/** A row about one part of the denial. */
function part(name: string, says: string, pick: (answer: Answer) => unknown, expected: unknown): Row {
	return {
		id: `1.6/${name}`,
		says,
		sources: ["REC"],
		check: async (wire) => assert.deepEqual(pick(await deleteToken(wire)), expected),
	};
}

export const rows: readonly Row[] = [
	{
		id: "1.5/codes",
		says: "`CustomerErrorCode` has 15 values",
		sources: ["DOC"],
		check: async (wire) =>
			answers(await wire.ask('{ __type(name: "CustomerErrorCode") { enumValues { name } } }'), {
				data: {
					__type: {
						enumValues: [
							"ALREADY_ENABLED",
							"BAD_DOMAIN",
							"BLANK",
							"CONTAINS_HTML_TAGS",
							"CONTAINS_URL",
							"CUSTOMER_DISABLED",
							"INVALID",
							"INVALID_MULTIPASS_REQUEST",
							"NOT_FOUND",
							"PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE",
							"TAKEN",
							"TOKEN_INVALID",
							"TOO_LONG",
							"TOO_SHORT",
							"UNIDENTIFIED_CUSTOMER",
						].map((name) => ({ name })),
					},
				},
				extensions: costs(0),
			}),
	},
	part("status", "the status is 200", ({ status }) => status, 200),
	part("data", "the mutation is null", ({ body }) => body.data, { customerAccessTokenDelete: null }),
	part(
		"message",
		"one error at top level, whose sentence names the field, the scope in backticks, and the token",
		({ body }) => body.errors.map(({ message }: { message: string }) => message),
		[
			"Access denied for customerAccessTokenDelete field. Required access: `unauthenticated_write_customers` access scope. Also: Requires valid customer access token.",
		],
	),
	part("locations", "its locations are an empty list", ({ body }) => body.errors[0].locations, []),
	part("path", "its path is the mutation’s name", ({ body }) => body.errors[0].path, [
		"customerAccessTokenDelete",
	]),
	part("code", "its code is `ACCESS_DENIED`", ({ body }) => body.errors[0].extensions.code, "ACCESS_DENIED"),
	part(
		"documentation",
		"it names the page about access scopes",
		({ body }) => body.errors[0].extensions.documentation,
		"https://shopify.dev/api/usage/access-scopes",
	),
	{
		id: "1.6/required-access",
		says: "`requiredAccess` is what the sentence says after “Required access: ”",
		sources: ["REC"],
		check: async (wire) => {
			const [{ message, extensions }] = (await deleteToken(wire)).body.errors;
			assert.equal(extensions.requiredAccess, message.split("Required access: ")[1]);
		},
	},
	{
		id: "1.6/seen-on/customerAccessTokenDelete",
		says: "`customerAccessTokenDelete` is denied so, whole and in this order",
		sources: ["REC"],
		check: (wire) => isDeniedToDelete(wire),
	},
	{
		id: "1.6/inferred-for/customerAccessTokenRenew",
		says: "`customerAccessTokenRenew` is denied so",
		sources: ["INF"],
		check: (wire) => isDeniedToRenew(wire),
	},
	{
		id: "1.6/inferred-for/customerUpdate",
		says: "`customerUpdate` is denied so",
		sources: ["INF"],
		check: (wire) => isDeniedToUpdate(wire),
	},
];
