// Recovering and activating an account by a mailed link: what a link does, what ends it, and what does not.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import test from "node:test";
import type { CustomerState, Purpose } from "../src/model.ts";
import {
	deleteCustomer,
	disableCustomer,
	enableCustomer,
	inviteCustomer,
} from "../src/store/customer-states.ts";
import { statement } from "../src/store/engine.ts";
import { type Body, ENGINES, type House, openHouse, SIGN_IN, UPDATE } from "./house.ts";
import {
	askForLink,
	canSignIn,
	customerIdOf,
	EMAIL,
	FORMS,
	mailedLink,
	newcomerWithLink,
	newestLink,
	PASSWORD,
	readerOf,
	redeem,
	refusalOf,
	setState,
	tokenOf,
} from "./recovery/links.ts";

const PURPOSES = ["reset", "activation"] as const;
const NEW = "new battery staple";

/** How many mails wait in the outbox. */
async function countWaiting(house: House): Promise<number> {
	const rows = await house.app.store.read(statement("SELECT count(*) AS n FROM outbox"), []);
	return Number(rows[0]?.["n"]);
}

let customers = 0;

/**
 * A link of a new customer redeemed so many seconds before its end. The clock goes on by itself: a redemption during
 * which it did is done again with another customer.
 */
async function redeemBeforeEnd(house: House, purpose: Purpose, life: number, left: number): Promise<Body> {
	const { clock } = house.app;
	for (;;) {
		const link = await newcomerWithLink(house, purpose, `${++customers}@example.com`);
		const second = Number(link.token.split("-").at(-1)) + life - left;
		await house.advance(second - clock.now());
		const answer = await redeem(house, link, NEW);
		if (clock.now() === second) return answer;
	}
}

