// Keycloak forgot at a restart what had been revoked. Here ten thousand tokens are revoked in every way that there is;
// then the server is started again, and another one on the files as a sudden death would have left them.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { digestToken, makeId, makeToken } from "../../src/secrets/token.ts";
import { statement } from "../../src/store/engine.ts";
import { runAlone } from "../command-line/line.ts";
import {
	DELETE,
	ENGINES,
	type House,
	IS_POSTGRES,
	openDatabase,
	openHouse,
	RENEW,
	UPDATE,
} from "../house.ts";
import {
	FORMS,
	type MailedLink,
	mailedLink,
	newcomerWithLink,
	PASSWORD,
	readerOf,
	redeem,
	refusalOf,
	tokenOf,
} from "../recovery/links.ts";

const NEW = "new battery staple";
/** Of each customer. */
const TOKENS = 1000;
const PUT = statement(
	"INSERT INTO access_tokens (digest, id, customer_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
);
const FIND = statement("SELECT id FROM customers WHERE email = ?");

/** What a customer has signed in with, as often as no test could. */
async function giveTokens({ app }: House, email: string): Promise<readonly string[]> {
	const [row] = await app.store.read(FIND, [email]);
	const secrets = Array.from({ length: TOKENS }, makeToken);
	const now = app.clock.now();
	const put = (secret: string) =>
		app.store.change(PUT, [digestToken(secret), makeId(), row?.["id"] ?? null, now, now + 3600]);
	await Promise.all(secrets.map(put));
	return secrets;
}

/** How many of the tokens read anybody. */
async function countReaders(house: House, tokens: readonly string[]): Promise<number> {
	let readers = 0;
	for (let at = 0; at < tokens.length; at += 100) {
		const some = tokens.slice(at, at + 100).map((token, index) => [`t${index}`, token] as const);
		const fields = some.map(([name]) => `${name}: customer(customerAccessToken: $${name}) { id }`);
		const names = some.map(([name]) => `$${name}: String!`);
		const query = `query(${names.join(" ")}) { ${fields.join(" ")} }`;
		const { data, errors } = await house.ask(query, Object.fromEntries(some));
		assert.equal(errors, undefined);
		readers += Object.values(data).filter((customer) => customer !== null).length;
	}
	return readers;
}

interface Revocation {
	readonly house: House;
	readonly email: string;
	readonly tokens: readonly string[];
	/** Runs a command beside the server. */
	operate(command: string): Promise<void>;
}

async function reset({ house, email }: Revocation, form: "id" | "url"): Promise<void> {
	tokenOf(await redeem(house, await mailedLink(house, "reset", email), NEW, form));
}

/** Every way in which all of a customer's tokens end. */
const WAYS: Readonly<Record<string, (revocation: Revocation) => Promise<unknown>>> = {
	update: async ({ house, tokens: [t] }) => {
		const { data } = await house.ask(UPDATE, { t, customer: { password: NEW } });
		assert.ok(data.customerUpdate.customerAccessToken);
	},
	reset: (revocation) => reset(revocation, "id"),
	reset_by_url: (revocation) => reset(revocation, "url"),
	delete: async ({ house, tokens }) => {
		for (let at = 0; at < tokens.length; at += 50) {
			const answers = tokens.slice(at, at + 50).map((t) => house.ask(DELETE, { t }));
			for (const { data } of await Promise.all(answers)) assert.ok(data.customerAccessTokenDelete);
		}
	},
	sign_out: ({ operate, email }) => operate(`customer sign-out ${email}`),
	disable: ({ operate, email }) => operate(`customer disable ${email}`),
	// Were the tokens only asleep, they would wake.
	enable: async ({ operate, email }) => {
		await operate(`customer disable ${email}`);
		await operate(`customer enable ${email}`);
	},
	activate: async ({ house, operate, email }) => {
		await operate(`customer disable ${email}`);
		tokenOf(await redeem(house, await mailedLink(house, "activation", email), NEW));
	},
	remove: ({ operate, email }) => operate(`customer delete ${email} --yes`),
	replace: async ({ house, operate, email }) => {
		await operate(`customer delete ${email} --yes`);
		await house.signedIn(email, PASSWORD);
	},
};

test("Keycloak CVE-2026-9802: what was revoked stays revoked over a restart", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	const folder = mkdtempSync(join(tmpdir(), "latchkey-restarts-"));
	const dead = `sqlite:${join(folder, "house.db")}`;
	const operate = async (command: string) => {
		const { code, notes } = await runAlone(command, { databaseUrl });
		assert.equal(code, 0, notes);
	};
	const revoked: string[] = [];
	const spent: MailedLink[] = [];
	const assertForgotten = async (house: House, kept: string) => {
		assert.equal(await countReaders(house, revoked), 0);
		const some = revoked.filter((_, index) => index % 50 === 0);
		for (const { errors } of await Promise.all(some.map((t) => house.ask(RENEW, { t })))) {
			assert.equal(errors[0].extensions.code, "ACCESS_DENIED");
		}
		for (const link of spent) assert.deepEqual(refusalOf(await redeem(house, link, NEW)), ["TOKEN_INVALID"]);
		assert.equal(await readerOf(house, kept), "kept@example.com");
	};
	try {
		let kept: string;
		{
			await using house = await openHouse(ENGINES[0], { databaseUrl });
			kept = await house.signedIn("kept@example.com", PASSWORD);
			for (const [name, revoke] of Object.entries(WAYS)) {
				const email = `${name}@example.com`;
				await house.signedIn(email, PASSWORD);
				const tokens = await giveTokens(house, email);
				assert.equal(await countReaders(house, tokens), TOKENS, name);
				await revoke({ house, email, tokens, operate });
				revoked.push(...tokens);
			}
			for (const form of FORMS) {
				const link = await newcomerWithLink(house, "reset", `spent.${form}@example.com`);
				tokenOf(await redeem(house, link, NEW, form));
				spent.push(link);
			}
			assert.equal(revoked.length, 10_000);
			// As a sudden death would leave it: what was answered is in these files, whatever has not been written back yet.
			if (!IS_POSTGRES) cpSync(dirname(databaseUrl.slice("sqlite:".length)), folder, { recursive: true });
		}
		for (const url of IS_POSTGRES ? [databaseUrl] : [dead, databaseUrl]) {
			await using house = await openHouse(ENGINES[0], { databaseUrl: url });
			await assertForgotten(house, kept);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});
