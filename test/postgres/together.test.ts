// Requests of one moment whose questions, or whose changes, are asked as one: each gets its own answer.
import assert from "node:assert/strict";
import test from "node:test";
import { DELETE, IS_POSTGRES, openHouse, READ, RENEW, SIGN_IN } from "../house.ts";

const SKIP = IS_POSTGRES ? false : "it is about PostgreSQL";

test("of renewals and reads at one moment each is answered for its own token", { skip: SKIP }, async () => {
	await using house = await openHouse("postgres", { limitSignIns: "off" });
	const emails = Array.from({ length: 12 }, (_, index) => `shopper${index}@example.com`);
	const tokens: string[] = [];
	for (const email of emails) tokens.push(await house.signedIn(email));
	const [dead] = tokens.splice(3, 1) as [string];
	emails.splice(3, 1);
	await house.ask(DELETE, { t: dead });
	await house.advance(100);

	// Every token twice, so that two of one row meet in a group, and dead ones and texts that are none among them.
	const asked = [...tokens, dead, ...tokens, "no token", "a\0b", dead];
	const renewals = await Promise.all(asked.map((t) => house.ask(RENEW, { t })));
	for (const [index, { data }] of renewals.entries()) {
		const isAlive = tokens.includes(String(asked[index]));
		const renewed = data.customerAccessTokenRenew?.customerAccessToken?.accessToken;
		assert.equal(renewed, isAlive ? asked[index] : undefined);
	}
	const reads = await Promise.all(asked.map((t) => house.ask(READ, { t })));
	for (const [index, { data }] of reads.entries()) {
		const place = tokens.indexOf(String(asked[index]));
		assert.equal(data?.customer?.email, place < 0 ? undefined : emails[place]);
	}
	const again = await Promise.all(
		emails.map((email) => house.ask(SIGN_IN, { input: { email, password: "correct horse" } })),
	);
	for (const { data } of again) assert.ok(data.customerAccessTokenCreate.customerAccessToken);
});
