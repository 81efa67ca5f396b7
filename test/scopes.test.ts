// Scopes hold: every field at the root of the API, asked for with every kind of key, plainly and in every form in which
// a document may hide it. A field that needs a scope is denied without it and never with it, and nothing of it is done.
import assert from "node:assert/strict";
import test from "node:test";
import {
	type GraphQLArgument,
	type GraphQLInputField,
	type GraphQLInputType,
	getNamedType,
	isEnumType,
	isInputObjectType,
	isLeafType,
	isListType,
	isNonNullType,
	isRequiredArgument,
	isRequiredInputField,
} from "graphql";
import { createApiKey, revokeApiKey } from "../src/accounts/administration.ts";
import type { Scope } from "../src/model.ts";
import { makeToken } from "../src/secrets/token.ts";
import { statement } from "../src/store/engine.ts";
import { schemaOf } from "../src/storefront/schema.ts";
import { ALL_SCOPES } from "../src/storefront/scopes.ts";
import { type Body, type House, openHouse, READ, VERSIONS } from "./house.ts";

const READ_CUSTOMERS = "unauthenticated_read_customers";
const WRITE_CUSTOMERS = "unauthenticated_write_customers";

/** The contract, written down once more: what needs a scope at the root. All other fields need none. */
const NEEDED: Readonly<Record<string, Scope>> = {
	"query customer": READ_CUSTOMERS,
	"query menu": "unauthenticated_read_content",
	"query metaobject": "unauthenticated_read_metaobjects",
	"query metaobjects": "unauthenticated_read_metaobjects",
	"query productTags": "unauthenticated_read_product_tags",
	"mutation customerAccessTokenCreate": WRITE_CUSTOMERS,
	"mutation customerAccessTokenCreateWithMultipass": WRITE_CUSTOMERS,
	"mutation customerAccessTokenDelete": WRITE_CUSTOMERS,
	"mutation customerAccessTokenRenew": WRITE_CUSTOMERS,
	"mutation customerActivate": WRITE_CUSTOMERS,
	"mutation customerActivateByUrl": WRITE_CUSTOMERS,
	"mutation customerAddressCreate": WRITE_CUSTOMERS,
	"mutation customerAddressDelete": WRITE_CUSTOMERS,
	"mutation customerAddressUpdate": WRITE_CUSTOMERS,
	"mutation customerCreate": WRITE_CUSTOMERS,
	"mutation customerDefaultAddressUpdate": WRITE_CUSTOMERS,
	"mutation customerRecover": WRITE_CUSTOMERS,
	"mutation customerReset": WRITE_CUSTOMERS,
	"mutation customerResetByUrl": WRITE_CUSTOMERS,
	"mutation customerUpdate": WRITE_CUSTOMERS,
};

interface Root {
	readonly operation: "query" | "mutation";
	readonly name: string;
	/** Its arguments as they are written behind the name, with this text for every customer access token. */
	written(token: string): string;
	/** What is selected of it, or nothing. */
	readonly selection: string;
	/** Null where none is needed. */
	readonly scope: Scope | null;
}

interface Key {
	readonly says: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Null for a key that opens nothing at all. */
	readonly scopes: ReadonlySet<Scope> | null;
}

interface Asked {
	readonly query: string;
	readonly operationName?: string;
}

/** A field is given in two halves, between which its directives may stand. */
type Form = (operation: string, type: string, field: string, selection: string) => Asked;

const PLAINLY: Form = (operation, _, field, selection) => ({
	query: `${operation} { ${field} ${selection} }`,
});

/** Other ways to ask for it. */
const FORMS: Readonly<Record<string, Form>> = {
	"under an alias": (operation, _, field, selection) => ({
		query: `${operation} { shown: ${field} ${selection} }`,
	}),
	"in a fragment of a fragment": (operation, type, field, selection) => ({
		query: `${operation} { ...a } fragment a on ${type} { ...b } fragment b on ${type} { ${field} ${selection} }`,
	}),
	"in an inline fragment": (operation, type, field, selection) => ({
		query: `${operation} { ... { ... on ${type} @include(if: true) { ${field} ${selection} } } }`,
	}),
	"under conditions that hold": (operation, _, field, selection) => ({
		query: `${operation}($y: Boolean = true, $n: Boolean = false) { ${field} @include(if: $y) @skip(if: $n) ${selection} }`,
	}),
	"in the operation that is named": (operation, _, field, selection) => ({
		query: `query One { shop { name } } ${operation} Two { ${field} ${selection} } query Three { shop { id } }`,
		operationName: "Two",
	}),
	"beside what is harmless": (operation, _, field, selection) => ({
		query: `${operation} { first: __typename ${field} ${selection} last: __typename }`,
	}),
};

