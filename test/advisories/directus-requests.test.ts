// What went wrong in Directus with what a request asks for, and as whom, attempted here.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { StatementSync } from "node:sqlite";
import test, { type TestContext } from "node:test";
import { Client } from "pg";
import { ensureApiKey } from "../../src/accounts/administration.ts";
import { makeToken } from "../../src/secrets/token.ts";
import { deleteApiKey, listApiKeys } from "../../src/store/api-keys.ts";
import { ALL_SCOPES } from "../../src/storefront/scopes.ts";
import { type Body, ENGINES, type House, IS_POSTGRES, openHouse, READ, VERSIONS } from "../house.ts";
import { enter, passFor, SETTINGS } from "../multipass/passes.ts";
import { EMAIL, newcomerWithLink, PASSWORD, redeem } from "../recovery/links.ts";
import { type Answer, exchange } from "../wire/wire.ts";
import { watchWork } from "./work.ts";

const PATH = "/api/2026-04/graphql.json";

const times = (count: number, write: (index: number) => string) =>
	Array.from({ length: count }, (_, index) => write(index)).join(" ");

/** Counts the statements that are asked: those that SQLite runs on this thread, or that are sent to PostgreSQL. */
function watchStatements(
	t: TestContext,
	{ app }: House,
): { of(work: () => Promise<unknown>): Promise<number> } {
	const { mock } = IS_POSTGRES
		? t.mock.method(Client.prototype, "query")
		: t.mock.method(StatementSync.prototype, "all");
	return {
		of: async (work) => {
			// What works by itself would be seen among the rest; so would the look at the database's clock each second.
			await app.delivery?.close();
			await app.housekeeping.close();
			const before = mock.callCount();
			await work();
			const asked = mock.calls.slice(before).map((call) => JSON.stringify(call.arguments));
			return asked.filter((text) => !text.includes("clock_timestamp()")).length;
		},
	};
}

/** A customer with a full address book. */
async function customerWithAddresses(house: House): Promise<string> {
	const token = await house.signedIn(EMAIL, PASSWORD);
	const create = `mutation($t: String!, $a: MailingAddressInput!) {
		customerAddressCreate(customerAccessToken: $t, address: $a) { customerUserErrors { message } }
	}`;
	for (let number = 1; number <= 20; number++) {
		const a = { address1: `${number} Main Street`, city: "Ottawa", country: "Canada", province: "Ontario" };
		const { data } = await house.ask(create, { t: token, a });
		assert.deepEqual(data.customerAddressCreate.customerUserErrors, []);
	}
	return token;
}

