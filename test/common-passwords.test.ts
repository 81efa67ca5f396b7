// Refusing the passwords that are guessed first is a setting, and so is the fewest characters: both ways, on every path
// that sets a password.
import assert from "node:assert/strict";
import test from "node:test";
import { dictionary } from "@zxcvbn-ts/language-common";
import { openLine } from "./command-line/line.ts";
import { type Body, ENGINES, type House, openDatabase, openHouse, SIGN_UP, UPDATE } from "./house.ts";
import { canSignIn, EMAIL, FORMS, mailedLink, PASSWORD, redeem, setState } from "./recovery/links.ts";

const COMMONEST = dictionary["passwords-common"].slice(0, 3_000);
const COMMON = "password1";
const TOO_COMMON = ["INVALID", "Password is too common"] as const;

type Said = readonly (readonly [code: string, message: string])[];

function saidOf({ data }: Body): Said {
	const [payload] = Object.values(data) as { customerUserErrors: { code: string; message: string }[] }[];
	return payload?.customerUserErrors.map(({ code, message }) => [code, message]) ?? [];
}

function signUp(house: House, password: string, email = "new@example.com"): Promise<Body> {
	return house.ask(SIGN_UP, { input: { email, password } });
}

/** What each path that sets a password says of this one. */
async function tryEverywhere(house: House, password: string): Promise<Readonly<Record<string, Said>>> {
	const said: Record<string, Said> = {};
	said["sign-up"] = saidOf(await signUp(house, password));
	const t = await house.signedIn(EMAIL, PASSWORD);
	for (const form of FORMS) {
		const link = await mailedLink(house, "reset");
		said[`reset by ${form}`] = saidOf(await redeem(house, link, password, form));
	}
	for (const form of FORMS) {
		await setState(house, EMAIL, "invited");
		const link = await mailedLink(house, "activation");
		said[`activation by ${form}`] = saidOf(await redeem(house, link, password, form));
	}
	await setState(house, EMAIL, "enabled");
	// A link that was spent has ended the token.
	const isOver = (await house.ask(UPDATE, { t, customer: { firstName: "Ada" } })).errors !== undefined;
	const token = isOver ? await house.signedIn("grace@example.com", PASSWORD) : t;
	said["update"] = saidOf(await house.ask(UPDATE, { t: token, customer: { password } }));
	return said;
}

for (const engine of ENGINES) {
	test(`no path sets one of the commonest passwords, where they are refused (${engine})`, async () => {
		await using house = await openHouse(engine, { passwordBlocklist: "common" });
		for (const [path, said] of Object.entries(await tryEverywhere(house, COMMON))) {
			assert.deepEqual(said, [TOO_COMMON], path);
		}
		assert.equal(await canSignIn(house, PASSWORD), true, "the password that there was is still the one");
		assert.equal(await canSignIn(house, COMMON), false);
	});

	test(`every path sets one, where the setting does not say otherwise (${engine})`, async () => {
		await using house = await openHouse(engine);
		for (const [path, said] of Object.entries(await tryEverywhere(house, COMMON))) {
			assert.deepEqual(said, [], path);
		}
	});
}

test("the commonest 3 000 are refused on signing up, and none of them is hashed", async () => {
	await using house = await openHouse(ENGINES[0], { passwordBlocklist: "common", metrics: "true" });
	const hashes = async () => {
		const text = await (await fetch(`${house.app.url}/metrics`)).text();
		return Number(/^latchkey_password_hashes_begun_total (\d+)$/m.exec(text)?.[1]);
	};
	await house.signedIn();
	assert.equal(await hashes(), 2, "one to keep it, one to compare");
	for (let from = 0; from < COMMONEST.length; from += 5) {
		const five = COMMONEST.slice(from, from + 5);
		const fields = five.map((_, index) => {
			const input = `{ email: "new${index}@example.com", password: $p${index} }`;
			return `p${index}: customerCreate(input: ${input}) { customerUserErrors { code message field } }`;
		});
		const names = five.map((_, index) => `$p${index}: String!`);
		const passwords = Object.fromEntries(five.map((password, index) => [`p${index}`, password]));
		const { data } = await house.ask(`mutation(${names}) { ${fields} }`, passwords);
		for (const [index, password] of five.entries()) {
			const [code, message] =
				password.length < 5 ? ["TOO_SHORT", "Password is too short (minimum is 5 characters)"] : TOO_COMMON;
			const expected = { code, message, field: ["input", "password"] };
			assert.deepEqual(data[`p${index}`].customerUserErrors, [expected], password);
		}
	}
	assert.equal(await hashes(), 2);
});

