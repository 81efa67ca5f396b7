// A document is understood once: parsed, validated, its cost and deprecations found, compiled. Kept by version
// and text, bounded in number and size. String literals are lifted into variables first: mobile SDKs write
// passwords and tokens into the document, and a cached document must hold no secret.
import {
	type DocumentNode,
	type FragmentDefinitionNode,
	type GraphQLInputType,
	type GraphQLSchema,
	getNamedType,
	isListType,
	isNonNullType,
	Kind,
	type OperationDefinitionNode,
	TypeInfo,
	type ValueNode,
	visit,
	visitWithTypeInfo,
} from "graphql";
import { findDeprecations } from "./deprecations.ts";
import { literalValue, type Masked, maskLiterals } from "./literals.ts";
import { type PreparedOperation, prepareOperation } from "./operation.ts";
import { globalIdProblem, scalarProblem } from "./scalars.ts";
import { schemaOf } from "./schema.ts";
import { parseDocument, validateDocument } from "./validation-wording.ts";
import type { ProvenVersion } from "./versions.ts";
import type { WireError } from "./wire-error.ts";

const MAX_DOCUMENTS = 2000;
const MAX_CACHED_CHARACTERS = 16 * 1024 * 1024;
/** Prefix of the variables that literals become; no client can declare a name with a space. */
const LIFTED = "literal ";

/** A valid document, ready for any values. */
interface Prepared {
	readonly operations: ReadonlyMap<string, PreparedOperation>;
	/** Types of the lifted literals, in the order in which they stand in the text. */
	readonly liftedTypes: readonly GraphQLInputType[];
	readonly size: number;
}

/** One operation of a valid document and the values of the literals that were lifted out of it. */
export interface Found {
	readonly operation: PreparedOperation;
	readonly lifted: Readonly<Record<string, unknown>> | null;
}

export type Search = Found | { readonly errors: readonly WireError[] };

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
		characters += prepared.size;
		for (const [oldest, { size }] of cache) {
			if (cache.size <= MAX_DOCUMENTS && characters <= MAX_CACHED_CHARACTERS) break;
			cache.delete(oldest);
			characters -= size;
		}
	}

	return {
		find(version, text, operationName) {
			const masked = maskLiterals(text);
			const key = masked && `${version} ${masked.text}`;
			const known = key === null ? undefined : cache.get(key);
			if (known && key !== null && masked) {
				const lifted = liftedValues(known.liftedTypes, masked.literals);
				if (lifted !== "invalid") {
					// The last used stay longest.
					cache.delete(key);
					cache.set(key, known);
					return choose(known, lifted, operationName);
				}
			}
			const schema = schemaOf(version);
			const parsed = parseDocument(text);
			if ("errors" in parsed) return parsed;
			const errors = validateDocument(schema, parsed.document);
			if (errors.length > 0) return { errors };
			const prepared = prepare(schema, parsed.document, masked);
			if (prepared === null || masked === null) {
				return choose(prepareAsWritten(schema, parsed.document), null, operationName);
			}
			if (key !== null && !known) keep(key, prepared);
			const lifted = liftedValues(prepared.liftedTypes, masked.literals);
			if (lifted === "invalid") throw new Error("a literal that was valid is not");
			return choose(prepared, lifted, operationName);
		},
		get size() {
			return cache.size;
		},
	};
}

function choose(prepared: Prepared, lifted: Found["lifted"], name: string | null): Search {
	const { operations } = prepared;
	if (name !== null) {
		const named = operations.get(name);
		return named ? { operation: named, lifted } : { errors: [{ message: `No operation named "${name}"` }] };
	}
	const [only] = operations.values();
	if (only === undefined) return { errors: [{ message: "The document has no operation" }] };
	if (operations.size > 1) return { errors: [{ message: "An operation name is required" }] };
	return { operation: only, lifted };
}

/** Null when a literal stands where no variable may (a variable's default): then nothing is kept. */
function prepare(schema: GraphQLSchema, document: DocumentNode, masked: Masked | null): Prepared | null {
	if (masked === null) return null;
	const types: GraphQLInputType[] = [];
	const index = new Map(masked.starts.map((start, position) => [start, position]));
	const typeInfo = new TypeInfo(schema);
	let lifting = 0;
	let everyOne = true;
	const lifted = visit(
		document,
		visitWithTypeInfo(typeInfo, {
			Argument: {
				enter: () => void lifting++,
				leave: () => void lifting--,
			},
			VariableDefinition: (node) => {
				if (node.defaultValue && holdsString(node.defaultValue)) everyOne = false;
				return undefined;
			},
			StringValue: (node) => {
				const position = index.get(node.loc?.start ?? -1);
				const type = typeInfo.getInputType();
				if (lifting === 0 || position === undefined || !type) {
					everyOne = false;
					return undefined;
				}
				types[position] = type;
				return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: LIFTED + position } };
			},
		}),
	);
	if (!everyOne || types.filter(Boolean).length !== masked.literals.length) return null;
	return { ...prepareAsWritten(schema, lifted), liftedTypes: types, size: masked.text.length };
}

function prepareAsWritten(schema: GraphQLSchema, document: DocumentNode): Prepared {
	const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
	const operations: OperationDefinitionNode[] = [];
	for (const definition of document.definitions) {
		if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
		else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
	}
	const deprecations = findDeprecations(schema, document);
	return {
		operations: new Map(
			operations.map((operation) => [
				operation.name?.value ?? "",
				prepareOperation(schema, operation, fragments, deprecations),
			]),
		),
		liftedTypes: [],
		size: 0,
	};
}

function holdsString(node: ValueNode): boolean {
	if (node.kind === Kind.LIST) return node.values.some(holdsString);
	if (node.kind === Kind.OBJECT) return node.fields.some((field) => holdsString(field.value));
	return node.kind === Kind.STRING;
}

/** `invalid` when one of the literals is not what its place takes: the validator then says why. */
function liftedValues(
	types: readonly GraphQLInputType[],
	literals: readonly string[],
): Found["lifted"] | "invalid" {
	if (literals.length === 0) return null;
	const values: Record<string, unknown> = {};
	for (const [position, type] of types.entries()) {
		let value: string;
		try {
			value = literalValue(literals[position] ?? "");
		} catch {
			return "invalid";
		}
		const name = getNamedType(type).name;
		const problem =
			name === "ID" ? globalIdProblem(value) : name === "String" ? null : scalarProblem(name, value);
		if (problem !== null) return "invalid";
		values[LIFTED + position] = wrapInLists(type, value);
	}
	return values;
}

/** One value where a list may stand is a list of one. */
function wrapInLists(type: GraphQLInputType, value: unknown): unknown {
	if (isNonNullType(type)) return wrapInLists(type.ofType as GraphQLInputType, value);
	return isListType(type) ? [wrapInLists(type.ofType as GraphQLInputType, value)] : value;
}
