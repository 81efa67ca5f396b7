// The four acts on a customer's addresses, and a look at all of them.
import assert from "node:assert/strict";
import type { House } from "../house.ts";

const SHOWN = "id firstName address1 city country province provinceCode phone";
export const CREATE = `mutation($t: String!, $a: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $a) {
		customerAddress { ${SHOWN} } customerUserErrors { code field message }
	}
}`;
export const UPDATE = `mutation($t: String!, $id: ID!, $a: MailingAddressInput!) {
	customerAddressUpdate(customerAccessToken: $t, id: $id, address: $a) {
		customerAddress { ${SHOWN} } customerUserErrors { code field message }
	}
}`;
export const DELETE = `mutation($t: String!, $id: ID!) {
	customerAddressDelete(customerAccessToken: $t, id: $id) { deletedCustomerAddressId }
}`;
export const SET_DEFAULT = `mutation($t: String!, $id: ID!) {
	customerDefaultAddressUpdate(customerAccessToken: $t, addressId: $id) { customer { defaultAddress { id } } }
}`;
const LIST = `query($t: String!) {
	customer(customerAccessToken: $t) {
		id updatedAt defaultAddress { id } addresses(first: 250) { nodes { ${SHOWN} } }
	}
}`;

export async function create(house: House, t: string, a: unknown): Promise<string> {
	const answer = await house.ask(CREATE, { t, a });
	const { customerAddress } = answer.data.customerAddressCreate;
	assert.ok(customerAddress, JSON.stringify(answer));
	return customerAddress.id;
}

/** The changed address, or the sentences that speak against it. */
export async function update(house: House, t: string, id: string, a: unknown) {
	const { customerAddress, customerUserErrors } = (await house.ask(UPDATE, { t, id, a })).data
		.customerAddressUpdate;
	return customerAddress ?? customerUserErrors.map(({ message }: { readonly message: string }) => message);
}

export async function read(house: House, t: string) {
	const { customer } = (await house.ask(LIST, { t })).data;
	const ids: readonly string[] = customer.addresses.nodes.map(({ id }: { readonly id: string }) => id);
	return { ...customer, ids, defaultId: customer.defaultAddress?.id ?? null };
}
