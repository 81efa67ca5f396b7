// What went wrong in Directus with tokens and mails, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import { simpleParser } from "mailparser";
import { disableCustomer, enableCustomer } from "../../src/store/customer-states.ts";
import { statement } from "../../src/store/engine.ts";
import {
	DELETE,
	ENGINES,
	type EngineName,
	type House,
	openHouse,
	READ,
	RECOVER,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { addressAt, comingFrom, outcomeOf } from "../limits/visitors.ts";
import { PostOffice } from "../mail/post-office.ts";
import { openPostbox, type Postbox } from "../mail/postbox.ts";
import { entered, passFor, SETTINGS } from "../multipass/passes.ts";
import {
	askForLink,
	customerIdOf,
	DOCUMENTS,
	EMAIL,
	FORMS,
	mailedLink,
	PASSWORD,
	readerOf,
	redeem,
	refusalOf,
} from "../recovery/links.ts";
import { onEveryNode } from "./nodes.ts";
import { emailOf, makePeople, STATES, saidTo } from "./people.ts";
import { watchWork } from "./work.ts";

const NEW = "new battery staple";
const WRONG = `${"0".repeat(48)}-1`;

async function idOf({ app }: House, email: string): Promise<number> {
	const [row] = await app.store.read(statement("SELECT id FROM customers WHERE email = ?"), [email]);
	return Number(row?.["id"] ?? 4_242_424_242);
}

/** Everything that a token does is refused. */
async function assertDead(house: House, t: string, says = ""): Promise<void> {
	assert.deepEqual((await house.ask(READ, { t })).data, { customer: null }, says);
	for (const [query, more] of [
		[RENEW, {}],
		[UPDATE, { customer: { firstName: "Eve" } }],
		[DELETE, {}],
	] as const) {
		assert.equal((await house.ask(query, { t, ...more })).errors[0].extensions.code, "ACCESS_DENIED", says);
	}
}

for (const engine of ENGINES) {
	// The time itself is measured by `npm run trust -- timing`.
	test(`Directus CVE-2026-26185: failing recoveries and resets are the same work whoever is asked for, and wait for no mail (${engine})`, async (t) => {
		await using house = await openHouse(engine);
		await makePeople(house);
		const work = watchWork(t, house);
		let address = 0;
		const done = async (query: string, variables: Record<string, unknown>) => {
			const headers = comingFrom(house, addressAt(++address));
			let said = "";
			const acts = await work.of(async () => {
				said = await saidTo(house, query, variables, headers);
			});
			assert.ok(!acts.some((act) => act.startsWith("hash")), "nothing is hashed for what fails");
			return { acts, said };
		};
		const recoveries = new Map<string, Awaited<ReturnType<typeof done>>>();
		for (const who of STATES) recoveries.set(who, await done(RECOVER, { email: emailOf(who) }));
		const enabled = recoveries.get("enabled");
		for (const [who, { acts, said }] of recoveries) {
			assert.deepEqual(acts, enabled?.acts, who);
			// By contract the text tells of an address that nobody has, and of no other.
			if (who !== "nobody") assert.equal(said, enabled?.said, who);
		}
		for (const email of ["", "@", "not an address", `${"a".repeat(3000)}@example.com`]) {
			assert.deepEqual(await done(RECOVER, { email }), recoveries.get("nobody"), email.slice(0, 20));
		}
		for (const [path, purpose] of Object.entries({ reset: "reset", activate: "activation" } as const)) {
			for (const form of FORMS) {
				const seen = new Map<string, string>();
				for (const who of STATES) {
					const number = await idOf(house, emailOf(who));
					const id = `gid://shopify/Customer/${number}`;
					const url = `https://shop.example/account/${path}/${number}/${WRONG}`;
					const told = await done(DOCUMENTS[purpose][form], { id, token: WRONG, url, password: NEW });
					seen.set(who, JSON.stringify(told));
				}
				// A URL of nobody's is told of by contract, and so is an account that is enabled already.
				const leftOut = [form === "url" ? "nobody" : "", purpose === "activation" ? "enabled" : ""];
				if (purpose === "activation") leftOut.push("passwordless");
				const alike = [...seen].filter(([who]) => !leftOut.includes(who)).map(([, told]) => told);
				assert.equal(new Set(alike).size, 1, `${purpose} by ${form}`);
			}
		}
		t.mock.restoreAll();
		await recoverWhileMailIsHeld(engine);
	});

	test(`Directus GHSA-56p6-qw3c-fq2g: a disabled customer's tokens are dead on every node, and stay dead (${engine})`, () =>
		onEveryNode(
			engine,
			SETTINGS,
			async (house) => {
				const tokens = [
					await house.signedIn(EMAIL, PASSWORD),
					await entered(house, passFor(house, { email: EMAIL })),
				];
				for (const t of tokens) assert.equal(await readerOf(house, t), EMAIL);
				const link = await mailedLink(house, "reset");
				const { store, shop, clock } = house.app;
				const who = { shopId: shop.id, customerId: customerIdOf(link), now: clock.now() };
				assert.equal(await disableCustomer(store, who), 2);
				for (const t of tokens) await assertDead(house, t, "while disabled");
				for (const form of FORMS) refusalOf(await redeem(house, link, NEW, form));
				assert.equal(
					outcomeOf(await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } })),
					"UNIDENTIFIED_CUSTOMER",
				);
				// By the operator, and by Multipass.
				assert.equal(await enableCustomer(store, who), null);
				for (const t of tokens) await assertDead(house, t, "enabled again");
				await disableCustomer(store, who);
				const alive = await entered(house, passFor(house, { email: EMAIL }));
				return { tokens, alive, link };
			},
			async (house, { tokens, alive, link }) => {
				assert.equal(await readerOf(house, alive), EMAIL);
				for (const t of tokens) await assertDead(house, t, "let in again by Multipass");
				for (const form of FORMS) refusalOf(await redeem(house, link, NEW, form));
			},
		));

	test(`Directus GHSA-g65h-35f3-x2w3: a deleted token is refused all day long (${engine})`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
		const other = data.customerAccessTokenCreate.customerAccessToken.accessToken;
		for (const each of [t, other]) assert.equal(await readerOf(house, each), EMAIL);
		assert.equal((await house.ask(DELETE, { t })).data.customerAccessTokenDelete.deletedAccessToken, t);
		const step = engine === "sqlite::memory:" ? 4 : 20;
		for (let minute = 0; minute < 1440; minute += step) {
			assert.equal(await readerOf(house, t), null, `minute ${minute}`);
			if (minute % 60 === 0) await assertDead(house, t, `minute ${minute}`);
			await house.advance(60 * step);
		}
		assert.equal(await readerOf(house, other), EMAIL, "the other one lives");
	});

	test(`Directus GHSA-4hmq-ggrm-qfc6: nothing that a customer typed is markup in a mail (${engine})`, async () => {
		await using box = await openPostbox();
		await using house = await openHouse(engine, { smtpUrl: box.url, shopUrl: "https://shop.example" });
		for (const firstName of [
			"<b>Ada</b>",
			"Ada<img src=x>",
			"<!--",
			"</p>",
			"<A HREF=//evil.example>",
			"https://evil.example",
			"www.evil.example",
		]) {
			const input = { email: "eve@example.com", password: PASSWORD, firstName };
			assert.match(outcomeOf(await house.ask(SIGN_UP, { input })), /^CONTAINS_(?:HTML_TAGS|URL)$/, firstName);
		}
		const typed = [
			'< img src=x onerror="alert(1)">',
			'"><" onmouseover=alert(1) x="',
			"&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
			"\uff1cscript\uff1ealert(1)",
			"{{ shop.url }}{% raw %}",
			"Ada\r\nBcc: eve@evil.example\r\n\r\n<\rb>",
			"javascript:alert(1) //evil.example",
		];
		// What the door refuses may have come from elsewhere: an import, an older rule.
		const kept = ["<script>alert(1)</script>", '<a href="https://evil.example">Reset</a>'];
		let typists = 0;
		const mailed = (firstName: string, keptName?: string) => {
			const email = `o'ada&copy=${++typists}@example.com`;
			return markupMailedTo(house, box, { email, firstName, kept: keptName });
		};
		// In our own words, and in a shop's, which show a name however it looks.
		for (const template of [null, TEMPLATE]) {
			if (template) {
				const put = statement(
					"INSERT INTO mail_templates (shop_id, kind, language, subject, html) VALUES (?, 'reset', '', 'Reset', ?)",
				);
				await house.app.store.change(put, [house.app.shop.id, template]);
			}
			const innocent = await mailed("Ada");
			for (const firstName of typed) assert.equal(await mailed(firstName), innocent, firstName);
			for (const name of kept) assert.equal(await mailed("Ada", name), innocent, name);
		}
	});
}

