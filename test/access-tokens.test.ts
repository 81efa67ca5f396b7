// A customer access token's life, to the second and between two steps: where requests would have to meet by chance, the
// verbs are asked with a clock of the test's own.
import assert from "node:assert/strict";
import test from "node:test";
import { deleteToken, findCustomer, renewToken, signIn } from "../src/accounts/sign-in.ts";
import type { CustomerState } from "../src/model.ts";
import { createPasswords, type Passwords } from "../src/secrets/password.ts";
import { digestToken } from "../src/secrets/token.ts";
import { endAccessTokens, insertAccessToken, listAccessTokens } from "../src/store/access-tokens.ts";
import { statement } from "../src/store/engine.ts";
import { readLog } from "./audit/log.ts";
import { EMAIL, HOME, LIFE, openDesk, PASSWORD } from "./desk.ts";
import { ENGINES } from "./house.ts";
import { setState } from "./recovery/links.ts";

const REFUSED = { ok: false, reasons: [{ reason: "unidentified" }] };
const NO_SUCH_TOKEN = { ok: false, reasons: [{ reason: "noSuchToken" }] };

const LIST_ATTEMPTS = statement("SELECT subject FROM attempts ORDER BY subject");
const LIST_TOKENS = statement("SELECT * FROM access_tokens ORDER BY created_at, id");

