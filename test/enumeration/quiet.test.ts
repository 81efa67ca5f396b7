// Where nobody is told who has an account: recovering and signing up are answered alike for every address, and mails say
// the rest to whoever reads them.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, openDatabase, openHouse, READ, RECOVER, SIGN_UP, UPDATE, VERSIONS } from "../house.ts";
import { canSignIn, newestLink, PASSWORD, redeem, setState, tokenOf } from "../recovery/links.ts";
import { activated, assertAlike, mailedSince, openQuietHouse, PEOPLE, PHONE, told } from "./people.ts";

const signUp = (email: string, details = {}) => ({
	input: { email, password: "typed at sign-up", ...details },
});

for (const engine of ENGINES) {
	test(`a recovery is answered alike for every account and for none, as done (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		for (const version of VERSIONS) {
			const before = (await house.mails()).length;
			const answer = await assertAlike((email) => told(house, RECOVER, { email }, { version }));
			assert.match(answer, /\{\\"customerUserErrors\\":\[\],\\"userErrors\\":\[\]\}/);
			assert.deepEqual(await mailedSince(house, before), {
				enabled: ["reset"],
				disabled: [],
				invited: [],
				declined: [],
				multipassOnly: [],
				nobody: [],
			});
		}
		const link = await newestLink(house, "reset", PEOPLE.enabled);
		tokenOf(await redeem(house, link, "another password"));
		assert.equal(await canSignIn(house, "another password", PEOPLE.enabled), true);
	});

	test(`a sign-up is answered alike for every account and for none, as waiting for its mail (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		for (const [round, version] of VERSIONS.entries()) {
			const before = (await house.mails()).length;
			const answer = await assertAlike((email) => told(house, SIGN_UP, signUp(email), { version }));
			assert.match(answer, /customer\\":null/);
			assert.match(answer, /"CUSTOMER_DISABLED\\",\\"field\\":\[\\"input\\",\\"email\\"\]/);
			assert.match(answer, /We have sent an email to somebody@example.com, please click the link/);
			assert.deepEqual(await mailedSince(house, before), {
				enabled: ["reset"],
				disabled: ["activate"],
				invited: ["activate"],
				declined: [],
				multipassOnly: [],
				nobody: ["activate"],
			});
			assert.equal(await canSignIn(house, "typed at sign-up", PEOPLE.nobody), false, `round ${round}`);
		}
	});
}

test("what is wrong with what was typed is told, and everybody is told the same", async () => {
	await using house = await openQuietHouse(ENGINES[0]);
	for (const [details, code] of [
		[{ password: "abc" }, "TOO_SHORT"],
		[{ firstName: "<b>Ada" }, "CONTAINS_HTML_TAGS"],
		[{ phone: "613" }, "INVALID"],
	] as const) {
		const answer = await assertAlike((email) => told(house, SIGN_UP, signUp(email, details)));
		assert.ok(answer.includes(code), answer);
	}
});

for (const engine of ENGINES) {
	test(`a new account waits for its link, and has what was typed but the password (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		const email = "New.Customer@example.com";
		const details = {
			firstName: "Grace",
			lastName: "Hopper",
			phone: "+1 613 450 5294",
			acceptsMarketing: true,
		};
		await house.ask(SIGN_UP, signUp(email, details));
		const link = await newestLink(house, "activation", email);
		assert.equal(await canSignIn(house, "typed at sign-up", email), false);
		const t = tokenOf(await redeem(house, link, PASSWORD));
		assert.equal(await canSignIn(house, "typed at sign-up", email), false);
		assert.equal(await canSignIn(house, PASSWORD, email), true);
		const query = `query($t: String!) {
			customer(customerAccessToken: $t) { email firstName lastName phone acceptsMarketing }
		}`;
		const { data } = await house.ask(query, { t });
		assert.deepEqual(data.customer, { email, ...details, phone: "+16134505294" });
	});

	test(`whoever signs up twice gets one account and a newer link (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		const email = "grace@example.com";
		await house.ask(SIGN_UP, signUp(email, { firstName: "Grace" }));
		const older = await newestLink(house, "activation", email);
		await house.ask(SIGN_UP, signUp(email.toUpperCase(), { firstName: "Mallory" }));
		const newer = await newestLink(house, "activation", email);
		assert.equal(newer.id, older.id);
		assert.notEqual(newer.token, older.token);
		const refused = await redeem(house, older, PASSWORD);
		assert.equal(refused.data.redeemed.customerUserErrors[0].code, "TOKEN_INVALID");
		tokenOf(await redeem(house, newer, PASSWORD));
	});

	test(`a phone number that is someone else's is not told, and not given away (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		const answer = await assertAlike((email) => told(house, SIGN_UP, signUp(email, { phone: PHONE })));
		assert.match(answer, /CUSTOMER_DISABLED/);
		const query = "query($t: String!) { customer(customerAccessToken: $t) { phone } }";
		const phoneOf = async (email: string, purpose: "activation" | "reset") => {
			const link = await newestLink(house, purpose, email);
			const t = tokenOf(await redeem(house, link, PASSWORD));
			return (await house.ask(query, { t })).data.customer.phone;
		};
		assert.equal(await phoneOf(PEOPLE.nobody, "activation"), null);
		assert.equal(await phoneOf(PEOPLE.enabled, "reset"), PHONE);
	});
}

test("an e-mail address cannot be changed, whether the new one is someone's or nobody's", async () => {
	await using house = await openQuietHouse(ENGINES[0]);
	const t = await activated(house, "ada@example.com");
	const answer = await assertAlike((email) => told(house, UPDATE, { t, customer: { email } }));
	assert.match(answer, /CustomerUpdate access denied/);
	assert.equal((await house.ask(READ, { t })).data.customer.email, "ada@example.com");
	// One's own is no change.
	const same = await house.ask(UPDATE, { t, customer: { email: "ada@example.com", firstName: "Ada" } });
	assert.deepEqual(same.data.customerUpdate.customerUserErrors, []);
});

test("what was asked survives a stop right after the answer, and is carried out once", async () => {
	await using database = await openDatabase();
	const settings = { databaseUrl: database.url, enumeration: "quiet" };
	const email = "grace@example.com";
	{
		await using house = await openHouse(ENGINES[0], settings);
		await house.ask(SIGN_UP, signUp(email));
		await house.ask(RECOVER, { email });
	}
	await using house = await openHouse(ENGINES[0], settings);
	assert.deepEqual(
		(await house.mails()).map(({ to, subject }) => [to, subject]),
		[[email, "Activate your account at Latchkey"]],
	);
	await house.ask(SIGN_UP, signUp(email));
	assert.equal((await house.mails()).length, 2);
});

test("a reset of the development server forgets what was asked", async () => {
	await using house = await openHouse(ENGINES[0], { enumeration: "quiet" });
	await house.ask(SIGN_UP, signUp("grace@example.com"));
	await fetch(`${house.app.url}/_dev/reset`, { method: "POST" });
	assert.deepEqual(await house.mails(), []);
	const list = statement("SELECT id FROM customers");
	assert.deepEqual(await house.app.store.read(list, []), []);
});

test("the contract is kept where the setting does not say otherwise", async () => {
	await using house = await openHouse();
	await house.signedIn("grace@example.com", PASSWORD);
	const codes = async (query: string, variables: object) => {
		const { data } = await house.ask(query, { ...variables });
		const [payload] = Object.values(data) as { customerUserErrors: { code: string }[] }[];
		return payload?.customerUserErrors.map(({ code }) => code);
	};
	assert.deepEqual(await codes(RECOVER, { email: "nobody@example.com" }), ["UNIDENTIFIED_CUSTOMER"]);
	assert.deepEqual(await codes(SIGN_UP, signUp("grace@example.com")), ["TAKEN"]);
	await setState(house, "grace@example.com", "disabled");
	assert.deepEqual(await codes(SIGN_UP, signUp("grace@example.com")), ["CUSTOMER_DISABLED"]);
});
