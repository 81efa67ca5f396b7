// Random lives of customers' addresses, each step held against a model of a few lines: after every change the whole
// list, the default, and a page of it from somewhere, forwards or backwards.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ENGINES, type House, openHouse } from "../house.ts";
import { Model, type Page, type Parts, pageOf, TYPED_COUNTRIES, TYPED_PROVINCES } from "./model.ts";

const RUNS = 40;
const ENTRY = "id address1 city countryCodeV2 province provinceCode";
const CREATE = `mutation($t: String!, $a: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $a) { customerAddress { ${ENTRY} } customerUserErrors { message } }
}`;
const UPDATE = `mutation($t: String!, $id: ID!, $a: MailingAddressInput!) {
	customerAddressUpdate(customerAccessToken: $t, id: $id, address: $a) { customerAddress { ${ENTRY} } customerUserErrors { message } }
}`;
const DELETE = `mutation($t: String!, $id: ID!) {
	customerAddressDelete(customerAccessToken: $t, id: $id) { deletedCustomerAddressId }
}`;
const SET_DEFAULT = `mutation($t: String!, $id: ID!) {
	customerDefaultAddressUpdate(customerAccessToken: $t, addressId: $id) { customer { defaultAddress { ${ENTRY} } } }
}`;
const LIST = `query($t: String!) {
	customer(customerAccessToken: $t) {
		defaultAddress { ${ENTRY} }
		addresses(first: 250) { nodes { ${ENTRY} } edges { cursor } }
	}
}`;
const PAGE = `query($t: String!, $first: Int, $last: Int, $after: String, $before: String, $reverse: Boolean) {
	customer(customerAccessToken: $t) {
		addresses(first: $first, last: $last, after: $after, before: $before, reverse: $reverse) {
			edges { cursor node { id } }
			nodes { id }
			pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
		}
	}
}`;

const text = fc.option(fc.constantFrom("A", "B", " A ", "", null), { nil: undefined });
const partsArbitrary = fc
	.record({
		address1: text,
		city: text,
		country: fc.option(fc.constantFrom(...TYPED_COUNTRIES), { nil: undefined }),
		province: fc.option(fc.constantFrom(...TYPED_PROVINCES), { nil: undefined }),
	})
	// What is undefined is not sent, and the model is not given it either.
	.map((parts) => JSON.parse(JSON.stringify(parts)) as Parts);
const place = fc.option(fc.nat(8), { nil: null });
const pageArbitrary = fc.record({
	size: fc.integer({ min: 1, max: 5 }),
	fromEnd: fc.boolean(),
	reverse: fc.boolean(),
	after: place,
	before: place,
});
const actArbitrary = fc.record({
	// Creations come more often, so that lists become long enough to be paged.
	kind: fc.constantFrom("create", "create", "create", "update", "update", "delete", "default"),
	parts: partsArbitrary,
	/** Which address, counted round; one step beyond the list is an address that is not there. */
	which: fc.nat(20),
	page: pageArbitrary,
});
type Act = Parameters<Parameters<typeof actArbitrary.map>[0]>[0];

async function act(house: House, t: string, model: Model, { kind, parts, which }: Act): Promise<void> {
	const ids = [...model.entries.map(({ id }) => id), "gid://shopify/MailingAddress/1"];
	const id = String(ids[which % ids.length]);
	if (kind === "create") {
		const { data } = await house.ask(CREATE, { t, a: parts });
		const { customerAddress, customerUserErrors } = data.customerAddressCreate;
		const expected = model.create(parts, customerAddress?.id ?? "none");
		assert.deepEqual(customerAddress ?? customerUserErrors[0].message, expected);
	} else if (kind === "update") {
		const { data, errors } = await house.ask(UPDATE, { t, id, a: parts });
		const { customerAddress, customerUserErrors } = data.customerAddressUpdate ?? {};
		const answered = customerAddress ?? (customerUserErrors ?? errors)[0].message;
		assert.deepEqual(answered, model.update(id, parts));
	} else if (kind === "delete") {
		const { errors } = await house.ask(DELETE, { t, id });
		assert.equal(errors?.[0].message ?? null, model.delete(id));
	} else {
		const { data, errors } = await house.ask(SET_DEFAULT, { t, id });
		assert.equal(errors?.[0].message ?? null, model.setDefault(id));
		const shown = data.customerDefaultAddressUpdate?.customer.defaultAddress.id;
		assert.equal(shown, errors ? undefined : id);
	}
}

/** The whole list and the default; gives the cursors. */
async function readAll(house: House, t: string, model: Model): Promise<readonly string[]> {
	const { customer } = (await house.ask(LIST, { t })).data;
	const chosen = model.entries.find(({ id }) => id === model.defaultId) ?? null;
	assert.deepEqual(customer.addresses.nodes, model.entries);
	assert.deepEqual(customer.defaultAddress, chosen);
	return customer.addresses.edges.map(({ cursor }: { readonly cursor: string }) => cursor);
}

async function readPage(house: House, t: string, model: Model, asked: Page): Promise<void> {
	const cursors = await readAll(house, t, model);
	const order = [...model.entries.keys()];
	const inOrder = asked.reverse ? order.toReversed() : order;
	const within = (place: number | null) => (place !== null && place < order.length ? place : null);
	const page = { ...asked, after: within(asked.after), before: within(asked.before) };
	const cursorAt = (place: number | null) => (place === null ? null : cursors[inOrder[place] ?? -1]);
	const shown = pageOf(order.length, page);
	const { customer } = (
		await house.ask(PAGE, {
			t,
			[page.fromEnd ? "last" : "first"]: page.size,
			after: cursorAt(page.after),
			before: cursorAt(page.before),
			reverse: page.reverse,
		})
	).data;
	const ids = shown.map((place) => ({ id: model.entries[inOrder[place] ?? -1]?.id }));
	assert.deepEqual(customer.addresses.nodes, ids);
	assert.deepEqual(
		customer.addresses.edges.map(({ node }: { readonly node: unknown }) => node),
		ids,
	);
	const answered: string[] = customer.addresses.edges.map(
		({ cursor }: { readonly cursor: string }) => cursor,
	);
	assert.deepEqual(
		answered.map((cursor) => JSON.parse(atob(cursor)).offset),
		shown,
	);
	const [first, last] = [shown[0], shown.at(-1)];
	// Around a page with nothing on it lies what its cursors leave out.
	const isEmpty = first === undefined || last === undefined;
	assert.deepEqual(customer.addresses.pageInfo, {
		hasNextPage: isEmpty ? page.before !== null : last < order.length - 1,
		hasPreviousPage: isEmpty ? page.after !== null : first > 0,
		startCursor: answered[0] ?? null,
		endCursor: answered.at(-1) ?? null,
	});
}

for (const engine of ENGINES) {
	test(`addresses live as the model says (${engine})`, async () => {
		await using house = await openHouse(engine);
		let customers = 0;
		const life = fc.asyncProperty(fc.array(actArbitrary, { minLength: 5, maxLength: 20 }), async (acts) => {
			const t = await house.signedIn(`ada.${++customers}@example.com`);
			const model = new Model();
			for (const each of acts) {
				await act(house, t, model, each);
				await readPage(house, t, model, each.page);
			}
		});
		await fc.assert(life, { numRuns: RUNS });
	});
}
