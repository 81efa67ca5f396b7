// What the shop says of its customers: tags and metafields, set by the operator and read by storefronts.
import assert from "node:assert/strict";
import test from "node:test";
import { ensureApiKey } from "../src/accounts/administration.ts";
import { deleteMetafield, type MetafieldInput, setMetafield } from "../src/accounts/metafields.ts";
import { setTags } from "../src/accounts/tags.ts";
import { makeToken } from "../src/secrets/token.ts";
import { readGid } from "../src/storefront/forms.ts";
import { ENGINES, type House, openHouse, READ, SIGN_IN, SIGN_UP, VERSIONS } from "./house.ts";

const TAGS = "query($t: String!) { customer(customerAccessToken: $t) { tags updatedAt } }";
const METAFIELDS = `query($t: String!, $identifiers: [HasMetafieldsIdentifier!]!) {
	customer(customerAccessToken: $t) { metafields(identifiers: $identifiers) { namespace key value } }
}`;
const SIZE: MetafieldInput = {
	namespace: "custom",
	key: "size",
	type: "single_line_text_field",
	value: "M",
	description: null,
};

/** A customer, and the operator's verbs on that one. */
async function welcome(house: House, email = "ada@example.com") {
	const { store, shop, clock } = house.app;
	const token = await house.signedIn(email);
	const gid = (await house.ask(READ, { t: token })).data.customer.id;
	const id = Number(readGid("Customer", gid));
	return {
		token,
		gid,
		tag: (...tags: readonly string[]) => setTags(store, shop.id, id, tags, clock.now()),
		set: (input: Partial<MetafieldInput>) =>
			setMetafield(store, shop.id, id, { ...SIZE, ...input }, clock.now()),
		remove: (name: Partial<MetafieldInput>) =>
			deleteMetafield(store, shop.id, id, { ...SIZE, ...name }, clock.now()),
		readTags: async () => (await house.ask(TAGS, { t: token })).data.customer.tags,
		read: async (...identifiers: readonly object[]) =>
			(await house.ask(METAFIELDS, { t: token, identifiers })).data.customer.metafields,
	};
}

