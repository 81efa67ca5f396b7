// A valid document, prepared for any values: its operations, and the types of the literals that were lifted out.
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
	parse,
	TypeInfo,
	type ValueNode,
	visit,
	visitWithTypeInfo,
} from "graphql";
import { findDeprecations } from "./deprecations.ts";
import { type Lifted, liftLiterals, literalValue, type Masked } from "./literals.ts";
import { type PreparedOperation, prepareOperation } from "./operation.ts";
import { globalIdProblem, scalarProblem } from "./scalars.ts";

/** A valid document, ready for any values. */
export interface Prepared {
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

/**
 * A literal in a variable's default or in a description may not become a variable. One that stands before a
 * declaration would move it, and with it the place that an error names.
 */
export function mayLift(document: DocumentNode, { starts }: Masked): boolean {
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
export function prepareLifted(schema: GraphQLSchema, masked: Masked): Prepared | null {
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

export function areAlike({ alike }: Prepared, literals: readonly string[]): boolean {
	return alike.every(([first = 0, ...others]) =>
		others.every((other) => literals[other] === literals[first]),
	);
}

/** For one use: nothing is lifted, and the text stays with it. */
export function prepareAsWritten(schema: GraphQLSchema, document: DocumentNode, text: string): Prepared {
	return prepare(schema, document, { text, names: [] }, [], []);
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
export function valuesOf(
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
