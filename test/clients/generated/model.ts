// What is known of a customer, read by one plain document, as an object that graphql-js can answer any other document
// from: what it answers is what the server must answer, key by key.
import assert from "node:assert/strict";
import type { House } from "../../house.ts";
import { COLOUR, SIZE } from "./lists.ts";

/** An answer's object, or what an answer is made of. */
// biome-ignore lint/suspicious/noExplicitAny: it has the shape that the schema says.
export type Fields = Readonly<Record<string, any>>;

/** Stand where the answer's value cannot be known before: any cursor of the address, any new access token. */
export const CURSOR_OF = "a cursor of ";
export const NEW_TOKEN = "a new customer access token";
/** The end of a life that begins now. */
export const NEW_END = "42 days from now";
export const TOKEN_ID = "the id of a customer access token";

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ADDRESS_ID = /^gid:\/\/shopify\/MailingAddress\/\d+\?model_name=CustomerAddress$/;

const STATE = `
fragment Address on MailingAddress {
	id firstName lastName name company address1 address2 city province provinceCode country countryCodeV2 zip phone
	formattedArea latitude longitude
	lines: formatted(withName: false, withCompany: false)
	linesWithName: formatted(withName: true, withCompany: false)
	linesWithCompany: formatted(withName: false, withCompany: true)
	linesWithBoth: formatted(withName: true, withCompany: true)
}
query State($token: String!, $identifiers: [HasMetafieldsIdentifier!]!) {
	customer(customerAccessToken: $token) {
		id email firstName lastName displayName phone acceptsMarketing tags numberOfOrders createdAt updatedAt
		defaultAddress { ...Address }
		addresses(first: 250) { nodes { ...Address } edges { cursor } }
		metafields(identifiers: $identifiers) { id namespace key type value }
	}
}`;

/** The customer behind the token, whose formats are held against what clients parse. */
export async function readState(house: House, token: string): Promise<Fields> {
	const { data, errors } = await house.ask(STATE, { token, identifiers: [SIZE, COLOUR] });
	assert.equal(errors, undefined, JSON.stringify(errors));
	const { customer } = data;
	assert.ok(customer, "the token opens an account");
	assert.match(customer.id, /^gid:\/\/shopify\/Customer\/\d+$/);
	assert.match(customer.createdAt, DATE_TIME);
	assert.match(customer.updatedAt, DATE_TIME);
	for (const { id } of customer.addresses.nodes) assert.match(id, ADDRESS_ID);
	return customer;
}

/** The state as the source of graphql-js's answers. */
export function toModel(state: Fields): Fields {
	const addresses = state["addresses"].nodes.map(toAddress);
	const metafields = ({ identifiers }: Fields) =>
		identifiers.map((wanted: Fields) => findMetafield(state, wanted));
	return {
		...state,
		defaultAddress: state["defaultAddress"] && toAddress(state["defaultAddress"]),
		addresses: (page: Page) => toPage(addresses, page),
		orders: () => EMPTY_PAGE,
		metafield: (wanted: Fields) => findMetafield(state, wanted),
		metafields,
	};
}

export function toAddress(address: Fields): Fields {
	return {
		...address,
		formatted: ({ withName, withCompany }: Fields) =>
			address[
				withName
					? withCompany
						? "linesWithBoth"
						: "linesWithName"
					: withCompany
						? "linesWithCompany"
						: "lines"
			],
	};
}

function findMetafield({ metafields }: Fields, { namespace, key }: Fields): Fields | null {
	const isWanted = (each: Fields | null) => each?.["namespace"] === namespace && each?.["key"] === key;
	return metafields.find(isWanted) ?? null;
}

/** A list with nothing in it. */
export const EMPTY_PAGE = {
	nodes: [],
	edges: [],
	totalCount: "0",
	pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

interface Page {
	readonly first?: number | null;
	readonly last?: number | null;
	readonly after?: string | null;
	readonly before?: string | null;
	readonly reverse?: boolean | null;
}

function toPage(all: readonly Fields[], { first, last, after, before, reverse }: Page): Fields {
	const ordered = reverse ? all.toReversed() : all;
	let start = after ? placeOf(ordered, after) + 1 : 0;
	let end = before ? Math.max(placeOf(ordered, before), 0) : ordered.length;
	if (first) end = Math.min(end, start + first);
	if (last) start = Math.max(start, end - last);
	const nodes = ordered.slice(start, end);
	const edges = nodes.map((node) => ({ node, cursor: CURSOR_OF + numberOf(node["id"]) }));
	return {
		nodes,
		edges,
		pageInfo: {
			hasNextPage: end < ordered.length,
			hasPreviousPage: start > 0,
			startCursor: edges[0]?.cursor ?? null,
			endCursor: edges.at(-1)?.cursor ?? null,
		},
	};
}

/** -1 for a cursor of somebody else's list, of which there is nothing before and nothing after. */
function placeOf(ordered: readonly Fields[], cursor: string): number {
	return ordered.findIndex(({ id }) => numberOf(id) === lastIdOf(cursor));
}

function numberOf(id: string): number {
	return Number(/\d+/.exec(id)?.[0]);
}

/** What a cursor is of. */
export function lastIdOf(cursor: string): number {
	return JSON.parse(Buffer.from(cursor, "base64").toString("utf8")).last_id;
}