test("a common password is known however it is typed, and what only holds one is not", async () => {
	await using house = await openHouse(ENGINES[0], { passwordBlocklist: "common" });
	const refused = [COMMON, COMMON.toUpperCase(), "PassWord1", "ｐａｓｓｗｏｒｄ１", "iloveyou", "123456789"];
	for (const password of refused) {
		assert.deepEqual(saidOf(await signUp(house, password)), [TOO_COMMON], password);
	}
	const blank = ["PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE", "Password cannot start or end with whitespace"];
	assert.deepEqual(saidOf(await signUp(house, ` ${COMMON}`)), [blank]);
	const tooLong = ["TOO_LONG", "Password is too long (maximum is 256 characters)"];
	for (const unit of ["x", "ﷺ", "İ"]) {
		assert.deepEqual(saidOf(await signUp(house, unit.repeat(15_000))), [tooLong], unit);
	}
	for (const [index, password] of ["password one two", "my password1!", "constructor prototype"].entries()) {
		assert.deepEqual(saidOf(await signUp(house, password, `taken${index}@example.com`)), [], password);
	}
});

test("what an account has already goes on to open it when the list comes into force", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	{
		await using house = await openHouse(ENGINES[0], { databaseUrl });
		await house.signedIn(EMAIL, COMMON);
	}
	await using house = await openHouse(ENGINES[0], { databaseUrl, passwordBlocklist: "common" });
	assert.equal(await canSignIn(house, COMMON), true);
});

test("the operator's accounts are held to the list as well", async () => {
	const create = `customer create --email ${EMAIL} --password-stdin`;
	await using line = await openLine({ passwordBlocklist: "common" });
	const { code, out, notes } = await line.run(create, { input: `${COMMON}\n` });
	assert.deepEqual([code, out, notes], [1, "", "Password is too common."]);
	assert.equal((await line.json(create, { input: `${PASSWORD}\n` })).state, "enabled");
});

for (const [least, short, long] of [
	[8, "7 chars", "8 chars!"],
	[15, "fourteen chars", "fifteen chars!!"],
] as const) {
	test(`no path sets a password of fewer than ${least} characters, where as many are asked for`, async () => {
		await using house = await openHouse(ENGINES[0], { passwordMinLength: String(least) });
		const tooShort = ["TOO_SHORT", `Password is too short (minimum is ${least} characters)`];
		const email = "long@example.com";
		assert.equal(short.length, least - 1);
		assert.equal(long.length, least);
		assert.deepEqual(saidOf(await signUp(house, short)), [tooShort]);
		assert.deepEqual(saidOf(await signUp(house, long, email)), []);
		const token = await house.signedIn("ada.long@example.com", "a password that is long enough");
		const change = (password: string) => house.ask(UPDATE, { t: token, customer: { password } });
		assert.deepEqual(saidOf(await change(short)), [tooShort]);
		for (const form of FORMS) {
			const link = await mailedLink(house, "reset", email);
			assert.deepEqual(saidOf(await redeem(house, link, short, form)), [tooShort], form);
			assert.deepEqual(saidOf(await redeem(house, link, long, form)), [], form);
		}
		assert.equal(await canSignIn(house, long, email), true);
	});
}
