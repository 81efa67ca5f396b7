// Every country and every zone that we know of, by each of its names, and as lines of text.
import assert from "node:assert/strict";
import test from "node:test";
import { isEnumType } from "graphql";
import { COUNTRIES, type Country } from "../../src/accounts/regions/regions.ts";
import { formatLines } from "../../src/storefront/address-lines.ts";
import { schemaOf } from "../../src/storefront/schema.ts";
import { type House, openHouse, VERSIONS } from "../house.ts";

const CREATE = `mutation($t: String!, $a: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $a) { customerAddress { id } }
}`;
const SHOWN = `customerAddress {
	country countryCode countryCodeV2 province provinceCode formatted(withName: true) formattedArea
} customerUserErrors { message }`;
/** So many mutations may stand in one operation. */
const AT_ONCE = 5;

interface Typed {
	readonly country: string;
	readonly province: string | null;
}

/** Moves one address to each of the places, one after the other, and gives what was shown of each. */
async function moveTo(house: House, t: string, id: string, places: readonly Typed[]) {
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
	const shown: any[] = [];
	for (let from = 0; from < places.length; from += AT_ONCE) {
		const mutations = places.slice(from, from + AT_ONCE).map(({ country, province }, index) => {
			const address = `{ country: ${JSON.stringify(country)}, province: ${JSON.stringify(province)} }`;
			return `m${index}: customerAddressUpdate(customerAccessToken: $t, id: $id, address: ${address}) { ${SHOWN} }`;
		});
		const { data } = await house.ask(`mutation($t: String!, $id: ID!) { ${mutations.join("\n")} }`, {
			t,
			id,
		});
		shown.push(...Object.values(data));
	}
	return shown;
}

async function withAddress(house: House, a: object): Promise<{ readonly t: string; readonly id: string }> {
	const t = await house.signedIn();
	const { data } = await house.ask(CREATE, { t, a });
	return { t, id: data.customerAddressCreate.customerAddress.id };
}

test("each country is found by its codes and names, and has its code in the API", async () => {
	await using house = await openHouse();
	const { t, id } = await withAddress(house, { city: "Town" });
	const spellings = COUNTRIES.flatMap((country) => {
		const { code, name, otherCodes = [], otherNames = [] } = country;
		const names = [code, code.toLowerCase(), ...otherCodes, name, name.toUpperCase(), ...otherNames];
		return names.map((typed) => ({ country, typed }));
	});
	const shown = await moveTo(
		house,
		t,
		id,
		spellings.map(({ typed }) => ({ country: typed, province: null })),
	);
	assert.equal(shown.length, spellings.length);
	for (const [index, { country, typed }] of spellings.entries()) {
		const { customerAddress } = shown[index];
		assert.equal(customerAddress?.countryCodeV2, country.code, typed);
		assert.equal(customerAddress.countryCode, country.code);
		assert.equal(customerAddress.country, country.name);
		assert.equal(customerAddress.formattedArea, `Town, ${country.name}`);
	}
	for (const version of VERSIONS) {
		const codes = schemaOf(version).getType("CountryCode");
		assert.ok(isEnumType(codes));
		for (const { code } of COUNTRIES) assert.ok(codes.getValue(code), code);
	}
});

test("each zone is found by its codes and names in its country", async () => {
	await using house = await openHouse();
	const { t, id } = await withAddress(house, { city: "Town" });
	const spellings = COUNTRIES.flatMap((country) =>
		(country.zones ?? []).flatMap((zone) => {
			const { code, name, otherCodes = [], otherNames = [] } = zone;
			const names = [code, code.toLowerCase(), ...otherCodes, name, name.normalize("NFD"), ...otherNames];
			return names.map((typed) => ({ country, zone, typed }));
		}),
	);
	assert.ok(spellings.length > 4000, String(spellings.length));
	const places = spellings.map(({ country, typed }) => ({ country: country.code, province: typed }));
	const shown = await moveTo(house, t, id, places);
	for (const [index, { country, zone, typed }] of spellings.entries()) {
		const { customerAddress } = shown[index];
		assert.equal(customerAddress?.provinceCode, zone.code, `${typed} in ${country.name}`);
		assert.equal(customerAddress.province, zone.name);
		assert.equal(customerAddress.formattedArea, `Town ${zone.code}, ${country.name}`);
	}
});

