// The request shapes of clients that do not run here: the Android and iOS SDKs and shopify-buy, as their sources
// write them, each through a token's whole life; and the paths and versions that older clients call.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import published from "hydrogen-react-2026-04/storefront.schema.json" with { type: "json" };
import { ENGINES, type House, openHouse, VERSIONS } from "../house.ts";
import { assertExactKeys, type ExactAnswer, inlined, postExactly } from "./exact.ts";
import { type Client, liveThrough, READ, type Shown } from "./life.ts";

const WARNING = "https://shopify.dev/concepts/about-apis/versioning";

/** Raw GraphQL; its HTTP library adds `Connection` and `Accept-Encoding`, its cache three headers of its own. */
function android(house: House, version: string, language?: string): Client {
	const headers = {
		Accept: "application/json",
		"X-BUY3-SDK-CACHE-KEY": "",
		"X-BUY3-SDK-CACHE-FETCH-STRATEGY": "NETWORK_ONLY",
		"X-BUY3-SDK-EXPIRE-TIMEOUT": "9223372036854775807",
		"User-Agent": "Mobile Buy SDK Android/2026.4.0/com.example.shop",
		"X-SDK-Version": "2026.4.0",
		"X-SDK-Variant": "android",
		"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
		...(language === undefined ? {} : { "Accept-Language": language }),
		"Content-Type": "application/graphql; charset=utf-8",
		Connection: "Keep-Alive",
		"Accept-Encoding": "gzip",
	};
	return {
		request: async (document, variables) => {
			const body = inlined(document, variables);
			return decoded(document, await postExactly(house, `/api/${version}/graphql`, headers, body));
		},
	};
}

/** JSON with nothing but the query; the language may be an empty text, the tag is the body's digest. */
function ios(house: House, version: string, language = ""): Client {
	return {
		request: async (document, variables) => {
			const body = JSON.stringify({ query: inlined(document, variables) });
			const headers = {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Query-Tag": createHash("sha256").update(body).digest("hex"),
				"User-Agent": "Mobile Buy SDK iOS/2026.4.0/com.example.shop",
				"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
				"X-SDK-Version": "2026.4.0",
				"X-SDK-Variant": "ios",
				"Accept-Language": language,
			};
			const answer = await postExactly(house, `/api/${version}/graphql`, headers, body);
			assertDateTimes(answer.body.data);
			return decoded(document, answer);
		},
	};
}

function shopifyBuyHeaders(house: House): Record<string, string> {
	return {
		"Content-Type": "application/json",
		Accept: "application/json",
		"X-SDK-Variant": "javascript",
		"X-SDK-Version": "3.0.7",
		"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
	};
}

const SHOPIFY_BUY_PATH = "/api/2025-01/graphql";

function shopifyBuy(house: House): Client {
	return {
		request: async (document, variables) => {
			const body = JSON.stringify({ query: document, variables });
			const answer = await postExactly(house, SHOPIFY_BUY_PATH, shopifyBuyHeaders(house), body);
			assert.equal(answer.headers["x-shopify-api-version"], "2026-01");
			return decoded(document, answer);
		},
	};
}

/** All three decode strictly: a key that was not asked for, or one that is missing, is a crash. */
function decoded(document: string, { status, body }: ExactAnswer): Shown {
	assert.equal(status, 200);
	assert.deepEqual(
		Object.keys(body).filter((key) => !["errors", "data", "extensions"].includes(key)),
		[],
	);
	assertExactKeys(document, body.data);
	return body;
}

const DATE_TIME_FIELDS = new Set(
	published.__schema.types.flatMap(({ fields }) =>
		(fields ?? []).filter(({ type }) => (type.ofType ?? type).name === "DateTime").map(({ name }) => name),
	),
);
let dateTimesSeen = 0;

/** The iOS SDK's parser takes no fraction of a second, and a time that it cannot parse ends the application. */
function assertDateTimes(value: unknown): void {
	if (typeof value !== "object" || value === null) return;
	for (const [key, member] of Object.entries(value)) {
		if (DATE_TIME_FIELDS.has(key) && member !== null) {
			assert.match(member, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
			dateTimesSeen++;
		} else assertDateTimes(member);
	}
}

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		test(`the Android SDK's requests live a token's whole life on ${version}, ${engine}`, async () => {
			await using house = await openHouse(engine);
			await liveThrough(house, android(house, version));
		});

		test(`the iOS SDK's requests live a token's whole life on ${version}, ${engine}`, async () => {
			await using house = await openHouse(engine);
			dateTimesSeen = 0;
			await liveThrough(house, ios(house, version));
			assert.ok(dateTimesSeen > 8, `only ${dateTimesSeen} times were in the answers`);
		});
	}

	test(`shopify-buy's requests live a token's whole life, ${engine}`, async () => {
		await using house = await openHouse(engine);
		await liveThrough(house, shopifyBuy(house));
	});
}

