// A document is understood once: parsed, validated, its cost and deprecations found, compiled. Kept by version
// and text, bounded in number and size. String literals are lifted into variables first: mobile SDKs write
// passwords and tokens into the document, and a cached document must hold no secret.
import {
	type DocumentNode,
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLInputType,
	type GraphQLSchema,
	getNamedType,
	isListType,
	isNonNullType,
	Kind,
	type OperationDefinitionNode,
	parse,
	type SourceLocation,
	TypeInfo,
	type ValueNode,
	visit,
	visitWithTypeInfo,
} from "graphql";
import { findDeprecations } from "./deprecations.ts";
import {
	createLocator,
	type Lifted,
	liftLiterals,
	literalValue,
	type Masked,
	maskLiterals,
	nestingOf,
} from "./literals.ts";
import { type PreparedOperation, prepareOperation } from "./operation.ts";
import { globalIdProblem, scalarProblem } from "./scalars.ts";
import { schemaOf } from "./schema.ts";
import { parseDocument, validateDocument } from "./validation-wording.ts";
import type { ProvenVersion } from "./versions.ts";
import type { WireError } from "./wire-error.ts";

const MAX_DOCUMENTS = 1000;
/** A kept document weighs some fifty bytes a character, one made to be heavy some five hundred. */
const MAX_CACHED_CHARACTERS = 256 * 1024;
/** The largest real documents have some hundreds; a document's work grows with its tokens. */
const MAX_TOKENS = 3000;
/** Real clients nest some twenty deep; beyond this, walking a document could exhaust the stack. */
const MAX_NESTING = 100;

/** Introspection is open and large. */
const MAX_SCHEMAS = 1;
const MAX_TYPES = 10;

/** A valid document, ready for any values. */
interface Prepared {
	readonly operations: ReadonlyMap<string, PreparedOperation>;
	readonly lifted: Lifted;
	/** Types of the lifted literals, in the order in which they stand in the text. */
	readonly types: readonly GraphQLInputType[];
	/**
	 * Literals that were alike when the document was found valid, and must be again: fields under one key may not be
	 * given different arguments.
	 */
	readonly alike: readonly (readonly number[])[];
}

/** One operation of a valid document and the values of the literals that were lifted out of it. */
interface Found {
	readonly operation: PreparedOperation;
	/** Null when there were none. */
	readonly lifted: Readonly<Record<string, unknown>> | null;
	/** Where a field of the operation stands in the text that was asked for. */
	readonly locate: (field: FieldNode) => SourceLocation;
}

type Search = Found | { readonly errors: readonly WireError[] };

export interface Documents {
	find(version: ProvenVersion, text: string, operationName: string | null): Search;
	/** Documents kept now. */
	readonly size: number;
}

export function createDocuments(): Documents {
	const cache = new Map<string, Prepared>();
	let characters = 0;

	function keep(key: string, prepared: Prepared): void {
		cache.set(key, prepared);
		characters += key.length;
		for (const oldest of cache.keys()) {
			if (cache.size <= MAX_DOCUMENTS && characters <= MAX_CACHED_CHARACTERS) break;
			cache.delete(oldest);
			characters -= oldest.length;
		}
	}

	return {
		find(version, text, operationName) {
			const masked = maskLiterals(text);
			const key = masked && `${version} ${masked.text}`;
			const known = key === null ? undefined : cache.get(key);
			if (known && key !== null && masked) {
				const values = areAlike(known, masked.literals) ? valuesOf(known, masked.literals) : null;
				if (values) {
					if (cache.size > MAX_DOCUMENTS / 2) {
						// The last used stay longest; with room for all, their order does not matter.
						cache.delete(key);
						cache.set(key, known);
					}
					return choose(known, masked, values, text, operationName);
				}
			}
			const visible = masked?.text ?? text;
			const nesting = nestingOf(visible);
			if (nesting > MAX_NESTING) {
				const message = `Query has depth of ${nesting}, which exceeds max depth of ${MAX_NESTING}`;
				return { errors: [{ message }] };
			}
			const schema = schemaOf(version);
			const parsed = parseDocument(text, MAX_TOKENS);
			if ("errors" in parsed) return parsed;
			const errors = validateDocument(schema, parsed.document);
			if (errors.length > 0) return { errors };
			if (countOf("__schema", visible) > MAX_SCHEMAS || countOf("__type", visible) > MAX_TYPES) {
				const message = `A document may ask for __schema once and for __type ${MAX_TYPES} times`;
				return { errors: [{ message, extensions: { code: "MAX_COMPLEXITY_EXCEEDED" } }] };
			}

			const prepared = masked && mayLift(parsed.document, masked) ? prepareLifted(schema, masked) : null;
			if (!prepared || !masked || !key) {
				const written = { text, literals: [], starts: [] };
				const once = prepare(schema, parsed.document, { text, names: [] }, [], []);
				return choose(once, written, {}, text, operationName);
			}
			if (!known) keep(key, prepared);
			const values = valuesOf(prepared, masked.literals);
			if (!values) throw new Error("a literal that was valid is not");
			return choose(prepared, masked, values, text, operationName);
		},
		get size() {
			return cache.size;
		},
	};
}

