// Shops, and the keys of their programs, made and changed beside a running server, which obeys at once.
import assert from "node:assert/strict";
import test from "node:test";
import { type AskOptions, RECOVER, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import { readKept } from "../kept.ts";
import { enter, entered, passFor, REFUSED } from "../multipass/passes.ts";
import { EMAIL, PASSWORD } from "../recovery/links.ts";
import { type Line, openLine, runAlone } from "./line.ts";

async function refusal(line: Line, command: string): Promise<string> {
	const { code, out, notes } = await line.run(command);
	assert.deepEqual([code, out], [1, ""], command);
	return notes;
}

/** A second shop beside the house's own; gives its id, and how a request goes to it. */
async function addShop(line: Line): Promise<{ readonly id: string; readonly options: AskOptions }> {
	const { id } = await line.json(
		'shop create --name "Shop B" --url https://b.example --country DE --language DE',
	);
	const { token } = await line.json(`key create --shop ${id} --kind public`);
	return { id, options: { headers: { "X-Shopify-Storefront-Access-Token": token } } };
}

/** Whether the text stands in the database, as it is. */
async function isKept({ databaseUrl }: Line, text: string): Promise<boolean> {
	return (await readKept(databaseUrl)).includes(text);
}

const SHOP =
	"{ shop { name primaryDomain { url } } localization { country { isoCode currency { isoCode } } } }";

test("a second shop is usable at once by its own keys, with its own customers", async () => {
	await using line = await openLine();
	const { house } = line;
	const { id, options } = await addShop(line);
	const { data } = await house.ask(SHOP, {}, options);
	assert.equal(data.shop.name, "Shop B");
	assert.equal(data.localization.country.isoCode, "DE");
	await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }, options);
	const input = { email: EMAIL, password: PASSWORD };
	assert.ok(
		(await house.ask(SIGN_IN, { input }, options)).data.customerAccessTokenCreate.customerAccessToken,
	);
	assert.equal(
		(await house.ask(SIGN_IN, { input })).data.customerAccessTokenCreate.customerAccessToken,
		null,
	);

	assert.match(await refusal(line, "customer list"), /^There are several shops: say which with --shop/);
	for (const shop of [id, "b.example", "B.example", '"Shop B"']) {
		assert.equal((await line.json(`customer list --shop ${shop}`))[0].email, EMAIL, shop);
	}
	assert.deepEqual(await line.json("customer list --shop Latchkey"), []);
	assert.equal(
		await refusal(line, "key list --shop c.example"),
		'No shop has the id, the host or the name "c.example".',
	);
	const taken = await refusal(line, "shop create --name C --url https://b.example/de");
	assert.equal(taken, "Another shop has the host of https://b.example/de.");
	await line.json('shop create --name "Shop B" --url https://c.example');
	assert.equal(
		await refusal(line, 'key list --shop "Shop B"'),
		'Several shops are named "Shop B": give the id of one.',
	);
	const shops = await line.json("shop list");
	assert.deepEqual(
		shops.map(({ name }: { name: string }) => name),
		["Latchkey", "Shop B", "Shop B"],
	);
	assert.equal(shops[1].id, id);
});

test("a key is shown once and opens at once; revoked, it opens nothing at once", async () => {
	await using line = await openLine();
	const { house } = line;
	const made = await line.run('key create --kind private --title "back office"');
	assert.equal(made.notes, "The token is shown this once: only its digest is kept.");
	const [, token = ""] = /^token +([\da-f]{48})$/m.exec(made.out) ?? [];
	const options = {
		headers: { "Shopify-Storefront-Private-Token": token, "X-Shopify-Storefront-Access-Token": "" },
	};
	assert.equal(await isKept(line, "back office"), true);
	assert.equal(await isKept(line, token), false);
	const signUp = () => house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }, options);
	assert.deepEqual((await signUp()).data.customerCreate.customerUserErrors, []);

	const keys = await line.json("key list");
	const mine = keys.find(({ title }: { title: string }) => title === "back office");
	assert.deepEqual(Object.keys(mine), ["id", "shopId", "kind", "title", "scopes", "createdAt"]);
	assert.equal(mine.scopes.length, 12);
	assert.equal((await line.run("key list")).out.includes(token), false);
	assert.deepEqual(await line.json(`key revoke ${mine.id}`), { revokedId: mine.id });
	assert.equal((await signUp()).errors[0].extensions.code, "UNAUTHORIZED");
	assert.equal(await refusal(line, `key revoke ${mine.id}`), `No token has the id ${mine.id}.`);
});

