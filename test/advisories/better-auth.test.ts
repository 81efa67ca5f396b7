// What went wrong in Better Auth, and in Convex with it, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import type { Mail } from "../../src/mail/mail.ts";
import { deleteCustomer } from "../../src/store/customer-states.ts";
import { statement } from "../../src/store/engine.ts";
import { DELETE, ENGINES, type House, openHouse, READ, RECOVER, RENEW, SIGN_UP, UPDATE } from "../house.ts";
import {
	assertChecked,
	assertFirst,
	CHECKED,
	outcomes,
	outcomesAtOnce,
	THROTTLED,
	visitor,
} from "../limits/visitors.ts";
import { enter, entered, passFor, SETTINGS } from "../multipass/passes.ts";
import { openVolley, parse, type Shot } from "../races/volley.ts";
import {
	askForLink,
	customerIdOf,
	DOCUMENTS,
	EMAIL,
	type MailedLink,
	mailedLink,
	newcomerWithLink,
	newestLink,
	PASSWORD,
	readerOf,
	redeem,
	refusalOf,
	setState,
} from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";
import { onEveryNode } from "./nodes.ts";

const NEW = "new battery staple";
const PATH = "/api/2026-04/graphql.json";

async function countTokens({ app }: House): Promise<number> {
	const [row] = await app.store.read(statement("SELECT count(*) AS n FROM access_tokens"), []);
	return Number(row?.["n"]);
}

let names = 0;

