// 1.4 and 1.6: addresses of customers.
import assert from "node:assert/strict";
import { SIGN_IN, SIGN_UP } from "../house.ts";
import {
	adds,
	answersInvalidId,
	BY_ID,
	CANADA,
	CREATE,
	changes,
	DELETE,
	list,
	SET_DEFAULT,
} from "./address-book.ts";
import { denial } from "./denial.ts";
import type { Row } from "./row.ts";
import { answers, answersExactly, costs, newEmail, PASSWORD, type Wire } from "./wire.ts";

const NOBODY = "0123456789abcdef0123456789abcdef";

/** Holds the denial of each mutation against 1.6. */
async function deniesOtherMutations(wire: Wire): Promise<void> {
	const { token } = await wire.newcomer();
	const id = await adds(wire, token, {}, {});
	for (const [field, document, cost] of BY_ID) {
		const variables =
			field === "customerAddressUpdate" ? { t: NOBODY, id, a: { city: "<b>" } } : { t: NOBODY, id };
		answersExactly(await wire.ask(document, variables), denial(field, cost));
	}
}

async function deniesCreation(wire: Wire): Promise<void> {
	const answer = await wire.ask(CREATE, { t: NOBODY, a: { city: "<b>" } });
	answersExactly(answer, denial("customerAddressCreate", 13));
}

/** Makes the address the default, and holds the whole answer against it. */
async function choosesDefault(wire: Wire, t: string, id: string): Promise<void> {
	const customer = { defaultAddress: { id } };
	answers(await wire.ask(SET_DEFAULT, { t, id }), {
		data: { customerDefaultAddressUpdate: { customer, customerUserErrors: [], userErrors: [] } },
		extensions: costs(14),
	});
}

async function deletes(wire: Wire, t: string, id: string): Promise<void> {
	answers(await wire.ask(DELETE, { t, id }), {
		data: {
			customerAddressDelete: { deletedCustomerAddressId: id, customerUserErrors: [], userErrors: [] },
		},
		extensions: costs(12),
	});
}

const REASON_ONE_ANSWER =
	"The same as for an unknown id (9): an answer that tells the two apart tells whose ids there are.";

export const rows: readonly Row[] = [
	{
		id: "1.4/create/good",
		says: "names are filled from the customer, “Ontario” gives `ON` and “Canada” `CA`, the phone number stays as typed",
		sources: ["REC"],
		check: async (wire) => {
			const input = { email: newEmail(), password: PASSWORD, firstName: "Ada", lastName: "Lovelace" };
			await wire.ask(SIGN_UP, { input });
			const signIn = await wire.ask(SIGN_IN, { input: { email: input.email, password: PASSWORD } });
			const { accessToken } = signIn.body.data.customerAccessTokenCreate.customerAccessToken;
			const typed = {
				address1: "150 Elgin Street",
				city: "Ottawa",
				zip: "K2P 1L4",
				phone: "+1 (613) 555-0199",
			};
			await adds(
				wire,
				accessToken,
				{ ...typed, province: "Ontario", country: "Canada" },
				{
					...typed,
					...CANADA,
					firstName: "Ada",
					lastName: "Lovelace",
					name: "Ada Lovelace",
					province: "Ontario",
					provinceCode: "ON",
					formattedArea: "Ottawa ON, Canada",
				},
			);
		},
	},
	{ id: "1.4/create/bad-token", says: "denied as in 1.6", sources: ["REC"], check: deniesCreation },
	{
		id: "1.6/seen-on/customerAddressCreate",
		says: "`customerAddressCreate` is denied so",
		sources: ["REC"],
		check: deniesCreation,
	},
	{
		id: "1.6/inferred-for/other-address-mutations",
		says: "`customerAddressUpdate`, `customerAddressDelete` and `customerDefaultAddressUpdate` are denied so",
		sources: ["INF"],
		check: deniesOtherMutations,
	},
	{
		id: "1.4/update/good",
		says: "what is not sent is kept",
		sources: ["REC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const before = { firstName: "Ada", lastName: "Lovelace", address1: "150 Elgin Street", city: "Ottawa" };
			const shown = { ...before, name: "Ada Lovelace" };
			const id = await adds(wire, t, before, { ...shown, formattedArea: "Ottawa" });
			await changes(
				wire,
				t,
				id,
				{ city: "Gatineau" },
				{ ...shown, city: "Gatineau", formattedArea: "Gatineau" },
			);
			const kept = { firstName: "Ada", name: "Ada", address1: "150 Elgin Street" };
			await changes(wire, t, id, { city: null, lastName: " " }, kept);
		},
	},
	{
		id: "1.4/delete/good",
		says: "the id comes back whole; deleting the default promotes another address",
		sources: ["REC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const first = await adds(wire, t, { city: "Ottawa" }, { city: "Ottawa", formattedArea: "Ottawa" });
			const second = await adds(
				wire,
				t,
				{ city: "Gatineau" },
				{ city: "Gatineau", formattedArea: "Gatineau" },
			);
			await deletes(wire, t, `${first}&customer_access_token=opaque`);
			assert.deepEqual(await list(wire, t), { defaultId: second, ids: [second] });
			await deletes(wire, t, second);
			assert.deepEqual(await list(wire, t), { defaultId: null, ids: [] });
		},
	},
	{
		id: "1.4/default/good",
		says: "the customer with the new `defaultAddress`",
		sources: ["REC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const first = await adds(wire, t, {}, {});
			const second = await adds(wire, t, { city: "Ottawa" }, { city: "Ottawa", formattedArea: "Ottawa" });
			assert.deepEqual(await list(wire, t), { defaultId: first, ids: [first, second] });
			await choosesDefault(wire, t, second);
			assert.deepEqual(await list(wire, t), { defaultId: second, ids: [first, second] });
		},
	},
	{
		id: "1.4/unknown-id",
		says: "“invalid id” at top level, `RESOURCE_NOT_FOUND`",
		sources: ["FORUM", "CLI"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			await answersInvalidId(wire, token, "gid://shopify/MailingAddress/1?model_name=CustomerAddress");
		},
	},
	{
		id: "1.4/unknown-id/admin",
		says: "on the Admin API “invalid id” in 2025-01, “Invalid id: gid://…” in 2026-04, `RESOURCE_NOT_FOUND`",
		sources: ["ADM"],
		difference: "“invalid id” in each version: so it was reported of the Storefront (the row before).",
	},
	{
		id: "1.4/id-of-another",
		says: '`["addressId"]`, “Address does not exist”; on the Storefront perhaps `["id"]`, `NOT_FOUND`',
		sources: ["ADM", "INF"],
		difference: REASON_ONE_ANSWER,
	},
];