test("the SDKs' own locales are taken, an empty one too", async () => {
	await using house = await openHouse();
	const token = await house.signedIn("fleur@example.com");
	for (const client of [
		android(house, "2026-04", "fr-CA"),
		ios(house, "2026-04", "fr-CA"),
		ios(house, "2026-04", ""),
	]) {
		const { data } = await client.request(READ, { token });
		assert.equal(data.customer.email, "fleur@example.com");
	}
});

test("literals that a mobile SDK escapes arrive as they were typed", async () => {
	await using house = await openHouse();
	const password = 'say "friend" \\ and\tenter ☃';
	const firstName = 'Zoë "Zed" \\ 日本';
	const signUp = `mutation { customerCreate(input: $input) { customer { firstName } customerUserErrors { message } } }`;
	const signIn = `mutation { customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken } } }`;
	for (const [index, client] of [android(house, "2026-04"), ios(house, "2026-04")].entries()) {
		const email = `zoe${index}@example.com`;
		const created = await client.request(signUp, { input: { email, password, firstName } });
		assert.deepEqual(created.data.customerCreate, { customer: { firstName }, customerUserErrors: [] });
		const signedIn = await house.ask(SIGN_IN_WITH_VARIABLES, { input: { email, password } });
		assert.ok(
			signedIn.data.customerAccessTokenCreate.customerAccessToken,
			"the same password through a variable",
		);
		const again = await client.request(signIn, { input: { email, password } });
		assert.ok(again.data.customerAccessTokenCreate.customerAccessToken);
		const wrong = await client.request(signIn, { input: { email, password: `${password}!` } });
		assert.equal(wrong.data.customerAccessTokenCreate.customerAccessToken, null);
	}
});

const SIGN_IN_WITH_VARIABLES = `mutation($input: CustomerAccessTokenCreateInput!) {
	customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken } }
}`;

test("shopify-buy's own connections are answered with a cursor for each edge and with nothing more", async () => {
	await using house = await openHouse();
	const token = await house.signedIn("ada@example.com");
	const connection = (field: string, selection: string) =>
		`${field} { pageInfo { hasNextPage,hasPreviousPage },edges { cursor,node { ${selection} } } }`;
	const addresses = connection("addresses (first: 10)", "id,address1");
	const orders = connection("orders (first: 20)", `id,${connection("lineItems (first: 10)", "title")}`);
	const query = `query ($customerAccessToken:String!) { customer (customerAccessToken: $customerAccessToken) { id,email,${addresses},${orders} } }`;
	const body = JSON.stringify({ query, variables: { customerAccessToken: token } });
	const answer = await postExactly(house, SHOPIFY_BUY_PATH, shopifyBuyHeaders(house), body);
	assert.equal(answer.headers["x-shopify-api-version"], "2026-01");
	assert.equal(answer.headers["x-shopify-api-version-warning"], WARNING);
	assertExactKeys(query, answer.body.data);
	const nothing = { pageInfo: { hasNextPage: false, hasPreviousPage: false }, edges: [] };
	const { id, ...customer } = answer.body.data.customer;
	assert.match(id, /^gid:\/\/shopify\/Customer\/\d+$/);
	assert.deepEqual(customer, { email: "ada@example.com", addresses: nothing, orders: nothing });
});

for (const [asked, served, warned] of [
	["", "2026-01", false],
	["/2026-01", "2026-01", false],
	["/2026-04", "2026-04", false],
	["/2019-07", "2026-01", true],
	["/2023-10", "2026-01", true],
	["/2024-01", "2026-01", true],
	["/2025-10", "2026-01", true],
	["/2026-07", "2026-04", true],
	["/unstable", "2026-04", true],
] as const) {
	for (const ending of ["graphql", "graphql.json"]) {
		test(`/api${asked}/${ending} is answered by ${served}${warned ? ", with a warning" : ""}`, async () => {
			await using house = await openHouse();
			const token = await house.signedIn("ada@example.com");
			const query = "query($t: String!) { customer(customerAccessToken: $t) { email } }";
			const body = JSON.stringify({ query, variables: { t: token } });
			const answer = await postExactly(house, `/api${asked}/${ending}`, shopifyBuyHeaders(house), body);
			assert.equal(answer.status, 200);
			assert.deepEqual(answer.body.data, { customer: { email: "ada@example.com" } });
			assert.equal(answer.headers["x-shopify-api-version"], served);
			assert.equal(answer.headers["x-shopify-api-version-warning"], warned ? WARNING : undefined);
		});
	}
}
