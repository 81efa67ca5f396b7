// What went wrong in Vendure, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { openLine } from "../command-line/line.ts";
import { ENGINES, type House, IS_POSTGRES, openHouse, READ, RECOVER, SIGN_IN, UPDATE } from "../house.ts";
import { comingFrom } from "../limits/visitors.ts";
import { EMAIL, PASSWORD, readerOf } from "../recovery/links.ts";
import { type Answer, exchange } from "../wire/wire.ts";
import { emailOf, makePeople, STATES, saidTo } from "./people.ts";
import { watchWork } from "./work.ts";

/** Texts that would end, turn or widen a statement that they were written into. */
const SQL = [
	"'",
	'"',
	"`",
	"\\'",
	"' OR '1'='1",
	"' OR 1=1 --",
	'" OR ""="',
	"x' UNION SELECT id, email, password_hash FROM customers --",
	"'; DELETE FROM customers; --",
	"1; DROP TABLE customers",
	"%",
	"_da@example.com",
	"%@example.com",
	"EN' AND (SELECT count(*) FROM customers) > 0 --",
	"/* */",
	"?1",
	"$x",
	":name",
];

const LIST_TABLES = statement(
	IS_POSTGRES
		? "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
		: "SELECT name FROM sqlite_schema WHERE type = 'table'",
);
/** What is counted and recorded of the attack itself, and who removes it when it is over. */
const BESIDE = ["attempts", "audit", "leases"];

/** How many rows there are of everything else. */
async function stateOf({ app }: House): Promise<string> {
	const counts: unknown[] = [];
	for (const { name } of await app.store.read(LIST_TABLES, [])) {
		if (BESIDE.includes(String(name))) continue;
		const [row] = await app.store.read({ sql: `SELECT count(*) AS n FROM "${name}"` }, []);
		counts.push([name, row?.["n"]]);
	}
	assert.ok(counts.length > 10, "the tables are not found");
	return JSON.stringify(counts);
}

/** Sends the text in every place that a stranger can write to; gives what was answered. */
async function injectEverywhere(house: House, text: string, t: string): Promise<readonly Answer[]> {
	const { storefrontAccessToken, privateAccessToken } = house.keys;
	const open = { "X-Shopify-Storefront-Access-Token": storefrontAccessToken };
	const path = "/api/2026-04/graphql.json";
	const answers: Answer[] = [];
	const send = async (sent: Parameters<typeof exchange>[1]) => {
		answers.push(await exchange(house.app.url, { path, headers: open, ...sent }));
	};
	const shop = { query: "{ shop { name } }" };
	const context =
		"query($l: LanguageCode, $c: CountryCode) @inContext(language: $l, country: $c) { shop { name } }";
	await send({ body: { query: context, variables: { l: text, c: text } } });
	await send({ body: { query: context, variables: { l: "EN", c: "US" }, operationName: text } });
	await send({ body: { query: `query @inContext(language: ${JSON.stringify(text)}) { shop { name } }` } });
	await send({
		body: {
			query: "query($b: BuyerInput!) @inContext(buyer: $b) { shop { name } }",
			variables: { b: { customerAccessToken: text } },
		},
	});
	for (const version of [encodeURIComponent(text), `2026-04${encodeURIComponent(text)}`]) {
		await send({ path: `/api/${version}/graphql.json`, body: shop });
	}
	const recover = { query: RECOVER, variables: { email: EMAIL } };
	for (const headers of [
		{ "Accept-Language": text },
		{ Host: text },
		{ Origin: text },
		{ "X-Forwarded-For": text },
		{ "X-Shopify-Storefront-Access-Token": text },
		{ "Shopify-Storefront-Private-Token": text },
		{ "Shopify-Storefront-Private-Token": privateAccessToken, "Shopify-Storefront-Buyer-IP": text },
		{ "Shopify-Storefront-Id": text, "X-SDK-Version": text, Cookie: text },
	]) {
		await send({ headers: { ...open, ...headers }, body: recover });
	}
	// Without a token the host says which shop is called.
	await send({ headers: { Host: text }, body: shop });
	for (const email of [text, `${text}@example.com`, `ada@example.com${text}`]) {
		await send({ body: { query: SIGN_IN, variables: { input: { email, password: text } } } });
		await send({ body: { query: RECOVER, variables: { email } } });
	}
	await send({ body: { query: READ, variables: { t: text } } });
	await send({ body: { query: UPDATE, variables: { t, customer: { firstName: text, lastName: text } } } });
	await send({ body: { query: "query($id: ID!) { node(id: $id) { id } }", variables: { id: text } } });
	const page = `query($t: String!, $after: String) { customer(customerAccessToken: $t) {
		addresses(first: 2, after: $after) { nodes { id } } metafield(namespace: "n", key: $after) { id }
	} }`;
	const variables = { t, after: Buffer.from(JSON.stringify({ last_id: text })).toString("base64") };
	await send({ body: { query: page.replace("key: $after", 'key: "k"'), variables } });
	await send({
		body: {
			query: `query($t: String!, $k: String!) { customer(customerAccessToken: $t) { metafield(namespace: $k, key: $k) { id } } }`,
			variables: { t, k: text },
		},
	});
	return answers;
}

