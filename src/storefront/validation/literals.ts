// Whether a literal fits a type, and how Shopify's messages print it.
import {
	type ConstValueNode,
	type GraphQLInputType,
	type GraphQLLeafType,
	type GraphQLScalarType,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
	isRequiredInputField,
	Kind,
	type ObjectValueNode,
	type ValueNode,
	valueFromASTUntyped,
} from "graphql";
import { couldNotCoerce, scalarAccepts, scalarProblem } from "../scalars.ts";

/** Why a literal does not fit: the scalar's own words if it has any, and what a variable's default would be told. */
export interface LiteralFault {
	readonly own: string | null;
	/** Null where graphql-ruby finds nothing to add. */
	readonly explain: () => string | null;
}

const unexplained: LiteralFault = { own: null, explain: () => null };

const STRING: readonly string[] = [Kind.STRING];

/** The kinds of literal that a scalar takes. Others take any, or say for themselves. */
const literalKinds: ReadonlyMap<string, readonly string[]> = new Map([
	["String", STRING],
	["Int", [Kind.INT]],
	["Float", [Kind.INT, Kind.FLOAT]],
	["Boolean", [Kind.BOOLEAN]],
	["ID", [Kind.STRING, Kind.INT]],
	["URL", STRING],
	["DateTime", STRING],
	["ISO8601DateTime", STRING],
	["Decimal", [Kind.STRING, Kind.INT, Kind.FLOAT]],
	["UnsignedInt64", [Kind.STRING, Kind.INT]],
	["HTML", STRING],
	["Color", STRING],
]);

/** The sentence for a value that is none of an enum's. */
export function notOneOf(value: string, names: readonly string[]): string {
	return `Expected ${value} to be one of: ${names.join(", ")}`;
}

/** A literal as graphql-ruby prints it back: strings quoted as in JSON, objects without inner spaces. */
export function printLiteral(node: ValueNode): string {
	switch (node.kind) {
		case Kind.VARIABLE:
			return `$${node.name.value}`;
		case Kind.NULL:
			return "null";
		case Kind.STRING:
			return JSON.stringify(node.value);
		case Kind.LIST:
			return `[${node.values.map(printLiteral).join(", ")}]`;
		case Kind.OBJECT:
			return `{${node.fields.map(({ name, value }) => `${name.value}: ${printLiteral(value)}`).join(", ")}}`;
		default:
			return String(node.value);
	}
}

/** A literal in a form in which equal ones are equal: the fields of objects stand in order. */
export function canonicalLiteral(node: ValueNode): string {
	switch (node.kind) {
		case Kind.LIST:
			return `[${node.values.map(canonicalLiteral).join()}]`;
		case Kind.OBJECT:
			return `{${node.fields
				.map(({ name, value }) => `${name.value}:${canonicalLiteral(value)}`)
				.sort()
				.join()}}`;
		case Kind.STRING:
			return (node.block ? "block" : "") + JSON.stringify(node.value);
		default:
			return printLiteral(node);
	}
}

function fitsLeaf(type: GraphQLScalarType, node: ValueNode): boolean {
	const kinds = literalKinds.get(type.name);
	if (kinds) {
		if (!kinds.includes(node.kind)) return false;
		return type.name !== "Int" || scalarAccepts("Int", valueFromASTUntyped(node));
	}
	try {
		const value = type.coerceInputLiteral
			? type.coerceInputLiteral(node as ConstValueNode)
			: type.parseLiteral(node, undefined);
		return value !== undefined;
	} catch {
		return false;
	}
}

function leafFault(type: GraphQLLeafType, node: ValueNode): LiteralFault | null {
	if (isEnumType(type)) {
		if (node.kind !== Kind.ENUM) return unexplained;
		if (type.getValue(node.value)) return null;
		const names = type.getValues().map(({ name }) => name);
		return { own: null, explain: () => notOneOf(JSON.stringify(node.value), names) };
	}
	if (!fitsLeaf(type, node)) {
		return { own: null, explain: () => couldNotCoerce(type.name, valueFromASTUntyped(node)) };
	}
	const own = scalarProblem(type.name, valueFromASTUntyped(node));
	return own === null ? null : { own, explain: () => own };
}

/**
 * Why a literal does not fit a type, or null if it does. Variables inside it fit anything here. Objects at input
 * object types are taken as they are unless `deep`: those of arguments are checked field by field by their own rule.
 */
export function literalFault(node: ValueNode, type: GraphQLInputType, deep = false): LiteralFault | null {
	if (node.kind === Kind.VARIABLE) return null;
	if (isNonNullType(type)) {
		return node.kind === Kind.NULL ? unexplained : literalFault(node, type.ofType, deep);
	}
	if (node.kind === Kind.NULL) return null;
	if (isListType(type)) {
		if (node.kind !== Kind.LIST) return literalFault(node, type.ofType, deep);
		for (const item of node.values) {
			const fault = literalFault(item, type.ofType, deep);
			if (fault) return fault;
		}
		return null;
	}
	if (!isInputObjectType(type)) return leafFault(type, node);
	if (node.kind !== Kind.OBJECT) return unexplained;
	return deep ? objectFault(node, type) : null;
}

function objectFault(
	node: ObjectValueNode,
	type: Extract<GraphQLInputType, { getFields(): unknown }>,
): LiteralFault | null {
	const fields = type.getFields();
	const given = new Set(node.fields.map(({ name }) => name.value));
	for (const field of Object.values(fields)) {
		if (isRequiredInputField(field) && !given.has(field.name)) return unexplained;
	}
	if (type.isOneOf && node.fields.length !== 1) {
		const problem = `\`${type.name}\` is a OneOf type, so only one argument may be given (instead of ${node.fields.length})`;
		return { own: null, explain: () => problem };
	}
	for (const { name, value } of node.fields) {
		const field = Object.hasOwn(fields, name.value) ? fields[name.value] : undefined;
		if (!field || (type.isOneOf && value.kind === Kind.NULL)) return unexplained;
		const fault = literalFault(value, field.type, true);
		if (fault) return fault;
	}
	return null;
}
