// 1.4: what may stand in an address.
import { adds, CANADA, refusesAddress, refusesDuplicate } from "./address-book.ts";
import type { Row } from "./row.ts";

export const rows: readonly Row[] = [
	{
		id: "1.4/unknown-country",
		says: '“Country is invalid”, `["address","country"]`, `INVALID`',
		sources: ["ADM"],
		check: (wire) =>
			refusesAddress(wire, { country: "Atlantis", province: "Ontario" }, [
				"INVALID",
				"country",
				"Country is invalid",
			]),
	},
	{
		id: "1.4/unknown-province",
		says: '“Province is invalid”, `["address","province"]`, `INVALID`',
		sources: ["ADM"],
		check: (wire) =>
			refusesAddress(wire, { country: "Canada", province: "Bavaria" }, [
				"INVALID",
				"province",
				"Province is invalid",
			]),
	},
	{
		id: "1.4/province-without-zones",
		says: "a province of a country that has none is ignored",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const singapore = { country: "Singapore", countryCode: "SG", countryCodeV2: "SG" };
			const address = { country: "SG", province: "Bavaria" };
			await adds(wire, token, address, { ...singapore, formattedArea: "Singapore" });
		},
	},
	{
		id: "1.4/too-long",
		says: "“Address1 is too long (maximum is 255 characters)”, `TOO_LONG`",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			// Characters are counted, not bytes and not halves of them.
			const address1 = "𠮷".repeat(255);
			await adds(wire, token, { address1 }, { address1 });
			const long = (name: string) => `${name} is too long (maximum is 255 characters)`;
			const faults = [
				["TOO_LONG", "company", long("Company")],
				["TOO_LONG", "address1", long("Address1")],
				["TOO_LONG", "phone", long("Phone")],
			] as const;
			const typed = "1".repeat(256);
			await refusesAddress(wire, { company: typed, address1: typed, phone: typed }, ...faults);
		},
	},
	{
		id: "1.4/markup",
		says: "“City cannot contain HTML tags”, “Zip cannot contain URL”, “Address1 cannot contain emojis”",
		sources: ["ADM"],
		check: async (wire) => {
			const address = {
				address1: "150 Elgin Street 🏠",
				city: "<b>Ottawa</b>",
				phone: "<i>1</i>",
				zip: "http://k2p.example",
			};
			await refusesAddress(
				wire,
				address,
				["INVALID", "address1", "Address1 cannot contain emojis"],
				["CONTAINS_HTML_TAGS", "city", "City cannot contain HTML tags"],
				["CONTAINS_URL", "zip", "Zip cannot contain URL"],
				["CONTAINS_HTML_TAGS", "phone", "Phone cannot contain HTML tags"],
			);
			await refusesAddress(wire, { city: "www.ottawa.example" }, [
				"CONTAINS_URL",
				"city",
				"City cannot contain URL",
			]);
		},
	},
	{
		id: "1.4/duplicate",
		says: 'an exact duplicate: `["address"]`, “Address already exists”',
		sources: ["ADM"],
		check: refusesDuplicate,
	},
	{
		id: "1.4/all-blank",
		says: "an address of blanks is accepted, all null",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const blank = " ";
			const address = { firstName: blank, lastName: blank, company: blank, address1: blank, address2: "" };
			await adds(wire, token, { ...address, city: "", country: "", province: "", zip: "", phone: "" }, {});
		},
	},
	{
		id: "1.4/zip",
		says: "the postal code is not held against the country",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const zip = "not a postal code";
			await adds(wire, token, { country: "CA", zip }, { ...CANADA, zip, formattedArea: "Canada" });
		},
	},
	{
		id: "1.4/blanks",
		says: "blanks at the ends are dropped, and what is blank becomes null",
		sources: ["ADM"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const address = { address1: "\t150 Elgin  Street ", address2: "\u00a0", country: " ca\n" };
			const kept = { address1: "150 Elgin  Street", ...CANADA, formattedArea: "Canada" };
			await adds(wire, token, address, kept);
		},
	},
	{
		id: "1.4/blanks/kept",
		says: "one record of 2022 kept an empty text",
		sources: ["CLI"],
		difference:
			"It becomes null, as on the Admin API today: forms send an empty text for a field left empty.",
	},
];
