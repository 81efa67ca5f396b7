// Addresses of customers: changes that depend on each other, hostile input, and answers without end.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../src/store/engine.ts";
import { CREATE, create, DELETE, read, SET_DEFAULT, UPDATE, update } from "./addresses/acts.ts";
import { type Body, openHouse, SIGN_IN, DELETE as SIGN_OUT, SIGN_UP } from "./house.ts";

test("a province goes where its country goes, and stays where the country still has it", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	const id = await create(house, t, { province: "Northwest Territories" });
	const place = async (a: unknown) => {
		const changed = await update(house, t, id, a);
		return Array.isArray(changed) ? changed : [changed.country, changed.province, changed.provinceCode];
	};
	// Without a country it is kept as typed, and known once there is one.
	assert.deepEqual(await place({ city: "Inuvik" }), [null, "Northwest Territories", null]);
	assert.deepEqual(await place({ country: "CA" }), ["Canada", "Northwest Territories", "NT"]);
	assert.deepEqual(await place({ country: "Canada" }), ["Canada", "Northwest Territories", "NT"]);
	assert.deepEqual(await place({ country: null }), [null, "Northwest Territories", null]);
	assert.deepEqual(await place({ country: "CA" }), ["Canada", "Northwest Territories", "NT"]);
	// `NT` is a code in Australia too, and another place.
	assert.deepEqual(await place({ country: "AU" }), ["Australia", null, null]);
	assert.deepEqual(await place({ province: "NT" }), ["Australia", "Northern Territory", "NT"]);
	assert.deepEqual(await place({ province: "ON" }), ["Province is invalid"]);
	assert.deepEqual(await place({ country: "CA", province: "ON" }), ["Canada", "Ontario", "ON"]);
	assert.deepEqual(await place({ country: "SG" }), ["Singapore", null, null]);
	assert.deepEqual(await place({ province: "Ontario" }), ["Singapore", null, null]);
});

test("a name that is not given is the customer's, and one that is blank is none", async () => {
	await using house = await openHouse();
	const input = {
		email: "ada@example.com",
		password: "correct horse",
		firstName: "Ada",
		lastName: "Lovelace",
	};
	await house.ask(SIGN_UP, { input });
	const { email, password } = input;
	const { data } = await house.ask(SIGN_IN, { input: { email, password } });
	const t = data.customerAccessTokenCreate.customerAccessToken.accessToken;
	for (const [city, names, firstName] of [
		["A", {}, "Ada"],
		["B", { firstName: null }, "Ada"],
		["C", { firstName: " " }, null],
		["D", { firstName: "Grace" }, "Grace"],
	] as const) {
		const id = await create(house, t, { city, ...names });
		assert.equal((await update(house, t, id, {})).firstName, firstName, city);
		// Only a new address takes it from the customer.
		assert.equal((await update(house, t, id, { firstName: null })).firstName, null);
	}
});

test("an act on an address is one on its customer", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	let { updatedAt } = await read(house, t);
	const isNewer = async () => {
		const before = updatedAt;
		({ updatedAt } = await read(house, t));
		await house.advance(10);
		return updatedAt > before;
	};
	assert.equal(await isNewer(), false);
	const first = await create(house, t, {});
	assert.ok(await isNewer());
	const second = await create(house, t, { city: "Ottawa" });
	assert.ok(await isNewer());
	await update(house, t, first, { city: "Gatineau" });
	assert.ok(await isNewer());
	await house.ask(SET_DEFAULT, { t, id: second });
	assert.ok(await isNewer());
	await house.ask(DELETE, { t, id: second });
	assert.ok(await isNewer());
	assert.equal(await isNewer(), false);
});

test("once the token is dead, no address is changed with it", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	const id = await create(house, t, {});
	await house.ask(SIGN_OUT, { t });
	const acts = [
		house.ask(CREATE, { t, a: { city: "Ottawa" } }),
		house.ask(UPDATE, { t, id, a: { city: "Ottawa" } }),
		house.ask(DELETE, { t, id }),
		house.ask(SET_DEFAULT, { t, id }),
	];
	for (const { errors } of await Promise.all(acts)) assert.equal(errors[0].extensions.code, "ACCESS_DENIED");
	const [left] = await house.app.store.read(COUNT, []);
	assert.equal(left?.["number"], 1);
});

const COUNT = statement("SELECT COUNT(*) AS number FROM addresses WHERE city IS NULL");

