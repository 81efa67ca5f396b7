// Advisories of Zitadel, and one of Supabase that is kin to them, each as an attack on this house: parallel checks that
// beat a lock, tokens of another system that work twice or elsewhere, and inputs that say more than they may.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { findShopByHost } from "../../src/store/shops.ts";
import { ENGINES, type House, openHouse, RECOVER, SIGN_UP, UPDATE } from "../house.ts";
import { addressAt, assertChecked, EMAIL, outcomesAtOnce, PASSWORD, visitor } from "../limits/visitors.ts";
import {
	enter,
	entered,
	giveSecret,
	makePass,
	momentOf,
	passFor,
	REFUSED,
	SECRET,
	SETTINGS,
	whoIs,
} from "../multipass/passes.ts";
import { canSignIn, readerOf } from "../recovery/links.ts";
import { openSecondShop } from "../second-shop.ts";
import { actOfPass, askAt, isDone, PATHS } from "./attacks.ts";
import { onEveryNode } from "./nodes.ts";
import { watchWork } from "./work.ts";

const OTHER_SECRET = "the secret of the second shop, long enough";

/** What an account of this shop could be said to be, by those who may not say it. */
const FORBIDDEN: Readonly<Record<string, unknown>> = {
	id: "gid://shopify/Customer/1",
	customerId: 1,
	shopId: 2,
	state: "ENABLED",
	status: "active",
	verified: true,
	verifiedEmail: true,
	emailVerified: true,
	isAdmin: true,
	role: "admin",
	scopes: ["unauthenticated_write_customers"],
	tags: ["vip"],
	numberOfOrders: "99",
	createdAt: "2020-01-01T00:00:00Z",
	updatedAt: "2020-01-01T00:00:00Z",
	passwordHash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$dGFn",
	password_hash: "x",
	multipassIdentifier: "x",
	multipass_only: 0,
	defaultAddressId: 1,
	defaultAddress: { id: 1 },
	metafields: [{ namespace: "a", key: "b", value: "c" }],
	accessToken: "0".repeat(48),
	expiresAt: "2099-01-01T00:00:00Z",
	constructor: { prototype: { state: "enabled" } },
};

/** All that is kept of all customers. */
async function everything({ app }: House): Promise<string> {
	const tables = ["customers", "tags", "metafields", "addresses", "access_tokens"];
	const rows = tables.map((table) => app.store.read(statement(`SELECT * FROM ${table} ORDER BY 1, 2`), []));
	return JSON.stringify(await Promise.all(rows));
}

