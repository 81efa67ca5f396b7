// Where the links in mails lead: to the shop of the settings, whatever host a request claims to have come to.
import assert from "node:assert/strict";
import { connect } from "node:net";
import test from "node:test";
import type { Mail } from "../../src/mail/mail.ts";
import { ENGINES, type House, openHouse, RECOVER } from "../house.ts";
import { exchange } from "../wire/wire.ts";
import { EMAIL, mailedLink, PASSWORD } from "./links.ts";

const SHOP = "https://shop.example";
const PATH = "/api/2026-04/graphql.json";

/** The mail with its secret out of sight: what two mails of one kind must have in common, to the byte. */
function withoutToken({ links, ...mail }: Mail): string {
	const token = links[0]?.split("/").at(-1) ?? "";
	return JSON.stringify({ ...mail, links }).replaceAll(token, "TOKEN");
}

/** Requests that claim to have come to another host: as headers, in pairs too, and as whole requests. */
function headersOf(house: House): readonly Readonly<Record<string, string>>[] {
	const evil = "evil.example";
	const single = {
		Host: evil,
		"X-Forwarded-Host": evil,
		"X-Forwarded-Server": evil,
		"X-Forwarded-Proto": "http",
		"X-Forwarded-Port": "666",
		"X-Forwarded-Prefix": "/evil",
		"X-Original-URL": `https://${evil}/api/2026-04/graphql.json`,
		"X-Rewrite-URL": `https://${evil}/`,
		Forwarded: `for=1.2.3.4;host=${evil};proto=http`,
		Origin: `https://${evil}`,
		Referer: `https://${evil}/account/login`,
	};
	const { host } = new URL(house.app.url);
	const pairs = [
		{ Host: `${host}.${evil}` },
		{ Host: `${evil}:80` },
		{ Host: `shop.example@${evil}` },
		{ Host: evil, "X-Forwarded-Host": evil },
		{ "X-Forwarded-Host": `${evil}, shop.example`, Forwarded: `host="${evil}"` },
		single,
	];
	return [...Object.entries(single).map(([name, value]) => ({ [name]: value })), ...pairs];
}

/** Sends bytes as they are, and gives what comes back. */
function sendBytes(house: House, bytes: string): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = "";
		const socket = connect(Number(new URL(house.app.url).port), "127.0.0.1", () => socket.write(bytes));
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.on("error", reject);
		socket.on("close", () => resolve(text));
	});
}

for (const engine of ENGINES) {
	test(`${engine}: no request says where a link leads`, async () => {
		await using house = await openHouse(engine, { shopUrl: SHOP });
		await house.signedIn(EMAIL, PASSWORD);
		await mailedLink(house, "reset");
		const [plain] = await house.mails();
		assert.ok(plain);
		assert.match(plain.links[0] ?? "", /^https:\/\/shop\.example\/account\/reset\/\d+\/[0-9a-f]{48}-\d+$/);
		const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
		const body = { query: RECOVER, variables: { email: EMAIL } };
		let mailed = (await house.mails()).length;
		for (const headers of headersOf(house)) {
			const answer = await exchange(house.app.url, { path: PATH, headers: { ...token, ...headers }, body });
			assert.deepEqual(answer.body?.data?.customerRecover?.customerUserErrors, [], answer.text);
			const mails = await house.mails();
			assert.equal(mails.length, ++mailed);
			assert.equal(withoutToken(mails[0] as Mail), withoutToken(plain), JSON.stringify(headers));
		}

		const text = JSON.stringify(body);
		const rest = [
			`X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`,
			"Content-Type: application/json",
			`Content-Length: ${text.length}`,
			"Connection: close",
			"",
			text,
		];
		const before = mailed;
		for (const head of [
			[`POST https://evil.example${PATH} HTTP/1.1`, "Host: evil.example"],
			[`POST http://evil.example:80${PATH} HTTP/1.1`, `Host: ${new URL(house.app.url).host}`],
			[`POST //evil.example${PATH} HTTP/1.1`, "Host: evil.example"],
			[`POST ${PATH} HTTP/1.1`, "Host: shop.example", "Host: evil.example"],
			[`POST ${PATH} HTTP/1.0`],
			[`POST ${PATH} HTTP/1.1`, "Host:"],
		]) {
			const answered = await sendBytes(house, [...head, ...rest].join("\r\n"));
			const mails = await house.mails();
			assert.equal(mails.length, answered.includes('"customerUserErrors":[]') ? ++mailed : mailed, answered);
			assert.equal(withoutToken(mails[0] as Mail), withoutToken(plain), head.join());
		}
		assert.ok(mailed > before, "none of them was understood");
	});
}
