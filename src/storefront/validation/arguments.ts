// The rules for what stands in parentheses and in input objects: names, required ones, literals and their types.
// Wording, codes, paths and order are graphql-ruby's; a fault inside an argument silences the argument itself.
import {
	type ArgumentNode,
	type DirectiveNode,
	type FieldNode,
	type GraphQLArgument,
	type GraphQLInputField,
	type GraphQLInputObjectType,
	getNamedType,
	getNullableType,
	isInputObjectType,
	isListType,
	isRequiredArgument,
	isRequiredInputField,
	Kind,
	type ListValueNode,
	type ObjectFieldNode,
	type ObjectValueNode,
	type ValueNode,
} from "graphql";
import { inputSizeError, MAX_INPUT_SIZE } from "./input-size.ts";
import { literalFault, printLiteral } from "./literals.ts";
import { type Place, within } from "./report.ts";
import { checkVariableUse } from "./variable-uses.ts";
import { repeated, type VariableUse, type Walk } from "./walk.ts";

/** Who is given the arguments. `name` is what its errors call it: a field's alias, an input object's type. */
interface Owner {
	readonly kind: "Field" | "Directive" | "InputObject";
	readonly node: FieldNode | DirectiveNode | ObjectValueNode;
	readonly name: string;
	/** The field around it all; a directive on an operation has none. */
	readonly field: FieldNode | null;
}

/** What a value is checked against, and where it stands. */
interface Slot extends Omit<VariableUse, "node"> {
	readonly field: FieldNode | null;
}

const nameOf = (node: { readonly name: { readonly value: string } }): string => node.name.value;

/** Checks the arguments of a field or a directive, which stands at `place`, against those it defines. */
export function checkArguments(
	walk: Walk,
	node: FieldNode | DirectiveNode,
	definitions: readonly GraphQLArgument[],
	place: Place,
	field: FieldNode | null,
): void {
	const given = node.arguments ?? [];
	const kind = node.kind === Kind.FIELD ? "Field" : "Directive";
	const names = new Set(given.map(nameOf));
	const missing = definitions.filter((each) => isRequiredArgument(each) && !names.has(each.name));
	if (missing.length > 0) {
		const list = missing.map(({ name }) => name).join(", ");
		walk.report.add(`${kind} '${node.name.value}' is missing required arguments: ${list}`, node, place, {
			code: "missingRequiredArguments",
			className: kind,
			name: node.name.value,
			arguments: list,
		});
	}
	for (const [name, nodes] of names.size < given.length ? repeated(given, nameOf) : []) {
		walk.report.add(`There can be only one argument named "${name}"`, nodes, place, {
			code: "argumentNotUnique",
			name,
		});
	}
	const shownName = node.kind === Kind.FIELD ? (node.alias ?? node.name).value : node.name.value;
	const owner: Owner = { kind, node, name: shownName, field };
	for (const argument of given) {
		const definition = definitions.find(({ name }) => name === argument.name.value);
		checkArgument(walk, owner, argument, definition, place, null);
	}
}

/** Checks one argument or one field of an input object. Answers whether anything was wrong with it. */
function checkArgument(
	walk: Walk,
	owner: Owner,
	node: ArgumentNode | ObjectFieldNode,
	definition: GraphQLArgument | GraphQLInputField | undefined,
	around: Place,
	oneOf: VariableUse["oneOf"],
): boolean {
	const name = node.name.value;
	const place = within(around, name);
	if (!definition) {
		walk.report.add(`${owner.kind} '${owner.name}' doesn't accept argument '${name}'`, node, place, {
			code: "argumentNotAccepted",
			name: owner.name,
			typeName: owner.kind,
			argumentName: name,
		});
		return true;
	}
	const { type } = definition;
	const hasDefault = definition.default !== undefined || definition.defaultValue !== undefined;
	const slot = { argument: node, place, type, argumentType: type, listDepth: 0, hasDefault, oneOf };
	if (checkValue(walk, node.value, { ...slot, field: owner.field })) return true;
	const fault = literalFault(node.value, type);
	if (!fault) return false;
	if (fault.own === null) {
		const about = `Argument '${name}' on ${owner.kind} '${owner.name}'`;
		const message = `${about} has an invalid value (${printLiteral(node.value)}). Expected type '${type}'.`;
		walk.report.add(message, owner.node, place, {
			code: "argumentLiteralsIncompatible",
			typeName: owner.kind,
			argumentName: name,
		});
	} else {
		walk.report.add(fault.own, owner.node, place, {
			code: "argumentLiteralsIncompatible",
			typeName: "CoercionError",
		});
	}
	return true;
}