const HOSTILE: Readonly<Record<string, string>> = {
	"64 KiB of a letter": "a".repeat(60_000),
	"64 KiB of blanks and a letter": `${" ".repeat(30_000)}a${"\u2003".repeat(9000)}b`,
	"64 KiB of the beginnings of markup": "<".repeat(60_000),
	"64 KiB of the beginnings of a web address": "http:/www".repeat(6000),
	"64 KiB of combining marks": `a${"\u0301".repeat(25_000)}`,
	"64 KiB of one character that becomes eighteen": "\ufdfa".repeat(20_000),
	"a lone surrogate": "a\ud800b",
	"a NUL": "a\0b",
	emoji: "👩‍👩‍👧‍👦",
	"a keycap": "1\ufe0f\u20e3",
};
const HARMLESS: Readonly<Record<string, string>> = {
	"the name of a prototype": "__proto__",
	"the name of a method": "constructor",
	"right to left": "رقم 12 شارع الملك",
	"with a mark of direction": "\u200f12\u200e",
	"a trade mark": "Acme™ & Söhne <3 ©",
	"a placeholder": "{country} {{city}} %s",
	"quotes and SQL": `'; DROP TABLE addresses; --"`,
	"line breaks": "Line one\nLine two",
	"255 characters of two halves each": "𠮷".repeat(255),
};

test("hostile text is refused in every part, and stores nothing", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	const id = await create(house, t, { city: "Ottawa" });
	const parts = ["firstName", "lastName", "company", "address1", "address2", "city", "province", "country"];
	for (const [name, text] of Object.entries(HOSTILE)) {
		for (const part of [...parts, "zip", "phone"]) {
			const answers: readonly Body[] = await Promise.all([
				house.ask(CREATE, { t, a: { [part]: text } }),
				house.ask(UPDATE, { t, id, a: { [part]: text } }),
			]);
			for (const { data } of answers) {
				const { customerAddress, customerUserErrors } =
					data.customerAddressCreate ?? data.customerAddressUpdate;
				assert.equal(customerAddress, null, `${name} in ${part}`);
				assert.deepEqual(customerUserErrors[0].field, ["address", part]);
			}
		}
	}
	const { addresses } = await read(house, t);
	assert.deepEqual(
		addresses.nodes.map(({ city }: { readonly city: string }) => city),
		["Ottawa"],
	);
});

test("harmless text comes back as it was typed", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	const id = await create(house, t, {});
	for (const [name, text] of Object.entries(HARMLESS)) {
		const changed = await update(house, t, id, { address1: text, city: text, phone: text });
		assert.deepEqual([changed.address1, changed.city, changed.phone], [text, text, text], name);
	}
	for (const country of ["__proto__", "constructor", "toString", "ZZ", "🇨🇦", "C A D", "?"]) {
		const messages = await update(house, t, id, { country });
		assert.match(String(messages), /^Country (is invalid|cannot contain emojis)$/, country);
	}
	for (const province of ["__proto__", "constructor", "?"]) {
		assert.deepEqual(await update(house, t, id, { country: "CA", province }), ["Province is invalid"]);
	}
});

const FILL = statement(
	`INSERT INTO addresses (customer_id, id, address1) SELECT customer_id, id + ?, ? FROM addresses
	WHERE address1 = 'the first'`,
);

test("a customer has at most 1000 addresses, and one answer shows at most as many", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	await create(house, t, { address1: "the first" });
	for (let n = 1; n < 999; n++) await house.app.store.change(FILL, [n, `another ${n}`]);
	await create(house, t, { address1: "the last" });
	const { data } = await house.ask(CREATE, { t, a: { address1: "one more" } });
	assert.deepEqual(data.customerAddressCreate, {
		customerAddress: null,
		customerUserErrors: [
			{ code: "INVALID", field: ["address"], message: "Customer cannot have more than 1000 addresses" },
		],
	});

	const pages = (count: number, fields: string) =>
		Array.from({ length: count }, (_, n) => `p${n}: addresses(first: 250) { nodes { ${fields} } }`);
	const inOneAnswer = (count: number, fields: string) =>
		house.ask(
			`query($t: String!) { customer(customerAccessToken: $t) { ${pages(count, fields).join(" ")} } }`,
			{
				t,
			},
		);
	assert.equal((await inOneAnswer(3, "id")).data.customer.p2.nodes.length, 250);
	const tooMuch = await inOneAnswer(4, "id");
	assert.deepEqual(tooMuch.errors, [
		{
			message: "The answer would have more than 1000 addresses",
			extensions: { code: "MAX_COMPLEXITY_EXCEEDED" },
		},
	]);

	// The same text again and again.
	const long = await house.signedIn("grace@example.com");
	for (let number = 10; number < 30; number++) {
		const company = `${number}${"a".repeat(253)}`;
		await create(house, long, { company, address1: "b".repeat(255), address2: "c".repeat(255) });
	}
	const lines = Array.from({ length: 90 }, (_, n) => `l${n}: formatted`).join(" ");
	const document = `query($t: String!) { customer(customerAccessToken: $t) { addresses(first: 20) { nodes { ...Lines } } } }
		fragment Lines on MailingAddress { ${lines} }`;
	const { errors } = await house.ask(document, { t: long });
	assert.equal(errors[0].message, "The answer would have more than 1 MiB");
});
