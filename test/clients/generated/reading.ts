// The attempts that change nothing: reading a customer who has everything, one who has nothing, and an order.
import assert from "node:assert/strict";
import { type Attempt, assertHolds } from "./attempt.ts";
import type { Customers, Kind } from "./customers.ts";
import { type Fields, readState, toModel } from "./model.ts";

/** What must be known of a customer who has everything, but for what is made up on the way. */
const WHOLE = {
	firstName: "Ada",
	lastName: "Lovelace",
	displayName: "Ada Lovelace",
	acceptsMarketing: true,
	tags: ["B2B", "vip"],
	numberOfOrders: "0",
};

/** And of one who has nothing. */
const BARE = {
	firstName: null,
	lastName: null,
	phone: null,
	acceptsMarketing: false,
	tags: [],
	numberOfOrders: "0",
	defaultAddress: null,
	addresses: { nodes: [], edges: [] },
	metafields: [null, null],
};

/** The answer is what is known of the customer. */
export async function openReader(
	customers: Customers,
	kind: Kind,
): Promise<Attempt & { readonly state: Fields }> {
	const { email, token } = await customers.borrow(kind);
	const state = await readState(customers.house, token);
	if (kind === "bare") assertHolds(state, { ...BARE, email, displayName: email });
	else assertWhole(state);
	return { kind, email, state, args: { customerAccessToken: token }, settle: async () => toModel(state) };
}

function assertWhole(state: Fields): void {
	assertHolds(state, WHOLE);
	const { addresses, defaultAddress, metafields } = state;
	assert.deepEqual(
		addresses.nodes.map(({ name, formattedArea }: Fields) => [name, formattedArea]),
		[
			["Augusta King", "Ottawa ON, Canada"],
			["Ada Lovelace", "Berlin, Germany"],
			["Ada Lovelace", "Shibuya-ku JP-13, Japan"],
		],
	);
	assert.deepEqual(defaultAddress, addresses.nodes[1]);
	assert.deepEqual([metafields[0].value, metafields[1]], ["XL", null]);
}

/** There are no orders yet. */
export const ORDER_PAGE: Attempt = {
	kind: null,
	email: "",
	args: { id: "gid://shopify/Order/1?key=0123456789abcdef0123456789abcdef" },
	settle: async () => null,
};
