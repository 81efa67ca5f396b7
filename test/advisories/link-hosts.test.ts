// Advisories on links whose host came from a request, each as an attack on this house: what is compared are letters, as
// a real mail server was given them.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse, RECOVER, SIGN_UP, UPDATE } from "../house.ts";
import { sendRaw } from "../http/raw.ts";
import { type Letter, PostOffice } from "../mail/post-office.ts";
import { enter, passFor, SETTINGS } from "../multipass/passes.ts";
import { EMAIL, PASSWORD, setState } from "../recovery/links.ts";
import { openSecondShop } from "../second-shop.ts";
import { exchange } from "../wire/wire.ts";

const SHOP = "https://shop.example";
const EVIL = "evil.example";
const PATH = "/api/2026-04/graphql.json";

type Headers = Readonly<Record<string, string>>;

interface Town extends AsyncDisposable {
	readonly house: House;
	/** Sends an operation with these headers, and gives the letters that came of it, without their secrets. */
	lettersOf(query: string, variables: unknown, headers: Headers): Promise<readonly string[]>;
}

/** A letter with the secret of its link out of sight. */
function withoutToken({ recipients, subject, text, link }: Letter): string {
	const token = link?.split("/").at(-1) ?? "";
	const shown = JSON.stringify({ recipients, subject, text, link });
	return token === "" ? shown : shown.replaceAll(token, "TOKEN");
}

async function openTown(settings: Parameters<typeof openHouse>[1] = {}): Promise<Town> {
	const office = await PostOffice.open();
	const house = await openHouse(ENGINES[0], { smtpUrl: office.url, shopUrl: SHOP, ...settings });
	const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	return {
		house,
		lettersOf: async (query, variables, headers) => {
			await house.mails();
			const before = office.letters.length;
			const body = { query, variables };
			const answer = await exchange(house.app.url, { path: PATH, headers: { ...token, ...headers }, body });
			assert.equal(answer.status, 200, answer.text);
			await house.mails();
			return office.letters.slice(before).map(withoutToken);
		},
		[Symbol.asyncDispose]: async () => {
			await house[Symbol.asyncDispose]();
			await office[Symbol.asyncDispose]();
		},
	};
}

/** Alone and in pairs. */
function singlesAndPairs(headers: Headers): readonly Headers[] {
	const singles = Object.entries(headers).map(([name, value]) => ({ [name]: value }));
	return singles.flatMap((one, at) => [one, ...singles.slice(at + 1).map((other) => ({ ...one, ...other }))]);
}

async function assertUnmoved({ lettersOf }: Town, poisons: readonly Headers[]): Promise<void> {
	const [plain, ...more] = await lettersOf(RECOVER, { email: EMAIL }, {});
	assert.deepEqual(more, []);
	assert.match(plain ?? "", /"link":"https:\/\/shop\.example\/account\/reset\/\d+\/TOKEN"/);
	for (const headers of poisons) {
		assert.deepEqual(await lettersOf(RECOVER, { email: EMAIL }, headers), [plain], JSON.stringify(headers));
	}
}

test("Zitadel GHSA-2wmj-46rj-qm2w, CVE-2026-29067: no forwarded host moves a link, and nothing redirects", async () => {
	await using town = await openTown({
		...SETTINGS,
		trustedProxies: "127.0.0.1",
		limitLinks: "off",
		limitRecoveries: "off",
	});
	const { house } = town;
	await house.signedIn(EMAIL, PASSWORD);
	const forwarded = {
		"X-Forwarded-Host": EVIL,
		"X-Forwarded-Proto": "http",
		"X-Forwarded-Port": "666",
		Forwarded: `for=1.2.3.4;host=${EVIL};proto=http`,
		"X-Zitadel-Public-Host": EVIL,
	};
	// Even where the proxy that says so is one of the operator's own.
	await assertUnmoved(town, singlesAndPairs({ ...forwarded, "X-Forwarded-For": "192.0.2.1" }));

	const target = `https://${EVIL}/`;
	const aims = ["return_to", "redirect_uri", "redirect", "next", "url", "post_logout_redirect_uri"];
	const inQuery = aims.map((name) => `${name}=${encodeURIComponent(target)}`).join("&");
	const inBody = Object.fromEntries(aims.map((name) => [name, target]));
	const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	const paths = [
		PATH,
		"/",
		`//${EVIL}/`,
		`/\\${EVIL}`,
		`/${EVIL}/..//`,
		"/docs",
		"/healthz",
		"/_dev/mail",
		"/login",
	];
	for (const path of paths) {
		for (const method of ["GET", "POST"]) {
			const body = { query: RECOVER, variables: { email: EMAIL, ...inBody }, ...inBody };
			const sent = { method, path: `${path}?${inQuery}`, headers: { ...token, ...forwarded } };
			const answer = await exchange(house.app.url, method === "POST" ? { ...sent, body } : sent);
			assert.ok(answer.status < 300 || answer.status >= 400, `${method} ${path}`);
			assert.doesNotMatch(JSON.stringify(answer.headers), /location|refresh|evil/i, path);
			assert.equal(answer.text.includes(EVIL), false, path);
		}
	}
	const entered = await enter(house, passFor(house, { email: EMAIL, ...inBody }));
	assert.ok(entered.data.customerAccessTokenCreateWithMultipass.customerAccessToken);
	assert.equal(JSON.stringify(entered).includes(EVIL), false);
});