for (const engine of ENGINES) {
	test(`Directus GHSA-6q22-g298-grjh, CVE-2026-35441: thirty aliases of the dearest field ask the database no more than one (${engine})`, async (t) => {
		await using house = await openHouse(engine, { passwordQueue: "200" });
		const token = await customerWithAddresses(house);
		const dearest = `customer(customerAccessToken: $t) {
			id displayName tags numberOfOrders
			addresses(first: 30) { nodes { id formatted formattedArea } pageInfo { hasNextPage } }
			metafield(namespace: "n", key: "k") { value } orders(first: 250) { nodes { id } }
		}`;
		const statements = watchStatements(t, house);
		const ask = async (count: number) => {
			const { data, errors } = await house.ask(
				`query($t: String!) { ${times(count, (i) => `a${i}: ${dearest}`)} }`,
				{
					t: token,
				},
			);
			assert.equal(errors, undefined, JSON.stringify(errors));
			assert.equal(Object.keys(data).length, count);
			assert.equal(data[`a${count - 1}`].addresses.nodes.length, 20);
		};
		const one = await statements.of(() => ask(1));
		const thirty = await statements.of(() => ask(30));
		assert.ok(one >= 4, `${one} statements`);
		assert.ok(thirty <= 2 * one, `${thirty} statements, and ${one} for one`);

		// The largest pages are bounded in themselves.
		const pages = times(30, (i) => `a${i}: ${dearest.replace("first: 30", "first: 250")}`);
		const { errors } = await house.ask(`query($t: String!) { ${pages} }`, { t: token });
		assert.equal(errors[0].message, "The answer would have more than 1000 addresses");

		// What hashes a password is dearer still: five of those are the most, and of thirty none is begun.
		const work = watchWork(t, house);
		for (const mutation of [
			`customerAccessTokenCreate(input: { email: "${EMAIL}", password: "guess" }) { customerUserErrors { code } }`,
			`customerCreate(input: { email: "new@example.com", password: "guess" }) { customerUserErrors { code } }`,
			`customerUpdate(customerAccessToken: "${token}", customer: { password: "guess" }) { customerUserErrors { code } }`,
			`customerResetByUrl(resetUrl: "https://a.b/account/reset/1/x", password: "guess") { customerUserErrors { code } }`,
		]) {
			let body: Body = {};
			const acts = await work.of(async () => {
				body = await house.ask(`mutation { ${times(30, (i) => `a${i}: ${mutation}`)} }`);
			});
			assert.equal(body.data, undefined);
			assert.equal(body.errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
			assert.equal(acts.length, 1, "the storefront access token was looked up, and nothing else happened");
		}
	});

	test(`Directus CVE-2026-126539, CVE-2024-54151: a token that is bad gives nothing that none would not give (${engine})`, async () => {
		await using house = await openHouse(engine);
		const own = await house.signedIn(EMAIL, PASSWORD);
		const { app, keys } = house;
		const revoked = makeToken();
		const key = { kind: "public", title: "revoked", scopes: new Set(ALL_SCOPES) } as const;
		await ensureApiKey(app.store, app.shop, key, revoked, app.clock.now());
		const kept = (await listApiKeys(app.store, app.shop.id)).find(({ title }) => title === "revoked");
		assert.ok(kept && (await deleteApiKey(app.store, kept, app.clock.now())));

		const [PUBLIC, PRIVATE] = ["X-Shopify-Storefront-Access-Token", "Shopify-Storefront-Private-Token"];
		const bad = [
			"",
			" ",
			"null",
			"undefined",
			"0",
			"false",
			"[]",
			"{}",
			"*",
			"admin",
			makeToken(),
			revoked,
			own,
		];
		const heads: Record<string, string>[] = [
			...[PUBLIC, PRIVATE].flatMap((name) => bad.map((token) => ({ [name]: token }))),
			{ [PUBLIC]: keys.adminAccessToken },
			{ [PRIVATE]: keys.adminAccessToken },
			{ [PUBLIC]: keys.privateAccessToken },
			{ [PRIVATE]: keys.storefrontAccessToken },
			{ [PUBLIC]: keys.storefrontAccessToken, [PRIVATE]: "null" },
			{ [PUBLIC]: `${keys.storefrontAccessToken}, ${keys.privateAccessToken}` },
		];
		const create = `mutation { customerCreate(input: { email: "eve@example.com", password: "${PASSWORD}" }) { customer { id } } }`;
		const operations = [
			{ query: "{ shop { name } }" },
			{ query: READ, variables: { t: own } },
			{ query: "query($t: String!) { customer(customerAccessToken: $t) { tags } }", variables: { t: own } },
			{ query: create },
		];
		const send = (headers: Record<string, string>, body: unknown): Promise<Answer> =>
			exchange(app.url, { path: PATH, headers, body });
		for (const operation of operations) {
			const without = await send({}, operation);
			assert.equal(without.status, 200);
			for (const headers of heads) {
				const { status, text, body } = await send(headers, operation);
				const says = `${JSON.stringify(headers)}: ${text}`;
				// Refused as a whole, or, for a header that is as good as absent, answered as without one.
				if (status !== 200) assert.equal(body?.data, undefined, says);
				else assert.equal(text, without.text, says);
				assert.ok([200, 401, 403].includes(status), says);
			}
		}
		assert.match(
			(await send({}, operations[1])).text,
			/"customer":null/,
			"without a token no customer is read",
		);

		// A customer access token that is bad is nobody's, and never everybody's.
		const { data } = await house.ask(
			'mutation { customerCreate(input: {email: "eve@example.com", password: "correct horse"}) { customer { id } } }',
		);
		assert.ok(data.customerCreate.customer, "none of the requests above has made her");
		for (const t of [
			...bad.filter((text) => text !== own),
			keys.storefrontAccessToken,
			keys.privateAccessToken,
			keys.adminAccessToken,
		]) {
			assert.deepEqual((await house.ask(READ, { t })).data, { customer: null }, t);
		}
		for (const t of [null, undefined]) assert.equal((await house.ask(READ, { t })).data, undefined);
	});

	test(`Directus CVE-2026-35409: the server connects to no address that a request names (${engine})`, async () => {
		let connections = 0;
		const named = createServer((socket) => {
			connections++;
			socket.destroy();
		});
		await new Promise<void>((resolve) => named.listen(0, "::", resolve));
		const { port } = named.address() as { readonly port: number };
		try {
			await using house = await openHouse(engine, SETTINGS);
			const [reset, activation] = [
				await newcomerWithLink(house, "reset", "reset@example.com"),
				await newcomerWithLink(house, "activation", "activation@example.com"),
			];
			for (const host of [
				"127.0.0.1",
				"[::ffff:127.0.0.1]",
				"[::ffff:7f00:1]",
				"[0:0:0:0:0:ffff:7f00:1]",
				"[::1]",
				"2130706433",
				"0x7f000001",
				"0177.0.0.1",
				"127.1",
				"0.0.0.0",
				"localhost",
				"user@localhost",
			]) {
				const origin = `http://${host}:${port}`;
				for (const link of [reset, activation]) {
					const wrong = { ...link, url: `${origin}${new URL(link.url).pathname}0` };
					await redeem(house, wrong, PASSWORD, "url");
					await redeem(house, { ...link, url: `${origin}/redirect?to=${link.url}` }, PASSWORD, "url");
				}
				const claims = {
					email: "pass@example.com",
					return_to: origin,
					remote_ip: host,
					image: `${origin}/a.png`,
				};
				await enter(house, passFor(house, claims));
				await exchange(house.app.url, {
					path: PATH,
					headers: {
						"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
						Origin: origin,
						Referer: origin,
						"X-Forwarded-Host": `${host}:${port}`,
						Link: `<${origin}>`,
						Host: `${host}:${port}`,
					},
					body: {
						query: `mutation { customerRecover(email: "reset@example.com") { customerUserErrors { code } } }`,
					},
				});
			}
			await house.mails();
			assert.equal(connections, 0);
		} finally {
			await new Promise((resolve) => named.close(resolve));
		}
	});
}

for (const version of VERSIONS) {
	test(`Directus CVE-2024-39895: ten thousand equal fields are refused before they are parsed to the end (${version})`, async () => {
		await using house = await openHouse();
		const ask = async (query: string) => {
			const { data, errors } = await house.ask(query, {}, { version });
			assert.equal(data, undefined);
			return errors;
		};
		const tooLarge = await ask(`{ shop { ${times(10_000, () => "id")} } }`);
		assert.deepEqual(
			tooLarge.map(({ message }: { readonly message: string }) => message),
			["This query is too large to execute."],
		);
		// A fault that only validation would find, in front, and one that only the parser would, behind: neither is told.
		const unseen = await ask(`{ nothing shop { ${times(10_000, () => "id")} } }`);
		assert.equal(unseen[0].message, tooLarge[0].message);
		const unread = await ask(`{ shop { ${times(10_000, () => "id")} !!! } } } {`);
		assert.equal(unread[0].message, tooLarge[0].message);
		// As many by fragments are one field, because they are equal.
		const fragments = `{ shop { ${times(100, () => "...f")} } } fragment f on Shop { ${times(100, () => "id")} }`;
		const { data } = await house.ask(fragments, {}, { version });
		assert.deepEqual(Object.keys(data.shop), ["id"]);
	});
}
