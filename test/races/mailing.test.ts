// A link withdrawn at the very moment at which its mail is sent: the mail may be out, and its link opens nothing.
import assert from "node:assert/strict";
import test from "node:test";
import { disableCustomer, enableCustomer } from "../../src/store/customer-states.ts";
import { seededRandom } from "../crash/random.ts";
import { ENGINES, type House, IS_POSTGRES, openHouse, READ, UPDATE } from "../house.ts";
import { askForLink, PASSWORD, redeem, refusalOf } from "../recovery/links.ts";
import { afterTurns } from "./volley.ts";

const ROUNDS = IS_POSTGRES ? 25 : 60;

interface Customer {
	readonly house: House;
	readonly email: string;
	readonly token: string;
}

const WITHDRAWALS: Readonly<Record<string, (customer: Customer) => Promise<unknown>>> = {
	"a change of the e-mail address": ({ house, email, token }) =>
		house.ask(UPDATE, { t: token, customer: { email: `new.${email}` } }),
	"a change of the password": ({ house, token }) =>
		house.ask(UPDATE, { t: token, customer: { password: "new battery staple" } }),
	"a disabling": async ({ house, token }) => {
		const { store, shop, clock } = house.app;
		const { id } = (await house.ask(READ, { t: token })).data.customer;
		const customer = { shopId: shop.id, customerId: Number(id.split("/").at(-1)), now: clock.now() };
		await disableCustomer(store, customer);
		await enableCustomer(store, customer);
	},
};

for (const engine of ENGINES) {
	for (const [says, withdraw] of Object.entries(WITHDRAWALS)) {
		test(`${engine}: after the reply to ${says} no link works, though its mail was just being sent`, async () => {
			await using house = await openHouse(engine);
			const random = seededRandom(2026);
			const seen = { mailed: 0, withdrawn: 0 };
			// Turns of the event loop that the withdrawal waits; below 0, that the sending waits.
			let lead = 0;
			for (let round = 0; round < ROUNDS; round++) {
				const email = `customer${round}@example.com`;
				const token = await house.signedIn(email, PASSWORD);
				await house.mails();
				await askForLink(house, "reset", email);
				const customer = { house, email, token };
				await Promise.all([
					afterTurns(lead).then(() => withdraw(customer)),
					afterTurns(-lead).then(() => house.app.delivery?.flush()),
				]);
				const links = (await house.mails())
					.filter(({ to }) => to === email)
					.flatMap((mail) => mail.links)
					.filter((link) => link.includes("/account/reset/"));
				for (const url of links) {
					const link = { purpose: "reset", id: "", token: "", url } as const;
					assert.deepEqual(refusalOf(await redeem(house, link, "a thief's password", "url")), [
						"TOKEN_INVALID",
					]);
				}
				const isMailed = links.length > 0;
				seen[isMailed ? "mailed" : "withdrawn"]++;
				const step = 1 + Math.floor(Math.abs(lead) / 3) + Math.floor(random() * 3);
				lead += isMailed ? -step : step;
			}
			assert.ok(seen.mailed > 0 && seen.withdrawn > 0, JSON.stringify(seen));
		});
	}
}
