// Changing a profile, the e-mail address and the password with `customerUpdate`: all of it or nothing.
import assert from "node:assert/strict";
import test from "node:test";
import { setShop } from "../src/accounts/administration.ts";
import { statement } from "../src/store/engine.ts";
import {
	type Body,
	DELETE,
	ENGINES,
	type House,
	openHouse,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "./house.ts";
import { canSignIn, EMAIL, mailedLink, PASSWORD, readerOf, redeem, tokenOf } from "./recovery/links.ts";
import { openSecondShop } from "./second-shop.ts";

const NEW = "new battery staple";
const OTHER = "eve@example.com";
const PROFILE = `query($t: String!) {
	customer(customerAccessToken: $t) { email phone firstName lastName acceptsMarketing displayName updatedAt }
}`;

function update(house: House, t: string, customer: Record<string, unknown>): Promise<Body> {
	return house.ask(UPDATE, { t, customer });
}

async function profileOf(house: House, t: string) {
	return (await house.ask(PROFILE, { t })).data.customer;
}

/** Each user error as its code and the last element of its field. */
function refusalsOf({ data, errors }: Body): readonly string[] {
	assert.equal(errors, undefined);
	const { customer, customerAccessToken, customerUserErrors, userErrors } = data.customerUpdate;
	assert.deepEqual([customer, customerAccessToken], [null, null]);
	assert.deepEqual(
		userErrors,
		customerUserErrors.map(({ field, message }: { field: unknown; message: unknown }) => ({
			field,
			message,
		})),
	);
	return customerUserErrors.map(({ code, field }: { code: string; field: readonly string[] }) => {
		assert.equal(field[0], "customer");
		return `${code} ${field[1]}`;
	});
}

function isDenied({ data, errors }: Body): boolean {
	return Object.values(data)[0] === null && errors[0].extensions.code === "ACCESS_DENIED";
}

/** Everything that is kept of customers, their tokens, links and mails. */
async function takeStock(house: House): Promise<unknown> {
	const ask = (table: string) => house.app.store.read(statement(`SELECT * FROM ${table} ORDER BY 1, 2`), []);
	return Promise.all(["customers", "access_tokens", "one_time_tokens", "outbox"].map(ask));
}

for (const engine of ENGINES) {
	test(`${engine}: changes what was sent, keeps what was not, and gives no token`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const before = await profileOf(house, t);
		await house.advance(60);
		const all = {
			firstName: " Ada ",
			lastName: "Lovelace",
			phone: "+1 (613) 450-5293",
			acceptsMarketing: true,
		};
		const { data } = await update(house, t, all);
		const kept = { firstName: "Ada", lastName: "Lovelace", phone: "+16134505293", acceptsMarketing: true };
		const { id, ...changed } = data.customerUpdate.customer;
		assert.deepEqual(changed, { email: EMAIL, ...kept });
		assert.equal(data.customerUpdate.customerAccessToken, null);
		const after = await profileOf(house, t);
		assert.deepEqual(after, { ...before, ...kept, displayName: "Ada Lovelace", updatedAt: after.updatedAt });
		assert.ok(after.updatedAt > before.updatedAt);

		await update(house, t, { lastName: "King" });
		assert.deepEqual(await profileOf(house, t), {
			...after,
			lastName: "King",
			displayName: "Ada King",
			updatedAt: (await profileOf(house, t)).updatedAt,
		});
		await update(house, t, { firstName: null, lastName: "  ", phone: "" });
		const { firstName, lastName, phone, displayName } = await profileOf(house, t);
		assert.deepEqual([firstName, lastName, phone, displayName], [null, null, null, EMAIL]);
		// What cannot be empty is left alone, and nothing at all is a change of nothing.
		await update(house, t, { email: null, password: null, acceptsMarketing: null });
		await update(house, t, {});
		assert.equal((await profileOf(house, t)).acceptsMarketing, true);
		assert.ok(await canSignIn(house, PASSWORD));
		assert.equal(typeof id, "string");
	});

	test(`${engine}: says all that is wrong, with the customer's fields, and changes nothing`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		await mailedLink(house, "reset");
		const before = await takeStock(house);
		for (const [customer, ...reasons] of [
			[
				{ firstName: "<b>", lastName: "http://x.example" },
				"CONTAINS_HTML_TAGS firstName",
				"CONTAINS_URL lastName",
			],
			[{ firstName: "Ada", email: "no address" }, "INVALID email"],
			[{ firstName: "Ada", email: "" }, "BLANK email"],
			[{ firstName: "Ada", email: "ada@-example-.com" }, "BAD_DOMAIN email"],
			[{ firstName: "Ada", phone: "613 450 5293" }, "INVALID phone"],
			[{ firstName: "x".repeat(256) }, "TOO_LONG firstName"],
			[{ firstName: "Ada", password: "" }, "BLANK password"],
			[{ firstName: "Ada", password: "four", phone: "none" }, "INVALID phone", "TOO_SHORT password"],
			[{ firstName: "Ada", password: " new battery " }, "PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE password"],
		] as const) {
			assert.deepEqual(refusalsOf(await update(house, t, customer)), reasons);
		}
		assert.deepEqual(await takeStock(house), before);
	});

	test(`${engine}: a taken address or number refuses all of it: no change, no mail, no link or token ended`, async () => {
		await using house = await openHouse(engine);
		await house.ask(SIGN_UP, { input: { email: OTHER, password: PASSWORD, phone: "+16134505293" } });
		const t = await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		const before = await takeStock(house);
		const mails = (await house.mails()).length;
		const rest = { firstName: "Ada", password: NEW, acceptsMarketing: true };
		for (const [customer, reason] of [
			[{ email: "EVE@example.com", ...rest }, "TAKEN email"],
			[{ phone: "+1 613 450 5293", ...rest }, "TAKEN phone"],
			[{ phone: "+1 613 450 5293", email: "free@example.com", ...rest }, "TAKEN phone"],
			[{ phone: "+1 613 450 5294", email: OTHER, ...rest }, "TAKEN email"],
		] as const) {
			assert.deepEqual(refusalsOf(await update(house, t, customer)), [reason]);
			assert.deepEqual(await takeStock(house), before);
		}
		assert.equal((await house.mails()).length, mails);
		assert.equal(await readerOf(house, t), EMAIL);
		tokenOf(await redeem(house, link, NEW));
	});

	test(`${engine}: a new address signs in from now on, and the old one is told, alone`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const before = (await house.mails()).length;
		const { data } = await update(house, t, { email: " Countess@Example.com ", firstName: "Ada" });
		assert.equal(data.customerUpdate.customer.email, "Countess@Example.com");
		assert.equal(data.customerUpdate.customerAccessToken, null);
		assert.equal(await readerOf(house, t), "Countess@Example.com");
		const told = (await house.mails()).slice(0, -before);
		assert.deepEqual(
			told.map(({ to }) => to),
			[EMAIL],
		);
		assert.match(told[0]?.text ?? "", /Countess@Example\.com/);
		assert.ok(await canSignIn(house, PASSWORD, "countess@example.com"));
		assert.ok(!(await canSignIn(house, PASSWORD)));
		// The old address is free, and its next owner is somebody else.
		const other = await house.signedIn(EMAIL, NEW);
		assert.equal(await readerOf(house, other), EMAIL);
		assert.equal(await readerOf(house, t), "Countess@Example.com");
	});

	test(`${engine}: every former owner of the address is told, however fast it changes`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const before = (await house.mails()).length;
		const path = ["second@example.com", "third@example.com", "Third@example.com", "fourth@example.com"];
		for (const email of path) await update(house, t, { email });
		const told = (await house.mails()).slice(0, -before).map(({ to }) => to);
		assert.deepEqual(told.sort(), [EMAIL, ...path.slice(0, -1)].sort());
	});

	test(`${engine}: an address in another case is one's own, and the same one is no change`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		const before = (await house.mails()).length;
		assert.equal(
			(await update(house, t, { email: EMAIL, firstName: "Ada" })).data.customerUpdate.customer.email,
			EMAIL,
		);
		assert.equal((await house.mails()).length, before);
		tokenOf(await redeem(house, link, PASSWORD));
		const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
		const again = data.customerAccessTokenCreate.customerAccessToken.accessToken;
		const upper = (await update(house, again, { email: "ADA@EXAMPLE.COM" })).data.customerUpdate;
		assert.equal(upper.customer.email, "ADA@EXAMPLE.COM");
		assert.ok(await canSignIn(house, PASSWORD));
	});

	test(`${engine}: where the shop denies it, a new address refuses the whole update`, async () => {
		for (const [setting, choice] of [
			["deny", null],
			["allow", "deny"],
		] as const) {
			await using house = await openHouse(engine, { emailChange: setting });
			const { store, shop, clock } = house.app;
			const choose = (emailChange: string | null) =>
				setShop(store, { shopId: shop.id, profile: {}, choices: { emailChange }, now: clock.now() });
			await choose(choice);
			const t = await house.signedIn(EMAIL, PASSWORD);
			const link = await mailedLink(house, "reset");
			const before = await takeStock(house);
			for (const email of ["new@example.com", "ADA@example.com", "not.taken@example.com"]) {
				const answer = await update(house, t, { email, firstName: "Ada", password: NEW });
				assert.deepEqual(answer.data.customerUpdate.customerUserErrors, [
					{ code: "INVALID", field: ["customer", "email"], message: "CustomerUpdate access denied" },
				]);
				assert.deepEqual(refusalsOf(answer), ["INVALID email"]);
			}
			assert.deepEqual(await takeStock(house), before);
			// The address that stands there already is sent along by forms, and changes nothing.
			const { data } = await update(house, t, { email: EMAIL, firstName: "Ada" });
			assert.equal(data.customerUpdate.customer.firstName, "Ada");
			tokenOf(await redeem(house, link, NEW));

			await choose("allow");
			const again = await house.ask(SIGN_IN, { input: { email: EMAIL, password: NEW } });
			const { accessToken } = again.data.customerAccessTokenCreate.customerAccessToken;
			const allowed = await update(house, accessToken, { email: "new@example.com" });
			assert.equal(allowed.data.customerUpdate.customer.email, "new@example.com");
		}
	});

	test(`${engine}: a new password ends every earlier token at the reply, and gives one in their place`, async () => {
		await using house = await openHouse(engine);
		const tokens = [await house.signedIn(EMAIL, PASSWORD)];
		for (let i = 0; i < 30; i++) {
			const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
			tokens.push(data.customerAccessTokenCreate.customerAccessToken.accessToken);
		}
		const before = (await house.mails()).length;
		const other = await house.signedIn(OTHER, PASSWORD);
		const [t = "", ...earlier] = tokens;
		const { data } = await update(house, t, { password: NEW, email: "new@example.com" });
		const { accessToken, expiresAt } = data.customerUpdate.customerAccessToken;
		const readers = await Promise.all([t, ...earlier].map((token) => readerOf(house, token)));
		assert.deepEqual(new Set(readers), new Set([null]));
		for (const token of [t, ...earlier.slice(0, 5)]) {
			assert.ok(isDenied(await house.ask(RENEW, { t: token })));
			assert.ok(isDenied(await house.ask(DELETE, { t: token })));
			assert.ok(isDenied(await update(house, token, { password: "another password" })));
		}
		assert.equal(await readerOf(house, accessToken), "new@example.com");
		const life = Date.parse(expiresAt) / 1000 - house.app.clock.now();
		assert.ok(life <= 42 * 86_400 && life > 42 * 86_400 - 60);
		assert.equal(await readerOf(house, other), OTHER);
		assert.ok(await canSignIn(house, NEW, "new@example.com"));
		assert.ok(!(await canSignIn(house, PASSWORD, "new@example.com")));
		// The old address is told of the new one, and the new one of the password.
		const told = (await house.mails()).filter(({ to }) => to !== OTHER).slice(0, -before);
		assert.deepEqual(told.map(({ to }) => to).sort(), [EMAIL, "new@example.com"]);
	});

	test(`${engine}: a token that opens nothing is denied, whatever else is wrong, and nothing is hashed for it`, async () => {
		await using house = await openHouse(engine, { passwordMemoryKib: "65536", passwordQueue: "0" });
		const t = await house.signedIn(EMAIL, PASSWORD);
		const headers = await openSecondShop(house);
		await house.ask(DELETE, { t });
		const changes = [{}, { password: NEW }, { firstName: "<b>" }, { email: "no address", password: "four" }];
		const asked = changes.flatMap((customer) => [
			...[t, "", "x", "x".repeat(5000)].map((token) => update(house, token, customer)),
			house.ask(UPDATE, { t, customer }, { headers }),
		]);
		// At once, where a single hash more would find the queue full.
		const answers = await Promise.all([...asked, ...asked, ...asked]);
		assert.ok(answers.every(isDenied));
		assert.ok(await canSignIn(house, PASSWORD));
	});
}
