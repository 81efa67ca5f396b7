// Limits by address: which address a request counts for, in whatever spelling, and who is believed.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse } from "../house.ts";
import { exchange } from "../wire/wire.ts";
import {
	addressAt,
	assertFirst,
	CHECKED,
	outcomeOf,
	outcomes,
	outcomesAtOnce,
	PASSWORD,
	THROTTLED,
	visitor,
} from "./visitors.ts";

const SIGN_IN = `mutation($input: CustomerAccessTokenCreateInput!) {
	customerAccessTokenCreate(input: $input) { customerUserErrors { code } }
}`;
let names = 0;

/** One password for another account each time, with these headers. */
async function spray(house: House, headers: Record<string, string>): Promise<string> {
	const input = { email: `nobody${++names}@example.com`, password: PASSWORD };
	const { body } = await exchange(house.app.url, {
		path: "/api/2026-04/graphql.json",
		headers,
		body: { query: SIGN_IN, variables: { input } },
	});
	return outcomeOf(body);
}

for (const engine of ENGINES) {
	test(`one password for many accounts: thirty are looked at in five minutes (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", PASSWORD);
		const from = (address: string) => visitor(house, address);
		const guess = (address: string) => from(address).signIn(PASSWORD, `nobody${++names}@example.com`);
		assertFirst(await outcomes(40, () => guess("192.0.2.1")), 30);
		assert.equal(await from("192.0.2.1").signIn(PASSWORD), THROTTLED, "the right one is not looked at");
		assert.equal(await guess("192.0.2.2"), CHECKED, "another address");
		const seen = await outcomesAtOnce(500, () => guess("192.0.2.3"));
		assert.equal(seen.filter((outcome) => outcome === CHECKED).length, 30, "at once");
		await house.advance(301);
		assertFirst(await outcomes(31, () => guess("192.0.2.1")), 30);
	});

	test(`right sign-ins do not count, and make no room for wrong ones (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("eve@example.com", PASSWORD);
		const eve = visitor(house, "192.0.2.1");
		const seen = await outcomes(60, async (index) => {
			assert.equal(await eve.signIn(PASSWORD, "eve@example.com"), index < 30 ? "ok" : THROTTLED);
			return eve.signIn(PASSWORD, `nobody${index}@example.com`);
		});
		assertFirst(seen, 30);
	});

	test(`an IPv6 network of 64 bits is one address, and so are its spellings (${engine})`, async () => {
		await using house = await openHouse(engine);
		const guess = (address: string) =>
			visitor(house, address).signIn(PASSWORD, `nobody${++names}@example.com`);
		const walk = (index: number) => guess(`2001:db8:1:2:${index.toString(16)}::${index}`);
		assertFirst(await outcomes(60, walk), 30);
		assert.equal(await guess("2001:db8:1:3::1"), CHECKED, "the network beside it");
		for (const spelling of [
			"2001:DB8:1:2:0:0:0:1",
			"2001:0db8:0001:0002:0000:0000:0000:0001",
			"2001:db8:1:2::1",
			"2001:db8:1:2:0:0:0.0.0.1",
			"2001:db8:1:2::1%eth0",
			" 2001:db8:1:2::1 ",
		]) {
			assert.equal(await guess(spelling), THROTTLED, spelling);
		}
		assertFirst(await outcomes(31, () => guess("198.51.100.9")), 30);
		for (const mapped of ["::ffff:198.51.100.9", "::FFFF:c633:6409", "0:0:0:0:0:ffff:c633:6409"]) {
			assert.equal(await guess(mapped), THROTTLED, mapped);
		}
		assert.equal(await guess("::ffff:198.51.100.10"), CHECKED, "another IPv4 address in the same network");
	});

	test(`a buyer's address is believed from a private token alone (${engine})`, async () => {
		await using house = await openHouse(engine, { trustedProxies: "127.0.0.1" });
		const { storefrontAccessToken, privateAccessToken } = house.keys;
		const proxied = { "X-Forwarded-For": "203.0.113.7" };
		const [open, secret] = [
			{ "X-Shopify-Storefront-Access-Token": storefrontAccessToken },
			{ "Shopify-Storefront-Private-Token": privateAccessToken },
		];
		const forge = (index: number) => {
			const buyer = addressAt(index);
			const names = { "X-Real-IP": buyer, "CF-Connecting-IP": buyer, "True-Client-IP": buyer };
			const others = { "X-Client-IP": buyer, "X-Shopify-Client-IP": buyer, Forwarded: `for=${buyer}` };
			return { "Shopify-Storefront-Buyer-IP": buyer, ...names, ...others };
		};
		const seen = await outcomes(40, (index) => spray(house, { ...forge(index), ...open, ...proxied }));
		assertFirst(seen, 30);
		const bought = await outcomes(40, (index) => spray(house, { ...forge(index), ...secret, ...proxied }));
		assertFirst(bought, 40);
		const nonsense = { "Shopify-Storefront-Buyer-IP": "nobody", ...secret, ...proxied };
		assert.equal(
			await spray(house, nonsense),
			THROTTLED,
			"what is no address leaves the one of the connection",
		);
	});

	test(`forwarded addresses are believed from the proxies of the settings, up to the first stranger (${engine})`, async () => {
		await using house = await openHouse(engine, {
			trustedProxies: "127.0.0.1 10.0.0.0/8, 2001:db8:ffff::/48",
		});
		const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
		const from = (forwarded: string) => spray(house, { ...token, "X-Forwarded-For": forwarded });
		// Whatever a stranger wrote before, the last address that no proxy of ours has is where it came from.
		const chains = (index: number) =>
			[
				"198.51.100.1",
				`${addressAt(index)}, 198.51.100.1`,
				`6.6.6.${index}, 198.51.100.1, 10.1.2.3`,
				`unknown, 6.6.6.${index},198.51.100.1,10.1.2.3,2001:db8:ffff::7, 10.9.9.9`,
				`::ffff:198.51.100.1, ::ffff:10.1.2.${index}`,
			][index % 5] ?? "";
		assertFirst(await outcomes(40, (index) => from(chains(index))), 30);
		assert.equal(await from("198.51.100.2"), CHECKED, "another shopper behind the same proxy");
		const walk = (index: number) => from(`2001:db8:5:5::${index.toString(16)}, 10.1.2.3`);
		assertFirst(await outcomes(40, walk), 30);
		// A proxy that tells nothing is the one who asks.
		assertFirst(await outcomes(31, (index) => from(`6.6.6.${index}, hidden, 10.4.4.4`)), 30);
		const long = Array.from({ length: 500 }, (_, index) => addressAt(index)).join(",");
		assert.equal(await from(`${long},198.51.100.3`), CHECKED, "a long chain");
	});

	test(`without proxies in the settings nothing that is forwarded is read (${engine})`, async () => {
		await using house = await openHouse(engine);
		const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
		const forwarded = { "X-Forwarded-For": "203.0.113.9" };
		assertFirst(await outcomes(40, () => spray(house, { ...token, ...forwarded })), 40);
	});
}