/** Ways to write it down without asking for it. */
const UNASKED: Readonly<Record<string, Form>> = {
	"under a condition that does not hold": (operation, _, field, selection) => ({
		query: `${operation} { __typename ${field} @include(if: false) ${selection} }`,
	}),
	"in an operation that is not named": (operation, _, field, selection) => ({
		query: `query One { shop { name } } ${operation} Two { ${field} ${selection} }`,
		operationName: "One",
	}),
};

function listRoots(version: (typeof VERSIONS)[number]): readonly Root[] {
	const schema = schemaOf(version);
	return (["query", "mutation"] as const).flatMap((operation) => {
		const type = operation === "query" ? schema.getQueryType() : schema.getMutationType();
		return Object.values(type?.getFields() ?? {}).map(({ name, args, type: answered }): Root => {
			const needed = args.filter((argument) => isRequiredArgument(argument) || argument.name === "first");
			return {
				operation,
				name,
				written: (token) => {
					const list = needed.map((argument) => `${argument.name}: ${writeValue(argument, token)}`);
					return list.length > 0 ? `${name}(${list.join(", ")})` : name;
				},
				selection: isLeafType(getNamedType(answered)) ? "" : "{ __typename }",
				scope: NEEDED[`${operation} ${name}`] ?? null,
			};
		});
	});
}

const VALUES: Readonly<Record<string, string>> = {
	Int: "1",
	Float: "1.5",
	Boolean: "true",
	ID: '"gid://shopify/Customer/1"',
	URL: '"https://shop.example/account/reset/1/x"',
	Decimal: '"1.5"',
	JSON: "{}",
};

function writeValue({ name, type }: GraphQLArgument | GraphQLInputField, token: string): string {
	if (name === "customerAccessToken") return JSON.stringify(token);
	if (name === "email") return '"eve@example.com"';
	const write = (inner: GraphQLInputType): string => {
		if (isNonNullType(inner)) return write(inner.ofType);
		if (isListType(inner)) return `[${write(inner.ofType)}]`;
		if (isEnumType(inner)) return String(inner.getValues()[0]?.name);
		if (!isInputObjectType(inner)) return VALUES[inner.name] ?? '"correct horse"';
		const fields = Object.values(inner.getFields());
		const needed = inner.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
		return `{ ${needed.map((field) => `${field.name}: ${writeValue(field, token)}`).join(", ")} }`;
	};
	return write(type);
}

/** One of every kind: none, such as open nothing, one of each scope, of pairs, and of all. */
async function makeKeys({ app, keys }: House): Promise<readonly Key[]> {
	const make = async (kind: "public" | "private", ...scopes: readonly Scope[]) => {
		const input = { kind, title: "a key", scopes: new Set(scopes) };
		const made = await createApiKey(app.store, app.shop, input, null, app.clock.now());
		assert.ok(made);
		const name = kind === "public" ? "X-Shopify-Storefront-Access-Token" : "Shopify-Storefront-Private-Token";
		return { id: made.key.id, says: `${kind}: ${scopes.join()}`, headers: { [name]: made.secret }, ...input };
	};
	const revoked = await make("public", ...ALL_SCOPES);
	assert.equal(typeof (await revokeApiKey(app.store, revoked.id, app.clock.now())), "object");
	const bad = [revoked.headers, { "X-Shopify-Storefront-Access-Token": makeToken() }];
	return [
		{ says: "none", headers: {}, scopes: new Set() },
		...bad.map((headers) => ({ says: "one that opens nothing", headers, scopes: null })),
		await make("public"),
		...(await Promise.all(ALL_SCOPES.map((scope) => make("public", scope)))),
		await make("public", READ_CUSTOMERS, WRITE_CUSTOMERS),
		await make("public", ...ALL_SCOPES.filter((scope) => scope !== READ_CUSTOMERS)),
		await make("public", ...ALL_SCOPES.filter((scope) => scope !== WRITE_CUSTOMERS)),
		await make("private"),
		await make("private", READ_CUSTOMERS),
		await make("private", WRITE_CUSTOMERS),
		await make("private", ...ALL_SCOPES),
		{
			says: "the shop's own",
			headers: { "Shopify-Storefront-Private-Token": keys.privateAccessToken },
			scopes: new Set(ALL_SCOPES),
		},
	];
}