/** Goes through a value's own parts: variables, lists, objects. Answers whether anything was wrong in them. */
function checkValue(walk: Walk, value: ValueNode, slot: Slot): boolean {
	switch (value.kind) {
		case Kind.VARIABLE: {
			const use: VariableUse = { node: value, ...slot };
			walk.definition.uses.push(use);
			return checkVariableUse(walk, use);
		}
		case Kind.LIST:
			return checkList(walk, value, slot);
		case Kind.OBJECT:
			return checkObject(walk, value, slot);
		default:
			return false;
	}
}

function checkList(walk: Walk, list: ListValueNode, slot: Slot): boolean {
	const nullable = slot.type && getNullableType(slot.type);
	const items = nullable && isListType(nullable) ? nullable.ofType : undefined;
	if (items && slot.field && list.values.length > MAX_INPUT_SIZE && walk.tooLong.length === 0) {
		const use = { field: slot.field, place: slot.place };
		walk.tooLong.push(inputSizeError({ size: list.values.length, place: null }, use));
	}
	const itemSlot = { ...slot, type: items, listDepth: slot.listDepth + 1, hasDefault: false, oneOf: null };
	let hasFault = false;
	for (const [index, item] of list.values.entries()) {
		if (item.kind === Kind.OBJECT) {
			hasFault = checkObject(walk, item, { ...itemSlot, place: within(slot.place, index) }) || hasFault;
		} else {
			hasFault = checkValue(walk, item, itemSlot) || hasFault;
		}
	}
	return hasFault;
}

function checkObject(walk: Walk, node: ObjectValueNode, slot: Slot): boolean {
	const type = slot.type && getNamedType(slot.type);
	// An object by itself, where a list is wanted, is that list's first item.
	const isLoneItem = slot.listDepth === 0 && isListType(getNullableType(slot.argumentType));
	const place = isLoneItem ? within(slot.place, 0) : slot.place;
	let hasFault = isInputObjectType(type) && checkRequiredFields(walk, node, type, place);
	for (const [name, nodes] of repeated(node.fields, nameOf)) {
		hasFault = true;
		walk.report.add(`There can be only one input field named "${name}"`, nodes, place, {
			code: "inputFieldNotUnique",
			name,
		});
	}
	if (!isInputObjectType(type)) {
		// A scalar that takes objects: nothing is known of its parts, but names and variables count everywhere.
		for (const { value } of node.fields) {
			hasFault = checkValue(walk, value, { ...slot, type: undefined, oneOf: null }) || hasFault;
		}
		return hasFault;
	}
	if (type.isOneOf) hasFault = checkOneOf(walk, node, type, place) || hasFault;
	const fields = type.getFields();
	const owner: Owner = { kind: "InputObject", node, name: type.name, field: slot.field };
	const oneOf = type.isOneOf ? { type, node } : null;
	for (const each of node.fields) {
		const name = each.name.value;
		const definition = Object.hasOwn(fields, name) ? fields[name] : undefined;
		hasFault = checkArgument(walk, owner, each, definition, place, oneOf) || hasFault;
	}
	return hasFault;
}

function checkRequiredFields(
	walk: Walk,
	node: ObjectValueNode,
	type: GraphQLInputObjectType,
	place: Place,
): boolean {
	const given = new Set(node.fields.map(nameOf));
	let hasFault = false;
	for (const field of Object.values(type.getFields())) {
		if (given.has(field.name) || !isRequiredInputField(field)) continue;
		hasFault = true;
		const message = `Argument '${field.name}' on InputObject '${type.name}' is required. Expected type ${field.type}`;
		walk.report.add(message, node, within(place, field.name), {
			code: "missingRequiredInputObjectAttribute",
			argumentName: field.name,
			argumentType: String(field.type),
			inputObjectType: type.name,
		});
	}
	return hasFault;
}

function checkOneOf(walk: Walk, node: ObjectValueNode, type: GraphQLInputObjectType, place: Place): boolean {
	const extensions = { code: "invalidOneOfInputObject", inputObjectType: type.name };
	const [only] = node.fields;
	if (!only || node.fields.length > 1) {
		const message = `OneOf Input Object '${type.name}' must specify exactly one key.`;
		walk.report.add(message, node, place, extensions);
		return true;
	}
	if (only.value.kind !== Kind.NULL) return false;
	const message = `Argument '${type.name}.${only.name.value}' must be non-null.`;
	walk.report.add(message, only, within(place, only.name.value), extensions);
	return true;
}
