// Passwords: how they are kept, what counts of them, and what hashing may cost others.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../src/store/engine.ts";
import { ENGINES, type House, openDatabase, openHouse, SIGN_IN, SIGN_UP } from "./house.ts";

async function signUp(house: House, email: string, password: string): Promise<string[]> {
	const { customerUserErrors } = (await house.ask(SIGN_UP, { input: { email, password } })).data
		.customerCreate;
	return customerUserErrors.map((error: { code: string }) => error.code);
}

async function canSignIn(house: House, email: string, password: string): Promise<boolean> {
	const { data } = await house.ask(SIGN_IN, { input: { email, password } });
	return data.customerAccessTokenCreate.customerAccessToken !== null;
}

const LIST_HASHES = statement("SELECT password_hash FROM customers");

async function storedHash({ app }: House): Promise<string> {
	const [row] = await app.store.read(LIST_HASHES, []);
	return String(row?.["password_hash"]);
}

test("a hash names its algorithm and cost, and is made anew at sign-in when the cost was raised", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	{
		await using house = await openHouse(ENGINES[0], { databaseUrl });
		assert.deepEqual(await signUp(house, "ada@example.com", "correct horse"), []);
		assert.match(await storedHash(house), /^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
	}
	{
		const raised = { databaseUrl, passwordMemoryKib: "19456", passwordPasses: "2" };
		await using house = await openHouse(ENGINES[0], raised);
		assert.equal(await canSignIn(house, "ada@example.com", "wrong horse"), false);
		assert.match(await storedHash(house), /m=8,t=1/);
		assert.equal(await canSignIn(house, "ada@example.com", "correct horse"), true);
		assert.match(
			await storedHash(house),
			/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
		);
		assert.equal(await canSignIn(house, "ada@example.com", "correct horse"), true);
	}
	await using house = await openHouse(ENGINES[0], { databaseUrl });
	assert.equal(await canSignIn(house, "ada@example.com", "correct horse"), true);
	assert.match(await storedHash(house), /m=19456,t=2/, "a lower cost never replaces a higher one");
});

test("sign-ins that overlap while the cost is raised are all let in", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	{
		await using house = await openHouse(ENGINES[0], { databaseUrl });
		await signUp(house, "ada@example.com", "correct horse");
	}
	await using house = await openHouse(ENGINES[0], { databaseUrl, passwordMemoryKib: "4096" });
	const all = Array.from({ length: 20 }, () => canSignIn(house, "ada@example.com", "correct horse"));
	assert.deepEqual(
		await Promise.all(all),
		all.map(() => true),
	);
});

test("the default cost is at or above OWASP's floor", async () => {
	const { readConfig } = await import("../src/config.ts");
	const { passwordMemoryKib, passwordPasses } = readConfig({});
	assert.ok(passwordMemoryKib >= 19 * 1024 && passwordPasses >= 2);
});

test("every character counts, up to the last one that is allowed", async () => {
	await using house = await openHouse();
	for (const at of [41, 65, 73, 129, 256]) {
		const password = "a".repeat(at - 1);
		assert.deepEqual(await signUp(house, `at-${at}@example.com`, `${password}x`), []);
		assert.equal(await canSignIn(house, `at-${at}@example.com`, `${password}y`), false);
		assert.equal(await canSignIn(house, `at-${at}@example.com`, password), false);
		assert.equal(await canSignIn(house, `at-${at}@example.com`, `${password}x`), true);
	}
	assert.deepEqual(await signUp(house, "long@example.com", "a".repeat(257)), ["TOO_LONG"]);
	assert.deepEqual(await signUp(house, "long@example.com", "a".repeat(50_000)), ["TOO_LONG"]);
	assert.equal(await canSignIn(house, "at-41@example.com", "a".repeat(50_000)), false);
});

test("a password is the same on every keyboard, and text that is no text is refused", async () => {
	await using house = await openHouse();
	assert.deepEqual(await signUp(house, "zoe@example.com", "Zo\u00eb \u{1f511} caf\u00e9"), []);
	assert.equal(await canSignIn(house, "zoe@example.com", "Zoe\u0308 \u{1f511} cafe\u0301"), true);
	assert.equal(await canSignIn(house, "zoe@example.com", "\uff3ao\u00eb \u{1f511} caf\u00e9"), true);
	assert.equal(await canSignIn(house, "zoe@example.com", "Zoe \u{1f511} cafe"), false);
	assert.deepEqual(await signUp(house, "lone@example.com", "lone \ud800 surrogate"), ["INVALID"]);
	assert.equal(await canSignIn(house, "zoe@example.com", "lone \ud800 surrogate"), false);
});

test("beyond the queue a sign-in is throttled at once, and reads go on", async () => {
	await using house = await openHouse(ENGINES[0], {
		passwordMemoryKib: "65536",
		passwordPasses: "4",
		passwordQueue: "2",
	});
	const token = await house.signedIn();
	const input = { email: "ada@example.com", password: "correct horse" };
	const answers = await Promise.all(Array.from({ length: 30 }, () => house.ask(SIGN_IN, { input })));
	const throttled = answers.filter(({ errors }) => errors?.[0].extensions.code === "THROTTLED");
	const served = answers.filter(({ data }) => data.customerAccessTokenCreate?.customerAccessToken);
	assert.ok(throttled.length > 0 && served.length > 0);
	assert.equal(throttled.length + served.length, 30);
	assert.deepEqual(throttled[0]?.errors, [
		{
			message: "Login attempt limit exceeded. Please try again later.",
			path: ["customerAccessTokenCreate"],
			locations: [],
			extensions: { code: "THROTTLED" },
		},
	]);
	const read = await house.ask("query($t: String!) { customer(customerAccessToken: $t) { email } }", {
		t: token,
	});
	assert.equal(read.data.customer.email, "ada@example.com");
});

test("an unknown address, a wrong password and a blank one are one answer", async () => {
	await using house = await openHouse();
	await house.signedIn();
	const answers = await Promise.all(
		[
			{ email: "ada@example.com", password: "wrong" },
			{ email: "nobody@example.com", password: "correct horse" },
			{ email: "", password: "correct horse" },
			{ email: "ada@example.com", password: "" },
			{ email: "x".repeat(5000), password: "x".repeat(5000) },
		].map((input) => house.ask(SIGN_IN, { input })),
	);
	for (const answer of answers) assert.deepEqual(answer, answers[0]);
});
