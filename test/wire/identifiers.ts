// 3: ids, cursors and the order of lists.

import { creates } from "./create.ts";
import type { Row } from "./row.ts";
import { answers, at, costs, newEmail } from "./wire.ts";

const OPAQUE =
	"Our ids of addresses carry no token: theirs holds an encrypted secret inside an identifier, which the documentation itself warns against. Whatever follows an id is accepted on input.";

export const rows: readonly Row[] = [
	{
		id: "3/customer",
		says: "`gid://shopify/Customer/` and a number, in plain text",
		sources: ["REC", "DOC"],
		check: async (wire) => {
			const email = newEmail();
			await creates(wire, { email }, { email });
		},
	},
	{
		id: "3/customer/base64",
		says: "before 2022-04, the same in base64",
		sources: ["DOC"],
		difference: "A version that old is answered by the oldest that is served.",
	},
	{
		id: "3/address",
		says: "`gid://shopify/MailingAddress/…?model_name=CustomerAddress&customer_access_token=…`",
		sources: ["REC"],
		difference: OPAQUE,
	},
	{
		id: "3/address/opaque-part",
		says: "its last part is new on each read: 192 encrypted bytes",
		sources: ["CLI"],
		difference: OPAQUE,
	},
	{
		id: "3/address/accepted",
		says: "an address is known by its number, with any suffix or none",
		sources: ["INF"],
		later: "addresses",
	},
	{
		id: "3/address/admin",
		says: "on the Admin API the suffix is `?model_name=CustomerAddress` alone",
		sources: ["ADM"],
		later: "addresses",
	},
	{
		id: "3/order",
		says: "`gid://shopify/Order/…?key=` and 32 hexadecimal characters",
		sources: ["REC"],
		later: "orders",
	},
	{
		id: "3/cursor",
		says: 'base64 of `{"last_id":…,"last_value":null,"offset":…}`, counted from 0',
		sources: ["REC"],
		later: "addresses and orders",
	},
	{
		id: "3/empty-connection",
		says: "a connection with nothing in it has null cursors and no page before or after",
		sources: ["REC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const page =
				"nodes { id } edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }";
			const document = `query Q($t: String!) {
				customer(customerAccessToken: $t) { addresses(first: 2) { ${page} } orders(last: 2) { ${page} } }
			}`;
			const empty = {
				nodes: [],
				edges: [],
				pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false },
			};
			answers(await wire.ask(document, { t }), {
				data: { customer: { addresses: empty, orders: empty } },
				extensions: costs(7),
			});
		},
	},
	{
		id: "3/address-order",
		says: "addresses come oldest first",
		sources: ["REC"],
		later: "addresses",
	},
	{
		id: "3/bad-id/literal",
		says: "an id that is none, in the document: “Invalid global id 'not-a-gid'”, `CoercionError`",
		sources: ["REC"],
		check: async (wire) => {
			const document = 'query Name { node(id: "not-a-gid") { id } }';
			answers(await wire.ask(document), {
				errors: [
					{
						message: "Invalid global id 'not-a-gid'",
						locations: [at(document, "node")],
						path: ["query Name", "node", "id"],
						extensions: { code: "argumentLiteralsIncompatible", typeName: "CoercionError" },
					},
				],
			});
		},
	},
	{
		id: "3/bad-id/variable",
		says: "in a variable, the scalar’s own explanation (4.3)",
		sources: ["ADM"],
		check: async (wire) => {
			const document = "query Name($id: ID!) { node(id: $id) { id } }";
			const explanation = "Invalid global id 'not-a-gid'";
			answers(await wire.ask(document, { id: "not-a-gid" }), {
				errors: [
					{
						message: "Variable $id of type ID! was provided invalid value",
						locations: [at(document, "$id")],
						extensions: {
							code: "INVALID_VARIABLE",
							value: "not-a-gid",
							problems: [{ path: [], explanation, message: explanation }],
						},
					},
				],
			});
		},
	},
];