for (const engine of ENGINES) {
	test(`tags are trimmed, each there once, and sorted, whatever their case (${engine})`, async () => {
		await using house = await openHouse(engine);
		const ada = await welcome(house);
		assert.deepEqual(await ada.readTags(), []);
		assert.equal(
			await ada.tag(" vip", "Newsletter", "", "  ", "VIP ", "b2b", "Ärger", "ärger", "zebra", "Émile"),
			null,
		);
		assert.deepEqual(await ada.readTags(), ["b2b", "Newsletter", "vip", "zebra", "Ärger", "Émile"]);
		await ada.tag("only");
		assert.deepEqual(await ada.readTags(), ["only"]);
		await ada.tag();
		assert.deepEqual(await ada.readTags(), []);
	});

	test(`250 tags of 255 characters fit, and no more (${engine})`, async () => {
		await using house = await openHouse(engine);
		const ada = await welcome(house);
		const tags = Array.from(
			{ length: 250 },
			(_, index) => `${"🏷".repeat(252)}${String(index).padStart(3, "0")}`,
		);
		assert.equal(await ada.tag(...tags), null);
		assert.equal(await ada.tag(...tags, "one more"), "tooMany");
		assert.equal(await ada.tag("x".repeat(256)), "notATag");
		for (const tag of ["a,b", "a\nb", "a\0b", "\ud800"]) assert.equal(await ada.tag(tag), "notATag");
		assert.deepEqual(await ada.readTags(), tags);
	});

	test(`each customer has tags and metafields of their own, and they go with them (${engine})`, async () => {
		await using house = await openHouse(engine);
		const [ada, grace] = [await welcome(house), await welcome(house, "grace@example.com")];
		await ada.tag("vip");
		await ada.set({});
		assert.deepEqual(await grace.readTags(), []);
		assert.deepEqual(await grace.read(SIZE_NAME), [null]);
		const { store, shop, clock } = house.app;
		for (const [shopId, id] of [
			[shop.id, 1],
			[shop.id + 1, Number(readGid("Customer", ada.gid))],
		] as const) {
			assert.equal(await setTags(store, shopId, id, ["other"], clock.now()), "noSuchCustomer");
			assert.equal(await setMetafield(store, shopId, id, SIZE, clock.now()), "noSuchCustomer");
			assert.equal(await deleteMetafield(store, shopId, id, SIZE, clock.now()), false);
		}
		assert.deepEqual(await ada.readTags(), ["vip"]);
		assert.equal((await ada.read(SIZE_NAME))[0].value, "M");
		await fetch(`${house.app.url}/_dev/reset`, { method: "POST" });
		const again = await welcome(house);
		assert.deepEqual([await again.readTags(), await again.read(SIZE_NAME)], [[], [null]]);
	});

	test(`metafields are answered in the order of what was asked, with null for what is not there (${engine})`, async () => {
		await using house = await openHouse(engine);
		const ada = await welcome(house);
		await ada.set({});
		await ada.set({ key: "colour", value: "blue" });
		await ada.set({ namespace: "loyalty", value: "gold" });
		const asked = [
			{ namespace: "loyalty", key: "size" },
			{ namespace: "custom", key: "missing" },
			SIZE_NAME,
			{ namespace: "CUSTOM", key: "size" },
			{ namespace: "custom", key: "colour" },
			SIZE_NAME,
			{ key: "size" },
			{ namespace: "", key: "" },
		];
		const found = await ada.read(...asked);
		assert.deepEqual(
			found.map((one: { value: string } | null) => one?.value ?? null),
			["gold", null, "M", null, "blue", "M", null, null],
		);
		await ada.set({ value: "L" });
		assert.equal((await ada.read(SIZE_NAME))[0].value, "L");
		assert.equal(await ada.remove({}), true);
		assert.equal(await ada.remove({}), false);
		assert.deepEqual(await ada.read(SIZE_NAME), [null]);
		assert.equal((await ada.read({ namespace: "loyalty", key: "size" }))[0].value, "gold");
	});

	for (const version of VERSIONS) {
		test(`a metafield has every published field (${engine}, ${version})`, async () => {
			await using house = await openHouse(engine);
			const ada = await welcome(house);
			await ada.set({ description: "What fits" });
			await house.advance(60);
			await ada.set({ value: "[]", type: "list.product_reference" });
			const document = `query($t: String!) {
				customer(customerAccessToken: $t) {
					metafield(namespace: "custom", key: "size") {
						__typename id namespace key type value description createdAt updatedAt
						parentResource { __typename ... on Customer { id } ... on Product { title } }
						reference { __typename }
						references(first: 5) { nodes { __typename } pageInfo { hasNextPage endCursor } }
					}
				}
			}`;
			const { data, errors } = await house.ask(document, { t: ada.token }, { version });
			assert.equal(errors, undefined);
			const { id, createdAt, updatedAt, ...rest } = data.customer.metafield;
			assert.match(id, /^gid:\/\/shopify\/Metafield\/[1-9]\d*$/);
			assert.ok(Date.parse(updatedAt) - Date.parse(createdAt) >= 60_000);
			assert.deepEqual(rest, {
				__typename: "Metafield",
				namespace: "custom",
				key: "size",
				type: "list.product_reference",
				value: "[]",
				description: null,
				parentResource: { __typename: "Customer", id: ada.gid },
				reference: null,
				references: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
			});
			await ada.set({});
			const again = await house.ask(document, { t: ada.token }, { version });
			assert.equal(again.data.customer.metafield.references, null);
			assert.equal(again.data.customer.metafield.id, id);
		});
	}
}

const SIZE_NAME = { namespace: "custom", key: "size" };

test("the operator is told what no metafield can be", async () => {
	await using house = await openHouse();
	const ada = await welcome(house);
	for (const namespace of ["", "ab", "a b", "$app", "é".repeat(5), "n".repeat(256)]) {
		assert.equal(await ada.set({ namespace }), "badNamespace", namespace);
	}
	for (const key of ["", "k", "a b", "k".repeat(65), "a.b"])
		assert.equal(await ada.set({ key }), "badKey", key);
	for (const type of [
		"",
		"text",
		"string",
		"list.",
		"list.boolean",
		"list.list.color",
		"Boolean",
		"constructor",
	]) {
		assert.equal(await ada.set({ type }), "unknownType", type);
	}
	for (const value of ["", "  ", "\ud800", "a\0b", "x".repeat(65_537), "é".repeat(32_769)]) {
		assert.equal(await ada.set({ value }), "badValue", value.slice(0, 5));
	}
	for (const description of ["x".repeat(256), "a\0b"]) {
		assert.equal(await ada.set({ description }), "badDescription");
	}
	assert.deepEqual(await ada.read(SIZE_NAME), [null]);
	for (const type of ["boolean", "list.color", "json", "rich_text_field", "list.metaobject_reference"]) {
		assert.equal(await ada.set({ type, value: "é".repeat(32_768), namespace: "n".repeat(255) }), null, type);
	}
	assert.equal(await ada.set({ namespace: "n-_", key: "k2" }), null);
	for (let index = 0; index < 248; index++) assert.equal(await ada.set({ key: `key-${index}` }), null);
	assert.equal(await ada.set({ key: "one-more" }), "tooMany");
	assert.equal(await ada.set({ key: "key-0", value: "changed" }), null);
});

