// Links as texts: in which forms they are read, and that nobody is asked for them.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { ENGINES, openHouse } from "../house.ts";
import { askForLink, EMAIL, newcomerWithLink, PASSWORD, redeem, refusalOf, tokenOf } from "./links.ts";

const NEW = "new battery staple";
const SHOP = "https://shop.example";
const PURPOSES = ["reset", "activation"] as const;

/** Every way in which the link of a mail may come back, by what was done to it. */
const READABLE: Readonly<Record<string, (url: URL) => string>> = {
	"as it was mailed": ({ href }) => href,
	"another host": ({ pathname }) => `https://storefront.example.org:8443${pathname}`,
	"without encryption": ({ pathname }) => `http://shop.example${pathname}`,
	"a host in Unicode": ({ pathname }) => `https://b\u00fccher.example${pathname}`,
	"a host in punycode": ({ pathname }) => `https://xn--bcher-kva.example${pathname}`,
	"an address for a host": ({ pathname }) => `https://[2001:db8::1]${pathname}`,
	"a user before the host": ({ pathname }) => `https://shop.example:secret@evil.example${pathname}`,
	"a parameter of the shop's": ({ href }) => `${href}?syclid=1b4e28ba-2fa1-11d2-883f-b9a761bde3fb`,
	"many parameters": ({ href }) => `${href}?utm_source=mail&x=/account/reset/1/2&y=%00&z#top`,
	"a fragment": ({ href }) => `${href}#/account/reset/1/other`,
	"a slash at its end": ({ href }) => `${href}/`,
	"a slash and a parameter": ({ href }) => `${href}/?syclid=1`,
	"a language before the path": ({ pathname }) => `https://shop.example/de-ch${pathname}`,
	"the path of a page before it": ({ pathname }) => `https://shop.example/pages/shop${pathname}`,
	backslashes: ({ pathname }) => `https://shop.example${pathname.replaceAll("/", "\\")}`,
	"dots in the path": ({ pathname }) =>
		`https://shop.example/a/..${pathname.replace("/account", "/./account")}`,
	"a scheme in capitals": ({ pathname }) => `HTTPS://SHOP.EXAMPLE${pathname}`,
};

