// Advisories on tokens that stood in logs, as an attack on this house: whoever reads what the server writes down, or what
// the operator is shown, finds nothing in it to come in with.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { openEngine } from "../../src/store/store.ts";
import { runAlone } from "../command-line/line.ts";
import {
	type Body,
	DELETE,
	openDatabase,
	type Process,
	READ,
	RECOVER,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	startProcess,
	UPDATE,
} from "../house.ts";
import { readKept } from "../kept.ts";
import { PostOffice } from "../mail/post-office.ts";
import { ENTER, makePass, SECRET } from "../multipass/passes.ts";
import { DOCUMENTS, EMAIL } from "../recovery/links.ts";
import { findSecrets } from "../secrets/forms.ts";
import { exchange } from "../wire/wire.ts";

const ENCRYPTION_KEY = "Ck-an-encryption-key-of-more-than-32-characters";

async function ask(
	server: Process,
	query: string,
	variables: object,
	token = server.storefrontAccessToken,
): Promise<Body> {
	const { body } = await exchange(server.url, {
		path: "/api/2026-04/graphql.json",
		headers: {
			"X-Shopify-Storefront-Access-Token": token,
			Authorization: `Bearer ${token}`,
			Cookie: `t=${token}`,
		},
		body: { query, variables },
	});
	return body;
}

/** Does everything in which a secret passes, and gives the secrets by their names. */
async function live(server: Process, office: PostOffice): Promise<ReadonlyMap<string, string>> {
	const secrets = new Map<string, string>([
		["the Multipass secret", SECRET],
		["the encryption key", ENCRYPTION_KEY],
	]);
	const keep = (name: string, secret: string) => {
		assert.ok(secret.length >= 12, `${name}: ${secret}`);
		secrets.set(name, secret);
		return secret;
	};
	const password = keep("the password", "Cp-first-battery-staple");
	await ask(server, SIGN_UP, { input: { email: EMAIL, password } });
	const signIn = async (name: string, typed: string) => {
		const { data } = await ask(server, SIGN_IN, { input: { email: EMAIL, password: typed } });
		return keep(name, data.customerAccessTokenCreate.customerAccessToken.accessToken);
	};
	const [live, dead] = [await signIn("a live token", password), await signIn("a deleted token", password)];
	await ask(server, RENEW, { t: live });
	await ask(server, DELETE, { t: dead });
	for (const t of [live, dead]) await ask(server, READ, { t });
	const wrong = keep("a wrong password", "Cw-wrong-battery-staple");
	await ask(server, SIGN_IN, { input: { email: EMAIL, password: wrong } });
	await ask(server, SIGN_IN, { input: { email: "nobody@example.com", password: wrong } });

	const linkOf = async (name: string, asking: () => Promise<unknown>) => {
		await asking();
		await (await fetch(`${server.url}/_dev/mail`)).text();
		const url = office.letters.findLast(({ link }) => link !== null)?.link ?? "";
		const [, number, token = ""] = /\/(\d+)\/([0-9a-f]{48}-\d+)$/.exec(url) ?? [];
		keep(name, token.slice(0, 48));
		return { id: `gid://shopify/Customer/${number}`, token, url };
	};
	const recover = () => ask(server, RECOVER, { email: EMAIL });
	const first = await linkOf("a link that was replaced", recover);
	const second = await linkOf("a link that was used", recover);
	const typed = keep("the second password", "Cp-second-battery-staple");
	for (const { id, token, url } of [first, second]) {
		const { data } = await ask(server, DOCUMENTS.reset.id, { id, token, password: typed });
		const given = data.redeemed.customerAccessToken;
		if (given) keep("the token of a reset", given.accessToken);
		await ask(server, DOCUMENTS.reset.url, { url, password: wrong });
	}
	await linkOf("a link that waits", recover);
	// A mail that nobody takes: what went wrong is told, without the link.
	office.behave(550);
	await recover();
	await (await fetch(`${server.url}/_dev/mail`)).text();
	office.behave("take");

	const created_at = new Date().toISOString();
	const pass = makePass({ email: "ivy@example.com", created_at });
	keep("a pass", pass.slice(0, 120));
	const { data } = await ask(server, ENTER, { t: pass });
	keep("the token of a pass", data.customerAccessTokenCreateWithMultipass.customerAccessToken.accessToken);
	await ask(server, ENTER, { t: pass });
	const third = keep("the third password", "Cp-third-battery-staple");
	const t = secrets.get("the token of a reset");
	const updated = await ask(server, UPDATE, { t, customer: { password: third, firstName: "Ada" } });
	keep("the token of an update", updated.data.customerUpdate.customerAccessToken.accessToken);
	// What is in a wrong place, and in no place at all.
	await ask(server, `{ customer(customerAccessToken: "${t}") { nothing } }`, {});
	await ask(server, READ, { t: [live] });
	await ask(server, "{ shop { name } }", {}, live);
	await fetch(`${server.url}/api/2026-04/graphql.json?access_token=${live}&password=${third}`);
	await fetch(`${server.url}/account/reset/1/${first.token}`);
	return secrets;
}