for (const engine of ENGINES) {
	test(`Zitadel GHSA-7h8m-vrxx-vr4m: guesses at once are not more guesses (${engine})`, async (t) => {
		await using house = await openHouse(engine);
		const token = await house.signedIn(EMAIL, PASSWORD);
		const { store } = house.app;
		const work = watchWork(t, house);
		for (const email of [EMAIL, "nobody@example.com"]) {
			let seen: readonly string[] = [];
			const done = await work.of(async () => {
				seen = await outcomesAtOnce(300, (index) =>
					visitor(house, addressAt(index)).signIn(index === 150 ? PASSWORD : `guess ${index}`, email),
				);
			});
			assertChecked(seen, 10);
			assert.equal(done.filter((step) => step.startsWith("hash ")).length, 10, "what was really looked at");
		}
		// Where nothing can be counted, nothing is checked, and reading goes on.
		await store.define(["ALTER TABLE attempts RENAME TO gone"]);
		const right = await work.of(async () => {
			assert.match(await visitor(house, "192.0.2.1").signIn(PASSWORD), /INTERNAL_SERVER_ERROR/);
		});
		assert.equal(right.filter((step) => step.startsWith("hash ")).length, 0);
		assert.equal(await readerOf(house, token), EMAIL);
	});

	test(`Zitadel CVE-2025-46815: a pass lets nobody in twice, wherever it is shown (${engine})`, () =>
		onEveryNode(
			engine,
			SETTINGS,
			async (house) => {
				const passes = Array.from({ length: 3 }, (_, index) => {
					return passFor(house, { email: `ada${index}@example.com`, tag_string: "first" });
				});
				const [one = "", two = "", three = ""] = passes;
				await entered(house, one);
				const answers = await Promise.all(Array.from({ length: 50 }, () => enter(house, two)));
				assert.equal(answers.filter(isDone).length, 1, "released together");
				const both = await house.ask(
					`mutation($t: String!) {
						a: customerAccessTokenCreateWithMultipass(multipassToken: $t) { customerAccessToken { accessToken } }
						b: customerAccessTokenCreateWithMultipass(multipassToken: $t) { customerAccessToken { accessToken } }
					}`,
					{ t: three },
				);
				assert.ok(both.data.a.customerAccessToken);
				assert.equal(both.data.b.customerAccessToken, null);
				return passes;
			},
			async (house, passes) => {
				const before = await everything(house);
				for (const pass of passes) {
					for (const spelling of [pass, pass.replace(/=+$/, "")]) {
						for (const path of PATHS) {
							const { query, variables } = actOfPass(spelling);
							assert.equal(isDone(await askAt(house, path, query, variables)), false, path);
						}
					}
				}
				assert.equal(await everything(house), before);
			},
		));

	test(`Zitadel CVE-2026-27946: no input says what only the shop may say (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const before = await everything(house);
		const input = { email: "eve@example.com", password: PASSWORD };
		for (const [name, value] of Object.entries(FORBIDDEN)) {
			const extra = Object.fromEntries([[name, value]]);
			const made = await house.ask(SIGN_UP, { input: { ...input, ...extra } });
			const changed = await house.ask(UPDATE, { t, customer: { firstName: "Eve", ...extra } });
			for (const { data, errors } of [made, changed]) {
				assert.equal(data, undefined, name);
				assert.equal(errors[0].extensions.code, "INVALID_VARIABLE", name);
			}
			const literal = `customerUpdate(customerAccessToken: "${t}", customer: { firstName: "Eve", ${name}: 1 })`;
			const written = await house.ask(`mutation { ${literal} { customer { id } } }`);
			assert.equal(written.errors[0].extensions.code, "argumentNotAccepted", name);
			const beside = await house.ask(SIGN_UP.replace("customerCreate(", `customerCreate(${name}: 1, `), {
				input,
			});
			assert.equal(beside.errors[0].extensions.code, "argumentNotAccepted", name);
			// Said where nobody asked, it says nothing.
			await house.ask(RECOVER, { email: "nobody@example.com", ...extra });
		}
		assert.equal(await everything(house), before);
		const polluting = `{"query":${JSON.stringify(UPDATE)},"variables":{"t":"${t}","customer":{"__proto__":{"state":"x"}}}}`;
		const response = await fetch(`${house.app.url}/api/2026-04/graphql.json`, {
			method: "POST",
			headers: {
				"Content-Type": "application/json",
				"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
			},
			body: polluting,
		});
		assert.match(await response.text(), /INVALID_VARIABLE/);
		assert.equal(({} as Record<string, unknown>)["state"], undefined);

		// Nor does a pass say more than it may, although the shop's own system has signed it.
		const pass = passFor(house, { email: "ivy@example.com", ...FORBIDDEN, password: PASSWORD });
		const ivy = await whoIs(house, await entered(house, pass));
		assert.notEqual(ivy.id, FORBIDDEN["id"]);
		assert.deepEqual([ivy.email, ivy.tags], ["ivy@example.com", []]);
		assert.equal(await canSignIn(house, PASSWORD, "ivy@example.com"), false);
		const find = "SELECT password_hash, multipass_only, multipass_identifier FROM customers WHERE email = ?";
		const [row] = await house.app.store.read(statement(find), ["ivy@example.com"]);
		assert.deepEqual({ ...row }, { password_hash: null, multipass_only: 1, multipass_identifier: null });
	});

	test(`Supabase CVE-2026-31813: a pass of another shop opens nothing, whoever it names (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const there = { headers: await openSecondShop(house) };
		const second = await findShopByHost(house.app.store, "second.example");
		assert.ok(second);
		await giveSecret(house, second.id, OTHER_SECRET);
		const here = await house.signedIn(EMAIL, PASSWORD);
		const other = await entered(house, passFor(house, { email: EMAIL }, OTHER_SECRET), there);
		const before = await everything(house);
		const foreign = { email: EMAIL, tag_string: "vip", identifier: "1", first_name: "Eve" };
		const claims = [
			foreign,
			{ ...foreign, shop: "second", shop_id: house.app.shop.id, iss: house.app.shop.url, aud: "*" },
			{ ...foreign, created_at: momentOf(house, 30) },
		];
		for (const claim of claims) {
			const foreignPass = makePass({ created_at: momentOf(house), ...claim }, OTHER_SECRET);
			for (const path of PATHS) {
				const { query, variables } = actOfPass(foreignPass);
				assert.deepEqual(await askAt(house, path, query, variables), REFUSED, path);
			}
			const pass = passFor(house, claim, SECRET);
			assert.deepEqual(await enter(house, pass, there), REFUSED);
		}
		assert.equal(await everything(house), before);
		assert.equal(await readerOf(house, other), null, "the other shop's token in this one");
		assert.notEqual((await whoIs(house, here)).id, (await whoIs(house, other, there)).id);
	});
}
