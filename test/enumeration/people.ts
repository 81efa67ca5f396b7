// A shop that tells nobody who has an account, with an account in each state that there is and an address that nobody
// has, and all that an answer says.
import assert from "node:assert/strict";
import { type EngineName, type House, openHouse, SIGN_UP } from "../house.ts";
import { comingFrom } from "../limits/visitors.ts";
import { entered, passFor, SETTINGS } from "../multipass/passes.ts";
import { newestLink, PASSWORD, redeem, setState, tokenOf } from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";

/** State → address. All of one length, so that answers that repeat them are as long. */
export const PEOPLE = {
	enabled: "enabled_@example.com",
	disabled: "disabled@example.com",
	invited: "invited_@example.com",
	declined: "declined@example.com",
	multipassOnly: "multipas@example.com",
	nobody: "nobody__@example.com",
} as const;
const ADDRESS = "somebody@example.com";

/** All but the one whom only Multipass let in have `PASSWORD`, and the enabled one a phone number. */
export async function openQuietHouse(engine: EngineName, settings = {}): Promise<House> {
	const house = await openHouse(engine, { ...SETTINGS, enumeration: "quiet", ...settings });
	await activated(house, PEOPLE.enabled, { phone: PHONE });
	for (const state of ["disabled", "invited", "declined"] as const) {
		await activated(house, PEOPLE[state]);
		await setState(house, PEOPLE[state], state);
	}
	await entered(house, passFor(house, { email: PEOPLE.multipassOnly }));
	await house.mails();
	return house;
}

export const PHONE = "+16134505293";

/** Signs up, activates by the mailed link, and gives the customer access token. */
export async function activated(house: House, email: string, details = {}): Promise<string> {
	await house.ask(SIGN_UP, { input: { email, password: PASSWORD, ...details } });
	const link = await newestLink(house, "activation", email);
	return tokenOf(await redeem(house, link, PASSWORD));
}

interface Sending {
	readonly version?: string;
	/** Where the shopper comes from; without one it is not counted. */
	readonly from?: string;
}

/**
 * All that an answer says, but for what is drawn or told of the clock. The address that was typed, or anything else that
 * is known beforehand, is put as the same for all.
 */
export async function told(
	house: House,
	query: string,
	variables: object,
	{ version = "2026-04", from }: Sending = {},
): Promise<string> {
	const key = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	const headers = { ...(from === undefined ? key : comingFrom(house, from)), Connection: "close" };
	const path = `/api/${version}/graphql.json`;
	const answer = await exchange(house.app.url, { path, headers, body: { query, variables } });
	const { "x-request-id": _, date: __, "retry-after": retryAfter, ...kept } = answer.headers;
	const text = JSON.stringify([answer.status, kept, retryAfter !== undefined, answer.text]);
	return Object.values(PEOPLE).reduce((said, email) => said.replaceAll(email, ADDRESS), text);
}

/** That everybody is told the same, and what. */
export async function assertAlike(tell: (email: string) => Promise<string>): Promise<string> {
	const answers = new Map<string, string[]>();
	for (const [state, email] of Object.entries(PEOPLE)) {
		const answer = await tell(email);
		answers.set(answer, [...(answers.get(answer) ?? []), state]);
	}
	assert.deepEqual([...answers.values()], [Object.keys(PEOPLE)], [...answers.keys()].join("\n"));
	return [...answers.keys()].join();
}

/** What each has been mailed since, by the links' purposes, oldest first; other mails by their subjects. */
export async function mailedSince(house: House, count: number): Promise<Readonly<Record<string, string[]>>> {
	const mails = await house.mails();
	const since = mails.slice(0, mails.length - count).reverse();
	const kinds = Object.entries(PEOPLE).map(([state, email]) => {
		const own = since.filter(({ to }) => to === email);
		return [
			state,
			own.map(({ links, subject }) => /\/account\/(\w+)\//.exec(links[0] ?? "")?.[1] ?? subject),
		];
	});
	return Object.fromEntries(kinds);
}