for (const engine of ENGINES) {
	// The time itself is measured by `npm run trust -- timing`.
	test(`Vendure CVE-2026-25050: a sign-in is the same work, and the same answer, whoever the address belongs to (${engine})`, async (t) => {
		await using house = await openHouse(engine);
		await makePeople(house);
		const work = watchWork(t, house);
		const headers = comingFrom(house, "192.0.2.1");
		const done = new Map<string, unknown>();
		for (const who of STATES) {
			const variables = { input: { email: emailOf(who), password: "a wrong password" } };
			let said = "";
			const acts = await work.of(async () => {
				said = await saidTo(house, SIGN_IN, variables, headers);
			});
			assert.equal(acts.filter((act) => act.startsWith("hash against")).length, 1, who);
			done.set(who, [acts, said]);
		}
		for (const who of STATES) assert.deepEqual(done.get(who), done.get("enabled"), who);
	});

	test(`Vendure CVE-2026-40887: nothing that is sent is ever read as SQL (${engine})`, async () => {
		await using house = await openHouse(engine, { trustedProxies: "127.0.0.1", limitFailures: "off" });
		const t = await house.signedIn(EMAIL, PASSWORD);
		await house.mails();
		const before = await stateOf(house);
		for (const text of SQL) {
			for (const { status, text: answered } of await injectEverywhere(house, text, t)) {
				assert.ok(status < 500, `${text}: ${answered}`);
				assert.doesNotMatch(answered, /INTERNAL_SERVER_ERROR|sqlite|postgres|syntax error|argon2id/i, text);
				assert.doesNotMatch(answered, /"accessToken":"/, text);
			}
			for (const mail of await house.mails()) assert.equal(mail.to, EMAIL);
			assert.equal(await readerOf(house, t), EMAIL, text);
		}
		const { data } = await house.ask(
			"query($t: String!) { customer(customerAccessToken: $t) { firstName lastName } }",
			{ t },
		);
		assert.deepEqual(
			data.customer,
			{ firstName: SQL.at(-1), lastName: SQL.at(-1) },
			"it is kept as it was typed",
		);
		const withoutLinks = (state: string) => state.replace(/\["one_time_tokens",\d\]/, "");
		assert.equal(withoutLinks(await stateOf(house)), withoutLinks(before));
	});
}

test("Vendure (code read): what another process revoked is refused at once, however busily it was read", async () => {
	await using line = await openLine();
	const { house } = line;
	for (const command of [
		`customer sign-out ${EMAIL}`,
		`customer disable ${EMAIL}`,
		`customer delete ${EMAIL} --yes`,
	]) {
		const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
		const t =
			data.customerAccessTokenCreate.customerAccessToken?.accessToken ??
			(await house.signedIn(EMAIL, PASSWORD));
		assert.equal(await readerOf(house, t), EMAIL);
		// Readers all the while: one that found the token before it was revoked must not keep it alive for another.
		let isOver = false;
		const readers = Array.from({ length: 16 }, async () => {
			while (!isOver) await readerOf(house, t);
		});
		try {
			assert.equal((await line.run(command)).code, 0, command);
			const after = await Promise.all(Array.from({ length: 50 }, () => readerOf(house, t)));
			assert.deepEqual(new Set(after), new Set([null]), command);
		} finally {
			isOver = true;
			await Promise.all(readers);
		}
		assert.equal(await readerOf(house, t), null);
		if (command.includes("disable")) await line.run(`customer enable ${EMAIL}`);
	}
});
