// What the audit log tells, and what one piece of work adds to it.
import assert from "node:assert/strict";
import type { Act, AuditEntry } from "../../src/model.ts";
import { listActs } from "../../src/store/audit.ts";
import { statement } from "../../src/store/engine.ts";
import { type AskOptions, type Body, type House, READ, SIGN_IN, SIGN_UP } from "../house.ts";
import { comingFrom } from "../limits/visitors.ts";

/** The whole log of the first shop, oldest first. */
export async function readLog({ app }: House): Promise<readonly AuditEntry[]> {
	const all = { customerId: null, act: null, since: 0, after: null, limit: 10_000 };
	return (await listActs(app.store, { shopId: app.shop.id, ...all }))?.toReversed() ?? [];
}

/** What the work adds to the log, oldest first. */
export async function recorded(house: House, work: () => Promise<unknown>): Promise<readonly AuditEntry[]> {
	const before = new Set((await readLog(house)).map(({ id }) => id));
	await work();
	return (await readLog(house)).filter(({ id }) => !before.has(id));
}

/** The acts, by their names. */
export async function actsOf(house: House, work: () => Promise<unknown>): Promise<readonly Act[]> {
	return (await recorded(house, work)).map(({ act }) => act);
}

/** The ids of tokens that the customer has, by the store. */
export async function tokenIds({ app }: House): Promise<readonly number[]> {
	const rows = await app.store.read(statement("SELECT id FROM access_tokens ORDER BY created_at, id"), []);
	return rows.map(({ id }) => Number(id));
}

/** A shopper whose requests the shop's own server passes on. */
export interface Shopper {
	ask(query: string, variables?: Record<string, unknown>): Promise<Body>;
	readonly options: AskOptions;
	signUp(email: string, password: string): Promise<Body>;
	/** The new token, or null. */
	signIn(email: string, password: string): Promise<string | null>;
}

export function shopperAt(house: House, address: string): Shopper {
	const options = { headers: comingFrom(house, address) };
	const ask: Shopper["ask"] = (query, variables) => house.ask(query, variables, options);
	return {
		ask,
		options,
		signUp: (email, password) => ask(SIGN_UP, { input: { email, password } }),
		signIn: async (email, password) => {
			const { data } = await ask(SIGN_IN, { input: { email, password } });
			return data.customerAccessTokenCreate?.customerAccessToken?.accessToken ?? null;
		},
	};
}

/** The number in the global id of whoever has the token. */
export async function customerIdBehind(house: House, token: string): Promise<number> {
	const { data } = await house.ask(READ, { t: token });
	assert.ok(data.customer, "the token opens nothing");
	return Number(data.customer.id.split("/").at(-1));
}
