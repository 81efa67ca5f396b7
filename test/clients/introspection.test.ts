// The official introspection query, sent over HTTP, against the schema that Shopify publishes inside hydrogen-react:
// both are flattened to coordinate → facts and must be equal in every one. Our descriptions are our own words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
	buildClientSchema,
	getIntrospectionQuery,
	type IntrospectionInputValue,
	type IntrospectionQuery,
	type IntrospectionSchema,
	type IntrospectionTypeRef,
	Kind,
	parse,
	visit,
} from "graphql";
import published2026_01 from "hydrogen-react-2026-01/storefront.schema.json" with { type: "json" };
import published2026_04 from "hydrogen-react-2026-04/storefront.schema.json" with { type: "json" };
import { ENGINES, type House, openHouse, VERSIONS } from "../house.ts";
import { endpoint, publicHeaders } from "./clients.ts";

type Version = (typeof VERSIONS)[number];
type Facts = Readonly<Record<string, unknown>>;

const PUBLISHED = {
	"2026-01": (published2026_01 as unknown as IntrospectionQuery).__schema,
	"2026-04": (published2026_04 as unknown as IntrospectionQuery).__schema,
};

/** Asks for exactly what the published files hold. */
const AS_PUBLISHED = getIntrospectionQuery({
	descriptions: true,
	inputValueDeprecation: true,
	directiveIsRepeatable: true,
	oneOf: true,
	schemaDescription: false,
	specifiedByUrl: false,
});

async function introspect(house: House, version: Version, query: string): Promise<IntrospectionSchema> {
	const response = await fetch(endpoint(house, version), {
		method: "POST",
		headers: { "Content-Type": "application/json", ...publicHeaders(house) },
		body: JSON.stringify({ query, operationName: "IntrospectionQuery" }),
	});
	assert.equal(response.status, 200);
	const { data, errors } = (await response.json()) as { data: IntrospectionQuery; errors: unknown };
	assert.equal(errors, undefined);
	return data.__schema;
}

function typeName(type: IntrospectionTypeRef): string {
	if (type.kind === "NON_NULL") return `${typeName(type.ofType)}!`;
	return type.kind === "LIST" ? `[${typeName(type.ofType)}]` : type.name;
}

interface Described {
	readonly name: string;
	readonly description?: string | null | undefined;
}

/** Every coordinate of a schema (`Type.field(argument:)`, `@directive`) with its facts and its description. */
function flatten(schema: IntrospectionSchema): {
	readonly facts: ReadonlyMap<string, Facts>;
	readonly descriptions: ReadonlyMap<string, string | null>;
} {
	const facts = new Map<string, Facts>();
	const descriptions = new Map<string, string | null>();
	const put = (coordinate: string, { description }: Partial<Described>, what: Facts) => {
		assert.ok(!facts.has(coordinate), `${coordinate} is there twice`);
		facts.set(coordinate, what);
		descriptions.set(coordinate, description ?? null);
	};
	const putInput = (coordinate: string, input: IntrospectionInputValue) => {
		const { type, defaultValue, isDeprecated, deprecationReason } = input;
		put(coordinate, input, { type: typeName(type), defaultValue, isDeprecated, deprecationReason });
	};
	const names = (types: readonly Described[] | null | undefined) =>
		types?.map(({ name }) => name).sort() ?? null;

	put(
		"schema",
		{},
		{
			query: schema.queryType.name,
			mutation: schema.mutationType?.name,
			subscription: schema.subscriptionType?.name,
		},
	);
	for (const type of schema.types) {
		const { kind } = type;
		const isOneOf = kind === "INPUT_OBJECT" ? type.isOneOf : null;
		const interfaces = "interfaces" in type ? names(type.interfaces) : null;
		const possibleTypes = "possibleTypes" in type ? names(type.possibleTypes) : null;
		put(type.name, type, { kind, isOneOf, interfaces, possibleTypes });
		if ("fields" in type) {
			for (const field of type.fields ?? []) {
				const { isDeprecated, deprecationReason } = field;
				const coordinate = `${type.name}.${field.name}`;
				put(coordinate, field, { type: typeName(field.type), isDeprecated, deprecationReason });
				for (const arg of field.args) putInput(`${coordinate}(${arg.name}:)`, arg);
			}
		}
		if ("inputFields" in type) {
			for (const input of type.inputFields ?? []) putInput(`${type.name}.${input.name}`, input);
		}
		if ("enumValues" in type) {
			for (const value of type.enumValues ?? []) {
				const { isDeprecated, deprecationReason } = value;
				put(`${type.name}.${value.name}`, value, { isDeprecated, deprecationReason });
			}
		}
	}
	for (const directive of schema.directives) {
		const { isRepeatable, locations } = directive;
		put(`@${directive.name}`, directive, { isRepeatable, locations: [...locations].sort() });
		for (const arg of directive.args) putInput(`@${directive.name}(${arg.name}:)`, arg);
	}
	return { facts, descriptions };
}