test("tags are read with their scope only, wherever the customer comes from", async () => {
	await using house = await openHouse();
	const ada = await welcome(house);
	await ada.tag("vip");
	const scopes = ["unauthenticated_read_customers", "unauthenticated_write_customers"];
	const { store, shop, clock } = house.app;
	const secret = makeToken();
	const key = { kind: "public", title: "few scopes", scopes: new Set(scopes) } as const;
	await ensureApiKey(store, shop, key, secret, clock.now());
	const headers = { "X-Shopify-Storefront-Access-Token": secret };
	const read = await house.ask(TAGS, { t: ada.token }, { headers });
	assert.deepEqual([read.data.customer, read.errors[0].extensions.code], [null, "ACCESS_DENIED"]);
	const document = SIGN_UP.replace("{ id ", "{ tags ");
	const created = await house.ask(
		document,
		{ input: { email: "eve@example.com", password: "secret" } },
		{ headers },
	);
	assert.equal(created.errors[0].extensions.code, "ACCESS_DENIED");
	// Metafields need no more than the customer does.
	await ada.set({});
	const { data } = await house.ask(METAFIELDS, { t: ada.token, identifiers: [SIZE_NAME] }, { headers });
	assert.equal(data.customer.metafields[0].value, "M");
	const { data: signedIn } = await house.ask(SIGN_IN, {
		input: { email: "eve@example.com", password: "secret" },
	});
	assert.ok(signedIn.customerAccessTokenCreate.customerAccessToken, "the customer was made all the same");
});

test("one answer holds 1 MiB of tags and metafields at most", async () => {
	await using house = await openHouse();
	const ada = await welcome(house);
	await ada.set({ value: "x".repeat(65_536) });
	assert.equal((await ada.read(...Array.from({ length: 15 }, () => SIZE_NAME))).length, 15);
	const many = await house.ask(METAFIELDS, {
		t: ada.token,
		identifiers: Array.from({ length: 16 }, () => SIZE_NAME),
	});
	assert.deepEqual(many, {
		errors: [
			{
				message: "The answer would have more than 1 MiB",
				extensions: { code: "MAX_COMPLEXITY_EXCEEDED" },
			},
		],
	});
	// From a metafield to its customer and on to metafields, over and over, most of which are not there.
	const nested = await house.ask(
		`query($t: String!, $found: [HasMetafieldsIdentifier!]!, $missing: [HasMetafieldsIdentifier!]!) {
			customer(customerAccessToken: $t) {
				metafields(identifiers: $found) { parentResource { ... on Customer {
					metafields(identifiers: $found) { parentResource { ... on Customer {
						metafields(identifiers: $missing) { key }
					} } }
				} } }
			}
		}`,
		{
			t: ada.token,
			found: Array.from({ length: 180 }, () => SIZE_NAME),
			missing: Array.from({ length: 250 }, () => ({ namespace: "custom", key: "missing" })),
		},
	);
	assert.equal(nested.errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
	// Their names alone are short.
	const names = METAFIELDS.replace("namespace key value", "key");
	const named = await house.ask(names, {
		t: ada.token,
		identifiers: Array.from({ length: 250 }, () => SIZE_NAME),
	});
	assert.equal(named.data.customer.metafields.length, 250);
	await ada.tag(
		...Array.from({ length: 250 }, (_, index) => `${"x".repeat(252)}${String(index).padStart(3, "0")}`),
	);
	const aliases = Array.from({ length: 40 }, (_, index) => `a${index}: tags`).join(" ");
	const tagged = await house.ask(`query($t: String!) { customer(customerAccessToken: $t) { ${aliases} } }`, {
		t: ada.token,
	});
	assert.equal(tagged.errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
});

test("a list of more than 250 identifiers is refused before anything is looked up", async () => {
	await using house = await openHouse();
	const ada = await welcome(house);
	const identifiers = Array.from({ length: 251 }, () => SIZE_NAME);
	const { errors, data } = await house.ask(METAFIELDS, { t: ada.token, identifiers });
	assert.deepEqual([errors[0].extensions.code, data], ["MAX_INPUT_SIZE_EXCEEDED", undefined]);
});