test("a key may do what its scopes say, and no more", async () => {
	await using line = await openLine();
	const { token } = await line.json("key create --kind public --scope unauthenticated_read_customers");
	const options = { headers: { "X-Shopify-Storefront-Access-Token": token } };
	const answer = await line.house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }, options);
	assert.equal(answer.errors[0].extensions.code, "ACCESS_DENIED");
	assert.match(
		await refusal(line, "key create --kind public --scope read_all"),
		/^"read_all" is no scope; there are/,
	);
	assert.match(
		await refusal(line, "key create --kind admin --scope unauthenticated_read_content"),
		/^Scopes are of/,
	);
	assert.deepEqual((await line.json("key create --kind admin")).scopes, []);
});

test("a token that apps carry already can be taken from a file, once", async () => {
	await using line = await openLine();
	const token = "8b4c1d2e3f405162738495a6b7c8d9e0";
	const file = line.file("token.txt", `${token}\n`);
	assert.equal((await line.json(`key create --kind public --token-file ${file}`)).token, token);
	const { data } = await line.house.ask(
		SHOP,
		{},
		{ headers: { "X-Shopify-Storefront-Access-Token": token } },
	);
	assert.equal(data.shop.name, "Latchkey");
	assert.equal(
		await refusal(line, `key create --kind public --token-file ${file}`),
		"The token is in use already.",
	);
	for (const bad of ["short", "with blanks in it, and thirty-two characters"]) {
		const notes = await refusal(line, `key create --kind public --token-file ${line.file("bad.txt", bad)}`);
		assert.match(notes, /^A token has 32 to 256 characters, without blanks/);
		assert.equal(notes.includes(bad), false);
	}
});

test("keys of the settings are neither revoked nor made by hand", async () => {
	await using line = await openLine();
	const [first] = await line.json("key list");
	assert.equal(first.title, "settings");
	assert.match(
		await refusal(line, `key revoke ${first.id}`),
		/would be back at the next start: change or remove it there/,
	);
	assert.match(
		await refusal(line, "key create --kind public --title settings"),
		/is for the tokens that the settings/,
	);
	assert.equal((await line.json("key list")).length, 3);
});

test("what a shop chooses holds at once, for it alone, until it is unset", async () => {
	await using line = await openLine();
	const { house } = line;
	const { options } = await addShop(line);
	const shop = "--shop b.example";
	const set = await line.json(
		`shop set ${shop} --email-change deny --reset-url "{shop}/de/neu?wer={customer}&was={token}" --mail-from "B <b@b.example>"`,
	);
	assert.deepEqual(set.own, ["mailFrom", "resetUrl", "emailChange"]);
	await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }, options);
	const signedIn = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } }, options);
	const t = signedIn.data.customerAccessTokenCreate.customerAccessToken.accessToken;
	const change = () => house.ask(UPDATE, { t, customer: { email: "new@example.com" } }, options);
	assert.equal((await change()).data.customerUpdate.customerUserErrors[0].code, "INVALID");
	await house.ask(RECOVER, { email: EMAIL }, options);
	const [mail] = await house.mails();
	assert.equal(mail?.from, "B <b@b.example>");
	assert.match(String(mail?.links[0]), /^https:\/\/b\.example\/de\/neu\?wer=\d+&was=[\da-f]{48}-\d+$/);

	const unset = await line.json(`shop set ${shop} --unset email-change reset-url mail-from`);
	assert.deepEqual([unset.own, unset.emailChange, unset.mailFrom], [[], "allow", "no-reply@b.example"]);
	assert.deepEqual((await change()).data.customerUpdate.customerUserErrors, []);
	assert.equal((await line.json("shop show --shop Latchkey")).emailChange, "allow");
});

