// What went wrong in Parse Server with what an answer, or the making of it, tells, attempted here.
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import test from "node:test";
import {
	buildClientSchema,
	type GraphQLObjectType,
	getIntrospectionQuery,
	getNamedType,
	isCompositeType,
	isEnumType,
	isObjectType,
} from "graphql";
import { statement } from "../../src/store/engine.ts";
import {
	ENGINES,
	type EngineName,
	type House,
	openHouse,
	READ,
	RECOVER,
	SIGN_IN,
	SIGN_UP,
} from "../house.ts";
import { addressAt, comingFrom } from "../limits/visitors.ts";
import { EMAIL, newcomerWithLink, PASSWORD, readerOf } from "../recovery/links.ts";
import { findSecrets } from "../secrets/forms.ts";
import { exchange } from "../wire/wire.ts";
import { emailOf, makePeople, STATES, saidTo } from "./people.ts";
import { watchWork } from "./work.ts";

const PATH = "/api/2026-04/graphql.json";

for (const engine of ENGINES) {
	// The time itself is measured by `npm run trust -- timing`.
	test(`Parse Server CVE-2026-39321: whatever the password, and throttled or not, a sign-in is the same work for everyone (${engine})`, async (t) => {
		await using house = await openHouse(engine);
		await makePeople(house);
		const work = watchWork(t, house);
		let address = 0;
		/** What is done and said for one password, by whose it would be. */
		const tryAll = async (
			passwords: readonly string[],
			headersOf = () => comingFrom(house, addressAt(++address)),
		) => {
			const seen = new Map<string, string>();
			for (const who of STATES) {
				const rounds: unknown[] = [];
				for (const password of passwords) {
					const headers = headersOf();
					let said = "";
					const acts = await work.of(async () => {
						said = await saidTo(house, SIGN_IN, { input: { email: emailOf(who), password } }, headers);
					});
					rounds.push([acts, said.replace(/"retry-after":"\d+"/, '"retry-after":"some"')]);
				}
				seen.set(who, JSON.stringify(rounds));
			}
			assert.equal(new Set(seen.values()).size, 1, JSON.stringify([...seen], null, 1).slice(0, 3000));
			return String(seen.get("nobody"));
		};
		const wrong = [
			"guess",
			"",
			" ",
			"\ud800",
			"\0",
			"x".repeat(256),
			"x".repeat(30_000),
			"\ufb03".repeat(1000),
			"four",
		];
		const looked = await tryAll(wrong);
		assert.equal(looked.split("hash against").length - 1, wrong.length, "one hash for each");
		// The tenth, and then the ones that are not looked at, the right one among them.
		const throttled = await tryAll(["guess", "guess", PASSWORD, ""]);
		assert.equal(throttled.split("THROTTLED").length - 1, 3);
		assert.equal(throttled.split("hash against").length - 1, 1);
	});

	// Nobody is told who has an account where LATCHKEY_ENUMERATION is quiet; by contract, a recovery tells.
	test(`Parse Server CVE-2026-31901: in quiet mode whatever sends a mail is the same work and the same answer for everyone (${engine})`, async (t) => {
		await using house = await openHouse(engine, { enumeration: "quiet" });
		await makePeople(house);
		const work = watchWork(t, house);
		let address = 0;
		const askAll = async (query: string, variablesOf: (email: string) => Record<string, unknown>) => {
			const told = new Set<string>();
			for (const who of STATES) {
				const email = emailOf(who);
				let said = "";
				const acts = await work.of(async () => {
					said = await saidTo(house, query, variablesOf(email), comingFrom(house, addressAt(++address)));
				});
				told.add(JSON.stringify([acts, said.replaceAll(email, "EMAIL").replace(/"retry-after":"\d+"/, "")]));
			}
			assert.equal(told.size, 1, [...told].join("\n"));
			return [...told].join();
		};
		// A link is mailed five times an hour, whichever way it is asked for.
		for (let time = 1; time <= 7; time++) {
			const told = await (time % 2
				? askAll(RECOVER, (email) => ({ email }))
				: askAll(SIGN_UP, (email) => ({ input: { email, password: "another password" } })));
			assert.equal(told.includes("THROTTLED"), time > 5, `time ${time}: ${told}`);
			assert.doesNotMatch(told, /UNIDENTIFIED_CUSTOMER|TAKEN/);
		}
		t.mock.restoreAll();
		await mailQuietly(engine);
	});

	test(`Parse Server CVE-2026-30965, CVE-2021-41109, CVE-2020-5251: nothing that can be asked gives a token, its digest or a password (${engine})`, async () => {
		await using house = await openHouse(engine);
		const secrets = new Map<string, string>([["the password", "a Password of Ada's 5f2"]]);
		const own = await house.signedIn(EMAIL, String(secrets.get("the password")));
		const other = await newcomerWithLink(house, "reset", "grace@example.com");
		const { data } = await house.ask(
			`mutation($t: String!) { customerAddressCreate(customerAccessToken: $t, address: { city: "Ottawa" }) { customerAddress { id } } }`,
			{ t: own },
		);
		assert.ok(data.customerAddressCreate.customerAddress, "an identifier to look into");
		for (const [name, secret] of [
			["the access token", own],
			["the link's token", other.token],
			["the private token", house.keys.privateAccessToken],
			["the admin token", house.keys.adminAccessToken],
		] as const) {
			secrets.set(name, secret).set(`the digest of ${name}`, hash("sha256", secret, "hex"));
		}
		const rows = await house.app.store.read(statement("SELECT password_hash FROM customers"), []);
		for (const [index, row] of rows.entries()) secrets.set(`hash ${index}`, String(row["password_hash"]));

		for (const query of await documentsOf(house)) {
			for (const t of [own, own.slice(0, 16), `${own.slice(0, -1)}%`, "%"]) {
				const { text, body } = await exchange(house.app.url, {
					path: PATH,
					headers: { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken },
					body: { query, variables: { t, s: "token:*", k: "access_tokens" } },
				});
				assert.deepEqual(findSecrets(secrets, Buffer.from(text)), [], `${query}: ${text.slice(0, 300)}`);
				assert.equal(Boolean(body.data?.customer), t === own, `${query}: ${text.slice(0, 300)}`);
			}
		}
		// Nor does a cost, or an error, tell a token that is nearly right from one that is not.
		const told = async (t: string) => JSON.stringify(await house.ask(READ, { t }));
		const near = [
			own.slice(0, -1),
			`${own}0`,
			own.toUpperCase(),
			[...own].reverse().join(""),
			"0".repeat(48),
		];
		assert.equal(new Set(await Promise.all(near.filter((text) => text !== own).map(told))).size, 1);
		assert.equal(await readerOf(house, own), EMAIL);
	});
}

