// What a schema says of fields, arguments, parts of inputs and values of enums → members of a page.
import {
	type GraphQLArgument,
	type GraphQLEnumType,
	type GraphQLField,
	type GraphQLInputField,
	type GraphQLNamedType,
	type GraphQLType,
	getNamedType,
	isInputObjectType,
	isInterfaceType,
	isObjectType,
	isRequiredArgument,
	isRequiredInputField,
	print,
} from "graphql";
import { requiredScope } from "../scopes.ts";
import type { Link, Member } from "./page.ts";

/** The path of a type's page; null for a type of the rest of the API. */
export type PathOf = (type: string) => string | null;

type Fields = Readonly<Record<string, GraphQLField<unknown, unknown>>>;

/** The schema's descriptions are broken into lines; a page breaks its own. */
export function textOf(description: string | null | undefined): string {
	return (description ?? "").replace(/\s+/g, " ").trim();
}

export function linkType(type: GraphQLType, pathOf: PathOf): Link {
	return { text: String(type), path: pathOf(getNamedType(type).name) };
}

/** Of an object or an interface; none for other types. */
export function listFields(type: GraphQLNamedType, pathOf: PathOf): readonly Member[] {
	if (!isObjectType(type) && !isInterfaceType(type)) return [];
	return Object.values<Fields[string]>(type.getFields() as Fields).map((field) => ({
		...emptyMember(field.name, "field"),
		type: linkType(field.type, pathOf),
		description: textOf(field.description),
		deprecation: field.deprecationReason ?? null,
		scope: requiredScope(type.name, field.name) ?? null,
		members: field.args.map((argument) => toArgument(argument, `argument-${field.name}`, pathOf)),
	}));
}

/** Of an operation or a directive: with what an input object holds. */
export function listArguments(args: readonly GraphQLArgument[], pathOf: PathOf): readonly Member[] {
	return args.map((argument) => {
		const named = getNamedType(argument.type);
		const members = isInputObjectType(named)
			? listInputFields(Object.values(named.getFields()), `argument-${argument.name}`, pathOf)
			: [];
		return { ...toArgument(argument, "argument", pathOf), members };
	});
}

export function listInputFields(
	fields: readonly GraphQLInputField[],
	anchor: string,
	pathOf: PathOf,
): readonly Member[] {
	return fields.map((field) => ({
		...toInput(field, anchor, pathOf),
		required: isRequiredInputField(field),
	}));
}

/** `answeredBy` gives the mutations that answer a value as a code. */
export function listValues(
	type: GraphQLEnumType,
	answeredBy: (code: string) => readonly Link[],
): readonly Member[] {
	return type.getValues().map((value) => ({
		...emptyMember(value.name, "value"),
		description: textOf(value.description),
		deprecation: value.deprecationReason ?? null,
		answeredBy: answeredBy(value.name),
	}));
}

function toArgument(argument: GraphQLArgument, anchor: string, pathOf: PathOf): Member {
	return { ...toInput(argument, anchor, pathOf), required: isRequiredArgument(argument) };
}

function toInput(input: GraphQLArgument | GraphQLInputField, anchor: string, pathOf: PathOf): Member {
	const literal = input.default?.literal;
	return {
		...emptyMember(input.name, anchor),
		type: linkType(input.type, pathOf),
		defaultValue: literal ? print(literal) : null,
		description: textOf(input.description),
		deprecation: input.deprecationReason ?? null,
	};
}

function emptyMember(name: string, anchor: string): Member {
	return {
		name,
		anchor: `${anchor}-${name}`,
		type: null,
		required: false,
		defaultValue: null,
		description: "",
		deprecation: null,
		scope: null,
		members: [],
		answeredBy: [],
	};
}