for (const engine of ENGINES) {
	test(`a token lives for its time from its making or its renewal, to the second (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { context, time, ada, house } = desk;
		const made = await desk.signIn();
		assert.ok(made.ok);
		const { id, secret, expiresAt } = made.value;
		assert.match(secret, /^[\da-f]{48}$/);
		assert.equal(expiresAt, time.now + LIFE);
		const row = { id, customer_id: ada, created_at: time.now, expires_at: expiresAt };
		const [kept, ...others] = await house.app.store.read(LIST_TOKENS, []);
		assert.deepEqual({ ...kept }, { digest: digestToken(secret), ...row });
		assert.deepEqual(others, []);
		time.now += LIFE - 1;
		assert.equal((await findCustomer(context, secret))?.email, EMAIL);
		const renewed = { id, secret, expiresAt: time.now + LIFE };
		assert.deepEqual(await renewToken(context, secret), { ok: true, value: renewed });
		time.now += LIFE - 1;
		assert.equal((await findCustomer(context, secret))?.id, ada);
		time.now += 1;
		assert.equal(await findCustomer(context, secret), null);
		assert.deepEqual(await renewToken(context, secret), NO_SUCH_TOKEN);
		assert.deepEqual(await deleteToken(context, secret, HOME), NO_SUCH_TOKEN);
		time.now -= 1;
		const { expiresAt: end } = renewed;
		const gone = { ok: true, value: { id, customerId: ada, expiresAt: end } };
		assert.deepEqual(await deleteToken(context, secret, HOME), gone);
		assert.equal(await findCustomer(context, secret), null);
		assert.deepEqual(await renewToken(context, secret), NO_SUCH_TOKEN);
		assert.deepEqual(await deleteToken(context, secret, HOME), NO_SUCH_TOKEN);
		const log = (await readLog(house)).slice(-2).map(({ actor, act, detail }) => [actor, act, detail]);
		assert.deepEqual(log, [
			["customer", "signed-in", `token ${id}`],
			["customer", "signed-out", `token ${id}`],
		]);
	});

	test(`what is no token opens nothing, in another shop neither does one (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { context } = desk;
		const secret = await desk.token();
		const elsewhere = { ...context, shop: { ...context.shop, id: context.shop.id + 1 } };
		for (const [where, text] of [
			[context, ""],
			[context, "a".repeat(257)],
			[context, secret.slice(1)],
			[context, secret.toUpperCase()],
			[elsewhere, secret],
		] as const) {
			assert.equal(await findCustomer(where, text), null);
			assert.deepEqual(await renewToken(where, text), NO_SUCH_TOKEN);
			assert.deepEqual(await deleteToken(where, text, HOME), NO_SUCH_TOKEN);
		}
		assert.deepEqual(await signIn(elsewhere, { email: EMAIL, password: PASSWORD }, HOME), REFUSED);
		assert.equal((await findCustomer(context, secret))?.email, EMAIL);
	});

	test(`whoever may not sign in has no token, and the one that was there opens nothing (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { context, house } = desk;
		const secret = await desk.token();
		const states: readonly CustomerState[] = ["disabled", "invited", "declined"];
		for (const state of states) {
			await setState(house, EMAIL, state);
			assert.equal(await findCustomer(context, secret), null);
			assert.deepEqual(await renewToken(context, secret), NO_SUCH_TOKEN);
			assert.deepEqual(await deleteToken(context, secret, HOME), NO_SUCH_TOKEN);
			assert.deepEqual(await desk.signIn(), REFUSED);
		}
		await setState(house, EMAIL, "enabled");
		assert.deepEqual(await desk.signIn("wrong"), REFUSED);
		assert.deepEqual(await desk.signIn(PASSWORD, "nobody@example.com"), REFUSED);
		assert.deepEqual(await desk.signIn(PASSWORD, EMAIL.padEnd(1025)), REFUSED, "too long to be an address");
		assert.equal((await desk.signIn(PASSWORD, EMAIL.padEnd(1024))).ok, true);
		const log = (await readLog(house)).filter(({ act }) => act === "sign-in-refused");
		assert.deepEqual(
			log.map(({ detail }) => detail),
			[...states, null],
			"in which state the account was; nothing of a name that nobody has",
		);
		assert.equal((await findCustomer(context, secret))?.email, EMAIL);
	});

	test(`a wrong password is counted for the account and for the address, a right one is not (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { store } = desk.house.app;
		const counted = async () =>
			(await store.read(LIST_ATTEMPTS, [])).map((row) =>
				String(row["subject"]).replace(/ \d+( from .*)?$/, ""),
			);
		const before = await counted();
		await desk.token();
		assert.deepEqual(await counted(), before);
		assert.deepEqual(await desk.signIn("wrong"), REFUSED);
		assert.deepEqual(await counted(), ["failure slot", "sign-in customer", ...before].toSorted());
	});

	test(`a text that is no text is nobody's password, not even one that is blank (${engine})`, async () => {
		await using desk = await openDesk(engine);
		await desk.setHash(await desk.passwords.hash(""));
		assert.equal((await desk.signIn("")).ok, true);
		assert.deepEqual(await desk.signIn("lone \ud800 surrogate"), REFUSED);
		await desk.setHash(await desk.passwords.hash("Zo\u00eb"));
		assert.equal((await desk.signIn("Zoe\u0308")).ok, true);
	});

	test(`a token is inserted if the hash that was verified still stands, and recorded then (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { ada, house } = desk;
		const { store, shop } = house.app;
		const token = { id: 7, digest: "a digest", customerId: ada, createdAt: 100, expiresAt: 200 };
		const origin = { actor: "customer", address: null, isRecorded: true } as const;
		const insert = (verifiedHash: string) =>
			insertAccessToken(store, { shopId: shop.id, token, verifiedHash, origin });
		const before = (await readLog(house)).length;
		assert.equal(await insert("another hash"), false);
		await setState(house, EMAIL, "disabled");
		assert.equal(await insert(await desk.hash()), false);
		assert.deepEqual(await store.read(LIST_TOKENS, []), []);
		assert.equal((await readLog(house)).length, before);
		await setState(house, EMAIL, "enabled");
		assert.equal(await insert(await desk.hash()), true);
		assert.equal((await store.read(LIST_TOKENS, [])).length, 1);
	});

	test(`an operator sees a customer's tokens, newest first, and ends one or all (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { ada, house, time } = desk;
		const { store, shop } = house.app;
		const made: number[] = [];
		for (let index = 0; index < 4; index++) {
			const result = await desk.signIn();
			assert.ok(result.ok);
			made.push(result.value.id);
			time.now += 10;
		}
		const start = time.now - 40;
		const listed = await listAccessTokens(store, ada, start + LIFE);
		assert.deepEqual(
			listed,
			[3, 2, 1].map((index) => ({
				id: made[index],
				customerId: ada,
				createdAt: start + 10 * index,
				expiresAt: start + 10 * index + LIFE,
			})),
			"the first has ended in this second",
		);
		assert.deepEqual(await listAccessTokens(store, ada + 1, start), []);
		const end = (customerId: number, id: number | null) =>
			endAccessTokens(store, { shopId: shop.id, customerId, id, now: time.now });
		const second = made[1] ?? 0;
		assert.equal(await end(ada + 1, second), 0);
		assert.equal(await end(ada + 1, null), 0);
		assert.equal(await end(ada, second), 1);
		assert.equal(await end(ada, second), 0);
		assert.equal(await end(ada, null), 3);
		assert.deepEqual(await listAccessTokens(store, ada, start), []);
		const log = (await readLog(house)).filter(({ act }) => act === "tokens-ended");
		assert.deepEqual(
			log.map(({ actor, detail }) => [actor, detail]),
			[
				["operator", `token ${second}`],
				["operator", "all"],
			],
		);
	});

	test(`a hash that is replaced between verification and sign-in is verified once more, and no more often (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { passwords, context } = desk;
		/** Signs in while after each verification one of these passwords is set. */
		const race = async (...set: readonly string[]) => {
			let verified = 0;
			const verify: Passwords["verify"] = async (password, stored) => {
				const matches = await passwords.verify(password, stored);
				const next = set[verified++];
				if (next !== undefined) await desk.setHash(await passwords.hash(next));
				return matches;
			};
			const racing = { ...context, passwords: { ...passwords, verify, needsRehash: () => false } };
			const { ok } = await signIn(racing, { email: EMAIL, password: PASSWORD }, HOME);
			return { ok, verified };
		};
		assert.deepEqual(await race(), { ok: true, verified: 1 });
		assert.deepEqual(await race(PASSWORD), { ok: true, verified: 2 });
		assert.deepEqual(await race(PASSWORD, PASSWORD), { ok: false, verified: 2 });
		assert.deepEqual(await race("another"), { ok: false, verified: 2 });
		assert.deepEqual(await race(PASSWORD), { ok: false, verified: 1 });
	});

	test(`a cheap hash is made anew at sign-in, unless others wait to be hashed (${engine})`, async () => {
		await using desk = await openDesk(engine);
		const { context, passwords } = desk;
		const costly = createPasswords({ memoryKib: 16, passes: 1 }, 10);
		const signInAt = (load: number) => {
			const { verify, hash, needsRehash, admit, close, begun } = costly;
			const busy = { verify, hash, needsRehash, admit, close, begun, load };
			return signIn({ ...context, passwords: busy }, { email: EMAIL, password: PASSWORD }, HOME);
		};
		const before = await desk.hash();
		assert.ok((await desk.signIn()).ok);
		assert.equal(await desk.hash(), before, "at the cost that is set");
		assert.ok((await signInAt(1)).ok);
		assert.equal(await desk.hash(), before);
		assert.ok((await signInAt(0)).ok);
		const after = await desk.hash();
		assert.match(after, /m=16,t=1/);
		assert.equal(await passwords.verify(PASSWORD, after), true);
		await costly.close();
	});
}

test("a shop that keeps no log records no refusal, and a right password is remembered", async () => {
	await using desk = await openDesk(ENGINES[0]);
	const { context, house, ada } = desk;
	const silent = { ...context, policy: { ...context.policy, auditSeconds: 0 } };
	assert.deepEqual(await signIn(silent, { email: EMAIL, password: "wrong" }, HOME), REFUSED);
	assert.ok(!(await readLog(house)).some(({ act }) => act === "sign-in-refused"));
	const known = statement("SELECT customer_id FROM known_addresses");
	assert.deepEqual(await house.app.store.read(known, []), []);
	await desk.token();
	assert.deepEqual(
		(await house.app.store.read(known, [])).map((row) => row["customer_id"]),
		[ada],
	);
});
