// Work is bounded before it starts: what one operation may ask for, exactly at each bound and one beyond it, however it
// is written, and how long an answer may be.
import assert from "node:assert/strict";
import test from "node:test";
import { getIntrospectionQuery } from "graphql";
import { type Body, ENGINES, type House, openHouse, VERSIONS } from "../house.ts";

const MAX_ANSWER_BYTES = 1024 * 1024;

const times = (count: number, write: (index: number) => string) =>
	Array.from({ length: count }, (_, index) => write(index)).join(" ");

/** The same selections at the root of a mutation, written in four ways. */
const WAYS: Readonly<Record<string, (selections: string) => string>> = {
	plainly: (selections) => `mutation { ${selections} }`,
	"in a fragment": (selections) => `mutation { ...all } fragment all on Mutation { ${selections} }`,
	"in a fragment of a fragment": (selections) =>
		`mutation { ...outer } fragment outer on Mutation { ...all } fragment all on Mutation { ${selections} }`,
	"in an inline fragment": (selections) => `mutation { ... on Mutation { ... { ${selections} } } }`,
};

function assertTooMuch(body: Body, what: string): void {
	assert.equal(body.data, undefined);
	assert.equal(body.errors.length, 1, JSON.stringify(body.errors));
	assert.equal(body.errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
	assert.match(body.errors[0].message, new RegExp(`at most \\d+ ${what}`));
}

async function customersMade(house: House, emails: readonly string[]): Promise<number> {
	let made = 0;
	for (const email of emails) {
		const { data } = await house.ask(
			"mutation($e: String!) { customerRecover(email: $e) { customerUserErrors { code } } }",
			{ e: email },
		);
		if (data.customerRecover.customerUserErrors.length === 0) made++;
	}
	return made;
}

for (const engine of ENGINES) {
	test(`one operation has at most five mutations, however they are written (${engine})`, async () => {
		await using house = await openHouse(engine);
		for (const [index, [way, write]] of Object.entries(WAYS).entries()) {
			const emails = Array.from({ length: 6 }, (_, i) => `ada${index}${i}@example.com`);
			const create = (i: number) =>
				`m${i}: customerCreate(input: {email: "${emails[i]}", password: "correct horse"}) { customer { id } }`;
			assertTooMuch(await house.ask(write(times(6, create))), "mutations");
			assert.equal(await customersMade(house, emails), 0, `${way}: nothing of a refused document is done`);
			const five = await house.ask(write(times(5, create)));
			assert.equal(five.errors, undefined, JSON.stringify(five.errors));
			assert.equal(await customersMade(house, emails), 5, way);
		}
		// One key is one mutation, however often it stands there.
		const twice = 'customerRecover(email: "ada@example.com") { customerUserErrors { code } }';
		assert.equal((await house.ask(`mutation { ${times(12, () => twice)} __typename }`)).errors, undefined);
	});
}

for (const version of VERSIONS) {
	test(`an operation has at most a hundred aliases and twenty directives (${version})`, async () => {
		await using house = await openHouse();
		const ask = (query: string, variables = {}) => house.ask(query, variables, { version });
		const aliases = (count: number) => times(count, (i) => `a${i}: id`);
		const skips = (count: number) => times(count, (i) => `a${i}: id @skip(if: false)`);
		assert.equal((await ask(`{ shop { ${aliases(100)} } }`)).errors, undefined);
		assertTooMuch(await ask(`{ shop { ${aliases(101)} } }`), "aliases");
		assertTooMuch(await ask(`{ shop { ${aliases(900)} } }`), "aliases");
		assert.equal((await ask(`{ shop { ${skips(20)} } }`)).errors, undefined);
		assertTooMuch(await ask(`{ shop { ${skips(21)} } }`), "directives");
		assertTooMuch(await ask(`query @inContext(country: CA) { shop { ${skips(20)} } }`), "directives");
		// What a fragment holds counts wherever the fragment is spread.
		const spread = (count: number) =>
			`{ shop { ${times(count, () => "...f")} } } fragment f on Shop { ${aliases(10)} }`;
		assert.equal((await ask(spread(10))).errors, undefined);
		assertTooMuch(await ask(spread(11)), "aliases");
		const doubling = times(40, (i) => `fragment f${i} on Shop { ...f${i + 1} ...f${i + 1} }`);
		assertTooMuch(await ask(`{ shop { ...f0 } } ${doubling} fragment f40 on Shop { a: id }`), "aliases");
		// Every operation of a document is looked at, whichever is asked for.
		const two = `query A { shop { id } } query B { shop { ${aliases(101)} } }`;
		assertTooMuch(await ask(two), "aliases");
	});
}

test("bodies, tokens, levels, introspection and lists have bounds, each let in at the bound and refused beyond", async () => {
	await using house = await openHouse();
	const ask = (query: string, variables = {}) => house.ask(query, variables);
	const read = (length: number) => {
		const body = JSON.stringify({ query: "{ shop { id } }" });
		return send(house, body.padEnd(length, " "));
	};
	assert.equal((await read(65_536)).status, 200);
	assert.equal((await read(65_537)).status, 413);

	// Five tokens around the fields; what is left out of a document, comments and commas, is none.
	const tokens = (count: number) => `{ shop { ${times(count - 5, () => "id")} } } # ${"a ".repeat(5000)}`;
	assert.equal((await ask(tokens(3000))).errors, undefined);
	assert.equal((await ask(tokens(3001))).errors[0].message, "This query is too large to execute.");
	const levels = (count: number) => `${"{ ... ".repeat(count - 2)} { shop { id } } ${"}".repeat(count - 2)}`;
	assert.equal((await ask(levels(100))).errors, undefined);
	assert.match((await ask(levels(101))).errors[0].message, /depth of 101/);

	const schemas = (count: number) => `{ ${times(count, (i) => `a${i}: __schema { queryType { name } }`)} }`;
	assert.equal((await ask(schemas(1))).errors, undefined);
	assert.equal((await ask(schemas(2))).errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
	const types = (count: number) => `{ ${times(count, (i) => `a${i}: __type(name: "Shop") { name }`)} }`;
	assert.equal((await ask(types(10))).errors, undefined);
	assert.equal((await ask(types(11))).errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
	const ids = (count: number) => ({ ids: Array(count).fill("gid://shopify/Page/1") });
	const nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
	assert.equal((await ask(nodes, ids(250))).errors, undefined);
	assert.equal((await ask(nodes, ids(251))).errors[0].extensions.code, "MAX_INPUT_SIZE_EXCEEDED");
	// 250 within 250, which real clients ask for.
	const t = await house.signedIn();
	const pages =
		"query($t: String!) { customer(customerAccessToken: $t) { orders(first: 250) { nodes { lineItems(first: 250) { nodes { title } } } } } }";
	assert.deepEqual((await ask(pages, { t })).data.customer.orders.nodes, []);
});

test("a document a hundred times too large is refused, each time", async () => {
	await using house = await openHouse();
	const bombs = [
		`mutation { ${times(300, (i) => `m${i}: cartCreate { cart { id } }`)} }`,
		`{ shop { ${times(900, (i) => `a${i}: id`)} } }`,
		`{ shop { ${times(400, () => "id @skip(if: false)")} } }`,
		`{ shop { ...f0 } } ${times(250, (i) => `fragment f${i} on Shop { ...f${i + 1} ...f${i + 1} }`)} fragment f250 on Shop { a: id }`,
	];
	for (const bomb of bombs) {
		for (const turn of [0, 1]) {
			const { data, errors } = await house.ask(`${bomb} # ${turn}`);
			assert.ok(errors && data === undefined, bomb.slice(0, 60));
		}
	}
});

const EVERY_ADDRESS_FIELD =
	"id name firstName lastName company address1 address2 city province provinceCode country countryCodeV2 zip phone formatted(withName: true) formattedArea latitude longitude";

test("an answer has at most 1 MiB, and real pages and introspection have far less", async () => {
	await using house = await openHouse();
	const t = await house.signedIn();
	const long = "Ø".repeat(250);
	const update =
		"mutation($t: String!, $c: CustomerUpdateInput!) { customerUpdate(customerAccessToken: $t, customer: $c) { customerUserErrors { message } } }";
	assert.deepEqual(
		(await house.ask(update, { t, c: { firstName: long, lastName: long } })).data.customerUpdate
			.customerUserErrors,
		[],
	);
	const create =
		"mutation($t: String!, $a: MailingAddressInput!) { customerAddressCreate(customerAccessToken: $t, address: $a) { customerUserErrors { message } } }";
	for (let number = 0; number < 60; number++) {
		const a = {
			firstName: "Ada",
			lastName: "Lovelace",
			address1: `${number} ${"Å".repeat(240)}`,
			city: "Ottawa",
			country: "Canada",
			province: "Ontario",
			zip: "K1A 0B1",
		};
		assert.deepEqual((await house.ask(create, { t, a })).data.customerAddressCreate.customerUserErrors, []);
	}
	const customer = (selection: string) =>
		`query($t: String!) { customer(customerAccessToken: $t) { ${selection} } }`;

	const page = await read(house, customer(`addresses(first: 250) { nodes { ${EVERY_ADDRESS_FIELD} } }`), {
		t,
	});
	assert.equal(page.body.errors, undefined);
	assert.ok(page.bytes < MAX_ANSWER_BYTES / 4, `${page.bytes} bytes`);
	const whole = await read(
		house,
		getIntrospectionQuery({
			specifiedByUrl: true,
			directiveIsRepeatable: true,
			schemaDescription: true,
			inputValueDeprecation: true,
		}),
	);
	assert.equal(whole.body.errors, undefined);
	assert.ok(whole.bytes < (MAX_ANSWER_BYTES * 3) / 4, `${whole.bytes} bytes`);

	const lines = times(90, (i) => `a${i}: address1`);
	const pages = [
		// Long values, long keys, long lists: each many times over.
		[customer(`addresses(first: 250) { nodes { ${lines} } }`), { t }],
		[customer(`addresses(first: 250) { nodes { ${times(60, (i) => `a${i}: formatted`)} } }`), { t }],
		[customer(`addresses(first: 250) { nodes { ${"k".repeat(20_000)}: id } }`), { t }],
		[`{ __schema { types { ${times(99, (i) => `a${i}: description`)} } } }`, {}],
	] as const;
	for (const [query, variables] of pages) {
		const { bytes, body } = await read(house, query, variables);
		assert.ok(bytes <= MAX_ANSWER_BYTES, `${bytes} bytes for ${query.slice(0, 90)}`);
		assert.ok(body.errors, `${bytes} bytes for ${query.slice(0, 90)}`);
		assert.equal(body.errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED", JSON.stringify(body.errors[0]));
		assert.equal(body.errors[0].message, "The answer would have more than 1 MiB");
	}
	// The bytes are counted, not the characters: 60 addresses of two-byte letters under 40 aliases have 600 000 of them.
	const twoBytes = await read(
		house,
		customer(`addresses(first: 250) { nodes { ${times(40, (i) => `a${i}: address1`)} } }`),
		{ t },
	);
	assert.equal(twoBytes.body.errors?.[0].message, "The answer would have more than 1 MiB");
});

interface Sent {
	readonly status: number;
	readonly bytes: number;
	readonly body: Body;
}

async function send(house: House, json: string): Promise<Sent> {
	const response = await fetch(`${house.app.url}/api/2026-04/graphql.json`, {
		method: "POST",
		headers: {
			"Content-Type": "application/json",
			"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
		},
		body: json,
	});
	const bytes = Buffer.from(await response.arrayBuffer());
	return { status: response.status, bytes: bytes.length, body: JSON.parse(bytes.toString()) as Body };
}

function read(house: House, query: string, variables: Record<string, unknown> = {}): Promise<Sent> {
	return send(house, JSON.stringify({ query, variables }));
}