function choose(
	{ operations, lifted }: Prepared,
	masked: Masked,
	values: Readonly<Record<string, unknown>>,
	text: string,
	name: string | null,
): Search {
	const [first] = operations.values();
	if (first === undefined) return { errors: [{ message: "The document has no operation" }] };
	if (name === null && operations.size > 1) return { errors: [{ message: "An operation name is required" }] };
	const operation = name === null ? first : operations.get(name);
	if (!operation) return { errors: [{ message: `No operation named "${name}"` }] };
	let locator: ReturnType<typeof createLocator> | undefined;
	const locate = ({ loc }: FieldNode) => {
		locator ??= createLocator(text, masked, lifted);
		return locator(loc?.start ?? 0);
	};
	return { operation, lifted: lifted.names.length === 0 ? null : values, locate };
}

/** How often a name stands in a document; fragments may be spread more often, but answer under the same keys. */
function countOf(name: string, text: string): number {
	return text.split(new RegExp(`${name}\\b`)).length - 1;
}

/**
 * A literal in a variable's default or in a description may not become a variable. One that stands before a declaration would move it,
 * and with it the place that an error names.
 */
function mayLift(document: DocumentNode, { starts }: Masked): boolean {
	const [first] = starts;
	if (first === undefined) return true;
	return document.definitions.every((definition) => {
		if ("description" in definition && definition.description) return false;
		if (definition.kind !== Kind.OPERATION_DEFINITION) return true;
		return (definition.variableDefinitions ?? []).every(({ loc }) => loc !== undefined && loc.end <= first);
	});
}

/**
 * From the masked text alone, so that nothing of what was typed is kept: not even as the text that the parser's
 * strings are slices of.
 */
function prepareLifted(schema: GraphQLSchema, masked: Masked): Prepared | null {
	const lifted = liftLiterals(masked);
	const document = parse(lifted.text);
	const types: GraphQLInputType[] = [];
	const byKey = new Map<string, number[][]>();
	const typeInfo = new TypeInfo(schema);
	const positions = new Map(lifted.names.map((name, position) => [name, position]));
	visit(
		document,
		visitWithTypeInfo(typeInfo, {
			Field: (node) => {
				const key = (node.alias ?? node.name).value;
				const literals = (node.arguments ?? []).flatMap(({ value }) => variablesIn(value));
				const held = literals.flatMap((name) => positions.get(name) ?? []);
				if (held.length === 0) return;
				const fields = byKey.get(key) ?? [];
				fields.push(held);
				byKey.set(key, fields);
			},
			Variable: ({ name }) => {
				const position = positions.get(name.value);
				const type = typeInfo.getInputType();
				if (position !== undefined && type) types[position] = type;
			},
		}),
	);
	const everyOne = types.filter(Boolean).length === lifted.names.length;
	if (!everyOne) return null;
	const contested = [...byKey.values()].filter(({ length }) => length > 1);
	const alike = contested.flatMap((fields) => groupAlike(fields.flat(), masked.literals));
	return prepare(schema, document, lifted, types, alike);
}

function variablesIn(value: ValueNode): string[] {
	if (value.kind === Kind.VARIABLE) return [value.name.value];
	if (value.kind === Kind.LIST) return value.values.flatMap(variablesIn);
	return value.kind === Kind.OBJECT ? value.fields.flatMap((field) => variablesIn(field.value)) : [];
}

/** Positions of literals that say the same. */
function groupAlike(positions: readonly number[], literals: readonly string[]): (readonly number[])[] {
	const groups = Map.groupBy(positions, (position) => literalValue(literals[position] ?? ""));
	return [...groups.values()].filter(({ length }) => length > 1);
}

function areAlike({ alike }: Prepared, literals: readonly string[]): boolean {
	return alike.every(([first = 0, ...others]) =>
		others.every((other) => literals[other] === literals[first]),
	);
}

function prepare(
	schema: GraphQLSchema,
	document: DocumentNode,
	lifted: Lifted,
	types: readonly GraphQLInputType[],
	alike: Prepared["alike"],
): Prepared {
	const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
	const operations: OperationDefinitionNode[] = [];
	for (const definition of document.definitions) {
		if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
		else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
	}
	const deprecations = findDeprecations(schema, document);
	const prepared = new Map(
		operations.map((operation) => [
			operation.name?.value ?? "",
			prepareOperation(schema, operation, fragments, deprecations),
		]),
	);
	forgetTokens(document);
	return { operations: prepared, lifted, types, alike };
}

/** Of a node's place only its beginning is kept: the parser would keep every token of the text with it. */
function forgetTokens(document: DocumentNode): void {
	visit(document, {
		enter: (node) => {
			if (node.loc) Object.assign(node, { loc: { start: node.loc.start, end: node.loc.end } });
		},
	});
}

/** Null when one of the literals is not what its place takes: the validator then says why. */
function valuesOf(
	{ lifted, types }: Prepared,
	literals: readonly string[],
): Readonly<Record<string, unknown>> | null {
	const values: Record<string, unknown> = {};
	for (const [position, type] of types.entries()) {
		const value = literalValue(literals[position] ?? "");
		const { name } = getNamedType(type);
		if (value === null || !takesText(name, value)) return null;
		values[String(lifted.names[position])] = wrapInLists(type, value);
	}
	return values;
}

function takesText(type: string, value: string): boolean {
	if (type === "String") return true;
	return (type === "ID" ? globalIdProblem(value) : scalarProblem(type, value)) === null;
}

/** One value where a list may stand is a list of one. */
function wrapInLists(type: GraphQLInputType, value: unknown): unknown {
	if (isNonNullType(type)) return wrapInLists(type.ofType as GraphQLInputType, value);
	return isListType(type) ? [wrapInLists(type.ofType as GraphQLInputType, value)] : value;
}