test("a country is found by what it is called in the languages of our mails", async () => {
	await using house = await openHouse();
	const { t, id } = await withAddress(house, {});
	const names = {
		DE: ["Deutschland", "Allemagne", "Alemania", "Germania", "Duitsland", "Alemanha", "ドイツ"],
		GB: ["Vereinigtes Königreich", "Royaume-Uni", "UK", "Reino Unido"],
		CI: ["Côte d’Ivoire", "Cote d'Ivoire", "Costa d’Avorio"],
		US: ["USA", "U.S.A.", "Estados Unidos", "アメリカ合衆国"],
		CW: ["Curaçao", "Curazao", "キュラソー"],
		AN: ["Netherlands Antilles"],
		RU: ["RU", "Russie"],
	};
	for (const [code, typed] of Object.entries(names)) {
		const shown = await moveTo(
			house,
			t,
			id,
			typed.map((country) => ({ country, province: null })),
		);
		for (const [index, each] of shown.entries()) {
			assert.equal(each.customerAddress?.countryCodeV2, code, String(typed[index]));
		}
	}
});

const FULL = {
	firstName: "Ada",
	lastName: "Lovelace",
	company: "Engines",
	address1: "One",
	address2: "Two",
	city: "Town",
	zip: "123",
};

test("each country writes a whole address and a bare one without an empty line", async () => {
	await using house = await openHouse();
	const full = await withAddress(house, FULL);
	const places = COUNTRIES.map(({ code, zones }) => ({ country: code, province: zones?.[0]?.code ?? null }));
	const shown = await moveTo(house, full.t, full.id, places);
	for (const [index, country] of COUNTRIES.entries()) {
		const lines: readonly string[] = shown[index].customerAddress.formatted;
		const zone = country.zones?.[0];
		const shownZone = country.zoneCodeIsShortName ? zone?.code : zone?.name;
		for (const [field, value] of Object.entries({ ...FULL, country: country.name, province: shownZone })) {
			if (!value || !country.lines.includes(`{${field}}`)) continue;
			const holding = lines.filter((line) => line.includes(value));
			assert.ok(holding.length >= 1, `${field} in ${country.name}: ${lines.join(" / ")}`);
		}
		assertTidy(lines, country);
	}
	await house.ask(
		`mutation($t: String!, $id: ID!) { customerAddressUpdate(customerAccessToken: $t, id: $id, address: {
			firstName: null, lastName: null, company: null, address1: null, address2: null, city: null, zip: null
		}) { customerAddress { id } } }`,
		full,
	);
	const countries = COUNTRIES.map(({ code }) => ({ country: code, province: null }));
	const bare = await moveTo(house, full.t, full.id, countries);
	for (const [index, { name }] of COUNTRIES.entries()) {
		assert.deepEqual(bare[index].customerAddress.formatted, [name]);
	}
});

test("each order of lines stays tidy whatever parts are missing", () => {
	const fields = ["firstName", "lastName", "company", "address1", "address2", "city", "province", "zip"];
	const orders = new Map(COUNTRIES.map((country) => [country.lines, country]));
	assert.ok(orders.size > 20);
	for (const [order, country] of orders) {
		for (let missing = 0; missing < 2 ** fields.length; missing++) {
			const given = fields.filter((_, index) => (missing & (2 ** index)) === 0);
			const values = Object.fromEntries(given.map((field) => [field, field.toUpperCase()]));
			const lines = formatLines(order, { ...values, country: country.name });
			assertTidy(lines, country);
			for (const field of given) {
				const isShown = lines.some((line) => line.includes(field.toUpperCase()));
				assert.equal(isShown, order.includes(`{${field}}`), `${field} in ${order}`);
			}
		}
	}
});

function assertTidy(lines: readonly string[], { name }: Country): void {
	for (const line of lines) {
		assert.ok(line !== "" && line === line.trim(), `“${line}” in ${name}`);
		assert.doesNotMatch(line, /undefined|null|[{}_]| {2}|,$| ,|^様|〒$|〒 /u);
	}
}