/** The coordinates that a file of ours declares, extensions' own names left out. */
function declared(file: "customer" | "catalogue"): ReadonlySet<string> {
	const url = new URL(`../../src/storefront/schema/${file}.graphql`, import.meta.url);
	const coordinates = new Set<string>();
	const path: string[] = [];
	visit(parse(readFileSync(url, "utf8")), {
		enter: (node) => {
			const { kind } = node;
			if (!("name" in node) || !node.name) return undefined;
			const { value } = node.name;
			if (kind === Kind.DIRECTIVE_DEFINITION) path.push(`@${value}`);
			else if (kind.endsWith("TypeDefinition") || kind.endsWith("TypeExtension")) path.push(value);
			else if (kind === Kind.FIELD_DEFINITION || kind === Kind.ENUM_VALUE_DEFINITION) path.push(`.${value}`);
			// An input value is a member of an input object, or an argument of a field or a directive.
			else if (kind === Kind.INPUT_VALUE_DEFINITION) {
				const isArgument = path.length === 2 || path[0]?.startsWith("@");
				path.push(isArgument ? `(${value}:)` : `.${value}`);
			} else return undefined;
			if (!kind.endsWith("TypeExtension")) coordinates.add(path.join(""));
			return undefined;
		},
		leave: (node) => {
			if (/Type(?:Definition|Extension)$|^DirectiveDefinition$/.test(node.kind)) path.pop();
			else if (/^(?:Field|EnumValue|InputValue)Definition$/.test(node.kind)) path.pop();
		},
	});
	return coordinates;
}

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		test(`introspection equals the published ${version} in every coordinate, ${engine}`, async (t) => {
			await using house = await openHouse(engine);
			const ours = flatten(await introspect(house, version, AS_PUBLISHED)).facts;
			const theirs = flatten(PUBLISHED[version]).facts;
			const missing = [...theirs.keys()].filter((coordinate) => !ours.has(coordinate));
			const invented = [...ours.keys()].filter((coordinate) => !theirs.has(coordinate));
			assert.deepEqual({ missing, invented }, { missing: [], invented: [] });
			const different = [...theirs]
				.map(([coordinate, published]) => ({ coordinate, published, ours: ours.get(coordinate) }))
				.filter(({ published, ours }) => JSON.stringify(published) !== JSON.stringify(ours));
			assert.deepEqual(different, []);
			assert.deepEqual(ours, theirs);
			t.diagnostic(`${version}: ${ours.size} of ${theirs.size} published coordinates are equal`);
		});
	}
}

test("whoever asks again for the schema is told the same, whatever was asked between, with its own cost and version", async () => {
	await using house = await openHouse();
	const queries = [
		"{ __schema { types { name fields { name } inputFields { name } enumValues { name } } } }",
		"{ __schema { queryType { name } } }",
		"query A { __schema { directives { name } } }",
		"{ again: __schema { mutationType { name } } }",
		"{ __schema { types { kind } } __typename }",
		"query($deprecated: Boolean) { __schema { types { fields(includeDeprecated: $deprecated) { name } } } }",
		"query @inContext(country: CA) { __schema { queryType { name } } }",
	];
	const ask = (query: string, version: Version, deprecated: boolean) =>
		house.ask(query, query.includes("$deprecated") ? { deprecated } : {}, { version });
	const told = new Map<string, string>();
	for (const round of [1, 2, 3]) {
		for (const query of queries) {
			for (const version of VERSIONS) {
				for (const deprecated of [true, false]) {
					const key = `${version} ${query} ${query.includes("$deprecated") && deprecated}`;
					const answer = await ask(query, version, deprecated);
					assert.equal(answer.errors, undefined);
					const body = JSON.stringify(answer);
					assert.equal(body, told.get(key) ?? body, `round ${round}: ${key}`);
					told.set(key, body);
				}
			}
		}
	}
	// Seven documents on two versions, one of them answered in two ways.
	assert.equal(told.size, 16);
	const [one, other] = VERSIONS.map((version) => told.get(`${version} ${queries[0]} false`));
	assert.notEqual(one, other);
});

for (const version of VERSIONS) {
	test(`the introspection query in its shortest and its longest form builds a client's schema on ${version}`, async () => {
		await using house = await openHouse();
		const longest = {
			descriptions: true,
			inputValueDeprecation: true,
			directiveIsRepeatable: true,
			oneOf: true,
			schemaDescription: true,
			specifiedByUrl: true,
		};
		for (const options of [{ descriptions: false }, {}, longest]) {
			const schema = await introspect(house, version, getIntrospectionQuery(options));
			const built = buildClientSchema({ __schema: schema });
			assert.equal(built.getQueryType()?.name, "QueryRoot");
			assert.equal(Object.keys(built.getTypeMap()).length, PUBLISHED[version].types.length);
		}
	});

	test(`every part of the customer's schema is described on ${version}`, async (t) => {
		await using house = await openHouse();
		const { descriptions } = flatten(await introspect(house, version, AS_PUBLISHED));
		const served = [...declared("customer")].filter((coordinate) => descriptions.has(coordinate));
		assert.deepEqual(
			served.filter((coordinate) => (descriptions.get(coordinate) ?? "").trim() === ""),
			[],
		);
		t.diagnostic(`${version}: ${served.length} coordinates of the customer part are described`);
	});

	test(`what is described on ${version} is described in words of our own`, async () => {
		await using house = await openHouse();
		const { descriptions } = flatten(await introspect(house, version, AS_PUBLISHED));
		const theirs = flatten(PUBLISHED[version]).descriptions;
		const oneLine = (text: string | null | undefined) => (text ?? "").replace(/\s+/g, " ").trim();
		const copied = [...declared("customer"), ...declared("catalogue")].filter((coordinate) => {
			const ours = oneLine(descriptions.get(coordinate));
			return ours.length > 40 && ours === oneLine(theirs.get(coordinate));
		});
		assert.deepEqual(copied, []);
	});
}

test("the schema files declare every published coordinate that GraphQL itself does not bring", () => {
	const ours = new Set([...declared("customer"), ...declared("catalogue")]);
	const builtIn = /^(?:schema$|__|@(?:include|skip|oneOf|specifiedBy)\b|(?:Boolean|Float|ID|Int|String)$)/;
	const theirs = [...flatten(PUBLISHED["2026-04"]).facts.keys()].filter((name) => !builtIn.test(name));
	// The roots are one type each, declared once and extended.
	assert.deepEqual([...ours].sort(), theirs.sort());
});