/** What becomes of a recovery and a sign-up is in the mail: for whoever has the address, and for nobody else. */
async function mailQuietly(engine: EngineName): Promise<void> {
	await using house = await openHouse(engine, { enumeration: "quiet" });
	await makePeople(house);
	const { length: before } = await house.mails();
	const mailed = async () => {
		const mails = await house.mails();
		const links = mails
			.slice(0, mails.length - before)
			.flatMap(({ to, links }) => links.map((link) => `${to} ${/\/account\/(\w+)\//.exec(link)?.[1]}`));
		return links.filter((link) => !link.endsWith("undefined")).sort();
	};
	for (const who of STATES) await house.ask(RECOVER, { email: emailOf(who) });
	const reset = [`${emailOf("enabled")} reset`, `${emailOf("passwordless")} reset`];
	assert.deepEqual(await mailed(), reset, "a recovery");
	for (const who of STATES) await house.ask(SIGN_UP, { input: { email: emailOf(who), password: PASSWORD } });
	const activated = (["disabled", "invited", "nobody"] as const).map((who) => `${emailOf(who)} activate`);
	assert.deepEqual(await mailed(), [...reset, ...reset, ...activated].sort(), "a sign-up");
}

/** Queries that together ask every field of a customer and of all that a customer leads to, with every argument. */
async function documentsOf(house: House): Promise<readonly string[]> {
	const { data } = await house.ask(getIntrospectionQuery());
	const schema = buildClientSchema(data);
	const customer = schema.getType("Customer");
	assert.ok(isObjectType(customer));
	const ARGUMENTS: Readonly<Record<string, string>> = {
		first: "2",
		namespace: "$k",
		key: "$k",
		query: "$s",
		identifiers: "[{ namespace: $k, key: $k }]",
	};
	const write = (type: GraphQLObjectType, depth: number): string =>
		Object.values(type.getFields())
			.map((field) => {
				const named = getNamedType(field.type);
				const given = field.args.flatMap(({ name, type: taken }) => {
					const named = getNamedType(taken);
					if (isEnumType(named)) return [`${name}: ${named.getValues()[0]?.name}`];
					return ARGUMENTS[name] === undefined ? [] : [`${name}: ${ARGUMENTS[name]}`];
				});
				const called = given.length > 0 ? `${field.name}(${given.join(", ")})` : field.name;
				if (!isCompositeType(named)) return called;
				if (!isObjectType(named) || depth === 0) return `${called} { __typename }`;
				return `${called} { ${write(named, depth - 1)} }`;
			})
			.join(" ");
	const fields = Object.values(customer.getFields());
	assert.ok(fields.length > 15, `${fields.length} fields`);
	const whole = fields.map(({ name }) => {
		const type = {
			getFields: () => ({ [name]: customer.getFields()[name] }),
		} as unknown as GraphQLObjectType;
		return `customer(customerAccessToken: $t) { ${write(type, 2)} }`;
	});
	const uses = (text: string) =>
		[text.includes("$s") ? "$s: String" : "", text.includes("$k") ? "$k: String!" : ""].filter(Boolean);
	return whole.map((text) => `query(${["$t: String!", ...uses(text)].join(", ")}) { ${text} }`);
}