test("values of a shop are held to the rules of the settings, and a refusal changes nothing", async () => {
	await using line = await openLine();
	const before = await line.json("shop show");
	const cases = [
		["--email-change perhaps", "--email-change is one of allow, deny."],
		[
			"--reset-url {shop}/{customer}",
			"--reset-url is a URL that has {customer} and {token} in it once each.",
		],
		["--accent-color red", "--accent-color is a colour such as #1f5199."],
		["--mail-from nobody", "--mail-from is an e-mail address, or a name and one: Shop <mail@shop.example>."],
		["--multipass-enables yes", "--multipass-enables is either true or false."],
		["--country XX", "--country is not a CountryCode of the API: XX."],
		["--url shop.example", "--url is a URL that begins with https:// or http://."],
		["--unset colour", '--unset knows no "colour"; "latchkey shop set --help" lists the names.'],
	];
	// With the name beside it, which would be right.
	for (const [options, says] of cases) {
		assert.equal(await refusal(line, `shop set --name Other ${options}`), says);
	}
	const nothing = 'Nothing to set: "latchkey shop set --help" lists what can be.';
	assert.equal(await refusal(line, "shop set"), nothing);
	assert.deepEqual(await line.json("shop show"), before);
});

test("the first shop can be changed, and is told that the settings describe it", async () => {
	await using line = await openLine();
	const { out, notes } = await line.run("shop set --name Other --description Shoes");
	assert.match(out, /^name +Other$/m);
	assert.match(notes, /^This is the first shop. The settings describe it: at the next start its name, /);
	assert.equal((await line.house.ask(SHOP)).data.shop.name, "Other");
	assert.equal((await line.json("shop set --unset description")).description, null);
});

test("Multipass is switched on by a new secret or a known one, and off, at once", async () => {
	await using line = await openLine();
	const { house } = line;
	assert.equal((await line.json("shop show")).multipass, false);
	const { multipassSecret } = await line.json("shop set --multipass");
	await entered(house, passFor(house, { email: EMAIL }, multipassSecret));
	const shown = await line.run("shop show");
	assert.match(shown.out, /^multipass +yes$/m);
	assert.equal((shown.out + shown.notes).includes(multipassSecret), false);

	const known = "b7e3c1f8a2d94e5f8c6071a2b3c4d5e6";
	const file = line.file("multipass.txt", `${known}\n`);
	assert.equal((await line.run(`shop set --multipass-secret-file ${file}`)).out.includes(known), false);
	await entered(house, passFor(house, { email: EMAIL }, known));
	for (const secret of [known, multipassSecret]) assert.equal(await isKept(line, secret), false);
	assert.deepEqual(await enter(house, passFor(house, { email: EMAIL }, multipassSecret)), REFUSED);

	assert.equal((await line.json("shop set --no-multipass")).multipass, false);
	assert.deepEqual(await enter(house, passFor(house, { email: EMAIL }, known)), REFUSED);
	assert.match(await refusal(line, `shop set --multipass --multipass-secret-file ${file}`), /^Give one of/);
	const short = await refusal(line, `shop set --multipass-secret-file ${line.file("short.txt", "short")}`);
	assert.equal(short, "A Multipass secret has at least 32 characters.");
	const keyless = await runAlone("shop set --multipass", { databaseUrl: line.databaseUrl });
	assert.deepEqual([keyless.code, keyless.out], [1, ""]);
	assert.match(keyless.notes, /set LATCHKEY_ENCRYPTION_KEY, the same one that the server has/);
});
