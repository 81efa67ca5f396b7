// 9: what nobody has published of addresses, and what we decided.
import assert from "node:assert/strict";
import { keyWith } from "./access.ts";
import { adds, answersInvalidIds, list, refusesAddress, refusesDuplicate } from "./address-book.ts";
import type { Row } from "./row.ts";
import { answersExactly, costs } from "./wire.ts";

const OWN = ["OWN"] as const;
const NODE =
	"query Q($id: ID!) { node(id: $id) { id ... on MailingAddress { city } } nodes(ids: [$id]) { id } }";
const NODE_OF_BUYER = NODE.replace(
	"($id: ID!)",
	"($id: ID!, $t: String!) @inContext(buyer: { customerAccessToken: $t })",
);

export const rows: readonly Row[] = [
	{
		id: "9/address/id",
		says: "an unknown id and another’s: “invalid id”, `RESOURCE_NOT_FOUND`",
		sources: OWN,
		check: answersInvalidIds,
	},
	{
		id: "9/address/fields",
		says: 'a bad field is `["address", …]` with its code',
		sources: OWN,
		check: async (wire) => {
			await refusesAddress(
				wire,
				{
					firstName: "<b>",
					lastName: "a".repeat(256),
					city: "https://a.example",
					zip: "\ud800",
					country: "1",
				},
				["CONTAINS_HTML_TAGS", "firstName", "First name cannot contain HTML tags"],
				["TOO_LONG", "lastName", "Last name is too long (maximum is 255 characters)"],
				["CONTAINS_URL", "city", "City cannot contain URL"],
				["INVALID", "zip", "Zip is invalid"],
				["INVALID", "country", "Country is invalid"],
			);
		},
	},
	{
		id: "9/address/duplicate",
		says: "an exact duplicate: “Address already exists”, `TAKEN`",
		sources: OWN,
		check: refusesDuplicate,
	},
	{
		id: "9/address/first",
		says: "a first address becomes the default",
		sources: OWN,
		check: async (wire) => {
			const { token } = await wire.newcomer();
			assert.deepEqual(await list(wire, token), { defaultId: null, ids: [] });
			const id = await adds(wire, token, {}, {});
			assert.deepEqual(await list(wire, token), { defaultId: id, ids: [id] });
		},
	},
	{
		id: "9/address/suffix",
		says: "an address’s id ends in `?model_name=CustomerAddress`, and any suffix is accepted",
		sources: OWN,
		difference:
			"The recorded form carries a secret in an identifier, which the documentation itself warns against.",
	},
	{
		id: "9/address/node",
		says: "`node` answers an address to the buyer of `@inContext`, or where the id carries a customer access token, and else null",
		sources: OWN,
		check: async (wire) => {
			const [{ token: t }, other] = [await wire.newcomer(), await wire.newcomer()];
			const id = await adds(wire, t, { city: "Ottawa" }, { city: "Ottawa", formattedArea: "Ottawa" });
			const found = { node: { id, city: "Ottawa" }, nodes: [{ id }] };
			const nothing = { node: null, nodes: [null] };
			const carrying = (token: string) => ({ id: `${id}&customer_access_token=${token}` });
			const context = { context: { country: "US", language: "EN" } };

			const own = { data: found, extensions: { ...context, ...costs(2) } };
			answersExactly(await wire.ask(NODE_OF_BUYER, { id, t }), own);
			const foreign = { data: nothing, extensions: { ...context, ...costs(2) } };
			answersExactly(await wire.ask(NODE_OF_BUYER, { id, t: other.token }), foreign);

			answersExactly(await wire.ask(NODE, carrying(t)), { data: found, extensions: costs(2) });
			const refused = { data: nothing, extensions: costs(2) };
			answersExactly(await wire.ask(NODE, carrying(other.token)), refused);
			answersExactly(await wire.ask(NODE, carrying("opaque")), refused);
			answersExactly(await wire.ask(NODE, { id }), refused);
			const writer = await keyWith(wire, "unauthenticated_write_customers");
			answersExactly(await wire.ask(NODE, carrying(t), writer), refused);
		},
	},
];
