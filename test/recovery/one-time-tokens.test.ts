// One-time tokens as the store keeps them: for whom one is made, until when it lives, and that redeeming one does
// everything or nothing. With times of the test's own, so far ahead that the house sends none of the mails.
import assert from "node:assert/strict";
import test from "node:test";
import { issueLink, makeOneTimeToken } from "../../src/accounts/one-time-links.ts";
import { policyOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import type { CustomerState, MessageKind, Purpose, WaitingMail } from "../../src/model.ts";
import { digestToken } from "../../src/secrets/token.ts";
import { statement } from "../../src/store/engine.ts";
import {
	isOneTimeTokenAlive,
	issueOneTimeToken,
	redeemOneTimeToken,
	requestLink,
} from "../../src/store/one-time-tokens.ts";
import { readLog } from "../audit/log.ts";
import { ENGINES, type House, openHouse } from "../house.ts";
import { EMAIL, PASSWORD, readerOf, setState } from "./links.ts";

const NOW = 9_000_000_000;
const ORIGIN = { actor: "visitor", address: null, isRecorded: true } as const;
const STATES: readonly CustomerState[] = ["disabled", "invited", "enabled", "declined"];
const FIT: Readonly<Record<Purpose, readonly CustomerState[]>> = {
	reset: ["enabled"],
	activation: ["disabled", "invited"],
};
const PURPOSES = ["reset", "activation"] as const;

const LIST_MAILS = statement(`SELECT id, kind FROM outbox WHERE created_at >= ${NOW} ORDER BY ordinal`);
const LIST_TOKENS = statement("SELECT purpose, digest, expires_at FROM one_time_tokens ORDER BY purpose");
const FIND_CUSTOMER = statement("SELECT id, state, password_hash, updated_at FROM customers WHERE email = ?");
const SET_EMAIL = statement("UPDATE customers SET email = ? WHERE email = ? RETURNING id");
const SET_MULTIPASS_ONLY = statement("UPDATE customers SET multipass_only = ? RETURNING id");

async function openStore(house: House) {
	const { store, shop } = house.app;
	const secret = await house.signedIn(EMAIL, PASSWORD);
	const find = async () => ({ ...(await store.read(FIND_CUSTOMER, [EMAIL]))[0] });
	const customerId = Number((await find())["id"]);
	let mailId = 100;
	const mail = (kind: MessageKind) => ({ id: ++mailId, kind, language: "EN", now: NOW });
	const whose = { shopId: shop.id, customerId };
	return {
		store,
		shopId: shop.id,
		customerId,
		secret,
		find,
		whose,
		mail,
		request: (kind: MessageKind, emailKey = EMAIL, shopId = shop.id) =>
			requestLink(store, { shopId, emailKey, mail: mail(kind), origin: ORIGIN }),
		/** For the newest mail that was asked for. */
		issue: (purpose: Purpose, digest: string, from: Partial<typeof whose> = {}) =>
			issueOneTimeToken(store, { ...whose, ...from, purpose, digest, expiresAt: NOW + 60 }, mailId),
		isAlive: (purpose: Purpose, digest: string, now = NOW, from: Partial<typeof whose> = {}) =>
			isOneTimeTokenAlive(store, { ...whose, ...from, purpose, digest }, now),
		mails: async () => (await store.read(LIST_MAILS, [])).map(({ kind }) => kind),
		tokens: async () =>
			(await store.read(LIST_TOKENS, [])).map(
				(row) => `${row["purpose"]} ${row["digest"]} ${row["expires_at"]}`,
			),
		redeem: (purpose: Purpose, digest: string, now = NOW, from: Partial<typeof whose> = {}) =>
			redeemOneTimeToken(store, {
				...whose,
				...from,
				purpose,
				digest,
				now,
				passwordHash: "a new hash",
				token: { id: 7, digest: "of an access token", customerId, createdAt: now, expiresAt: now + 600 },
				mail: mail("passwordChanged"),
				origin: ORIGIN,
			}),
	};
}

for (const engine of ENGINES) {
	test(`a link is decided for who is in a state for it, and recorded (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { request, mails, store, shopId } = await openStore(house);
		const before = (await readLog(house)).length;
		for (const state of STATES) {
			await setState(house, EMAIL, state);
			for (const purpose of PURPOSES) {
				const expected = FIT[purpose].includes(state) ? "decided" : "unfit";
				assert.equal(await request(purpose), expected, `${purpose} of ${state}`);
			}
		}
		assert.deepEqual(await mails(), ["activation", "reset"], "a newer mail in the place of an older one");
		assert.deepEqual(
			(await readLog(house)).slice(before).map(({ act }) => act),
			["activation-asked", "activation-asked", "recovery-asked"],
		);
		assert.equal(await request("reset", "nobody@example.com"), "nobody");
		assert.equal(await request("reset", EMAIL, shopId + 1), "nobody");
		await setState(house, EMAIL, "enabled");
		await store.change(SET_MULTIPASS_ONLY, [1]);
		assert.equal(await request("reset"), "unfit");
		await store.change(SET_MULTIPASS_ONLY, [0]);
		await assert.rejects(request("welcome"), { message: "a mail of the kind welcome has no link" });
	});

	test(`a token is issued for the mail that waits, while its customer is fit and has that address (${engine})`, async () => {
		await using house = await openHouse(engine);
		const { request, issue, isAlive, mails, tokens, store, customerId, shopId } = await openStore(house);
		await request("reset");
		assert.deepEqual(await tokens(), []);
		assert.equal((await issue("reset", "first"))?.id, customerId);
		assert.equal((await issue("reset", "second"))?.email, EMAIL);
		assert.deepEqual(await tokens(), [`reset second ${NOW + 60}`], "in the place of an older one");
		assert.deepEqual(await mails(), ["reset"], "the mail still waits to be sent");
		assert.equal(await isAlive("reset", "first"), false);
		assert.equal(await isAlive("reset", "second"), true);
		assert.equal(await isAlive("reset", "second", NOW + 59), true);
		assert.equal(await isAlive("reset", "second", NOW + 60), false);
		assert.equal(await isAlive("activation", "second"), false);
		assert.equal(await isAlive("reset", "second", NOW, { shopId: shopId + 1 }), false);
		assert.equal(await isAlive("reset", "second", NOW, { customerId: customerId + 1 }), false);

		await request("reset");
		assert.deepEqual(await tokens(), [], "a new mail ends the link of the old one");
		assert.equal(await issue("reset", "third", { shopId: shopId + 1 }), null);
		assert.deepEqual(await mails(), []);
		assert.equal(await issue("reset", "third"), null, "the mail was withdrawn");
		await request("reset");
		await setState(house, EMAIL, "disabled");
		assert.equal(await issue("reset", "third"), null);
		assert.deepEqual(await mails(), []);
		await request("activation");
		await store.change(SET_EMAIL, ["eve@example.com", EMAIL]);
		assert.equal(await issue("activation", "third"), null, "it would go to a former address");
		await store.change(SET_EMAIL, [EMAIL, "eve@example.com"]);
		assert.deepEqual(await mails(), []);
		assert.deepEqual(await tokens(), []);
	});

	for (const purpose of PURPOSES) {
		test(`a token is redeemed whole and once, or not at all: ${purpose} (${engine})`, async () => {
			await using house = await openHouse(engine);
			const desk = await openStore(house);
			const { request, issue, redeem, find, mails, tokens, customerId, shopId, secret } = desk;
			const [state = "enabled"] = FIT[purpose];
			await setState(house, EMAIL, state);
			await request(purpose);
			await issue(purpose, "digest");
			const [before, records] = [await find(), (await readLog(house)).length];
			const other = purpose === "reset" ? "activation" : "reset";
			assert.equal(await redeem(purpose, "another"), null);
			assert.equal(await redeem(other, "digest"), null);
			assert.equal(await redeem(purpose, "digest", NOW + 60), null);
			assert.equal(await redeem(purpose, "digest", NOW, { shopId: shopId + 1 }), null);
			assert.equal(await redeem(purpose, "digest", NOW, { customerId: customerId + 1 }), null);
			for (const unfit of STATES.filter((one) => !FIT[purpose].includes(one))) {
				await setState(house, EMAIL, unfit);
				assert.equal(await redeem(purpose, "digest"), null, unfit);
			}
			await setState(house, EMAIL, state);
			assert.deepEqual(await find(), before);
			assert.deepEqual(await tokens(), [`${purpose} digest ${NOW + 60}`], "no refusal has spent it");
			assert.equal((await readLog(house)).length, records);

			const customer = await redeem(purpose, "digest", NOW + 59);
			assert.equal(customer?.id, customerId);
			assert.equal(customer?.state, "enabled");
			assert.equal(customer?.updatedAt, NOW + 59);
			const after = { state: "enabled", password_hash: "a new hash", updated_at: NOW + 59 };
			assert.deepEqual(await find(), { id: customerId, ...after });
			assert.deepEqual(await tokens(), []);
			assert.deepEqual(await mails(), ["passwordChanged"], "and no mail with a link waits any more");
			assert.equal(await readerOf(house, secret), null, "earlier access tokens have ended");
			const kept = statement("SELECT id FROM access_tokens");
			assert.deepEqual(
				(await desk.store.read(kept, [])).map(({ id }) => id),
				[7],
			);
			const [last] = (await readLog(house)).slice(-1);
			const act = purpose === "reset" ? "password-reset" : "activated";
			assert.deepEqual([last?.act, last?.detail, last?.customerId], [act, "token 7", customerId]);
			assert.equal(await redeem(purpose, "digest", NOW + 59), null);
		});
	}
}

test("a link is issued for a mail with a token that opens what the mail is for", async () => {
	await using house = await openHouse();
	const { store, shopId, customerId, whose, request, isAlive, tokens } = await openStore(house);
	await request("reset");
	const [{ id = 0 } = {}] = await store.read(LIST_MAILS, []);
	const settings = { resetLifetimeSeconds: "60" };
	const desk = { store, clock: { now: () => NOW }, policy: policyOf(readConfig({}, settings), new Set()) };
	const issue = (mailId: number) =>
		issueLink(desk, { id: mailId, ...whose } as unknown as WaitingMail, "reset");
	const { token, customer, ...rest } = await issue(Number(id));
	const digest = String(digestToken(token));
	assert.deepEqual(rest, { purpose: "reset", lifetimeSeconds: 60 });
	assert.equal(customer?.id, customerId);
	assert.deepEqual(await tokens(), [`reset ${digest} ${NOW + 60}`]);
	assert.equal(await isAlive("reset", digest, NOW + 59, { shopId }), true);
	const second = await issue(1);
	assert.deepEqual([second.customer, second.purpose], [null, "reset"], "for a mail that nobody decided");
	assert.deepEqual(await tokens(), [`reset ${digest} ${NOW + 60}`]);
});

test("a link's token says when it was made, and lives as long as its purpose does", () => {
	const settings = { resetLifetimeSeconds: "60", activationLifetimeSeconds: "7200" };
	const desk = { clock: { now: () => NOW }, policy: policyOf(readConfig({}, settings), new Set()) };
	for (const [purpose, lifetimeSeconds] of [
		["reset", 60],
		["activation", 7200],
	] as const) {
		const { token, digest, ...rest } = makeOneTimeToken(desk, purpose);
		assert.match(token, new RegExp(`^[\\da-f]{48}-${NOW}$`));
		assert.equal(digest, digestToken(token));
		assert.deepEqual(rest, { lifetimeSeconds, expiresAt: NOW + lifetimeSeconds });
	}
});
