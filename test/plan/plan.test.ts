// Our compiled execution against graphql-js's own: thousands of generated documents over generated worlds, answers
// equal byte for byte. `TEST_RUNS` multiplies the number of documents, `TEST_SEED` rolls others.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
	type DocumentNode,
	execute,
	type FragmentDefinitionNode,
	type GraphQLSchema,
	Kind,
	parse,
	validate,
} from "graphql";
import { type PreparedOperation, prepareOperation } from "../../src/storefront/operation.ts";
import type { FieldFault, Outcome } from "../../src/storefront/run.ts";
import { PROVEN_VERSIONS } from "../../src/storefront/versions.ts";
import { documentDice, type Generated, growDocument } from "./generate.ts";
import { buildWorld, type World } from "./world.ts";

const RUNS = 800 * Number(process.env["TEST_RUNS"] ?? 1);
const SEED = Number(process.env["TEST_SEED"] ?? 20_261_122);

type Path = readonly (string | number)[];

interface ErrorSeen {
	readonly message: string;
	readonly path: Path;
	readonly locations: readonly unknown[];
}

interface Answer {
	/** JSON. */
	readonly data: string;
	readonly errors: readonly ErrorSeen[];
}

interface Case {
	readonly schema: GraphQLSchema;
	readonly operationName: string | null;
	readonly document: DocumentNode;
	readonly variables: Generated["variables"];
	readonly world: World;
}

const worlds = (waits: boolean): fc.Arbitrary<World> =>
	fc.record({ seed: fc.nat(), trouble: fc.constantFrom(0, 3, 10, 20, 40), waits: fc.constant(waits) });

function prepare({ schema, document, operationName }: Case): PreparedOperation {
	const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
	for (const definition of document.definitions) {
		if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
	}
	for (const definition of document.definitions) {
		if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
		if ((definition.name?.value ?? null) !== operationName) continue;
		return prepareOperation(schema, definition, fragments, null);
	}
	throw new Error("the document has no such operation");
}

/** As it is done for a request: the variables coerced, the plan chosen, executed. */
async function askOurs(operation: PreparedOperation, { variables, world }: Case): Promise<Answer> {
	const coerced = operation.coerceVariables(variables);
	assert.ok("values" in coerced, JSON.stringify(coerced));
	return toAnswer(await operation.plan(coerced.values).execute(world, coerced.values));
}

function toAnswer({ data, faults }: Outcome): Answer {
	return { data: JSON.stringify(data), errors: faults.map(toErrorSeen) };
}

function toErrorSeen({ message, path, nodes }: FieldFault): ErrorSeen {
	const locations = nodes.map(({ loc }) => ({ line: loc?.startToken.line, column: loc?.startToken.column }));
	return atField({ message, path, locations });
}

async function askGraphqlJs({ schema, document, operationName, variables, world }: Case): Promise<Answer> {
	const result = await execute({
		schema,
		document,
		operationName,
		variableValues: variables,
		contextValue: world,
	});
	assert.notEqual(result.data, undefined, String(result.errors));
	const errors = (result.errors ?? []).map(({ message, path = [], locations = [] }) =>
		atField({ message, path, locations: locations.map(({ line, column }) => ({ line, column })) }),
	);
	return { data: JSON.stringify(result.data), errors };
}

/**
 * A null where none may stand, given for a variable that has a default, is an error of execution. graphql-js tells
 * how it came there and points at the argument; we point at the field, as with every error of a field. The
 * argument and the path must be the same. This is the only difference in single errors.
 */
function atField(error: ErrorSeen): ErrorSeen {
	const message = /^Argument "[^"]+" has invalid value/.exec(error.message)?.[0];
	return message ? { ...error, message, locations: [] } : error;
}

/** Every error that there is, none hidden by another: graphql-js told to let no null spread. */
function askForAllErrors(given: Case): Promise<Answer> {
	const name = { kind: Kind.NAME, value: "experimental_disableErrorPropagation" } as const;
	const definitions = given.document.definitions.map((definition) =>
		definition.kind === Kind.OPERATION_DEFINITION
			? { ...definition, directives: [{ kind: Kind.DIRECTIVE, name } as const] }
			: definition,
	);
	return askGraphqlJs({ ...given, document: { ...given.document, definitions } });
}

/** The place of the null that an error made: its own, or the nearest place above it where a null may stand. */
function placeOfNull(data: string, path: Path): Path {
	let value: unknown = JSON.parse(data);
	for (const [depth, key] of path.entries()) {
		if (value === null) return path.slice(0, depth);
		value = (value as Readonly<Record<string | number, unknown>>)[key];
	}
	assert.equal(value, null, `there is a value at ${path.join(".")}`);
	return path;
}

function sorted(values: readonly unknown[]): string[] {
	return values.map((value) => JSON.stringify(value)).sort();
}

/**
 * Where things happen at the same time, several fields may fail for which one null stands, further up; which of
 * them are told of is left to chance (graphql-js tells of those that fail before the null has reached its place).
 * So for these only the places of the nulls must be the same, and every error told must be one that there is. All
 * other errors must be told, no more and no fewer.
 */