for (const engine of ENGINES) {
	test(`Better Auth CVE-2026-45364, GHSA-p6v2-xcpg-h6xw: one IPv6 network is one budget, however it is spelled (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const guess = (address: string) =>
			visitor(house, address).signIn(PASSWORD, `nobody${++names}@example.com`);
		const walk = (index: number) => guess(`2001:db8:1:2:${index.toString(16)}:${index % 7}::${index}`);
		assertChecked(await outcomesAtOnce(engine === "sqlite::memory:" ? 1000 : 100, walk), 30);
		assert.equal(await guess("2001:db8:1:3::1"), CHECKED, "the network beside it");
		const spellings = [
			"2001:db8:5:6::1",
			"2001:DB8:5:6:0:0:0:1",
			"2001:0db8:0005:0006:0000:0000:0000:0001",
			"2001:db8:5:6::0.0.0.1",
			"2001:db8:5:6:0::1",
			"2001:db8:5:6::1%eth0",
		];
		assertFirst(await outcomes(36, (index) => guess(spellings[index % 6] ?? "")), 30);
		assert.equal(await visitor(house, spellings[1]).signIn(PASSWORD), THROTTLED, "the right password, too");
	});

	test(`Better Auth CVE-2025-61928, GHSA-99h5-pjcv-gr6v: naming a customer does not authenticate (${engine})`, async () => {
		await using house = await openHouse(engine);
		const own = await house.signedIn(EMAIL, PASSWORD);
		const { data } = await house.ask(READ, { t: own });
		const gid: string = data.customer.id;
		const number = gid.split("/").at(-1) ?? "";
		const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
		const ids = { id: gid, userId: number, customerId: gid, customer_id: number, customerAccessTokenId: gid };
		const heads = Object.fromEntries(
			["X-User-Id", "X-Customer-Id", "Customer-Id", "Authorization", "Cookie", "X-Shopify-Customer"].map(
				(name) => [
					name,
					name === "Cookie" ? `customerId=${number}` : name === "Authorization" ? `Bearer ${gid}` : gid,
				],
			),
		);
		const rename = { firstName: "Eve" };
		const mutation = `mutation($t: String!, $customer: CustomerUpdateInput!) {
			customerUpdate(customerAccessToken: $t, customer: $customer) { customer { id email } }
		}`;
		const operations = [
			...["", number, gid, EMAIL, `${gid}?customer_access_token=`, "null", "undefined"].flatMap((t) => [
				{ query: READ, variables: { t, ...ids } },
				{ query: mutation, variables: { t, customer: rename, ...ids } },
				{ query: mutation, variables: { t, customer: { ...rename, ...ids } } },
			]),
			{ query: "{ customer { id email } }", variables: ids },
			{ query: "query($t: String) { customer(customerAccessToken: $t) { id email } }", variables: ids },
			{ query: `{ customer(customerAccessToken: "x", id: "${gid}") { id email } }`, variables: {} },
			{ query: "query($id: ID!) { node(id: $id) { id ... on Customer { email } } }", variables: { id: gid } },
			{
				query: "query($id: ID!) { nodes(ids: [$id]) { ... on Customer { email } } }",
				variables: { id: gid },
			},
			{
				query: `{ customer(customerAccessToken: "x") { id email } shop @inContext(buyer: {customerId: "${gid}"}) { id } }`,
				variables: {},
			},
		];
		for (const operation of operations) {
			for (const body of [operation, { ...operation, ...ids, user: { id: gid }, extensions: ids }]) {
				const path = `${PATH}?userId=${number}&customerId=${encodeURIComponent(gid)}`;
				const answer = await exchange(house.app.url, { path, headers: { ...token, ...heads }, body });
				assert.equal(answer.status, 200, answer.text);
				const { errors = [], data = null } = answer.body;
				const got = data && Object.values(data).flat().filter(Boolean);
				assert.deepEqual(got ?? [], [], JSON.stringify(body));
				assert.ok(data !== null || errors.length > 0);
			}
		}
		const { customer } = (
			await house.ask("query($t: String!) { customer(customerAccessToken: $t) { firstName } }", { t: own })
		).data;
		assert.deepEqual(customer, { firstName: null });
	});

	test(`Better Auth GHSA-392p-2q2v-4372, GHSA-7w99-5wm4-3g79: of redemptions at once one wins, and renewals at once make no second token (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await using volley = await openVolley(house);
		const fire = async (shots: readonly Shot[]) => (await volley.fire(shots)).map(parse);
		const t = await house.signedIn(EMAIL, PASSWORD);
		await house.advance(60);
		const renewals = await fire(Array(60).fill({ query: RENEW, variables: { t } }));
		const tokens = renewals.map(({ data }) => data.customerAccessTokenRenew.customerAccessToken.accessToken);
		assert.deepEqual([new Set(tokens), await countTokens(house)], [new Set([t]), 1]);

		// One deletion somewhere among them: whatever was renewed before it, nothing lives after it.
		const mixed = Array.from({ length: 61 }, (_, index) => ({
			query: index === 30 ? DELETE : RENEW,
			variables: { t },
		}));
		const answers = await fire(mixed);
		assert.equal(answers[30]?.data.customerAccessTokenDelete.deletedAccessToken, t);
		assert.deepEqual([await readerOf(house, t), await countTokens(house)], [null, 0]);

		for (const purpose of ["reset", "activation"] as const) {
			const { id, url, token } = await newcomerWithLink(house, purpose, `${purpose}@example.com`);
			const before = await countTokens(house);
			const shots = Array.from({ length: 60 }, (_, index) => ({
				query: DOCUMENTS[purpose][index % 2 ? "id" : "url"],
				variables: { id, url, token, password: `${NEW} ${index}` },
			}));
			const winners = (await fire(shots)).filter(({ data }) => data.redeemed?.customerAccessToken);
			assert.equal(winners.length, 1, purpose);
			// The token from before is gone: the winner's stands in its place.
			assert.equal(await countTokens(house), before, purpose);
		}
		const pass = passFor(house, { email: "code@example.com" });
		const before = await countTokens(house);
		const entries = await Promise.all(Array.from({ length: 60 }, () => enter(house, pass)));
		const codes = entries.filter(
			({ data }) => data.customerAccessTokenCreateWithMultipass.customerAccessToken,
		);
		assert.deepEqual([codes.length, (await countTokens(house)) - before], [1, 1]);
	});

	test(`Better Auth GHSA-2vg6-77g8-24mp: a deleted customer's tokens are dead on every node (${engine})`, () =>
		onEveryNode(
			engine,
			SETTINGS,
			async (house) => {
				const link = await newcomerWithLink(house, "reset");
				const tokens = [await entered(house, passFor(house, { email: EMAIL }))];
				for (let index = 0; index < 10; index++) {
					const { data } = await house.ask(
						`mutation { customerAccessTokenCreate(input: { email: "${EMAIL}", password: "${PASSWORD}" }) { customerAccessToken { accessToken } } }`,
					);
					tokens.push(data.customerAccessTokenCreate.customerAccessToken.accessToken);
				}
				for (const t of tokens) assert.equal(await readerOf(house, t), EMAIL);
				const { store, shop, clock } = house.app;
				const who = { shopId: shop.id, customerId: customerIdOf(link), now: clock.now() };
				assert.equal(await deleteCustomer(store, who), true);
				return { tokens, link };
			},
			async (house, { tokens, link }) => {
				for (const t of tokens) {
					assert.deepEqual((await house.ask(READ, { t })).data, { customer: null });
					for (const query of [RENEW, DELETE]) {
						assert.equal((await house.ask(query, { t })).errors[0].extensions.code, "ACCESS_DENIED");
					}
					const { errors } = await house.ask(UPDATE, { t, customer: { firstName: "Ada" } });
					assert.equal(errors[0].extensions.code, "ACCESS_DENIED");
				}
				for (const form of ["id", "url"] as const) refusalOf(await redeem(house, link, NEW, form));
				assert.equal(await countTokens(house), 0);
			},
		));

	test(`Convex × Better Auth GHSA-pgx2-m66h-x29f, GHSA-9qq3-v9g3-cxhw: no header, and no two, say where a mailed link leads (${engine})`, async () => {
		await using house = await openHouse(engine, { shopUrl: "https://shop.example" });
		await mailedLinkOf(house);
		const [plain] = await house.mails();
		assert.match(plain?.links[0] ?? "", /^https:\/\/shop\.example\/account\/reset\//);
		const evil = "evil.example";
		const single = Object.entries({
			Host: evil,
			"X-Forwarded-Host": evil,
			"X-Forwarded-Server": evil,
			"X-Forwarded-Proto": "http",
			"X-Forwarded-Port": "666",
			"X-Original-Host": evil,
			"X-Original-URL": `https://${evil}/`,
			"X-Host": evil,
			Forwarded: `host=${evil};proto=http`,
			Origin: `https://${evil}`,
			Referer: `https://${evil}/account/login`,
		});
		const pairs = single.flatMap((one, index) => single.slice(index + 1).map((other) => [one, other]));
		const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
		const body = { query: RECOVER, variables: { email: EMAIL } };
		// Where the data lie says nothing of headers: pairs are tried in memory alone.
		for (const chosen of [...single.map((one) => [one]), ...(engine === "sqlite::memory:" ? pairs : [])]) {
			const headers = { ...token, ...Object.fromEntries(chosen) };
			const { text } = await exchange(house.app.url, { path: PATH, headers, body });
			assert.ok(text.includes('"customerUserErrors":[]'), text);
			const [mail] = await house.mails();
			assert.equal(withoutToken(mail), withoutToken(plain), JSON.stringify(chosen));
			assert.notDeepEqual(mail?.links, plain?.links, "it is a new mail");
		}
	});

	test(`Convex × Better Auth GHSA-4qvm-r4pr-v3wg: no token from a sign-up, a recovery, or a link that was not redeemed (${engine})`, async () => {
		await using house = await openHouse(engine);
		const answers: unknown[] = [];
		const ask = async (query: string, variables: Record<string, unknown>) => {
			answers.push(await house.ask(query, variables));
		};
		const TOKEN = "customerAccessToken { accessToken }";
		const input = { email: EMAIL, password: PASSWORD };
		await ask(SIGN_UP, { input });
		await ask(SIGN_UP.replace("{ customer", `{ ${TOKEN} customer`), {
			input: { ...input, email: "b@example.com" },
		});
		await ask(RECOVER, { email: EMAIL });
		await ask(RECOVER.replace("{ customerUserErrors", `{ ${TOKEN} customerUserErrors`), { email: EMAIL });
		const reset = await newestLink(house, "reset");
		await failToRedeem(house, reset, answers);
		await setState(house, EMAIL, "invited");
		await askForLink(house, "activation");
		await ask(SIGN_UP, { input });
		await failToRedeem(house, await newestLink(house, "activation"), answers);
		assert.doesNotMatch(JSON.stringify(answers), /accessToken":"|[0-9a-f]{32}/);
		assert.equal(await countTokens(house), 0);
	});
}

async function mailedLinkOf(house: House): Promise<void> {
	await house.signedIn(EMAIL, PASSWORD);
	await mailedLink(house, "reset");
}

/** The mail but for its secret. */
function withoutToken(mail: Mail | undefined): string {
	const token = mail?.links[0]?.split("/").at(-1) ?? "";
	return JSON.stringify(mail).replaceAll(token, "TOKEN");
}

/** Everything short of it: no password to set, another token, another customer, too late. */
async function failToRedeem(house: House, link: MailedLink, answers: unknown[]): Promise<void> {
	const wrong = `${"0".repeat(48)}-1`;
	const other = { ...link, token: wrong, url: link.url.replace(link.token, wrong) };
	const id = "gid://shopify/Customer/1";
	const nobody = { ...link, id, url: link.url.replace(/\/\d+\//, "/1/") };
	for (const form of ["id", "url"] as const) {
		for (const password of ["", "four", " blank", "x".repeat(2000)]) {
			answers.push(await redeem(house, link, password, form));
		}
		for (const one of [other, nobody]) answers.push(await redeem(house, one, NEW, form));
	}
	await house.advance(31 * 86_400);
	for (const form of ["id", "url"] as const) answers.push(await redeem(house, link, NEW, form));
}
