// The four mutations of addresses, as operations.ts has the others.
import assert from "node:assert/strict";
import { assertHolds, NO_ERRORS, type Operation } from "./attempt.ts";
import { type Customers, KINDS } from "./customers.ts";
import type { Dice } from "./dice.ts";
import { type Fields, readState, toAddress, toModel } from "./model.ts";

/** What else an address may be, typed in full or in part. */
const MORE_ADDRESSES: readonly Fields[] = [
	{ address1: "10 Downing Street", city: "London", country: "United Kingdom", zip: "SW1A 2AA" },
	{
		firstName: "Zoë",
		lastName: "O'Neil",
		address1: "1 Main St",
		city: "Reno",
		province: "NV",
		country: "US",
	},
	{ company: 'The "Mill" \\ Sons', address1: "Av. Paulista 1", city: "São Paulo", country: "Brazil" },
	{ city: "Singapore", country: "SG", zip: "018956" },
	{},
];
const ADDRESS_CHANGES: readonly Fields[] = [
	{ address2: "Unit 7" },
	{ firstName: "Grace", lastName: "Hopper", company: "Navy" },
	{ phone: "+44 20 7946 0000", zip: "K1A 0B1" },
	...MORE_ADDRESSES.slice(0, 3),
];

export const customerAddressCreate: Operation = async (customers, dice) => {
	const person = await customers.take(dice.pick(KINDS));
	const { kind, token } = person;
	const address = dice.pick(MORE_ADDRESSES);
	return {
		...person,
		args: { customerAccessToken: token, address },
		settle: async () => {
			const { addresses, defaultAddress } = await readState(customers.house, token);
			assert.equal(addresses.nodes.length, kind === "whole" ? 4 : 1);
			const created = addresses.nodes.at(-1);
			assertTyped(created, address);
			assert.equal(defaultAddress.id === created.id, kind === "bare");
			return { customerAddress: toAddress(created), ...NO_ERRORS };
		},
	};
};

/** Names and codes of places come back as both; all else as it was typed. */
function assertTyped(read: Fields, { country, province, ...typed }: Fields): void {
	assertHolds(read, typed);
	if (country) assert.ok([read["country"], read["countryCodeV2"]].includes(country), country);
	if (province) assert.ok([read["province"], read["provinceCode"]].includes(province), province);
}

/** One of the customer's addresses: of the bare one, her only one. */
async function anAddress(customers: Customers, dice: Dice) {
	const person = await customers.take(dice.pick(KINDS));
	if (person.kind === "bare") await customers.addAddress(person);
	const before = await readState(customers.house, person.token);
	const address: Fields = dice.pick(before["addresses"].nodes);
	// Clients give ids back as they came, or as they were kept by an older one.
	const id = `${address["id"]}${dice.pick(["", "&customer_access_token=a1B2-c3_"])}`;
	return { person, before, address, id };
}

export const customerAddressUpdate: Operation = async (customers, dice) => {
	const { person, before, address, id } = await anAddress(customers, dice);
	const change = dice.pick(ADDRESS_CHANGES);
	return {
		...person,
		args: { customerAccessToken: person.token, id, address: change },
		settle: async () => {
			const state = await readState(customers.house, person.token);
			assert.equal(state["addresses"].nodes.length, before["addresses"].nodes.length);
			const changed = state["addresses"].nodes.find((each: Fields) => each["id"] === address["id"]);
			assertTyped(changed, { ...keptOf(address, change), ...change });
			return { customerAddress: toAddress(changed), ...NO_ERRORS };
		},
	};
};

/** The parts of an address that a change leaves alone. */
function keptOf(address: Fields, change: Fields): Fields {
	const parts = ["firstName", "lastName", "company", "address1", "address2", "city", "zip", "phone"];
	const places = "country" in change ? [] : ["country", "province"];
	const kept = [...parts, ...places].filter((name) => !(name in change));
	return Object.fromEntries(kept.map((name) => [name, address[name]]));
}

export const customerAddressDelete: Operation = async (customers, dice) => {
	const { person, before, address, id } = await anAddress(customers, dice);
	return {
		...person,
		args: { customerAccessToken: person.token, id },
		settle: async () => {
			const { addresses, defaultAddress } = await readState(customers.house, person.token);
			const left = before["addresses"].nodes.filter((each: Fields) => each["id"] !== address["id"]);
			assert.deepEqual(addresses.nodes, left);
			assert.equal(defaultAddress === null, left.length === 0);
			return { deletedCustomerAddressId: id, ...NO_ERRORS };
		},
	};
};

export const customerDefaultAddressUpdate: Operation = async (customers, dice) => {
	const { person, address, id } = await anAddress(customers, dice);
	return {
		...person,
		args: { customerAccessToken: person.token, addressId: id },
		settle: async () => {
			const state = await readState(customers.house, person.token);
			assert.equal(state["defaultAddress"].id, address["id"]);
			return { customer: toModel(state), ...NO_ERRORS };
		},
	};
};
