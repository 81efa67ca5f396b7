// Plants the links of mails in every place that a request has, then searches everything that the server wrote or said:
// a one-time token is in its mail and nowhere else.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { digestToken } from "../../src/secrets/token.ts";
import { type Process, RECOVER, SIGN_UP, startProcess, UPDATE } from "../house.ts";
import { PostOffice } from "../mail/post-office.ts";
import { DOCUMENTS } from "../recovery/links.ts";
import { Courier } from "./courier.ts";
import { findSecrets } from "./forms.ts";
import { openWrittenDatabase, type WrittenDatabase } from "./written.ts";

const EMAIL = "ada@example.com";
const WAITING = "ivy@example.com";

interface Link {
	readonly id: string;
	readonly url: string;
	readonly token: string;
}

/** Where mails go, and what the shoppers find there. */
class Letterbox {
	readonly #courier: Courier;
	readonly #server: Process;
	readonly office: PostOffice;

	constructor(courier: Courier, server: Process, office: PostOffice) {
		this.#courier = courier;
		this.#server = server;
		this.office = office;
	}

	/** Has what is due sent. The mailbox that answers shows mails to developers: it is no place to search. */
	async deliver(): Promise<void> {
		await (await fetch(`${this.#server.url}/_dev/mail`)).text();
	}

	/** Of every link that was mailed so far, as the store would keep it. */
	digests(): readonly string[] {
		const links = this.office.letters.flatMap(({ link }) => link ?? []);
		return links.map((link) => digestToken(link.split("/").at(-1) ?? "") ?? "");
	}

	/** The newest link, planted under this name. */
	async fetch(name: string): Promise<Link> {
		await this.deliver();
		const url = this.office.letters.findLast(({ link }) => link !== null)?.link ?? "";
		const [, customer, token] = /\/(\d+)\/([0-9a-f]{48}-\d+)$/.exec(url) ?? [];
		assert.ok(customer && token, `${name}: no link was mailed`);
		// Without the time that it ends in: that part alone is the secret.
		this.#courier.keep(name, token.split("-")[0] ?? "");
		return { id: `gid://shopify/Customer/${customer}`, url, token };
	}
}

async function sendLinks(courier: Courier, letterbox: Letterbox): Promise<void> {
	const password = courier.plant("the first password");
	await courier.ask("sign-up", SIGN_UP, { input: { email: EMAIL, password } });
	await courier.ask("recovery", RECOVER, { email: EMAIL });
	const replaced = await letterbox.fetch("a link that was replaced");
	await courier.ask("recovery again", RECOVER, { email: EMAIL });
	const link = await letterbox.fetch("a link that is used");
	const { reset } = DOCUMENTS;

	const redeem = async (says: string, { id, token, url }: Link, typed: string) => {
		for (const form of ["id", "url"] as const) {
			const { body } = await courier.ask(`${says}, by ${form}`, reset[form], {
				id,
				token,
				url,
				password: typed,
			});
			assert.notEqual((body.errors ?? body.data.redeemed.customerUserErrors).length, 0, says);
		}
	};
	await redeem("a replaced link", replaced, courier.plant("a password for a replaced link"));
	await redeem("too short", link, courier.plantShort("a short password for a link", 4));
	await redeem("blank ends", link, ` ${courier.plant("a blank password for a link")} `);
	await redeem("another customer", { ...link, id: "gid://shopify/Customer/1" }, " ");
	await redeem("a broken token", { ...link, token: `${link.token}0`, url: `${link.url}0` }, "password");

	const literal = `mutation { customerReset(id: "${link.id}", input: { resetToken: "${link.token}", password: "four" }) { customer { id } } }`;
	await courier.ask("a literal token", literal);
	await courier.ask(
		"a literal URL",
		`mutation { customerResetByUrl(resetUrl: "${link.url}", password: "four") { customer { id } } }`,
	);
	await courier.ask("an unknown field", literal.replace("{ id }", "{ nothing }"));
	await courier.ask("a broken document", literal.slice(0, -2));
	await courier.ask(
		"as a customer token",
		"query($t: String!) { customer(customerAccessToken: $t) { id } }",
		{ t: link.token },
	);
	await courier.ask(
		"as a buyer's",
		`query @inContext(buyer: { customerAccessToken: "${link.token}" }) { shop { name } }`,
	);
	const shop = JSON.stringify({ query: "{ shop { name } }" });
	for (const name of ["Referer", "Cookie", "X-Shopify-Storefront-Access-Token"]) {
		await courier.send(`the header ${name}`, { body: shop, headers: { [name]: link.url } });
	}
	const { pathname } = new URL(link.url);
	assert.equal((await courier.send("the page itself", { method: "GET", path: pathname })).status, 404);
	await courier.send("a query string", {
		method: "GET",
		path: `/api/graphql.json?url=${encodeURIComponent(link.url)}`,
	});

	// The caller's own value, said back where it is no URL (wire 4.3).
	const echoes = ["a link that is used"];
	await courier.ask("no URL", reset.url, { url: ` ${link.url}`, password: "password" }, { echoes });

	const chosen = courier.plant("the password of the link");
	const { body, answer } = await courier.ask("the reset", reset.url, { url: link.url, password: chosen });
	const t = courier.keep("the token of the reset", body.data.redeemed.customerAccessToken.accessToken);
	answer.holds.push("the token of the reset");
	await redeem("a spent link", link, courier.plant("a password for a spent link"));
	const changed = courier.plant("the last password");
	const update = await courier.ask("a new password", UPDATE, { t, customer: { password: changed } });
	const { accessToken } = update.body.data.customerUpdate.customerAccessToken;
	courier.keep("the token of the update", accessToken);
	update.answer.holds.push("the token of the update");
}