/** What is no link of the customer's, and what it is answered with. */
const UNREADABLE: Readonly<Record<string, (url: URL) => string>> = {
	"no path": () => SHOP,
	"no token": ({ href }) => href.slice(0, href.lastIndexOf("/")),
	"an empty token": ({ href }) => href.slice(0, href.lastIndexOf("/") + 1),
	"no customer": ({ href }) => href.replace(/\/\d+\//, "/"),
	"a customer of letters": ({ href }) => href.replace(/\/\d+\//, "/ada/"),
	"a customer that is nobody": ({ href }) => href.replace(/\/\d+\//, "/1/"),
	"a customer beyond all numbers": ({ href }) => href.replace(/\/\d+\//, `/${"9".repeat(40)}/`),
	"the largest customer": ({ href }) => href.replace(/\/\d+\//, `/${"9".repeat(16)}/`),
	"a negative customer": ({ href }) => href.replace(/\/(\d+)\//, "/-$1/"),
	"a global id": ({ href }) => href.replace(/\/(\d+)\//, "/gid:%2F%2Fshopify%2FCustomer%2F$1/"),
	"another path": ({ href }) => href.replace("/account/", "/accounts/"),
	"the path as a parameter": ({ pathname }) => `${SHOP}/?next=${encodeURIComponent(pathname)}`,
	"the path as a parameter in the clear": ({ pathname }) => `${SHOP}/login?next=${pathname}`,
	"the link as a parameter": ({ href }) => `https://mail.example/?next=${href}`,
	"the path as a fragment": ({ pathname }) => `${SHOP}/login#${pathname}`,
	"more behind the token": ({ href }) => `${href}/edit`,
	"slashes in code": ({ pathname }) => `${SHOP}/${pathname.slice(1).replaceAll("/", "%2F")}`,
	"10 kB of parameters": ({ href }) => `${href}?x=${"x".repeat(10_000)}`,
	"10 kB of path": ({ pathname }) => `${SHOP}/${"a/".repeat(5000)}${pathname}`,
	"10 kB of digits": ({ href }) => href.replace(/\/\d+\//, `/${"1".repeat(10_000)}/`),
	"the other purpose": ({ href }) =>
		href.includes("/reset/") ? href.replace("/reset/", "/activate/") : href.replace("/activate/", "/reset/"),
};

/** What is no URL at all, and is refused before any verb. */
const NO_URLS = [
	"",
	"not-a-url",
	"/account/reset/1/x",
	"https:///account",
	"data:text/html,x",
	"javascript:alert(1)",
];

for (const purpose of PURPOSES) {
	test(`a link for ${purpose} is read in every form in which it may come back`, async () => {
		await using house = await openHouse(ENGINES[0], { shopUrl: SHOP });
		for (const [index, [form, change]] of Object.entries(READABLE).entries()) {
			const link = await newcomerWithLink(house, purpose, `reader${index}@example.com`);
			const answer = await redeem(house, { ...link, url: change(new URL(link.url)) }, NEW, "url");
			assert.deepEqual(answer.errors, undefined, form);
			tokenOf(answer);
		}
	});

	test(`what is no link for ${purpose} of the customer's opens nothing and spends nothing`, async () => {
		await using house = await openHouse(ENGINES[0], { shopUrl: SHOP });
		const link = await newcomerWithLink(house, purpose);
		for (const [form, change] of Object.entries(UNREADABLE)) {
			const answer = await redeem(house, { ...link, url: change(new URL(link.url)) }, NEW, "url");
			assert.deepEqual(refusalOf(answer), ["NOT_FOUND"], form);
			assert.deepEqual(answer.errors, [
				{
					message: "Unidentified customer",
					path: ["redeemed"],
					locations: [],
					extensions: { code: "NOT_FOUND" },
				},
			]);
		}
		for (const url of [...NO_URLS, ` ${link.url}`, link.url.slice("https:".length)]) {
			const { data, errors } = await redeem(house, { ...link, url }, NEW, "url");
			assert.deepEqual([data, errors.length], [undefined, 1], url);
			assert.match(errors[0].extensions.problems[0].explanation, /^Invalid url/);
		}
		// Another customer's id, and this one's token: as a bad token, in both forms.
		const other = await newcomerWithLink(house, purpose, "other@example.com");
		const mixed = { ...link, id: other.id, url: other.url.replace(other.token, link.token) };
		for (const form of ["id", "url"] as const) {
			assert.deepEqual(refusalOf(await redeem(house, mixed, NEW, form)), ["TOKEN_INVALID"]);
		}
		tokenOf(await redeem(house, link, NEW, "url"));
		tokenOf(await redeem(house, other, NEW));
	});
}

test("a link is text: whoever it names is never connected to", async () => {
	await using house = await openHouse(ENGINES[0], { shopUrl: SHOP });
	let connections = 0;
	const named = createServer((_, response) => response.end());
	named.on("connection", () => connections++);
	await new Promise<void>((resolve) => named.listen(0, "127.0.0.1", resolve));
	const { port } = named.address() as AddressInfo;
	try {
		for (const purpose of PURPOSES) {
			const link = await newcomerWithLink(house, purpose, `${purpose}@example.com`);
			const { pathname } = new URL(link.url);
			for (const origin of [
				`http://127.0.0.1:${port}`,
				`http://localhost:${port}`,
				`http://0x7f.1:${port}`,
			]) {
				const wrong = `${origin}${pathname.replace(/.$/, "x")}`;
				assert.deepEqual(refusalOf(await redeem(house, { ...link, url: wrong }, NEW, "url")), [
					"TOKEN_INVALID",
				]);
				const nothing = `${origin}/nothing?next=${origin}${pathname}`;
				assert.deepEqual(refusalOf(await redeem(house, { ...link, url: nothing }, NEW, "url")), [
					"NOT_FOUND",
				]);
			}
			const url = `http://127.0.0.1:${port}${pathname}`;
			tokenOf(await redeem(house, { ...link, url }, NEW, "url"));
		}
		// Had anybody connected, this would not be the first.
		await (await fetch(`http://127.0.0.1:${port}/`)).text();
		assert.equal(connections, 1);
	} finally {
		named.closeAllConnections();
		named.close();
	}
});

test("a shop's own templates are what links are made of, and read from", async () => {
	for (const [resetUrl, expected, others] of [
		[
			"{shop}/password/new?customer={customer}&token={token}",
			/^https:\/\/shop\.example\/password\/new\?customer=(\d+)&token=([\w-]+)$/,
			["&utm_source=mail", "#form"],
		],
		[
			"https://id.example/r/{token}/{customer}?from=mail",
			/^https:\/\/id\.example\/r\/([\w-]+)\/(\d+)\?from=mail$/,
			["&x=1"],
		],
		[
			"{shop}/#/reset/{customer}/{token}",
			/^https:\/\/shop\.example\/#\/reset\/(\d+)\/([\w-]+)$/,
			["?x=1", "/"],
		],
		[
			"{shop}/compte/r\u00e9initialiser/{customer}/{token}",
			/^https:\/\/shop\.example\/compte\/r\u00e9initialiser\/(\d+)\/([\w-]+)$/,
			["/", "?x"],
		],
		[
			"{shop}/a b/(.*)/{customer}/{token}",
			/^https:\/\/shop\.example\/a b\/\(\.\*\)\/(\d+)\/([\w-]+)$/,
			["/"],
		],
	] as const) {
		await using house = await openHouse(ENGINES[0], { shopUrl: `${SHOP}/`, resetUrl });
		await house.signedIn(EMAIL, PASSWORD);
		for (const added of ["", ...others]) {
			await askForLink(house, "reset");
			const [mail] = (await house.mails()).filter(({ subject }) => subject.startsWith("Reset"));
			const [url = ""] = mail?.links ?? [];
			assert.match(url, expected);
			const link = { purpose: "reset", id: "", token: "", url: `${url}${added}` } as const;
			tokenOf(await redeem(house, link, NEW, "url"));
		}
		// What was mailed before the shop had a template of its own is read as well.
		await askForLink(house, "reset");
		const [url = ""] = (await house.mails()).find(({ subject }) => subject.startsWith("Reset"))?.links ?? [];
		const [customer] = /(?<!\w)\d{13,15}(?!\w)/.exec(url) ?? [];
		const [token] = /[0-9a-f]{48}-\d+/.exec(url) ?? [];
		const standard = `${SHOP}/account/reset/${customer}/${token}`;
		tokenOf(await redeem(house, { purpose: "reset", id: "", token: "", url: standard }, NEW, "url"));
	}
});

test("a template that no link could be read from is refused at the start", async () => {
	for (const resetUrl of [
		"{shop}/account/reset/{token}",
		"{shop}/account/reset/{customer}",
		"{shop}/{customer}/{token}/{token}",
		"/account/reset/{customer}/{token}",
		"javascript:alert('{customer}{token}')",
		"ftp://shop.example/{customer}/{token}",
		"https://{customer}.shop.example/{token}",
		"https://{token}:{customer}@shop.example/",
	]) {
		await assert.rejects(openHouse(ENGINES[0], { shopUrl: SHOP, resetUrl }), /LATCHKEY_RESET_URL/, resetUrl);
	}
});
