// The document cache against graphql-js: a document found in it must answer as the same document does that was
// never seen before, whatever strings are typed into it, and the cache must stay small.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { getHeapSnapshot, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { execute, parse } from "graphql";
import { createDocuments, type Documents } from "../../src/storefront/documents.ts";
import { schemaOf } from "../../src/storefront/schema.ts";
import { checkExpansion } from "../../src/storefront/validation/expansion.ts";
import { PROVEN_VERSIONS, type ProvenVersion } from "../../src/storefront/versions.ts";
import { documentDice, growDocument } from "./generate.ts";
import { attachWorld, buildWorld, type World } from "./world.ts";

const RUNS = 400 * Number(process.env["TEST_RUNS"] ?? 1);
const SEED = Number(process.env["TEST_SEED"] ?? 20_261_122);

// Documents are prepared for the schema that is served. Its resolvers give way to the world's in this process,
// which runs this file and nothing else, until the file is through.
const schemas = new Map(PROVEN_VERSIONS.map((version) => [version, buildWorld(version)]));
for (const version of PROVEN_VERSIONS) after(attachWorld(schemaOf(version)));

interface Request {
	readonly version: ProvenVersion;
	readonly text: string;
	readonly operationName: string | null;
	readonly variables: Readonly<Record<string, unknown>>;
	readonly world: World;
}

interface Answer {
	/** JSON. */
	readonly data: string;
	readonly errors: readonly { readonly path: unknown; readonly locations: readonly unknown[] }[];
}

/** As execute.ts does it. */
async function askOurs(documents: Documents, request: Request): Promise<Answer> {
	const { version, text, operationName, variables, world } = request;
	const found = documents.find(version, text, operationName);
	assert.ok("operation" in found, JSON.stringify(found));
	const coerced = found.operation.coerceVariables(variables, found.locate);
	assert.ok("values" in coerced, JSON.stringify(coerced));
	const values = { ...coerced.values, ...found.lifted };
	const { data, faults } = await found.operation.plan(values).execute(world, values);
	const errors = faults.map(({ path, nodes, message }) => ({
		path,
		locations: message.startsWith("Argument ") ? [] : nodes.map(found.locate),
	}));
	return { data: JSON.stringify(data), errors };
}

async function askGraphqlJs({ version, text, operationName, variables, world }: Request): Promise<Answer> {
	const schema = schemas.get(version);
	assert.ok(schema);
	const document = parse(text);
	const result = await execute({
		schema,
		document,
		operationName,
		variableValues: variables,
		contextValue: world,
	});
	const errors = (result.errors ?? []).map(({ path, message, locations = [] }) => ({
		path,
		// For errors of arguments at the argument, and at the field here: see plan.test.ts.
		locations: message.startsWith("Argument ") ? [] : locations.map(({ line, column }) => ({ line, column })),
	}));
	return { data: JSON.stringify(result.data), errors };
}

const requests = fc.record({
	dice: documentDice,
	version: fc.constantFrom(...PROVEN_VERSIONS),
	world: fc.record({ seed: fc.nat(), trouble: fc.constantFrom(0, 10), waits: fc.constant(false) }),
});

test("a document answers the same from the cache, with the strings and with others in their places", async () => {
	const met = { withStrings: 0, kept: 0, notKept: 0 };
	await fc.assert(
		fc.asyncProperty(requests, async ({ dice, version, world }) => {
			const schema = schemas.get(version);
			assert.ok(schema);
			const grown = growDocument(schema, dice, false);
			// Of those that are grown too large nothing is kept: they are refused.
			fc.pre(checkExpansion(parse(grown.text(0))).length === 0);
			const documents = createDocuments();
			for (const variant of [0, 1, 2, 0]) {
				const { operationName, variables } = grown;
				const request = { version, text: grown.text(variant), operationName, variables, world };
				const ours = await askOurs(documents, request);
				const theirs = await askGraphqlJs(request);
				assert.deepEqual(ours, theirs, request.text);
				assert.equal(documents.size, grown.mayBeKept ? 1 : 0, request.text);
			}
			if (grown.places > 0) met.withStrings++;
			if (grown.places > 0 && grown.mayBeKept) met.kept++;
			if (!grown.mayBeKept) met.notKept++;
		}),
		{ numRuns: RUNS, seed: SEED },
	);
	for (const [what, count] of Object.entries(met)) assert.ok(count > RUNS / 20, `${what}: ${count}`);
});

/** A world in which every field goes wrong. */
const NOTHING_WORKS = { seed: 1, trouble: 300, waits: false };

test("an error from the cache stands where it stands in the document that was sent", async () => {
	const documents = createDocuments();
	for (const handle of ['"a"', '"another one"', '"""\n\n"""', '"a"']) {
		const text = `{ page(handle: ${handle}) { id } blog(handle: ${handle}) { id }\n collection { id } }`;
		const request = {
			version: "2026-04",
			text,
			operationName: null,
			variables: {},
			world: NOTHING_WORKS,
		} as const;
		assert.deepEqual((await askOurs(documents, request)).errors, (await askGraphqlJs(request)).errors);
	}
});

/** What is prepared for the document: the same object as long as it is kept, and for whoever shares it. */
function prepared(documents: Documents, text: string, version: ProvenVersion = "2026-04"): unknown {
	const found = documents.find(version, text, null);
	assert.ok("operation" in found, JSON.stringify(found));
	return found.operation;
}