for (const engine of ENGINES) {
	for (const purpose of PURPOSES) {
		for (const form of FORMS) {
			test(`${engine}: a link for ${purpose} by ${form} sets the password and lets in, once`, async () => {
				await using house = await openHouse(engine);
				const link = await newcomerWithLink(house, purpose);
				const answer = await redeem(house, link, NEW, form);
				assert.deepEqual(answer.data.redeemed.customer, { id: link.id, email: EMAIL });
				assert.deepEqual(answer.data.redeemed.customerUserErrors, []);
				assert.equal(await readerOf(house, tokenOf(answer)), EMAIL);
				assert.ok(await canSignIn(house, NEW));
				assert.ok(!(await canSignIn(house, PASSWORD)));

				// Spent for both forms: they are two ways to one link.
				const code = purpose === "reset" ? "TOKEN_INVALID" : "ALREADY_ENABLED";
				for (const again of FORMS) {
					assert.deepEqual(refusalOf(await redeem(house, link, "another password", again)), [code]);
				}
				assert.ok(await canSignIn(house, NEW));
			});
		}

		test(`${engine}: a newer link for ${purpose} ends the older at the reply, before its mail is sent`, async () => {
			await using house = await openHouse(engine);
			let link = await newcomerWithLink(house, purpose);
			let waited = 0;
			for (let round = 0; round < 4; round++) {
				const older = link;
				await askForLink(house, purpose);
				for (const form of FORMS) {
					assert.deepEqual(refusalOf(await redeem(house, older, NEW, form)), ["TOKEN_INVALID"]);
				}
				waited += await countWaiting(house);
				link = await mailedLink(house, purpose);
				assert.notEqual(link.token, older.token);
			}
			assert.ok(waited >= 1, "every mail was sent before the older link was tried");
			tokenOf(await redeem(house, link, NEW));
		});

		test(`${engine}: a failed try does not spend a link for ${purpose}`, async () => {
			await using house = await openHouse(engine);
			const link = await newcomerWithLink(house, purpose);
			for (const form of FORMS) {
				for (const [password, code] of [
					["", "BLANK"],
					["four", "TOO_SHORT"],
					[" blank at its ends ", "PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE"],
					["x".repeat(257), "TOO_LONG"],
					["x".repeat(20_000), "TOO_LONG"],
					["lone \ud800 surrogate", "INVALID"],
				] as const) {
					assert.deepEqual(refusalOf(await redeem(house, link, password, form)), [code]);
				}
			}
			const changed = link.token.replace(/^./, (first) => (first === "0" ? "1" : "0"));
			for (const token of ["", "x", changed, link.token.slice(0, -1), `${link.token}0`, "x".repeat(5000)]) {
				assert.deepEqual(refusalOf(await redeem(house, { ...link, token }, NEW)), ["TOKEN_INVALID"]);
			}
			for (const id of [
				"gid://shopify/Customer/1",
				"gid://shopify/Order/1",
				`${link.id}0`,
				`${link.id}000000`,
			]) {
				assert.deepEqual(refusalOf(await redeem(house, { ...link, id }, NEW)), ["TOKEN_INVALID"]);
			}
			tokenOf(await redeem(house, link, NEW));
		});

		test(`${engine}: a link for ${purpose} ends at its second and not before, as the settings have it`, async () => {
			const standard = purpose === "reset" ? 3600 : 30 * 86_400;
			for (const [life, settings] of [
				[standard, {}],
				[90, { [`${purpose}LifetimeSeconds`]: "90" }],
			] as const) {
				await using house = await openHouse(engine, settings);
				tokenOf(await redeemBeforeEnd(house, purpose, life, 1));
				for (const left of [0, -1]) {
					assert.deepEqual(refusalOf(await redeemBeforeEnd(house, purpose, life, left)), ["TOKEN_INVALID"]);
				}
			}
		});

		test(`${engine}: a link for ${purpose} opens nothing for an account in another state, or for one that is gone`, async () => {
			await using house = await openHouse(engine);
			const link = await newcomerWithLink(house, purpose);
			const others: readonly (readonly [CustomerState, string])[] =
				purpose === "reset"
					? [
							["disabled", "TOKEN_INVALID"],
							["invited", "TOKEN_INVALID"],
							["declined", "TOKEN_INVALID"],
						]
					: [
							["enabled", "ALREADY_ENABLED"],
							["declined", "TOKEN_INVALID"],
						];
			for (const [state, code] of others) {
				await setState(house, EMAIL, state);
				for (const form of FORMS) assert.deepEqual(refusalOf(await redeem(house, link, NEW, form)), [code]);
			}
			const { store, shop, clock } = house.app;
			const customer = { shopId: shop.id, customerId: customerIdOf(link), now: clock.now() };
			assert.ok(await deleteCustomer(store, customer));
			assert.deepEqual(refusalOf(await redeem(house, link, NEW)), ["TOKEN_INVALID"]);
			assert.deepEqual(refusalOf(await redeem(house, link, NEW, "url")), ["NOT_FOUND"]);
		});

		test(`${engine}: a link for ${purpose} ends every earlier access token at the reply`, async () => {
			await using house = await openHouse(engine);
			const tokens = [await house.signedIn(EMAIL, PASSWORD)];
			for (let i = 0; i < 20; i++) {
				const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
				tokens.push(data.customerAccessTokenCreate.customerAccessToken.accessToken);
			}
			for (const token of tokens) assert.equal(await readerOf(house, token), EMAIL);
			if (purpose === "activation") await setState(house, EMAIL, "disabled");
			const answer = await redeem(house, await mailedLink(house, purpose), NEW, "url");
			const readers = await Promise.all(tokens.map((token) => readerOf(house, token)));
			assert.deepEqual(new Set(readers), new Set([null]));
			assert.equal(await readerOf(house, tokenOf(answer)), EMAIL);
		});
	}

	test(`${engine}: a change of the e-mail address ends the link that was mailed, and the one about to be`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		await askForLink(house, "reset");
		await house.ask(UPDATE, { t, customer: { email: "lovelace@example.com" } });
		for (const form of FORMS)
			assert.deepEqual(refusalOf(await redeem(house, link, NEW, form)), ["TOKEN_INVALID"]);
		// Back again: a link that is dead stays so.
		await house.ask(UPDATE, { t, customer: { email: EMAIL } });
		const urls = (await house.mails()).flatMap(({ links }) => links).filter((url) => url.includes("/reset/"));
		assert.ok(urls.includes(link.url));
		for (const url of urls) {
			assert.deepEqual(refusalOf(await redeem(house, { ...link, url }, NEW, "url")), ["TOKEN_INVALID"]);
		}
		assert.ok(await canSignIn(house, PASSWORD));
	});

	test(`${engine}: a change of the password ends the link that was mailed, and the one about to be`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		await askForLink(house, "reset");
		const { data } = await house.ask(UPDATE, { t, customer: { password: "changed password" } });
		assert.notEqual(data.customerUpdate.customerAccessToken, null);
		const urls = (await house.mails()).flatMap(({ links }) => links).filter((url) => url.includes("/reset/"));
		assert.ok(urls.includes(link.url));
		for (const url of urls) {
			assert.deepEqual(refusalOf(await redeem(house, { ...link, url }, NEW, "url")), ["TOKEN_INVALID"]);
		}
		assert.ok(await canSignIn(house, "changed password"));
	});

	test(`${engine}: disabling ends every link, mailed or about to be, for good`, async () => {
		await using house = await openHouse(engine);
		const { store, shop, clock } = house.app;
		const token = await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		await askForLink(house, "reset");
		const ada = { shopId: shop.id, customerId: customerIdOf(link), now: clock.now() };
		assert.equal(await disableCustomer(store, ada), 1);
		assert.equal(await countWaiting(house), 0);
		const activation = await mailedLink(house, "activation");
		assert.equal(await enableCustomer(store, ada), null);
		// Enabled again, but by nothing that was handed out before.
		assert.equal(await readerOf(house, token), null);
		const urls = (await house.mails()).flatMap(({ links }) => links).filter((url) => url.includes("/reset/"));
		assert.ok(urls.includes(link.url));
		for (const url of urls) {
			assert.deepEqual(refusalOf(await redeem(house, { ...link, url }, NEW, "url")), ["TOKEN_INVALID"]);
		}
		assert.deepEqual(refusalOf(await redeem(house, activation, NEW)), ["ALREADY_ENABLED"]);
		assert.equal(await disableCustomer(store, ada), 0);
		assert.deepEqual(refusalOf(await redeem(house, activation, NEW)), ["TOKEN_INVALID"]);
	});

	test(`${engine}: an invitation by the shop ends the link before it, and is one like any other`, async () => {
		await using house = await openHouse(engine);
		const { store, shop, clock } = house.app;
		const link = await newcomerWithLink(house, "activation");
		const ada = { shopId: shop.id, customerId: customerIdOf(link), now: clock.now() };
		const mail = { id: 1, kind: "activation", language: "EN", now: clock.now() } as const;
		assert.equal(await inviteCustomer(store, { ...ada, mail }), null);
		assert.deepEqual(refusalOf(await redeem(house, link, NEW)), ["TOKEN_INVALID"]);
		const invitation = await newestLink(house, "activation");
		assert.notEqual(invitation.token, link.token);
		tokenOf(await redeem(house, invitation, NEW, "url"));
	});

	test(`${engine}: asking for links changes nothing until one is redeemed`, async () => {
		await using house = await openHouse(engine);
		const token = await house.signedIn(EMAIL, PASSWORD);
		await Promise.all(Array.from({ length: 30 }, () => askForLink(house, "reset")));
		assert.equal(await readerOf(house, token), EMAIL);
		assert.ok(await canSignIn(house, PASSWORD));
		// However often it was asked for, one link works, and it is the newest that was mailed.
		const link = await mailedLink(house, "reset");
		tokenOf(await redeem(house, link, NEW));
	});
}

test("redemptions beyond the queue of hashes are throttled, and one of them gets in", async () => {
	await using house = await openHouse(ENGINES[0], {
		passwordQueue: "0",
		passwordMemoryKib: "65536",
		passwordPasses: "3",
	});
	for (const [purpose, limited] of [
		["reset", "Resetting password limit exceeded. Please try again later."],
		["activation", "Creating Customer Limit exceeded. Please try again later."],
	] as const) {
		const link = await newcomerWithLink(house, purpose, `${purpose}@example.com`);
		const asked = Array.from({ length: availableParallelism() + 3 }, (_, i) =>
			redeem(house, link, NEW, FORMS[i % 2]),
		);
		const answers = await Promise.all(asked);
		const winners = answers.filter(({ errors }) => !errors);
		const error = { message: limited, path: ["redeemed"], locations: [], extensions: { code: "THROTTLED" } };
		for (const { errors } of answers) if (errors) assert.deepEqual(errors, [error]);
		assert.ok(
			winners.length >= 1 && winners.length < answers.length,
			`${winners.length} of ${answers.length}`,
		);
		assert.equal(winners.filter(({ data }) => data.redeemed.customerAccessToken !== null).length, 1);
	}
});
