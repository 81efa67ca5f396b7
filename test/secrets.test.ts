// Plants secrets in every place that a request has, then searches everything that the server wrote or said.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { digestToken, makeToken } from "../src/secrets/token.ts";
import { DELETE, READ, RENEW, SIGN_IN, SIGN_UP, startProcess } from "./house.ts";
import { Courier } from "./secrets/courier.ts";
import { findSecrets, formsOf } from "./secrets/forms.ts";
import { openWrittenDatabase, type WrittenDatabase } from "./secrets/written.ts";

const EMAIL = "ada@example.com";
const SIGN_IN_BARE = "customerAccessToken { accessToken } customerUserErrors { code field message }";

/** Signs in and has the answer hold the new token, and nothing else that is secret. */
async function signIn(courier: Courier, name: string, email: string, password: string): Promise<string> {
	const { body, answer } = await courier.ask(`sign-in for ${name}`, SIGN_IN, { input: { email, password } });
	const token = body.data.customerAccessTokenCreate.customerAccessToken.accessToken;
	answer.holds.push(name);
	return courier.keep(name, token);
}

async function sendPasswords(courier: Courier): Promise<void> {
	const right = courier.plant("the right password");
	const signUp = (says: string, input: Record<string, unknown>) => courier.ask(says, SIGN_UP, { input });
	const { body } = await signUp("sign-up", { email: EMAIL, password: right });
	assert.notEqual(body.data.customerCreate.customer, null);
	await signIn(courier, "the token of the right password", EMAIL, right);

	const unicode = courier.keep(
		"a unicode password",
		"Ｐ\u0061\u0308ß\u212A🗝️ﬁ".repeat(3) + makeToken().slice(0, 8),
	);
	await signUp("sign-up with a unicode password", { email: "uni@example.com", password: unicode });
	await signIn(courier, "the token of the unicode password", "uni@example.com", unicode.normalize("NFKC"));

	const refused: readonly (readonly [string, string, Record<string, unknown>])[] = [
		["too short", courier.plantShort("a password too short", 4), {}],
		["too long", courier.plant("a password too long") + "x".repeat(300), {}],
		["far too long", courier.plant("a password far too long") + "x".repeat(30_000), {}],
		["blank at its ends", ` ${courier.plant("a password with blank ends")} `, {}],
		["ill-formed", `${courier.plant("an ill-formed password")}\ud800`, {}],
		["of a taken address", courier.plant("a password of a taken address"), { email: EMAIL }],
		["of no address", courier.plant("a password of no address"), { email: "nobody at all" }],
		["of a bad phone", courier.plant("a password beside a bad phone"), { phone: "none" }],
	];
	for (const [says, password, others] of refused) {
		const { body } = await signUp(`sign-up, ${says}`, { email: "new@example.com", password, ...others });
		assert.notEqual(body.data.customerCreate.customerUserErrors.length, 0, says);
	}
	for (const [says, email] of [
		["a wrong password", EMAIL],
		["a password for an unknown address", "unknown@example.com"],
	] as const) {
		const { body } = await courier.ask(says, SIGN_IN, { input: { email, password: courier.plant(says) } });
		assert.equal(body.data.customerAccessTokenCreate.customerUserErrors[0].code, "UNIDENTIFIED_CUSTOMER");
	}
}

