// Where each type is used: by which operations, fields, arguments and parts of inputs.
import {
	type GraphQLField,
	type GraphQLNamedType,
	type GraphQLType,
	getNamedType,
	isInputObjectType,
	isInterfaceType,
	isObjectType,
} from "graphql";
import type { PathOf } from "./members.ts";
import type { Link } from "./page.ts";

/** Name of a type → its uses, each once, in the order of the schema. */
export function findUses(
	operations: readonly GraphQLField<unknown, unknown>[],
	types: readonly GraphQLNamedType[],
	pathOf: PathOf,
): ReadonlyMap<string, readonly Link[]> {
	const uses = new Map<string, Map<string, Link>>();
	const note = (type: GraphQLType, text: string, path: string | null) => {
		const { name } = getNamedType(type);
		const known = uses.get(name) ?? new Map<string, Link>();
		known.set(text, { text, path });
		uses.set(name, known);
	};
	for (const field of operations) {
		const path = pathOf(field.name);
		for (const { type } of [field, ...field.args]) note(type, field.name, path);
	}
	for (const type of types) {
		if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
		for (const field of Object.values(type.getFields())) {
			const path = `${pathOf(type.name)}#field-${field.name}`;
			const args = "args" in field ? field.args : [];
			for (const used of [field, ...args]) note(used.type, `${type.name}.${field.name}`, path);
		}
	}
	return new Map([...uses].map(([name, links]) => [name, [...links.values()]]));
}