/** The scope for whose want anything was denied. */
function missingScope({ errors }: Body): string | null {
	for (const { extensions } of errors ?? []) {
		const [, scope] = /^`(\w+)` access scope\.$/.exec(extensions?.requiredAccess ?? "") ?? [];
		if (scope) {
			assert.equal(extensions.code, "ACCESS_DENIED");
			return scope;
		}
	}
	return null;
}

const COUNT = statement(`SELECT (SELECT count(*) FROM customers) AS customers, (
	SELECT count(*) FROM access_tokens JOIN customers ON customers.id = customer_id WHERE email = 'ada@example.com'
) AS tokens`);

for (const version of VERSIONS) {
	test(`a field that needs a scope is denied without it and never with it, however it is asked for (${version})`, async () => {
		await using house = await openHouse();
		const token = await house.signedIn();
		const keys = await makeKeys(house);
		const roots = listRoots(version);
		assert.deepEqual(
			roots.flatMap(({ operation, name, scope }) => (scope ? [`${operation} ${name}`] : [])).toSorted(),
			Object.keys(NEEDED).toSorted(),
			"every field that needs a scope is there, and every customer mutation among them",
		);
		let [served, denied] = [0, 0];
		const ask = async (
			key: Key,
			{ operation, name, written, selection }: Root,
			form: Form,
			given: string,
		) => {
			const type = operation === "query" ? "QueryRoot" : "Mutation";
			const response = await fetch(`${house.app.url}/api/${version}/graphql.json`, {
				method: "POST",
				headers: { "Content-Type": "application/json", ...key.headers },
				body: JSON.stringify(form(operation, type, written(given), selection)),
			});
			const body = (await response.json()) as Body;
			assert.equal(response.status, key.scopes === null ? 401 : 200, `${name}: ${JSON.stringify(body)}`);
			return body;
		};
		const tryRoot = async (key: Key, root: Root) => {
			const isEnough = root.scope === null || key.scopes?.has(root.scope) === true;
			const says = (way: string) => `${root.operation} ${root.name} ${way} with the key "${key.says}"`;
			// Whatever is not to happen is tried with a good token, and what may happen with a bad one.
			const plain = await ask(key, root, PLAINLY, isEnough ? "nobody's" : token);
			if (key.scopes === null) return assert.equal(plain.data, undefined, says("plainly"));
			if (isEnough) {
				served++;
				return assert.equal(missingScope(plain), null, says("plainly"));
			}
			// The forms are tried with what has nothing, and with what has nearly everything.
			const isOneOfMany = key.scopes.size > 0 && key.scopes.size < ALL_SCOPES.length - 1;
			const answers = { plainly: plain } as Record<string, Body>;
			for (const [way, form] of isOneOfMany ? [] : Object.entries(FORMS)) {
				answers[way] = await ask(key, root, form, token);
			}
			for (const [way, body] of Object.entries(answers)) {
				assert.equal(missingScope(body), root.scope, `${says(way)}: ${JSON.stringify(body)}`);
				const { first, last, ...rest } = body.data ?? {};
				const shown = Object.values(rest).filter((value) => value !== null);
				assert.deepEqual(shown, [], says(way));
				denied++;
			}
			for (const [way, form] of isOneOfMany ? [] : Object.entries(UNASKED)) {
				assert.equal((await ask(key, root, form, token)).errors, undefined, says(way));
			}
		};
		for (const key of keys) await Promise.all(roots.map((root) => tryRoot(key, root)));
		assert.ok(served > 500 && denied > 500, `${served} served, ${denied} denied`);
		// Nothing of what was denied has happened, and nobody came in.
		assert.equal((await house.ask(READ, { t: token })).data.customer.email, "ada@example.com");
		const rows = await house.app.store.read(COUNT, []);
		assert.deepEqual({ ...rows[0] }, { customers: 2, tokens: 1 }, "Ada with her one token, and Eve");
	});
}
