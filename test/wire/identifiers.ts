// 3: ids, cursors and the order of lists.
import assert from "node:assert/strict";
import { adds, answersInvalidId, list, UPDATE } from "./address-book.ts";
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
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const id = await adds(wire, t, {}, {});
			const [bare = ""] = id.split("?");
			const suffixes = ["", "?", "?model_name=Anything", "%3Fmodel_name=CustomerAddress", "&x=1", "/"];
			for (const suffix of [...suffixes, "?model_name=CustomerAddress&customer_access_token=opaque"]) {
				const city = `Town ${suffix.length}`;
				const { body } = await wire.ask(UPDATE, { t, id: `${bare}${suffix}`, a: { city } });
				const { customerAddress } = body.data.customerAddressUpdate;
				assert.deepEqual([customerAddress.id, customerAddress.city], [id, city]);
			}
			for (const suffix of ["1", "a", "_"]) await answersInvalidId(wire, t, `${bare}${suffix}`);
		},
	},
	{
		id: "3/address/admin",
		says: "on the Admin API the suffix is `?model_name=CustomerAddress` alone",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			assert.match(
				await adds(wire, token, {}, {}),
				/^gid:\/\/shopify\/MailingAddress\/\d+\?model_name=CustomerAddress$/,
			);
		},
	},
	{
		id: "3/order",
		says: "`gid://shopify/Order/…?key=` and 32 hexadecimal characters",
		sources: ["REC"],
		difference: "No orders are kept here: a customer’s list of them is empty, so no order has an id.",
	},
	{
		id: "3/cursor",
		says: 'base64 of `{"last_id":…,"last_value":null,"offset":…}`, counted from 0',
		sources: ["REC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const ids: string[] = [];
			for (const city of ["A", "B", "C"])
				ids.push(await adds(wire, t, { city }, { city, formattedArea: city }));
			const cursors = ids.map((id, offset) => {
				const lastId = /Address\/(\d+)/.exec(id)?.[1];
				return Buffer.from(`{"last_id":${lastId},"last_value":null,"offset":${offset}}`).toString("base64");
			});
			const document = `query Q($t: String!, $after: String) {
				customer(customerAccessToken: $t) {
					addresses(first: 2, after: $after) {
						edges { cursor node { id } }
						pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
					}
				}
			}`;
			for (const [after, from, to] of [
				[null, 0, 2],
				[cursors[0], 1, 3],
				[cursors[1], 2, 3],
			] as const) {
				const shown = [...ids.keys()].slice(from, to);
				const addresses = {
					edges: shown.map((index) => ({ cursor: cursors[index], node: { id: ids[index] } })),
					pageInfo: {
						startCursor: cursors[from],
						endCursor: cursors[to - 1],
						hasNextPage: to < ids.length,
						hasPreviousPage: from > 0,
					},
				};
				answers(await wire.ask(document, { t, after }), {
					data: { customer: { addresses } },
					extensions: costs(4),
				});
			}
		},
	},
	{
		id: "3/cursor/malformed",
		says: "a cursor that is none: “after is not a valid cursor”, `BAD_REQUEST`, as other faults of a page",
		sources: ["OWN"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const document = `query Q($t: String!, $c: String!) {
				customer(customerAccessToken: $t) { addresses(first: 2, after: $c) { nodes { id } } }
			}`;
			const encode = (text: string) => Buffer.from(text).toString("base64");
			const malformed = [
				"",
				"nonsense",
				encode("null"),
				encode("{}"),
				encode('{"last_id":"1"}'),
				"A".repeat(20_000),
			];
			for (const c of [...malformed, encode('{"last_id":-1}'), encode('{"last_id":1e999}'), "\ud800"]) {
				answers(await wire.ask(document, { t, c }), {
					errors: [
						{
							message: "after is not a valid cursor",
							path: ["customer", "addresses"],
							locations: [at(document, "addresses")],
							extensions: { code: "BAD_REQUEST" },
						},
					],
					data: { customer: null },
					extensions: costs(3),
				});
			}
		},
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
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const ids: string[] = [];
			for (const city of ["C", "A", "B"])
				ids.push(await adds(wire, t, { city }, { city, formattedArea: city }));
			assert.deepEqual((await list(wire, t)).ids, ids);
			const document = `query Q($t: String!) {
				customer(customerAccessToken: $t) { addresses(first: 2, reverse: true) { nodes { id } } }
			}`;
			const { customer } = (await wire.ask(document, { t })).body.data;
			assert.deepEqual(
				customer.addresses.nodes,
				[ids[2], ids[1]].map((id) => ({ id })),
			);
		},
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
