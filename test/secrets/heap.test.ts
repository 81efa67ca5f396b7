// What the process remembers of the secrets that passed through it: nothing, once the answers are out. Documents and
// plans are kept, so the whole heap is searched, as anyone who reads a core dump would.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { getHeapSnapshot } from "node:v8";
import { createAttempts } from "../../src/accounts/attempts.ts";
import { limitsOf, policyOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { createPasswords } from "../../src/secrets/password.ts";
import { createDocuments } from "../../src/storefront/documents.ts";
import { execute } from "../../src/storefront/execute.ts";
import { ALL_SCOPES } from "../../src/storefront/scopes.ts";
import { DELETE, openHouse, READ, RENEW, SIGN_IN, SIGN_UP } from "../house.ts";

const KEY = 0x5a;

/** Makes secrets that the test itself remembers in disguise only. */
class Disguised {
	readonly #kept = new Map<string, Uint8Array>();

	make(name: string): string {
		return this.keep(name, randomBytes(16).toString("hex"));
	}

	keep(name: string, secret: string): string {
		this.#kept.set(
			name,
			Buffer.from(secret).map((byte) => byte ^ KEY),
		);
		return secret;
	}

	foundIn(bytes: Buffer): readonly string[] {
		return [...this.#kept].flatMap(([name, disguised]) =>
			bytes.includes(disguised.map((byte) => byte ^ KEY)) ? [name] : [],
		);
	}
}

async function takeSnapshot(): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of getHeapSnapshot()) chunks.push(chunk);
	return Buffer.concat(chunks);
}

test("remembers no password and no token once it has answered", async () => {
	await using house = await openHouse();
	const { store, clock, shop } = house.app;
	const accounts = {
		store,
		clock,
		shop,
		passwords: createPasswords({ memoryKib: 8, passes: 1 }, 200),
		policy: policyOf(readConfig({}), new Set()),
		attempts: createAttempts(store, clock, limitsOf(readConfig({})), "", console),
	};
	const findAddress = () => ({ address: null, fullAddress: null });
	const caller = { accounts, scopes: new Set(ALL_SCOPES), acceptLanguage: "", findAddress };
	const documents = createDocuments();
	const log = createLog("silent");
	const secrets = new Disguised();

	const ask = async (query: string, variables: Record<string, unknown> = {}) => {
		const request = { version: "2026-04", query, variables, operationName: null } as const;
		const answer = await execute(documents, log, { ...request, requestId: "1", tokenless: false, caller });
		return JSON.parse(answer.body);
	};
	const tokenOf = (name: string, { data }: Awaited<ReturnType<typeof ask>>): string =>
		secrets.keep(name, data.customerAccessTokenCreate.customerAccessToken.accessToken);

	// In functions of their own, so that no variable of theirs is alive when the heap is looked at.
	const asVariables = async () => {
		const input = { email: "ada@example.com", password: secrets.make("password in a variable") };
		assert.notEqual((await ask(SIGN_UP, { input })).data.customerCreate.customer, null);
		const t = tokenOf("token in a variable", await ask(SIGN_IN, { input }));
		await ask(SIGN_IN, { input: { ...input, password: secrets.make("wrong password in a variable") } });
		await ask(READ, { t: secrets.make("token of nobody in a variable") });
		await ask(
			"query($t: String!, $on: Boolean!) { customer(customerAccessToken: $t) { id @include(if: $on) } }",
			{
				t: secrets.make("token beside a condition"),
				on: true,
			},
		);
		for (const document of [READ, RENEW, DELETE])
			assert.equal((await ask(document, { t })).errors, undefined);
		assert.equal((await ask(READ, { t: { in: secrets.make("token of a wrong type") } })).data, undefined);
	};
	const asLiterals = async () => {
		const email = "eve@example.com";
		const password = secrets.make("password as a literal");
		const signUp = `mutation { customerCreate(input: { email: "${email}", password: "${password}" }) { customer { id } } }`;
		assert.notEqual((await ask(signUp)).data.customerCreate.customer, null);
		const signIn = (typed: string) =>
			ask(`mutation { customerAccessTokenCreate(input: { email: "${email}", password: """${typed}""" }) {
				customerAccessToken { accessToken } } }`);
		await signIn(secrets.make("first wrong password as a literal"));
		const t = tokenOf("token as a literal", await signIn(password));
		// Once to be kept, and once to be found again with another token in its place.
		for (const token of [secrets.make("token of nobody as a literal"), t]) {
			const read = `{ customer(customerAccessToken: "${token}") { aliasOfSomeLength: id email } }`;
			assert.equal((await ask(read)).errors, undefined);
		}
		await ask(
			`{ customer(customerAccessToken: "${secrets.make("token in an invalid document")}") { nothing } }`,
		);
		await ask(`{ customer(customerAccessToken: "${secrets.make("token in a broken document")}" { id }`);
		await ask(
			`query($t: String! = "${secrets.make("token as a default")}") { customer(customerAccessToken: $t) { id } }`,
		);
		const buyer = secrets.make("token of a buyer");
		await ask(`query @inContext(buyer: { customerAccessToken: "${buyer}" }) { shop { name } }`);
	};
	await asVariables();
	await asLiterals();
	assert.ok(documents.size >= 8, "documents were kept");

	// What is remembered is found: the search itself works.
	const remembered = { secret: new Disguised() };
	const held = [remembered.secret.make("held")];
	const snapshot = await takeSnapshot();
	assert.deepEqual(remembered.secret.foundIn(snapshot), ["held"], held.length.toString());

	// What the last answer leaves behind may be on its way out for as long as its turn lasts, or for as long as the
	// compiler works on it. What is remembered is there again later, when others have been answered.
	let found = secrets.foundIn(snapshot);
	for (let later = 0; later < 3 && found.length > 0; later++) {
		await ask("{ shop { name } }");
		await new Promise((resolve) => setImmediate(resolve));
		const still = secrets.foundIn(await takeSnapshot());
		found = found.filter((name) => still.includes(name));
	}
	assert.deepEqual(found, []);
});
