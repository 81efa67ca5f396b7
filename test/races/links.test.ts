// One link redeemed by many at once, in both forms: one of them gets in, and all others are told the same.
import assert from "node:assert/strict";
import test from "node:test";
import type { Purpose } from "../../src/model.ts";
import { statement } from "../../src/store/engine.ts";
import { seededRandom } from "../crash/random.ts";
import { ENGINES, type House, IS_POSTGRES, openHouse } from "../house.ts";
import {
	canSignIn,
	DOCUMENTS,
	EMAIL,
	FORMS,
	type MailedLink,
	mailedLink,
	newcomerWithLink,
	PASSWORD,
	readerOf,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { openVolley, parse, type Shot } from "./volley.ts";

const AT_ONCE = 200;
/** On each engine and for each purpose: 200 together. */
const ROUNDS = IS_POSTGRES ? 5 : 50;

const LOSERS = {
	reset: { code: "TOKEN_INVALID", field: ["input"], message: "Invalid reset token" },
	activation: { code: "ALREADY_ENABLED", field: null, message: "Customer already enabled" },
} as const;

function aim(
	{ purpose, id, token, url }: MailedLink,
	passwords: readonly string[],
	random: () => number,
): Shot[] {
	return passwords.map((password) => {
		const form = FORMS[random() < 0.5 ? 0 : 1];
		return { query: DOCUMENTS[purpose][form], variables: { id, token, url, password } };
	});
}

/** What the customer's account can be entered by: rows of tokens, and of links. */
async function countWaysIn({ app }: House): Promise<readonly number[]> {
	const count = async (table: string) => {
		const rows = await app.store.read(statement(`SELECT count(*) AS n FROM ${table}`), []);
		return Number(rows[0]?.["n"]);
	};
	return [await count("access_tokens"), await count("one_time_tokens")];
}

async function nextLink(house: House, purpose: Purpose): Promise<MailedLink> {
	if (purpose === "activation") await setState(house, EMAIL, "disabled");
	return mailedLink(house, purpose);
}

for (const engine of ENGINES) {
	for (const purpose of ["reset", "activation"] as const) {
		test(`${engine}: of ${AT_ONCE} redemptions of one link for ${purpose} at once, one succeeds, ${ROUNDS} times`, async () => {
			await using house = await openHouse(engine, { passwordQueue: String(AT_ONCE) });
			await using volley = await openVolley(house);
			const random = seededRandom(2026);
			const loser = JSON.stringify({
				data: {
					redeemed: { customer: null, customerAccessToken: null, customerUserErrors: [LOSERS[purpose]] },
				},
				extensions: { cost: { requestedQueryCost: 13 } },
			});
			let link = await newcomerWithLink(house, purpose);
			let before = PASSWORD;
			for (let round = 0; round < ROUNDS; round++) {
				const passwords = Array.from({ length: AT_ONCE }, (_, i) => `password ${round} of ${i}`);
				const answers = await volley.fire(aim(link, passwords, random));
				const winners = answers.flatMap((answer, i) => (answer === loser ? [] : [i]));
				assert.deepEqual([winners.length, answers.length], [1, AT_ONCE], `round ${round}`);
				const [winner = 0] = winners;
				const token = tokenOf(parse(answers[winner] ?? ""));
				assert.equal(await readerOf(house, token), EMAIL);
				// The winner's token is the one way in, and the winner's password the only one.
				assert.deepEqual(await countWaysIn(house), [1, 0]);
				const [right = "", wrong = ""] = [passwords[winner], passwords[(winner + 1) % AT_ONCE]];
				for (const password of [wrong, before]) assert.ok(!(await canSignIn(house, password)));
				assert.ok(await canSignIn(house, right));
				before = right;
				link = await nextLink(house, purpose);
			}
		});
	}
}
