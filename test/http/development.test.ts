// The doors of `latchkey dev` are the developer's: every tool and page on the machine may use them, and no other website
// that the developer's browser happens to show, under whatever name it reaches this server.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse } from "../house.ts";
import { type RawAnswer, rawRequest, sendRaw } from "./raw.ts";

type Headers = Readonly<Record<string, string>>;

async function ask(house: House, door: string, host: string, headers: Headers): Promise<RawAnswer> {
	const body = door.endsWith("clock") ? '{"advanceSeconds": 0}' : "";
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	const length = door.startsWith("POST") ? [`Content-Length: ${body.length}`] : [];
	const head = [`${door} HTTP/1.1`, ...(host === "" ? [] : [`Host: ${host}`]), ...lines, ...length];
	const answers = await sendRaw(house, rawRequest([...head, "Connection: close"], body));
	assert.equal(answers.length, 1);
	return answers[0] as RawAnswer;
}

const DOORS = ["GET /_dev/mail", "POST /_dev/clock", "POST /_dev/reset"];
/** PORT stands for the server's own. */
const OWN_HOSTS = [
	...[
		"localhost:PORT",
		"LOCALHOST:PORT",
		"localhost.:PORT",
		"127.0.0.1:PORT",
		"127.1.2.3:PORT",
		"[::1]:PORT",
	],
	...[
		"shop.localhost:PORT",
		"my-laptop:PORT",
		"laptop.local:PORT",
		"latchkey:PORT",
		"shop.test",
		"192.168.1.7:PORT",
	],
	...["host.docker.internal:PORT", "localhost", "localhost:80"],
];
/** Names of others that have been made to point at this machine. */
const FOREIGN_HOSTS = [
	...["evil.example:PORT", "evil.example", "localhost.evil.example:PORT", "127.0.0.1.evil.example:PORT"],
	...["evillocalhost.com:PORT", "127.0.0.1.nip.io:PORT", "evil.example.:PORT", "a b:PORT", "@:PORT"],
];

test("every tool of the developer is let in, by every name of the machine", async () => {
	await using house = await openHouse();
	const { port } = new URL(house.app.url);
	for (const named of OWN_HOSTS) {
		const host = named.replace("PORT", port);
		const tools: readonly Headers[] = [
			// curl, fetch of Node, a page of this server in a browser, typed into the address bar, in an older browser.
			{ "User-Agent": "curl/8.5.0", Accept: "*/*" },
			{ "User-Agent": "node", "Sec-Fetch-Mode": "cors", "Accept-Language": "*" },
			{ Origin: `http://${host}`, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors" },
			{ "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
			{ Origin: `http://${host}` },
		];
		for (const headers of tools) {
			for (const door of DOORS) {
				const { status, body } = await ask(house, door, host, headers);
				assert.equal(status, 200, `${door} of ${host} ${JSON.stringify(headers)}: ${body}`);
			}
		}
	}
	// A link to the mailbox, from a page of documentation or from the shop on another port.
	const linked = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", Accept: "text/html" };
	for (const site of ["cross-site", "same-site"]) {
		const { status } = await ask(house, "GET /_dev/mail", `localhost:${port}`, {
			...linked,
			"Sec-Fetch-Site": site,
		});
		assert.equal(status, 200, site);
	}
});

test("the doors are open over IPv6 as well", async () => {
	await using house = await openHouse(ENGINES[0], { host: "::1" });
	const { port } = new URL(house.app.url);
	assert.equal((await fetch(`${house.app.url}/_dev/mail`)).status, 200);
	assert.equal(
		(await ask(house, "POST /_dev/clock", `[::1]:${port}`, { Origin: `http://[::1]:${port}` })).status,
		200,
	);
	assert.equal((await ask(house, "POST /_dev/clock", `evil.example:${port}`, {})).status, 403);
});

test("no other website is let in, and nothing of what it asked is done", async () => {
	await using house = await openHouse();
	const { port } = new URL(house.app.url);
	const token = await house.signedIn();
	const own = `localhost:${port}`;
	const refused: [string, Headers][] = FOREIGN_HOSTS.map((host) => [host.replace("PORT", port), {}]);
	// As its own name's page, which is what a browser calls it after rebinding.
	refused.push([`evil.example:${port}`, { Origin: `http://evil.example:${port}` }]);
	for (const origin of [
		...[
			"https://evil.example",
			"null",
			"",
			"http://localhost:1",
			"http://localhost",
			`http://localhost.evil.example:${port}`,
		],
		...[
			"file://",
			"chrome-extension://abcdef",
			`http://evil.example:${port}`,
			`http://127.0.0.1:${port}`,
			"http://[::1]",
		],
	]) {
		refused.push([own, { Origin: origin }]);
	}
	refused.push([
		own,
		{ "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" },
	]);
	refused.push([
		own,
		{ "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" },
	]);
	for (const [host, headers] of refused) {
		for (const door of DOORS) {
			const { status, body } = await ask(house, door, host, headers);
			assert.equal(status, 403, `${door} of ${host} ${JSON.stringify(headers)}`);
			assert.doesNotMatch(body, /links|reset":true|now/);
		}
	}
	// A form that another website sends is a navigation, too.
	const form = {
		"Sec-Fetch-Site": "cross-site",
		"Sec-Fetch-Mode": "navigate",
		"Sec-Fetch-Dest": "document",
		"Content-Type": "text/plain",
	};
	assert.equal((await ask(house, "POST /_dev/reset", own, form)).status, 403);
	const read = await house.ask("query($t: String!) { customer(customerAccessToken: $t) { email } }", {
		t: token,
	});
	assert.equal(read.data.customer.email, "ada@example.com");
});

test("development doors say what they take", async () => {
	await using house = await openHouse();
	const { url } = house.app;
	assert.deepEqual(await (await fetch(`${url}/_dev/mail`)).json(), []);
	const page = await fetch(`${url}/_dev/mail`, { headers: { Accept: "text/html" } });
	assert.match(await page.text(), /<h1>Mailbox<\/h1>/);
	for (const body of [
		"",
		"{}",
		"[]",
		'{"advanceSeconds":300000000000}',
		'{"advanceSeconds":-1}',
		'{"advanceSeconds":1.5}',
		'{"advanceSeconds":"1"}',
	]) {
		assert.equal((await fetch(`${url}/_dev/clock`, { method: "POST", body })).status, 400, body);
	}
	assert.equal((await fetch(`${url}/_dev/other`)).status, 404);
});

test("GraphiQL is one page that asks no other host", async () => {
	await using house = await openHouse();
	const page = await fetch(`${house.app.url}/api/2026-04/graphql.json`, { headers: { Accept: "text/html" } });
	assert.equal(page.status, 200);
	const html = await page.text();
	assert.doesNotMatch(html, /<(?:script|link|img)[^>]+(?:src|href)="https?:/);
	assert.match(html, new RegExp(house.keys.storefrontAccessToken));
});
