// 6: what is kept of an address, and how it is written out.
import assert from "node:assert/strict";
import { adds, CANADA, list } from "./address-book.ts";
import type { Row } from "./row.ts";
import type { Wire } from "./wire.ts";

const FORMATTED = `mutation M($t: String!, $a: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $a) {
		customerAddress {
			formatted
			withName: formatted(withName: true)
			withoutCompany: formatted(withCompany: false)
			formattedArea
		}
	}
}`;

async function formats(wire: Wire, a: unknown): Promise<Readonly<Record<string, unknown>>> {
	const { token: t } = await wire.newcomer();
	return (await wire.ask(FORMATTED, { t, a })).body.data.customerAddressCreate.customerAddress;
}

const FULL = {
	firstName: "Ada",
	lastName: "Lovelace",
	company: "Analytical Engines",
	address1: "Line one",
	address2: "Line two",
	city: "Town",
	zip: "12345",
	phone: "+1 613 555 0199",
};
const OPENING = ["Analytical Engines", "Line one", "Line two"];

/** Country, province, and the lines that are expected after the company and the street. */
const CLOSINGS: readonly (readonly [country: string, province: string | null, closing: readonly string[]])[] =
	[
		["CA", "Ontario", ["Town ON 12345", "Canada"]],
		["US", "New York", ["Town NY 12345", "United States"]],
		["GB", "England", ["Town", "12345", "United Kingdom"]],
		["SG", null, ["Singapore 12345"]],
		["DE", null, ["12345 Town", "Germany"]],
		["IT", "Roma", ["12345 Town Roma", "Italy"]],
		["UY", "Montevideo", ["12345 Town, Montevideo", "Uruguay"]],
		["UY", null, ["12345 Town", "Uruguay"]],
	];

export const rows: readonly Row[] = [
	{
		id: "6/phone/address",
		says: "the number of an address is kept as typed",
		sources: ["REC"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			for (const phone of ["+1 (613) 555-0199", "0613/555 01-99", "not a phone"]) {
				await adds(wire, token, { phone }, { phone });
			}
		},
	},
	{
		id: "6/country",
		says: "country and province are names or codes; on the Admin API the code wins",
		sources: ["DOC", "ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const ontario = { ...CANADA, province: "Ontario", provinceCode: "ON" };
			const typed = [
				["Canada", "Ontario"],
				["CA", "ON"],
				["ca", "on"],
				["CANADA", "ontario"],
				["Kanada", "ON"],
			] as const;
			for (const [index, [country, province]] of typed.entries()) {
				const city = `Town ${index}`;
				await adds(
					wire,
					token,
					{ country, province, city },
					{ ...ontario, city, formattedArea: `${city} ON, Canada` },
				);
			}
			// `RU` is also what Spaniards call the United Kingdom.
			const russia = { country: "Russia", countryCode: "RU", countryCodeV2: "RU", formattedArea: "Russia" };
			await adds(wire, token, { country: "RU" }, russia);
			// In Argentina `SA` is nothing, and `A` is Salta; Santa Cruz is `Z`.
			const argentina = { country: "Argentina", countryCode: "AR", countryCodeV2: "AR" };
			const salta = { ...argentina, province: "Salta", provinceCode: "A", formattedArea: "A, Argentina" };
			await adds(wire, token, { country: "AR", province: "a" }, salta);
		},
	},
	{
		id: "6/formatted-area",
		says: "“City PROV, Country”, without what is empty",
		sources: ["REC"],
		check: async (wire) => {
			const areas = [
				[{ city: "Ottawa", province: "Ontario", country: "Canada" }, "Ottawa ON, Canada"],
				[{ city: "Ottawa", country: "Canada" }, "Ottawa, Canada"],
				[{ province: "Ontario", country: "Canada" }, "ON, Canada"],
				[{ country: "Singapore" }, "Singapore"],
				[{ city: "Ottawa" }, "Ottawa"],
				[{ zip: "K2P 1L4" }, null],
			] as const;
			for (const [address, area] of areas)
				assert.equal((await formats(wire, address))["formattedArea"], area);
		},
	},
	{
		id: "6/formatted",
		says: "`formatted` has the lines in the country’s own order",
		sources: ["CLI"],
		check: async (wire) => {
			const seen = {
				address1: "Oluyole",
				address2: "Sango Ota",
				city: "Ibadan",
				zip: "112212",
				country: "Nigeria",
			};
			const names = { firstName: "Jerry", lastName: "Hogan", phone: "2347030995296" };
			assert.deepEqual(await formats(wire, { ...seen, ...names }), {
				formatted: ["Oluyole", "Sango Ota", "112212 Ibadan", "Nigeria"],
				withName: ["Jerry Hogan", "Oluyole", "Sango Ota", "112212 Ibadan", "Nigeria"],
				withoutCompany: ["Oluyole", "Sango Ota", "112212 Ibadan", "Nigeria"],
				formattedArea: "Ibadan, Nigeria",
			});
			const { formatted } = await formats(wire, { lastName: "Hogan", zip: "1" });
			assert.deepEqual(formatted, ["1"]);
		},
	},
	{
		id: "6/formats",
		says: "which lines a country has, and in which order, is public data",
		sources: ["DOC"],
		check: async (wire) => {
			for (const [country, province, closing] of CLOSINGS) {
				const { formatted, withName, withoutCompany } = await formats(wire, { ...FULL, country, province });
				assert.deepEqual(formatted, [...OPENING, ...closing]);
				assert.deepEqual(withName, ["Ada Lovelace", ...OPENING, ...closing]);
				assert.deepEqual(withoutCompany, [...OPENING.slice(1), ...closing]);
			}
			const japan = await formats(wire, { ...FULL, country: "JP", province: "東京都" });
			assert.deepEqual(japan["withName"], [
				"Japan 〒12345",
				"Tōkyō Town",
				"Line one",
				"Line two",
				"Analytical Engines",
				"Lovelace Ada様",
			]);
		},
	},
	{
		id: "6/phone/formatted",
		says: "the public data ends in a line for the phone number; recorded lines do not have it",
		sources: ["CLI"],
		check: async (wire) => {
			const { formatted, withName } = await formats(wire, { ...FULL, country: "CA" });
			for (const lines of [formatted, withName]) assert.doesNotMatch(String(lines), /555/);
		},
	},
	{
		id: "6/addresses-per-customer",
		says: "105 addresses were accepted; no limit was found",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const ids: string[] = [];
			for (let number = 1; number <= 105; number++) {
				const address1 = `${number} Elgin Street`;
				ids.push(await adds(wire, token, { address1 }, { address1 }));
			}
			assert.deepEqual((await list(wire, token)).ids, ids);
		},
	},
];