const TEMPLATE = `<p title="{{ customer.first_name }}" class='{{ customer.email }}'>{{ customer.name }}, {{ customer.email }}</p>
	<a href="{{ customer.reset_password_url }}">Reset</a>`;

/** A mail server that keeps its client waiting keeps no shopper waiting. */
async function recoverWhileMailIsHeld(engine: EngineName): Promise<void> {
	await using office = await PostOffice.open();
	await using house = await openHouse(engine, { smtpUrl: office.url });
	try {
		await makePeople(house);
		const { length: sent } = office.letters;
		office.behave("holdRecipient");
		for (let time = 0; time < 2; time++) {
			for (const who of STATES) {
				const { data } = await house.ask(RECOVER, { email: emailOf(who) });
				const told = who === "nobody" ? "UNIDENTIFIED_CUSTOMER" : undefined;
				assert.equal(data.customerRecover.customerUserErrors[0]?.code, told, who);
			}
			await office.whenHeld(1);
		}
		assert.equal(office.letters.length, sent);
	} finally {
		await office.leave();
	}
}

interface Typist {
	readonly email: string;
	readonly firstName: string;
	/** A name that stands in the database, whatever the door would have said of it. */
	readonly kept: string | undefined;
}

/** The elements of the customer's reset mail and where they lead, as the mail server was given it. */
async function markupMailedTo(
	house: House,
	box: Postbox,
	{ email, firstName, kept }: Typist,
): Promise<string> {
	const input = { email, password: PASSWORD, firstName, lastName: firstName };
	assert.equal(outcomeOf(await house.ask(SIGN_UP, { input })), "ok", firstName);
	if (kept !== undefined) {
		const set = statement("UPDATE customers SET first_name = ?, last_name = ? WHERE email = ?");
		await house.app.store.change(set, [kept, kept, email]);
	}
	await house.mails();
	await askForLink(house, "reset", email);
	await house.mails();
	const sent = box.received.at(-1);
	assert.deepEqual(sent?.recipients, [email]);
	const { html, headerLines } = await simpleParser(sent?.raw ?? "");
	const link = /https:\/\/shop\.example\/account\/reset\/\d+\/[\w-]+/;
	const markup = (String(html).match(/<[^>]*>/g) ?? [])
		.join("")
		.replace(/(title|class)=(["'])[^"']*\2/g, "$1");
	assert.match(markup, link);
	const alike = markup.replaceAll(new RegExp(link, "g"), "LINK");
	return JSON.stringify([headerLines.map(({ key }) => key).sort(), alike]);
}