async function sendActivation(
	courier: Courier,
	letterbox: Letterbox,
	database: WrittenDatabase,
): Promise<void> {
	const input = { email: WAITING, password: courier.plant("a password before the activation") };
	await courier.ask("sign-up of who will wait", SIGN_UP, { input });
	await database.exec(`UPDATE customers SET state = 'invited' WHERE email = '${WAITING}'`);
	await courier.ask("sign-up again", SIGN_UP, { input });
	const { id, url, token } = await letterbox.fetch("an activation link");
	const { activation } = DOCUMENTS;
	const typed = { id, url, token, password: courier.plant("the password of the activation") };
	await courier.ask("a short activation", activation.id, { ...typed, password: "four" });
	const { body, answer } = await courier.ask("the activation", activation.id, typed);
	courier.keep("the token of the activation", body.data.redeemed.customerAccessToken.accessToken);
	answer.holds.push("the token of the activation");
	await courier.ask("activated already", activation.url, typed);
}

/** What the server does wrong itself, and what a mail server does, is logged with its cause: no link is in it. */
async function breakThings(courier: Courier, letterbox: Letterbox, database: WrittenDatabase): Promise<void> {
	for (const manner of [451, 550]) {
		letterbox.office.behave(manner);
		await courier.ask(`recovery, while mail is answered ${manner}`, RECOVER, { email: EMAIL });
		await letterbox.deliver();
	}
	letterbox.office.behave("take");
	await courier.ask("the last recovery", RECOVER, { email: EMAIL });
	const { id, token, url } = await letterbox.fetch("a link in a failing statement");
	await database.exec("ALTER TABLE one_time_tokens RENAME TO gone");
	const password = courier.plant("a password in a failing redemption");
	for (const form of ["id", "url"] as const) {
		const { body } = await courier.ask("a failing statement", DOCUMENTS.reset[form], {
			id,
			token,
			url,
			password,
		});
		assert.equal(body.errors[0].extensions.code, "INTERNAL_SERVER_ERROR");
	}
}

test("a one-time token is in its mail, and in nothing that is written or said", async () => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-secrets-"));
	await using database = await openWrittenDatabase(folder);
	await using office = await PostOffice.open();
	await using server: Process = await startProcess(
		["--database", database.url, "--shop-url", "https://shop.example"],
		{
			LATCHKEY_LOG_LEVEL: "trace",
			LATCHKEY_METRICS: "true",
			LATCHKEY_SMTP_URL: office.url,
			LATCHKEY_PASSWORD_MEMORY_KIB: "8",
			LATCHKEY_PASSWORD_PASSES: "1",
		},
		folder,
	);
	try {
		const courier = new Courier(server.url, server.storefrontAccessToken);
		const letterbox = new Letterbox(courier, server, office);
		await sendLinks(courier, letterbox);
		await sendActivation(courier, letterbox, database);
		await courier.send("metrics", { method: "GET", path: "/metrics" });
		const digests = letterbox.digests();
		const whileRunning = await database.listWritings();
		await breakThings(courier, letterbox, database);
		assert.equal(await server.end("SIGTERM"), 0);

		const { secrets, answers } = courier;
		assert.ok(
			secrets.size >= 17 && answers.length >= 40,
			`${secrets.size} secrets, ${answers.length} answers`,
		);
		for (const { says, text, holds } of answers) {
			const seen = findSecrets(secrets, Buffer.from(text)).map(({ name }) => name);
			assert.deepEqual(seen.sort(), holds.sort(), `the answer to: ${says}`);
		}
		assert.deepEqual(findSecrets(secrets, Buffer.from(server.log())), [], "the log");
		for (const [name, bytes] of [...whileRunning, ...(await database.listWritings())]) {
			assert.deepEqual(findSecrets(secrets, bytes), [], name);
		}

		// That the places were the right ones: digests of links lie in the files, and mails that failed in the log.
		const searched = Buffer.concat(whileRunning.map(([, bytes]) => bytes));
		for (const kept of digests) assert.ok(searched.includes(kept), kept);
		assert.match(server.log(), /The mail server answered 451/);
		assert.match(server.log(), /The mail server answered 550/);
		assert.match(server.log(), /(?:no such table: .*|relation \\")one_time_tokens/);
	} finally {
		await server.end("SIGKILL");
		rmSync(folder, { recursive: true });
	}
});