test("Supabase GHSA-3529-5m8x-rpv3: X-Forwarded-Host moves no link of any mail", async () => {
	await using town = await openTown();
	const { house, lettersOf } = town;
	const t = await house.signedIn(EMAIL, PASSWORD);
	await house.signedIn("ivy@example.com", PASSWORD);
	await setState(house, "ivy@example.com", "invited");
	const hosts = [
		EVIL,
		`${EVIL}:443`,
		`shop.example, ${EVIL}`,
		`shop.example@${EVIL}`,
		"",
		"\u00e9vil.example",
	];
	let signUps = 0;
	let renamed = 0;
	const mailing = [
		[RECOVER, () => ({ email: EMAIL })],
		[SIGN_UP, () => ({ input: { email: "ivy@example.com", password: PASSWORD } })],
		[SIGN_UP, () => ({ input: { email: `new${signUps++}@example.com`, password: PASSWORD } })],
		[UPDATE, () => ({ t, customer: { email: `ada${renamed++}@example.com` } })],
	] as const;
	const anyone = (letters: readonly string[]) =>
		letters.map((letter) => letter.replaceAll(/(?:new|ada)\d*@example\.com/g, "SOMEONE"));
	for (const [query, variables] of mailing) {
		const plain = anyone(await lettersOf(query, variables(), {}));
		assert.equal(plain.length, 1, query);
		for (const host of hosts) {
			const headers = {
				"X-Forwarded-Host": Buffer.from(host).toString("latin1"),
				"X-Forwarded-Proto": "http",
			};
			const letters = anyone(await lettersOf(query, variables(), headers));
			assert.deepEqual(letters, plain, host);
		}
	}
});

test("couch-auth CVE-2025-70948, Part-DB CVE-2026-86055, SOGo CVE-2026-93453: neither Host nor Origin moves a link", async () => {
	await using town = await openTown();
	const { house } = town;
	await house.signedIn(EMAIL, PASSWORD);
	const there = await openSecondShop(house);
	const { host } = new URL(house.app.url);
	const hosts = [
		EVIL,
		`${EVIL}:80`,
		`${host}.${EVIL}`,
		`${EVIL}#${host}`,
		`${EVIL}/${host}`,
		"[::1]",
		"second.example",
	];
	const origins = [`https://${EVIL}`, "null", `https://shop.example.${EVIL}`, "https://second.example"];
	await assertUnmoved(town, [
		...hosts.map((Host) => ({ Host })),
		...origins.flatMap((Origin) => [{ Origin }, { Origin, Referer: `${Origin}/account` }]),
		...singlesAndPairs({
			Host: EVIL,
			Origin: `https://${EVIL}`,
			Referer: `https://${EVIL}/`,
			"X-Host": EVIL,
		}),
	]);
	// Which shop's link it is, the token says, whatever the host.
	const letters = await town.lettersOf(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }, there);
	assert.match(letters.join(), /"subject":"[^"]*Second/);
	const text = JSON.stringify({ query: RECOVER, variables: { email: EMAIL } });
	const rest = [
		`X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`,
		"Content-Type: application/json",
		`Content-Length: ${text.length}`,
		"Connection: close",
	];
	let mailed = 0;
	for (const head of [
		[`POST https://${EVIL}${PATH} HTTP/1.1`, `Host: ${host}`],
		[`POST https://shop.example@${EVIL}${PATH} HTTP/1.1`, `Host: ${EVIL}`],
		[`POST ${PATH} HTTP/1.1`, `Host: ${host}`, `Host: ${EVIL}`],
		[`POST ${PATH} HTTP/1.1`, ` Host: ${EVIL}`, `Host: ${host}`],
		[`POST ${PATH} HTTP/1.0`, `Host: ${EVIL}`],
	]) {
		const [answer] = await sendRaw(house, `${[...head, ...rest].join("\r\n")}\r\n\r\n${text}`);
		if (answer?.body.includes('"customerUserErrors":[]')) mailed++;
		const mails = await house.mails();
		assert.ok(
			mails.every(({ links, text }) => !`${links} ${text}`.includes(EVIL)),
			head.join(),
		);
	}
	assert.ok(mailed > 0, "none of them was understood");
});