async function sendLiterals(courier: Courier): Promise<void> {
	const create = (password: string, rest = "") =>
		`customerAccessTokenCreate(input: { email: "${EMAIL}", password: ${password}${rest} }) { ${SIGN_IN_BARE} }`;
	const inlined = courier.plant("a password as a literal");
	const signUp = `customerCreate(input: { email: "inline@example.com", password: "${inlined}" }) { customer { id } }`;
	await courier.ask("inlined sign-up", `mutation { ${signUp} }`);
	await courier.ask(
		"inlined block",
		`mutation { ${create(`"""${courier.plant("a password as a block")}"""`)} }`,
	);
	const two = `a: ${create(`"${courier.plant("an aliased password")}"`)} b: ${create(`"${courier.plant("another aliased password")}"`)}`;
	await courier.ask("two aliases", `mutation { ${two} }`);
	const escaped = courier.plantShort("a password in escapes", 8);
	const escapes = [...escaped].map((c) => `\\u${c.charCodeAt(0).toString(16)}`).join("");
	await courier.ask("escapes", `mutation { ${create(`"${escapes}"`)} }`);
	const asDefault = courier.plant("a token as a default value");
	await courier.ask(
		"default",
		`query($t: String! = "${asDefault}") { customer(customerAccessToken: $t) { id } }`,
	);
	const unknown = create(`"${courier.plant("a password beside an unknown field")}"`, ", pin: 1");
	await courier.ask("unknown field", `mutation { ${unknown} }`);
	const unclosed = create(`"${courier.plant("a password in a broken document")}"`).slice(0, -1);
	await courier.ask("broken document", `mutation { ${unclosed}`);
	await courier.ask("unclosed literal", `mutation { ${create(`"${courier.plant("an unclosed password")}`)}`);
	await courier.ask("comment", `# ${courier.plant("a password in a comment")}\n{ shop { name } }`);

	// The caller's own text, said back as the contract has it: a literal where it does not fit (wire 4.3).
	const echoed = async (name: string, toDocument: (secret: string) => string) => {
		const document = toDocument(courier.plant(name));
		await courier.ask(name, document, {}, { echoes: [name] });
	};
	await echoed("a literal of a wrong type", (s) => `{ products(first: "${s}") { nodes { id } } }`);
	await echoed(
		"a literal as an input object",
		(s) => `mutation { customerAccessTokenCreate(input: "${s}") { ${SIGN_IN_BARE} } }`,
	);
	await echoed("a literal out of place", (s) => `mutation { customerAccessTokenCreate "${s}" }`);
	await echoed("a literal as a global id", (s) => `{ node(id: "${s}") { id } }`);
	await echoed(
		"a literal in conflict",
		(s) => `{ a: customer(customerAccessToken: "${s}") { id } a: customer(customerAccessToken: "") { id } }`,
	);
}

async function sendVariables(courier: Courier): Promise<void> {
	const undeclared = { [courier.plant("an undeclared name")]: courier.plant("an undeclared value") };
	await courier.ask("undeclared variable", "{ shop { name } }", undeclared);
	const listed = JSON.stringify([{ query: READ, variables: { t: courier.plant("a token in a batch") } }]);
	assert.equal((await courier.send("batch", { body: listed })).status, 400);
	const odd = JSON.stringify({ query: READ, variables: courier.plant("a text in place of variables") });
	assert.equal((await courier.send("no variables", { body: odd })).status, 400);

	// The caller's own value, said back in `extensions.value` and in the reasons against it (wire 4.3).
	const echoed = async (name: string, document: string, toVariables: (secret: string) => unknown) => {
		const { body } = await courier.ask(name, document, toVariables(courier.plant(name)), { echoes: [name] });
		assert.equal(body.errors[0].extensions.code, "INVALID_VARIABLE", name);
	};
	await echoed("a password in a list", SIGN_IN, (s) => ({ input: { email: EMAIL, password: [s] } }));
	await echoed("a password in an object", SIGN_UP, (s) => ({ input: { email: EMAIL, password: { s } } }));
	await echoed("a password beside an unknown key", SIGN_IN, (s) => ({
		input: { email: EMAIL, password: s, pin: 1 },
	}));
	await echoed("a token as a name", READ, (s) => ({ t: { [s]: 1 } }));
	await echoed("a token in a list", RENEW, (s) => ({ t: [s] }));
	await echoed("a token as a global id", "query($t: ID!) { node(id: $t) { id } }", (t) => ({ t }));
	const name = "a name of no operation";
	const body = JSON.stringify({ query: "query A { shop { name } }", operationName: courier.plant(name) });
	await courier.send(name, { body, echoes: [name] });
}

async function sendTokens(courier: Courier): Promise<void> {
	const right = courier.secrets.get("the right password") ?? "";
	const kept = await signIn(courier, "a live token", EMAIL, right);
	const renewed = await signIn(courier, "a renewed token", EMAIL, right);
	const deleted = await signIn(courier, "a deleted token", EMAIL, right);
	for (const t of [kept, renewed, deleted]) {
		assert.notEqual((await courier.ask("read", READ, { t })).body.data.customer, null);
	}
	await courier.ask("renew", RENEW, { t: renewed }, { echoes: ["a renewed token"] });
	const { body } = await courier.ask("delete", DELETE, { t: deleted }, { echoes: ["a deleted token"] });
	assert.equal(body.data.customerAccessTokenDelete.deletedAccessToken, deleted);
	const never = courier.keep("a token that never was", makeToken());
	const long = courier.plant("a token far too long") + "x".repeat(2000);
	for (const document of [READ, RENEW, DELETE]) {
		for (const t of [deleted, never, long, "", `${kept} `]) await courier.ask("dead token", document, { t });
	}
	for (const t of [kept, deleted, never]) {
		await courier.ask("literal token", `{ customer(customerAccessToken: "${t}") { id nothing } }`);
		await courier.ask("buyer", `query @inContext(buyer: { customerAccessToken: "${t}" }) { shop { name } }`);
	}
}

async function sendOutsideOfTheDocument(
	courier: Courier,
	keys: Readonly<Record<string, string>>,
): Promise<void> {
	const body = JSON.stringify({ query: "{ shop { name } }" });
	const publicHeader = "X-Shopify-Storefront-Access-Token";
	const privateHeader = "Shopify-Storefront-Private-Token";
	const header = async (status: number, name: string, value: string) =>
		assert.equal((await courier.send(`${name} header`, { body, headers: { [name]: value } })).status, status);
	await header(401, publicHeader, courier.keep("a wrong public token", makeToken()));
	await header(401, privateHeader, courier.keep("a wrong private token", makeToken()));
	await header(401, publicHeader, courier.secrets.get("a live token") ?? "");
	await header(403, publicHeader, keys["private"] ?? "");
	await header(403, publicHeader, keys["admin"] ?? "");
	await header(403, privateHeader, keys["public"] ?? "");
	for (const name of [
		"Authorization",
		"Cookie",
		"User-Agent",
		"X-Request-ID",
		"Shopify-Storefront-Buyer-IP",
	]) {
		await header(200, name, encodeURIComponent(courier.plant(`the header ${name}`)));
	}
	const refuse = async (status: number, says: string, letter: Parameters<Courier["send"]>[1]) =>
		assert.equal((await courier.send(says, letter)).status, status, says);
	const broken = `{"query": "{ shop { name } }", "variables": {"t": "${courier.plant("broken JSON")}"`;
	await refuse(400, "broken JSON", { body: broken });
	await refuse(413, "too large", { body: courier.plant("a body too large") + "x".repeat(70_000) });
	await refuse(415, "form", {
		body: `password=${courier.plant("a form")}`,
		headers: { "Content-Type": "application/x-www-form-urlencoded" },
	});
	await refuse(400, "not UTF-8", {
		body: Buffer.concat([Buffer.from(courier.plant("a body that is not UTF-8")), Buffer.from([0xff])]),
	});
	const inPath = encodeURIComponent(courier.plant("a path"));
	await refuse(404, "path", { method: "GET", path: `/account/reset/1/${inPath}` });
	await refuse(404, "version", { path: `/api/${inPath}/graphql.json`, body });
	const asked = encodeURIComponent(courier.plant("a query string"));
	await refuse(405, "query string", { method: "GET", path: `/api/2026-04/graphql.json?token=${asked}` });
	await courier.sendRaw(
		"no HTTP",
		`POST /api/graphql HTTP/1.1\r\nHost: x\r\nBad Header ${courier.plant("bad HTTP")}\r\n\r\n`,
	);
}

/** What the server does wrong itself is logged with its cause: the cause holds no value either. */
async function breakTheStore(courier: Courier, database: WrittenDatabase): Promise<void> {
	await database.exec("ALTER TABLE access_tokens RENAME TO gone; ALTER TABLE customers RENAME TO gone_too");
	const t = courier.keep("a token in a failing statement", makeToken());
	const password = courier.plant("a password in a failing statement");
	const asks = [READ, RENEW, DELETE].map((document) => [document, { t }] as const);
	const input = { email: "fail@example.com", password };
	for (const [document, variables] of [...asks, [SIGN_UP, { input }], [SIGN_IN, { input }]] as const) {
		const { body } = await courier.ask("failing statement", document, variables);
		assert.equal(body.errors[0].extensions.code, "INTERNAL_SERVER_ERROR");
	}
}

test("the search finds a secret in every form", () => {
	const secrets = new Map([["it", "Ｐ\u0061\u0308ss / wörd+🗝️"]]);
	for (const [form, bytes] of formsOf("Ｐ\u0061\u0308ss / wörd+🗝️")) {
		const haystack = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]);
		assert.equal(findSecrets(secrets, haystack).length, 1, form);
	}
	for (const before of ["", "a", "ab", "abc"]) {
		const base64 = Buffer.from(`${before}Ｐ\u0061\u0308ss / wörd+🗝️ and more`).toString("base64");
		assert.equal(findSecrets(secrets, Buffer.from(base64)).length, 1);
	}
	assert.deepEqual(findSecrets(secrets, Buffer.from("nothing of the kind")), []);
});