async function assertSameErrors(ours: Answer, theirs: Answer, given: Case): Promise<void> {
	const places = ({ data, errors }: Answer) => [
		...new Set(sorted(errors.map(({ path }) => placeOfNull(data, path)))),
	];
	assert.deepEqual(places(ours), places(theirs));
	const own = ({ data, errors }: Answer) =>
		sorted(errors.filter(({ path }) => placeOfNull(data, path).length === path.length));
	assert.deepEqual(own(ours), own(theirs));
	const all = new Set(sorted((await askForAllErrors(given)).errors));
	for (const error of sorted(ours.errors)) assert.ok(all.has(error), `there is no such error: ${error}`);
	assert.equal(new Set(sorted(ours.errors)).size, ours.errors.length, "an error is told twice");
}

/** The same request with every Boolean the other way: other fields are skipped and included. */
function turned(variables: Generated["variables"]): Generated["variables"] {
	const turn = (value: unknown) => (typeof value === "boolean" ? !value : value);
	return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, turn(value)]));
}

/** How often the interesting things were met: a generator that went dull must not pass. */
class Met {
	documents = 0;
	errors = 0;
	spreadNulls = 0;
	fragments = 0;
	prototypes = 0;

	count({ data, errors }: Answer, text: string): void {
		this.documents++;
		if (errors.length > 0) this.errors++;
		if (errors.some(({ path }) => placeOfNull(data, path).length < path.length)) this.spreadNulls++;
		if (text.includes("...")) this.fragments++;
		if (data.includes('"__proto__":')) this.prototypes++;
	}
}

for (const version of PROVEN_VERSIONS) {
	const schema = buildWorld(version);
	for (const waits of [false, true]) {
		test(`answers as graphql-js does where ${waits ? "fields wait" : "nothing waits"}, ${version}`, async () => {
			const met = new Met();
			const property = fc.asyncProperty(documentDice, worlds(waits), async (dice, world) => {
				const grown = growDocument(schema, dice);
				const text = grown.text(0);
				const document = parse(text);
				const { operationName } = grown;
				const given = { schema, operationName, document, variables: grown.variables, world };
				const operation = prepare(given);
				try {
					assert.deepEqual(validate(schema, document), []);
					// The first request again at the end: an operation must keep nothing of another one's values.
					for (const variables of [grown.variables, turned(grown.variables), grown.variables]) {
						const ours = await askOurs(operation, { ...given, variables });
						const theirs = await askGraphqlJs({ ...given, variables });
						assert.equal(ours.data, theirs.data);
						if (waits) await assertSameErrors(ours, theirs, { ...given, variables });
						else assert.deepEqual(ours.errors, theirs.errors);
						met.count(ours, text);
					}
				} catch (error) {
					throw new Error(`${text}\n${JSON.stringify(grown.variables)}`, { cause: error });
				}
			});
			await fc.assert(property, { numRuns: RUNS, seed: SEED });
			assert.equal(met.documents, 3 * RUNS);
			for (const [what, count] of Object.entries(met)) assert.ok(count > RUNS / 20, `${what}: ${count}`);
		});
	}
}

test("a null for a condition that has a default counts as false, and is not remembered as anything else", async () => {
	const schema = buildWorld("2026-04");
	const document = parse(
		`query($v: Boolean = true) { __typename @include(if: $v) shop { __typename @skip(if: $v) } }`,
	);
	const world = { seed: 1, trouble: 0, waits: false };
	const given = { schema, document, operationName: null, variables: {}, world };
	const operation = prepare(given);
	const included = '{"__typename":"QueryRoot","shop":{}}';
	const skipped = '{"shop":{"__typename":"Shop"}}';
	for (const [v, data] of [
		[null, skipped],
		[false, skipped],
		[true, included],
		[undefined, included],
	] as const) {
		assert.equal((await askOurs(operation, { ...given, variables: { v } })).data, data);
	}
});

test("mutations happen one after the other, in the order in which they stand", async () => {
	const schema = buildWorld("2026-04");
	const happened: string[] = [];
	for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
		field.resolve = async () => {
			happened.push(`${field.name} begins`);
			await new Promise(setImmediate);
			happened.push(`${field.name} ends`);
			return null;
		};
	}
	const token = '(customerAccessToken: "t")';
	const document = parse(
		`mutation { customerAccessTokenRenew${token} { __typename } a: cartCreate { __typename } customerAccessTokenDelete${token} { __typename } }`,
	);
	const given = {
		schema,
		document,
		operationName: null,
		variables: {},
		world: { seed: 1, trouble: 0, waits: false },
	};
	assert.deepEqual((await askOurs(prepare(given), given)).errors, []);
	const order = ["customerAccessTokenRenew", "cartCreate", "customerAccessTokenDelete"];
	assert.deepEqual(
		happened,
		order.flatMap((name) => [`${name} begins`, `${name} ends`]),
	);
});