test("CodeIgniter Shield GHSA-j72f-h752-mx4w, WatchGuard CVE-2026-78174: no log, table or list holds a token", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	const folder = mkdtempSync(join(tmpdir(), "latchkey-logs-"));
	await using office = await PostOffice.open();
	await using server = await startProcess(
		["--database", databaseUrl],
		{
			LATCHKEY_LOG_LEVEL: "trace",
			LATCHKEY_METRICS: "true",
			LATCHKEY_SHOP_URL: "https://shop.example",
			LATCHKEY_SMTP_URL: office.url,
			LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY,
			LATCHKEY_MULTIPASS_SECRET: SECRET,
			LATCHKEY_PASSWORD_MEMORY_KIB: "8",
			LATCHKEY_PASSWORD_PASSES: "1",
		},
		folder,
	);
	try {
		const secrets = await live(server, office);
		assert.ok(secrets.size >= 14, `${secrets.size} secrets`);
		const shown: string[] = [await (await fetch(`${server.url}/metrics`)).text()];
		for (const command of ["customer show", "customer tokens"].flatMap((verb) => [
			`${verb} ${EMAIL}`,
			`${verb} ${EMAIL} --json`,
		])) {
			const { code, out, notes } = await runAlone(command, { databaseUrl });
			assert.equal(code, 0, notes);
			shown.push(out, notes);
		}
		for (const command of ["mail list --json", "shop list --json", "key list --json", "audit --json"]) {
			const { out, notes } = await runAlone(command, { databaseUrl });
			shown.push(out, notes);
		}
		assert.match(shown.join(), /ada@example\.com/);
		const kept = await readKept(databaseUrl);
		const store = await openEngine(databaseUrl, { beside: true });
		await store.define([
			"ALTER TABLE access_tokens RENAME TO gone",
			"ALTER TABLE customers RENAME TO gone_too",
		]);
		await store.close();
		for (const [name, secret] of secrets) {
			for (const query of [READ, RENEW]) await ask(server, query, { t: secret });
			const { errors } = await ask(server, SIGN_IN, { input: { email: EMAIL, password: secret } });
			assert.equal(errors[0].extensions.code, "INTERNAL_SERVER_ERROR", name);
		}
		await server.end("SIGTERM");
		const log = server.log();
		assert.match(log, /no such table|does not exist/, "what went wrong is logged");
		assert.deepEqual(findSecrets(secrets, Buffer.from(log)), [], "the log");
		assert.doesNotMatch(log, /[0-9a-f]{48}/, "nor one that nobody was told");
		assert.deepEqual(findSecrets(secrets, Buffer.from(shown.join("\n"))), [], "what the operator is shown");
		assert.deepEqual(findSecrets(secrets, kept), [], "the database");
		assert.ok(kept.includes(EMAIL));
	} finally {
		rmSync(folder, { recursive: true });
	}
});
