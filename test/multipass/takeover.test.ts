// A customer whom only Multipass lets in has no password, and nobody gives the account one from outside. And whoever
// is put out while coming in is out.
import assert from "node:assert/strict";
import test from "node:test";
import { foldEmail } from "../../src/accounts/email.ts";
import { makeId } from "../../src/secrets/token.ts";
import {
	deleteCustomer,
	disableCustomer,
	insertAccount,
	inviteCustomer,
} from "../../src/store/customer-states.ts";
import { findCredentials } from "../../src/store/customers.ts";
import { ENGINES, type House, openHouse, RECOVER, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import { canSignIn, mailedLink, newestLink, redeem, refusalOf, setState } from "../recovery/links.ts";
import { enter, entered, passFor, REFUSED, SETTINGS, whoIs } from "./passes.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "a password of Eve";

async function findId({ app }: House, email = EMAIL): Promise<number> {
	const found = await findCredentials(app.store, app.shop.id, foldEmail(email));
	assert.ok(found);
	return found.customerId;
}

/** An account that the shop made and nobody has activated. */
async function invite({ app }: House, state: "invited" | "disabled" = "invited"): Promise<void> {
	const now = app.clock.now();
	const customer = {
		id: makeId(),
		shopId: app.shop.id,
		email: EMAIL,
		phone: null,
		firstName: null,
		lastName: null,
		acceptsMarketing: false,
		state,
		defaultAddressId: null,
		createdAt: now,
		updatedAt: now,
	};
	const account = { customer, emailKey: EMAIL, passwordHash: null, mail: null, tags: [] };
	assert.equal(await insertAccount(app.store, account), null);
}

for (const engine of ENGINES) {
	test(`signing up with the address of a Multipass customer sets no password (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const token = await entered(house, passFor(house, { email: EMAIL }));
		for (const email of [EMAIL, "ADA@example.com", " a d a @example.com"]) {
			const { data } = await house.ask(SIGN_UP, { input: { email, password: PASSWORD, firstName: "Eve" } });
			assert.equal(data.customerCreate.customer, null);
			assert.equal(data.customerCreate.customerUserErrors[0].code, "TAKEN");
			assert.equal(await canSignIn(house, PASSWORD, email), false);
		}
		assert.equal((await whoIs(house, token)).firstName, null);
		assert.deepEqual(await house.mails(), []);
	});

	test(`nor when the account is disabled: no mail is promised, and none goes out (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await entered(house, passFor(house, { email: EMAIL }));
		for (const state of ["disabled", "invited", "declined"] as const) {
			await setState(house, EMAIL, state);
			const { data } = await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
			assert.equal(data.customerCreate.customerUserErrors[0].code, "TAKEN");
			assert.deepEqual(await house.mails(), []);
			const { app } = house;
			const asked = {
				shopId: app.shop.id,
				customerId: await findId(house),
				now: app.clock.now(),
				mail: null,
			};
			assert.equal(await inviteCustomer(app.store, asked), "multipassOnly");
		}
	});

	test(`recovering is answered as for anybody, and no mail goes out (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await house.signedIn("grace@example.com");
		await entered(house, passFor(house, { email: EMAIL }));
		const known = await house.ask(RECOVER, { email: "grace@example.com" });
		const [{ to } = { to: "" }, ...more] = await house.mails();
		assert.equal(to, "grace@example.com");
		assert.deepEqual(await house.ask(RECOVER, { email: EMAIL }), known);
		assert.equal((await house.mails()).length, more.length + 1);
	});

	test(`no password signs such a customer in, not even an empty one (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await entered(house, passFor(house, { email: EMAIL }));
		const unknown = await house.ask(SIGN_IN, { input: { email: "nobody@example.com", password: PASSWORD } });
		for (const password of ["", " ", "null", PASSWORD]) {
			assert.deepEqual(await house.ask(SIGN_IN, { input: { email: EMAIL, password } }), unknown);
		}
	});

	test(`nobody else takes the address by changing their own (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await entered(house, passFor(house, { email: EMAIL }));
		const t = await house.signedIn("eve@example.com");
		const { data } = await house.ask(UPDATE, { t, customer: { email: "Ada@Example.com" } });
		assert.equal(data.customerUpdate.customerUserErrors[0].code, "TAKEN");
	});

	for (const state of ["invited", "disabled"] as const) {
		test(`the link of one who was ${state} is dead once Multipass has let them in (${engine})`, async () => {
			await using house = await openHouse(engine, SETTINGS);
			await invite(house, state);
			const link = await mailedLink(house, "activation");
			await entered(house, passFor(house, { email: EMAIL }));
			for (const form of ["id", "url"] as const) {
				assert.deepEqual(refusalOf(await redeem(house, link, PASSWORD, form)), ["ALREADY_ENABLED"]);
			}
			await setState(house, EMAIL, "disabled");
			for (const form of ["id", "url"] as const) {
				assert.deepEqual(refusalOf(await redeem(house, link, PASSWORD, form)), ["TOKEN_INVALID"]);
			}
			// From now on the account is one that only Multipass lets in.
			const mails = (await house.mails()).length;
			await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
			assert.equal((await house.mails()).length, mails);
			assert.equal(await canSignIn(house, PASSWORD), false);
		});
	}

	test(`a mail that still waits when Multipass lets its customer in is never sent (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await invite(house);
		// Both at once: whichever comes first, no link is alive in the end.
		await Promise.all([
			house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }),
			entered(house, passFor(house, { email: EMAIL })),
		]);
		for (const { links } of await house.mails()) {
			for (const url of links) {
				const link = { purpose: "activation", url, id: "gid://shopify/Customer/1", token: "" } as const;
				assert.deepEqual(refusalOf(await redeem(house, link, PASSWORD, "url")), ["ALREADY_ENABLED"]);
			}
		}
	});

	test(`a customer with a password keeps it, and can recover it, beside Multipass (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const before = await house.signedIn(EMAIL, PASSWORD);
		await entered(house, passFor(house, { email: EMAIL }));
		assert.equal((await whoIs(house, before)).email, EMAIL, "a session of before goes on");
		assert.equal(await canSignIn(house, PASSWORD), true);
		await house.ask(RECOVER, { email: EMAIL });
		assert.ok(await newestLink(house, "reset"));
	});

	test(`a sign-in beside a disabling leaves nobody in who is not enabled (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const { store, shop, clock } = house.app;
		await house.signedIn(EMAIL);
		const customerId = await findId(house);
		for (let round = 0; round < 50; round++) {
			const disable = () => disableCustomer(store, { shopId: shop.id, customerId, now: clock.now() });
			const enterIt = () => entered(house, passFor(house, { email: EMAIL }));
			const [first, , last] = await Promise.all([enterIt(), disable(), enterIt(), disable()]);
			await disable();
			for (const token of [first, last]) assert.equal(await whoIs(house, token), null);
			// Let in again, the customer has nothing of before.
			const fresh = await enterIt();
			for (const token of [first, last]) assert.equal(await whoIs(house, token), null);
			assert.equal((await whoIs(house, fresh)).email, EMAIL);
		}
	});

	test(`where the shop forbids to enable, a disabling is the end of it (${engine})`, async () => {
		await using house = await openHouse(engine, { ...SETTINGS, multipassEnables: "false" });
		const { store, shop, clock } = house.app;
		for (let round = 0; round < 25; round++) {
			const email = `ada${round}@example.com`;
			await house.signedIn(email);
			const customerId = await findId(house, email);
			const answers = await Promise.all([
				enter(house, passFor(house, { email })),
				enter(house, passFor(house, { email })),
				disableCustomer(store, { shopId: shop.id, customerId, now: clock.now() }),
				enter(house, passFor(house, { email })),
			]);
			for (const answer of [answers[0], answers[1], answers[3]]) {
				const token = answer.data.customerAccessTokenCreateWithMultipass.customerAccessToken?.accessToken;
				if (token) assert.equal(await whoIs(house, token), null);
				else assert.deepEqual(answer, REFUSED);
			}
			assert.deepEqual(await enter(house, passFor(house, { email })), REFUSED);
		}
	});

	test(`a sign-in beside a deletion is of the old customer or of a new one (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const { store, shop, clock } = house.app;
		for (let round = 0; round < 25; round++) {
			const email = `ada${round}@example.com`;
			const old = await house.signedIn(email);
			const customerId = await findId(house, email);
			const [token] = await Promise.all([
				entered(house, passFor(house, { email })),
				deleteCustomer(store, { shopId: shop.id, customerId, now: clock.now() }),
			]);
			assert.equal(await whoIs(house, old), null);
			const customer = await whoIs(house, token);
			assert.notEqual(customer?.id, `gid://shopify/Customer/${customerId}`);
		}
	});
}

for (const engine of ENGINES) {
	test(`a customer who comes in by Multipass alone cannot take another's address (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const t = await entered(house, passFor(house, { email: "mallory@example.com", identifier: "666" }));
		const change = { email: EMAIL, firstName: "Mallory" };
		const { data } = await house.ask(UPDATE, { t, customer: change });
		assert.deepEqual(data.customerUpdate.customerUserErrors, [
			{ code: "INVALID", field: ["customer", "email"], message: "CustomerUpdate access denied" },
		]);
		await entered(house, passFor(house, { email: EMAIL, identifier: "1" }));
	});

	test(`an address that only looks like a customer's is another mailbox (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await house.signedIn("fiona@example.com");
		for (const email of ["\ufb01ona@example.com", "\uff26\uff29\uff2f\uff2e\uff21@example.com"]) {
			assert.deepEqual(await enter(house, passFor(house, { email })), REFUSED);
		}
		await entered(house, passFor(house, { email: "Fiona@example.com" }));
	});
}