test("documents share an entry if they differ in strings, and in nothing else", () => {
	const documents = createDocuments();
	const base =
		'query A { a: page(handle: "x") { id } products(first: 3, reverse: true, after: "y") { nodes { id } } }';
	const kept = prepared(documents, base);
	const alike = [
		base,
		base.replace('"x"', '""'),
		base.replace('"y"', '"""y\n}"""'),
		base.replace('"y"', String.raw`"\u0022) { id } #"`),
	];
	for (const text of alike) assert.equal(prepared(documents, text), kept, text);
	assert.equal(documents.size, 1);
	const changes = [
		["3", "4"],
		["true", "false"],
		["A", "B"],
		["a:", "b:"],
		["{ a", "{  a"],
		["{ a", "{\n a"],
		["{ a", "# \n{ a"],
		["handle", "id"],
		["nodes", "edges"],
		["after", "before"],
		['"y"', "null"],
		["products(first: 3, ", "products("],
	] as const;
	const seen = new Set([kept]);
	for (const [from, to] of changes) {
		const text = base
			.replace(from, to)
			.replace('(id: "x")', '(id: "gid://shopify/Page/1")')
			.replace("edges { id", "edges { cursor");
		const other = prepared(documents, text);
		assert.ok(!seen.has(other), text);
		assert.equal(prepared(documents, text), other, "it is kept by itself");
		seen.add(other);
	}
	assert.ok(!seen.has(prepared(documents, base, "2026-01")), "versions share nothing");
	assert.equal(documents.size, changes.length + 2);
	assert.equal(prepared(documents, base), kept);
});

test("two fields under one key may not be given different strings, whatever is in the cache", () => {
	const documents = createDocuments();
	const withHandles = (one: string, other: string) =>
		`{ page(handle: ${one}) { id } ... on QueryRoot { page(handle: ${other}) { title } } }`;
	const before = documents.find("2026-04", withHandles('"a"', '"b"'), null);
	assert.ok("errors" in before);
	prepared(documents, withHandles('"a"', '"a"'));
	assert.deepEqual(documents.find("2026-04", withHandles('"a"', '"b"'), null), before);
	prepared(documents, withHandles('"b"', '"b"'));
});

test("a string that the place does not take is refused, whatever is in the cache", () => {
	const documents = createDocuments();
	const withId = (id: string) => `{ node(id: ${id}) { id } }`;
	const before = documents.find("2026-04", withId('"x"'), null);
	assert.ok("errors" in before);
	prepared(documents, withId('"gid://shopify/Page/1"'));
	assert.deepEqual(documents.find("2026-04", withId('"x"'), null), before);
	assert.deepEqual(
		documents.find("2026-04", withId('"\\q"'), null),
		createDocuments().find("2026-04", withId('"\\q"'), null),
	);
});

test("a string in a variable's default, or in a description, is never kept", () => {
	const documents = createDocuments();
	for (const text of [
		'query($v: String = "secret") { page(handle: $v) { id } }',
		'query($v: ID = "gid://shopify/Page/secret") { page(id: $v) { id } }',
		'query($v: [HasMetafieldsIdentifier!]! = [{ key: """secret""" }]) { shop { metafields(identifiers: $v) { id } } }',
		'query($v: String = "secret") { page(handle: $v) { id } blog(handle: "kept") { id } }',
		'"""secret""" query Q { shop { id } }',
		'query Q { shop { ...F } } "secret" fragment F on Shop { id }',
		'query Q("secret" $v: String) { page(handle: $v) { id } }',
	]) {
		assert.notEqual(prepared(documents, text), prepared(documents, text));
	}
	assert.equal(documents.size, 0);
});

test("the cache stays bounded, in documents and in characters", () => {
	const documents = createDocuments();
	const favourite = prepared(documents, "{ shop { name } }");
	for (let number = 0; number < 10_000; number++) {
		prepared(documents, `{ shop { a${number}: name } }`);
		if (number % 400 === 0)
			assert.equal(prepared(documents, "{ shop { name } }"), favourite, "the last used stay");
		assert.ok(documents.size <= 1000);
	}
	assert.equal(documents.size, 1000);
	// As long as documents get: these must have driven all of the others out, and then one another.
	const padding = " ".repeat(60_000);
	for (let number = 0; number < 400; number++) prepared(documents, `{ shop { b${number}: name${padding} } }`);
	assert.ok(documents.size < 20, `${documents.size} documents of 60 000 characters`);
});

test("nothing that was typed into a document stays in memory", async () => {
	const documents = createDocuments();
	// As bytes, which no heap snapshot shows, while the strings made of them come and go.
	const secrets = Array.from({ length: 4 }, () => Buffer.from(randomBytes(20).toString("hex")));
	for (const secret of secrets) await askWith(documents, secret);
	assert.equal(documents.size, 3);
	const snapshot = await heapSnapshot();
	assert.ok(snapshot.includes("customerAccessTokenDelete"), "the snapshot shows strings");
	for (const secret of secrets) assert.ok(!snapshot.includes(secret));
	assert.equal(documents.size, 3);
});

async function askWith(documents: Documents, secret: Buffer): Promise<void> {
	const deletion = `mutation { customerAccessTokenDelete(customerAccessToken: "${secret}") { deletedAccessToken } }`;
	const creation = `mutation { customerAccessTokenCreate(input: {email: "a@b.c", password: """${secret}"""}) { userErrors { message } } }`;
	const renewal =
		"mutation($t: String!) { customerAccessTokenRenew(customerAccessToken: $t) { __typename } }";
	for (const text of [deletion, creation, renewal]) {
		const request = {
			version: "2026-04",
			text,
			operationName: null,
			variables: { t: String(secret) },
			world: NOTHING_WORKS,
		} as const;
		assert.equal((await askOurs(documents, request)).errors.length, 1);
	}
}

async function heapSnapshot(): Promise<Buffer> {
	setFlagsFromString("--expose-gc");
	runInNewContext("gc")();
	const chunks: Buffer[] = [];
	for await (const chunk of getHeapSnapshot()) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}
