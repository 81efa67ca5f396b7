// Who is mailed a link, where it goes, and which language it speaks.
import assert from "node:assert/strict";
import test from "node:test";
import de from "../../src/mail/words/de.json" with { type: "json" };
import en from "../../src/mail/words/en.json" with { type: "json" };
import fr from "../../src/mail/words/fr.json" with { type: "json" };
import ja from "../../src/mail/words/ja.json" with { type: "json" };
import ptBr from "../../src/mail/words/pt-br.json" with { type: "json" };
import { statement } from "../../src/store/engine.ts";
import { type AskOptions, ENGINES, type House, openHouse, RECOVER, SIGN_UP, UPDATE } from "../house.ts";
import { askForLink, EMAIL, mailedLink, newcomerWithLink, PASSWORD, redeem, setState } from "./links.ts";

/** Mails sent so far, and mails that wait although they were due. */
async function countMails(house: House): Promise<number> {
	const sent = await house.mails();
	const waiting = await house.app.store.read(statement("SELECT id FROM outbox"), []);
	return sent.length + waiting.length;
}

/** As Multipass makes customers: they have never had a password. */
async function makeMultipassOnly(house: House, email: string): Promise<void> {
	const set = statement(
		"UPDATE customers SET password_hash = NULL, multipass_only = 1 WHERE email = ? RETURNING id",
	);
	assert.equal((await house.app.store.change(set, [email])).length, 1);
}

for (const engine of ENGINES) {
	test(`${engine}: who has no account is told so, and nothing is mailed`, async () => {
		await using house = await openHouse(engine);
		const error = { code: "UNIDENTIFIED_CUSTOMER", field: ["email"], message: "Could not find customer" };
		const { code: _, ...old } = error;
		for (const email of [
			"nobody@example.com",
			"",
			" ",
			"no address",
			"x".repeat(5000),
			"lone\ud800@example.com",
		]) {
			const { data } = await house.ask(RECOVER, { email });
			assert.deepEqual(data.customerRecover, { customerUserErrors: [error], userErrors: [old] });
		}
		assert.equal(await countMails(house), 0);
	});

	test(`${engine}: an account that cannot sign in is answered as any other, and mailed nothing`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const before = await countMails(house);
		for (const state of ["disabled", "invited", "declined"] as const) {
			await setState(house, EMAIL, state);
			await askForLink(house, "reset");
			assert.equal(await countMails(house), before, state);
		}
		await setState(house, EMAIL, "enabled");
		await mailedLink(house, "reset");
		assert.equal(await countMails(house), before + 1);
	});

	test(`${engine}: a customer whom only Multipass lets in is mailed no link, by any way of asking`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		await makeMultipassOnly(house, EMAIL);
		const before = await countMails(house);
		await askForLink(house, "reset");
		for (const state of ["enabled", "disabled"] as const) {
			await setState(house, EMAIL, state);
			const { data } = await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
			assert.equal(data.customerCreate.customerUserErrors[0].code, "TAKEN");
		}
		await askForLink(house, "reset");
		assert.equal(await countMails(house), before);
	});

	test(`${engine}: a mail goes to the address that is stored, whatever was typed, and to nobody else`, async () => {
		await using house = await openHouse(engine);
		const stored = "Ada.Kelvin@Example.com";
		await house.signedIn(stored, PASSWORD);
		const others = ["ada.kelvin@example.org", "adakelvin@example.com"];
		for (const email of others) await house.signedIn(email, PASSWORD);
		const before = (await house.mails()).length;
		const typed = [
			"ada.kelvin@example.com",
			" ADA.KELVIN@EXAMPLE.COM\r\n",
			"ada.\u212aelvin@example.com",
			"\uff41\uff44\uff41.kelvin@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com",
			"ada.kelvin@exa\nmple.com",
		];
		for (const [index, email] of typed.entries()) {
			await askForLink(house, "reset", email);
			const mails = await house.mails();
			assert.equal(mails.length, before + index + 1, email);
			assert.equal(mails[0]?.to, stored);
		}
	});
}

const SUBJECTS = { en, de, fr, ja, ptBr } as const;

test("a mail speaks as @inContext chose, else as the browser asks, else as the shop does", async () => {
	const inContext = (chosen: string) =>
		`mutation($email: String!) @inContext(${chosen}) { customerRecover(email: $email) { customerUserErrors { code } } }`;
	const accepting = (header: string): AskOptions => ({ headers: { "Accept-Language": header } });
	for (const [shopLanguage, document, options, expected] of [
		["EN", RECOVER, {}, "en"],
		["DE", RECOVER, {}, "de"],
		["DE", RECOVER, accepting("fr-CH, fr;q=0.9, en;q=0.8"), "fr"],
		["DE", RECOVER, accepting("en;q=0.5, ja;q=0.7"), "ja"],
		["DE", RECOVER, accepting("xx, *;q=0.5"), "de"],
		["DE", inContext("language: JA"), accepting("fr"), "ja"],
		["DE", inContext("language: PT_BR"), {}, "ptBr"],
		["DE", inContext("language: PT"), accepting("fr"), "ptBr"],
		// Not chosen: the country says nothing of the language.
		["DE", inContext("country: JP"), accepting("fr"), "fr"],
		["DE", inContext("country: JP"), {}, "de"],
		// Chosen, and not among ours.
		["DE", inContext("language: FI"), accepting("fr"), "de"],
		["FI", RECOVER, accepting("fi"), "en"],
	] as const) {
		await using house = await openHouse(ENGINES[0], { shopLanguage });
		await house.signedIn(EMAIL, PASSWORD);
		const { data } = await house.ask(document, { email: EMAIL }, options);
		assert.deepEqual(data.customerRecover.customerUserErrors, [], document);
		const subjects = (await house.mails()).map(({ subject }) => subject);
		const says = SUBJECTS[expected].reset.subject.replace("{shop}", "Latchkey");
		assert.ok(
			subjects.includes(says),
			`${shopLanguage}, ${document}, ${JSON.stringify(options)}: ${subjects}`,
		);
	}
});

test("every mail that an act brings about speaks the language of whoever acts", async () => {
	await using house = await openHouse(ENGINES[0], { shopLanguage: "FR" });
	const german: AskOptions = { headers: { "Accept-Language": "de" } };
	const { email, password } = { email: "eve@example.com", password: PASSWORD };
	await house.ask(SIGN_UP, { input: { email, password } }, german);
	const sent = async () => (await house.mails())[0]?.subject;
	const says = (words: { readonly subject: string }) => words.subject.replace("{shop}", "Latchkey");
	assert.equal(await sent(), says(de.welcome));

	const link = await newcomerWithLink(house, "reset");
	const answer = await redeem(house, link, "new battery staple", "url", german);
	assert.equal(await sent(), says(de.passwordChanged));
	const t = answer.data.redeemed.customerAccessToken.accessToken;
	await house.ask(UPDATE, { t, customer: { email: "lovelace@example.com" } }, german);
	assert.equal(await sent(), says(de.emailChanged));

	await setState(house, email, "invited");
	const activation = await mailedLink(house, "activation", email, german);
	assert.equal(await sent(), says(de.activation));
	await redeem(house, activation, "new battery staple", "id", german);
	assert.equal(await sent(), says(de.welcome));
});
