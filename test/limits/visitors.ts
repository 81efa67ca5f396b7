// Shoppers at many addresses, as a server with a private token says of them, and what becomes of what they try.
import assert from "node:assert/strict";
import { statement } from "../../src/store/engine.ts";
import { type Body, type House, RECOVER, SIGN_IN, SIGN_UP } from "../house.ts";

export const EMAIL = "ada@example.com";
export const PASSWORD = "correct horse";

type Keys = Pick<House["keys"], "privateAccessToken">;

/** The headers of a request that the shop's own server passes on for a shopper at this address. */
export function comingFrom({ keys }: { readonly keys: Keys }, address: string): Record<string, string> {
	return {
		"Shopify-Storefront-Private-Token": keys.privateAccessToken,
		"Shopify-Storefront-Buyer-IP": address,
	};
}

/** As many addresses as wanted, each of its own. */
export function addressAt(index: number): string {
	return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}

/** `ok`, the code of the first user error, or the one of the error at top level. */
export function outcomeOf({ data, errors }: Body, alias?: string): string {
	const key = alias ?? Object.keys(data ?? {})[0] ?? "";
	const payload = data?.[key];
	if (payload) return payload.customerUserErrors[0]?.code ?? "ok";
	const error = errors?.find(({ path }: { path?: readonly unknown[] }) => !path || path[0] === key);
	return error?.extensions?.code ?? JSON.stringify({ data, errors });
}

export const [CHECKED, THROTTLED] = ["UNIDENTIFIED_CUSTOMER", "THROTTLED"];

/** One who tries this and that from one address; without one, from the machine itself, which is not counted. */
export interface Visitor {
	signIn(password: string, email?: string): Promise<string>;
	signUp(email: string, password?: string): Promise<string>;
	recover(email?: string): Promise<string>;
	/** Any other operation. */
	ask(query: string, variables?: Record<string, unknown>): Promise<Body>;
}

export function visitor(house: Pick<House, "ask"> & { readonly keys: Keys }, address?: string): Visitor {
	const headers = address === undefined ? {} : comingFrom(house, address);
	const ask: Visitor["ask"] = (query, variables = {}) => house.ask(query, variables, { headers });
	return {
		ask,
		signIn: async (password, email = EMAIL) => outcomeOf(await ask(SIGN_IN, { input: { email, password } })),
		signUp: async (email, password = PASSWORD) =>
			outcomeOf(await ask(SIGN_UP, { input: { email, password } })),
		recover: async (email = EMAIL) => outcomeOf(await ask(RECOVER, { email })),
	};
}

/** The outcomes of so many tries, one after the other. */
export async function outcomes(
	count: number,
	attempt: (index: number) => Promise<string>,
): Promise<readonly string[]> {
	const seen: string[] = [];
	for (let index = 0; index < count; index++) seen.push(await attempt(index));
	return seen;
}

/** The same, all at once. */
export function outcomesAtOnce(
	count: number,
	attempt: (index: number) => Promise<string>,
): Promise<readonly string[]> {
	return Promise.all(Array.from({ length: count }, (_, index) => attempt(index)));
}

/** That so many were looked at, and all others throttled. */
export function assertChecked(seen: readonly string[], checked: number, expected = CHECKED): void {
	const others = seen.filter((outcome) => outcome !== expected && outcome !== THROTTLED);
	assert.deepEqual(others, [], "something else came of a try");
	assert.equal(seen.filter((outcome) => outcome === expected).length, checked);
}

/** The same, and in this order: first all that were looked at. */
export function assertFirst(seen: readonly string[], checked: number, expected = CHECKED): void {
	const wanted = seen.map((_, index) => (index < checked ? expected : THROTTLED));
	assert.deepEqual(seen, wanted);
}

export async function countRows({ app }: House, table: "attempts" | "known_addresses"): Promise<number> {
	const [row] = await app.store.read(statement(`SELECT count(*) AS n FROM ${table}`), []);
	return Number(row?.["n"]);
}
