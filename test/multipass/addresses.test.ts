// Addresses that a Multipass token brings.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse } from "../house.ts";
import { entered, passFor, SETTINGS } from "./passes.ts";

const READ = `query($t: String!) {
	customer(customerAccessToken: $t) {
		defaultAddress { address1 }
		addresses(first: 100) {
			nodes { firstName lastName company address1 address2 city provinceCode countryCodeV2 zip phone }
		}
	}
}`;
const OTTAWA = {
	first_name: "Bob",
	last_name: "Norman",
	company: "Acme",
	address1: "123 Oak St",
	address2: "Apt 4",
	city: "Ottawa",
	province: "Ontario",
	country: "Canada",
	zip: "K1A 0B1",
	phone: "+1 (613) 555-0199",
};

/** Enters with these addresses, and gives what the customer then has. */
async function enterWith(house: House, addresses: unknown, said: object = {}) {
	const token = await entered(house, passFor(house, { email: "ada@example.com", addresses, ...said }));
	const { data } = await house.ask(READ, { t: token });
	const { defaultAddress, addresses: all } = data.customer;
	return { chosen: defaultAddress?.address1 ?? null, all: all.nodes, token };
}

for (const engine of ENGINES) {
	test(`a new customer has the addresses that came along, by the rules of all addresses (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const berlin = {
			address1: "Unter den Linden 1",
			city: "Berlin",
			country_code: "DE",
			country: "Germania",
		};
		const toronto = {
			address1: "1 King St",
			province: "x",
			province_code: "ON",
			country: "ca",
			default: true,
		};
		const { chosen, all } = await enterWith(house, [OTTAWA, berlin, toronto], { first_name: "Ada" });
		assert.equal(chosen, "1 King St");
		const rest = { company: null, address2: null, zip: null, phone: null };
		assert.deepEqual(all, [
			{
				firstName: "Bob",
				lastName: "Norman",
				company: "Acme",
				address1: "123 Oak St",
				address2: "Apt 4",
				city: "Ottawa",
				provinceCode: "ON",
				countryCodeV2: "CA",
				zip: "K1A 0B1",
				phone: "+1 (613) 555-0199",
			},
			{
				...rest,
				firstName: "Ada",
				lastName: null,
				address1: "Unter den Linden 1",
				city: "Berlin",
				provinceCode: null,
				countryCodeV2: "DE",
			},
			{
				...rest,
				firstName: "Ada",
				lastName: null,
				address1: "1 King St",
				city: null,
				provinceCode: "ON",
				countryCodeV2: "CA",
			},
		]);
	});

	test(`what is there already is not added again, and the customer's own choice stays (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const first = await enterWith(house, [OTTAWA, { ...OTTAWA, address1: "2 Elm St", default: true }]);
		assert.deepEqual([first.chosen, first.all.length], ["2 Elm St", 2]);
		const { data } = await house.ask(
			"query($t: String!) { customer(customerAccessToken: $t) { addresses(first: 1) { nodes { id } } } }",
			{ t: first.token },
		);
		await house.ask(
			`mutation($t: String!, $id: ID!) {
				customerDefaultAddressUpdate(customerAccessToken: $t, addressId: $id) { customer { id } }
			}`,
			{ t: first.token, id: data.customer.addresses.nodes[0].id },
		);
		const again = [{ ...OTTAWA, address1: "2 Elm St", default: true }, OTTAWA, { ...OTTAWA, country: "CA" }];
		const second = await enterWith(house, again);
		assert.deepEqual([second.chosen, second.all], ["123 Oak St", first.all]);
		const third = await enterWith(house, [{ ...OTTAWA, zip: "K1A 0B2" }]);
		assert.deepEqual([third.chosen, third.all.length], ["123 Oak St", 3]);
		assert.equal((await enterWith(house, undefined)).all.length, 3);
	});

	test(`an address that breaks a rule is left out, and its customer comes in (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const faulty = [
			{ ...OTTAWA, country: "Atlantis" },
			{ ...OTTAWA, province: "Bavaria" },
			{ ...OTTAWA, city: "<b>Ottawa</b>" },
			{ ...OTTAWA, address1: "see https://example.com" },
			{ ...OTTAWA, zip: "x".repeat(256) },
			{ ...OTTAWA, first_name: "\ud800" },
			{ first_name: "Bob", last_name: "Norman", default: true },
			{},
			null,
			"123 Oak St",
			[OTTAWA],
			{ address1: 7, city: {}, country: ["CA"] },
		];
		const { chosen, all } = await enterWith(house, [...faulty, OTTAWA]);
		assert.deepEqual([chosen, all.length], ["123 Oak St", 1]);
		const many = Array.from({ length: 60 }, (_, index) => ({ address1: `${index} Oak St` }));
		const crowded = await enterWith(house, many);
		assert.deepEqual([crowded.chosen, crowded.all.length], ["123 Oak St", 51]);
		const { chosen: first } = await enterWith(house, many.slice(0, 3), { email: "grace@example.com" });
		assert.equal(first, "0 Oak St");
	});
}
