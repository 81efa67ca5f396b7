// What an operator does to an account, as shoppers see it through the storefront's door while the server runs.
import assert from "node:assert/strict";
import test from "node:test";
import { READ, RENEW, SIGN_IN, SIGN_UP } from "../house.ts";
import { readKept } from "../kept.ts";
import {
	canSignIn,
	EMAIL,
	newestLink,
	PASSWORD,
	readerOf,
	redeem,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { type Line, openLine } from "./line.ts";

const NEW = "new battery staple";

/** Asks for customer access tokens, and gives their secrets. */
async function signInTwice({ house }: Line): Promise<readonly string[]> {
	const input = { email: EMAIL, password: PASSWORD };
	const asks = [SIGN_IN, SIGN_IN].map((document) => house.ask(document, { input }));
	return (await Promise.all(asks)).map(
		({ data }) => data.customerAccessTokenCreate.customerAccessToken.accessToken,
	);
}

test("an account that was made without a password is disabled, and its owner comes in by an invitation", async () => {
	await using line = await openLine();
	const made = await line.json(`customer create --email ${EMAIL} --first-name Ada --tag vip`);
	assert.equal(made.state, "disabled");
	assert.equal(await canSignIn(line.house, PASSWORD), false);
	assert.match((await line.run(`customer enable ${EMAIL}`)).notes, /no password yet: invite/);

	assert.equal((await line.json(`customer invite ${EMAIL} --language DE`)).state, "invited");
	assert.equal(await canSignIn(line.house, PASSWORD), false);
	const link = await newestLink(line.house, "activation");
	const [mail] = await line.house.mails();
	assert.match(mail?.subject ?? "", /Konto/);
	const entered = tokenOf(await redeem(line.house, link, NEW));
	assert.equal(await readerOf(line.house, entered), EMAIL);
	assert.equal((await line.json(`customer show ${EMAIL}`)).state, "enabled");
	assert.match(
		(await line.run(`customer invite ${EMAIL}`)).notes,
		/is enabled: there is nothing to activate/,
	);
});

test("an account can be made with its invitation, and the newest invitation is the one that works", async () => {
	await using line = await openLine();
	assert.equal((await line.json(`customer create --email ${EMAIL} --invite`)).state, "invited");
	const first = await newestLink(line.house, "activation");
	const handed = await line.json(`customer invite ${EMAIL} --link`);
	const [, id, token] = /\/account\/activate\/(\d+)\/([\w-]+)$/.exec(handed.activationUrl) ?? [];
	assert.deepEqual(
		(await redeem(line.house, first, NEW)).data.redeemed.customerUserErrors[0].code,
		"TOKEN_INVALID",
	);
	const kept = await readKept(line.databaseUrl);
	assert.deepEqual([kept.includes(EMAIL), kept.includes(String(token))], [true, false]);
	assert.equal((await line.house.mails()).length, 1, "a link that is handed over is not mailed");
	const link = {
		...first,
		url: handed.activationUrl,
		id: `gid://shopify/Customer/${id}`,
		token: String(token),
	};
	tokenOf(await redeem(line.house, link, NEW, "url"));
	assert.equal(await canSignIn(line.house, NEW), true);
});

test("an account can be made with a password, and signs in at once", async () => {
	await using line = await openLine();
	const made = await line.json(`customer create --email ${EMAIL} --password-stdin`, {
		input: `${PASSWORD}\n`,
	});
	assert.equal(made.state, "enabled");
	assert.equal(await canSignIn(line.house, PASSWORD), true);
	assert.deepEqual(await line.house.mails(), []);
	const file = line.file("password.txt", NEW);
	await line.run(`customer create --email grace@example.com --password-file ${file}`);
	assert.equal(await canSignIn(line.house, NEW, "grace@example.com"), true);
});

test("disabling ends every access token and link at once, and enabling brings none of them back", async () => {
	await using line = await openLine();
	const { house } = line;
	await house.signedIn(EMAIL, PASSWORD);
	const tokens = await signInTwice(line);
	await house.ask("mutation($email: String!) { customerRecover(email: $email) { userErrors { message } } }", {
		email: EMAIL,
	});
	const link = await newestLink(house, "reset");

	assert.equal((await line.json(`customer disable ${EMAIL}`)).state, "disabled");
	for (const token of tokens) {
		assert.equal(await readerOf(house, token), null);
		const renewed = await house.ask(RENEW, { t: token });
		assert.equal(renewed.errors[0].extensions.code, "ACCESS_DENIED");
	}
	assert.equal(await canSignIn(house, PASSWORD), false);
	assert.deepEqual(await line.json(`customer tokens ${EMAIL}`), []);

	assert.equal((await line.json(`customer enable ${EMAIL}`)).state, "enabled");
	assert.equal((await redeem(house, link, NEW)).data.redeemed.customerUserErrors[0].code, "TOKEN_INVALID");
	for (const token of tokens) assert.equal(await readerOf(house, token), null);
	assert.equal(await canSignIn(house, PASSWORD), true);
});

test("a customer who declined does not sign in, and may be invited again", async () => {
	await using line = await openLine();
	await line.house.signedIn(EMAIL, PASSWORD);
	await setState(line.house, EMAIL, "declined");
	assert.equal(await canSignIn(line.house, PASSWORD), false);
	assert.equal((await line.json("customer list --state declined")).length, 1);
	assert.equal((await line.json(`customer invite ${EMAIL}`)).state, "invited");
	tokenOf(await redeem(line.house, await newestLink(line.house, "activation"), NEW));
});

test("deleting ends everything, and the e-mail address is free again", async () => {
	await using line = await openLine();
	const { house } = line;
	const token = await house.signedIn(EMAIL, PASSWORD);
	await line.json(`customer tag ${EMAIL} --add vip`);
	const { id } = await line.json(`customer show ${EMAIL}`);
	assert.deepEqual(await line.json(`customer delete ${EMAIL} --yes`), { deletedId: id });
	assert.equal(await readerOf(house, token), null);
	assert.equal(await canSignIn(house, PASSWORD), false);
	assert.match((await line.run(`customer show ${id}`)).notes, /^No customer of Latchkey has the id/);
	const again = await house.ask(SIGN_UP, { input: { email: EMAIL, password: NEW } });
	assert.deepEqual(again.data.customerCreate.customerUserErrors, []);
	assert.deepEqual((await line.json(`customer show ${EMAIL}`)).tags, []);
});

test("signing out ends one token, or all, and leaves the account as it is", async () => {
	await using line = await openLine();
	const { house } = line;
	await house.signedIn(EMAIL, PASSWORD);
	await signInTwice(line);
	const listed = await line.json(`customer tokens ${EMAIL}`);
	assert.equal(listed.length, 3);
	assert.deepEqual(await line.json(`customer sign-out ${EMAIL} --token ${listed[0].id}`), { ended: 1 });
	assert.equal((await line.json(`customer tokens ${EMAIL}`)).length, 2);
	const [token = ""] = await signInTwice(line);
	assert.deepEqual(await line.json(`customer sign-out ${EMAIL}`), { ended: 4 });
	assert.equal((await house.ask(READ, { t: token })).data.customer, null);
	assert.equal(await canSignIn(house, PASSWORD), true);
});

test("who only ever came by Multipass is enabled again, and never invited to set a password", async () => {
	await using line = await openLine();
	const { id } = await line.json(`customer create --email ${EMAIL}`);
	const { store } = line.house.app;
	await store.change({ sql: "UPDATE customers SET multipass_only = 1 WHERE id = ? RETURNING id" }, [
		Number(id),
	]);
	for (const way of ["", " --link"]) {
		const { code, notes } = await line.run(`customer invite ${EMAIL}${way}`);
		assert.equal(code, 1);
		assert.match(notes, /^Only Multipass lets this customer in/);
	}
	assert.equal((await line.json(`customer enable ${EMAIL}`)).state, "enabled");
	assert.deepEqual(await line.house.mails(), []);
});
