// Whoever may stand behind an e-mail address at a sign-in or a recovery: a customer in each state, and nobody.
import assert from "node:assert/strict";
import { statement } from "../../src/store/engine.ts";
import { type House, SIGN_UP } from "../house.ts";
import { newestLink, PASSWORD, redeem, setState, tokenOf } from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";

const SET_NO_PASSWORD = statement("UPDATE customers SET password_hash = NULL WHERE email = ? RETURNING id");

/** Those who have an account, and the one who has none. */
export const STATES = ["enabled", "disabled", "invited", "declined", "passwordless", "nobody"] as const;

/** All of one length, so that answers which repeat them have one length. */
export function emailOf(who: (typeof STATES)[number]): string {
	return `${who.padEnd(12, "x")}@example.com`;
}

/** Makes them all, each with `PASSWORD` but for the one that has no password; what they are mailed is sent. */
export async function makePeople(house: House): Promise<void> {
	for (const who of STATES) {
		const email = emailOf(who);
		if (who === "nobody") continue;
		const { data } = await house.ask(SIGN_UP, { input: { email, password: PASSWORD } });
		// Where nobody is told who has an account, a new one is entered by the link in its mail.
		if (!data.customerCreate.customer) {
			tokenOf(await redeem(house, await newestLink(house, "activation", email), PASSWORD));
		}
		if (who === "passwordless") {
			assert.equal((await house.app.store.change(SET_NO_PASSWORD, [email])).length, 1);
		} else await setState(house, email, who);
	}
	await house.mails();
}

/** Status, headers and body, but for what is drawn or told of the clock. */
export async function saidTo(
	house: House,
	query: string,
	variables: Readonly<Record<string, unknown>>,
	headers: Readonly<Record<string, string>>,
): Promise<string> {
	const answer = await exchange(house.app.url, {
		path: "/api/2026-04/graphql.json",
		headers: { Connection: "close", ...headers },
		body: { query, variables },
	});
	const { "x-request-id": _, date: __, ...told } = answer.headers;
	return JSON.stringify([answer.status, told, answer.text]);
}