test("writes no password and no token anywhere, and says none to anyone whose it is not", async () => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-secrets-"));
	await using database = await openWrittenDatabase(folder);
	const keys = { public: makeToken(), private: makeToken(), admin: makeToken() };
	await using server = await startProcess(
		["--database", database.url],
		{
			LATCHKEY_LOG_LEVEL: "trace",
			LATCHKEY_METRICS: "true",
			LATCHKEY_STOREFRONT_ACCESS_TOKEN: keys.public,
			LATCHKEY_PRIVATE_ACCESS_TOKEN: keys.private,
			LATCHKEY_ADMIN_ACCESS_TOKEN: keys.admin,
			LATCHKEY_PASSWORD_MEMORY_KIB: "8",
			LATCHKEY_PASSWORD_PASSES: "1",
		},
		folder,
	);
	try {
		const courier = new Courier(server.url, keys.public);
		for (const [kind, key] of Object.entries(keys)) courier.keep(`the shop's ${kind} token`, key);
		await sendPasswords(courier);
		await sendLiterals(courier);
		await sendVariables(courier);
		await sendTokens(courier);
		await sendOutsideOfTheDocument(courier, keys);
		await courier.send("metrics", { method: "GET", path: "/metrics" });
		const whileRunning = await database.listWritings();
		await breakTheStore(courier, database);
		assert.equal(await server.end("SIGTERM"), 0);

		const { secrets, answers } = courier;
		assert.ok(secrets.size >= 50, `${secrets.size} secrets were planted`);
		for (const { says, text, holds } of answers) {
			const seen = findSecrets(secrets, Buffer.from(text)).map(({ name }) => name);
			assert.deepEqual(seen.sort(), holds.sort(), `the answer to: ${says}`);
		}
		assert.deepEqual(findSecrets(secrets, Buffer.from(server.log())), [], "the log");
		for (const [name, bytes] of [...whileRunning, ...(await database.listWritings())]) {
			// Development keeps the shop's own keys readable here; no shopper's secret is ever among them.
			const mayHold = name.endsWith("keys.json")
				? Object.keys(keys).map((kind) => `the shop's ${kind} token`)
				: [];
			const seen = findSecrets(secrets, bytes).filter((sighting) => !mayHold.includes(sighting.name));
			assert.deepEqual(seen, [], name);
		}

		// That the places were the right ones: each holds what it may hold.
		const searched = Buffer.concat(whileRunning.map(([, bytes]) => bytes));
		const live = digestToken(secrets.get("a live token") ?? "") ?? "";
		for (const kept of [EMAIL, live, "$argon2id$v=19$m=8,t=1,p=1$"]) assert.ok(searched.includes(kept), kept);
		assert.ok(
			whileRunning.some(([name, bytes]) => /^(?:shop\.db-wal|pg_wal\/\w+)$/.test(name) && bytes.length > 0),
		);
		assert.match(server.log(), /(?:no such table: .*|relation \\")access_tokens/);
		assert.match(
			answers.find(({ says }) => says === "metrics")?.text ?? "",
			/latchkey_answers_total\{status="401"\}/,
		);
	} finally {
		await server.end("SIGKILL");
		rmSync(folder, { recursive: true });
	}
});
