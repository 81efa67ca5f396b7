// The walk through a document: operations, fields and fragments, in the order in which graphql-ruby goes through
// them, so that errors come in its order and what it does not look into after an error is not looked into here.
import {
	type DocumentNode,
	doTypesOverlap,
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLCompositeType,
	type GraphQLNamedType,
	getNamedType,
	type InlineFragmentNode,
	isCompositeType,
	isEnumType,
	isLeafType,
	isUnionType,
	Kind,
	type OperationDefinitionNode,
	type SelectionNode,
	type SelectionSetNode,
} from "graphql";
import { checkArguments } from "./arguments.ts";
import { checkDirectives, checkDirectivesAreUnique, operationLocation } from "./directives.ts";
import { noteField } from "./merging.ts";
import { type Place, scope, within } from "./report.ts";
import { checkDeclarations } from "./variable-uses.ts";
import type { Definition, Inspection, Walk } from "./walk.ts";

/** Where a selection stands: its place, the type it selects from, the node and the field around it. */
interface Surroundings {
	readonly place: Place;
	readonly type: GraphQLCompositeType;
	readonly node: FieldNode | InlineFragmentNode | FragmentDefinitionNode | OperationDefinitionNode;
	readonly field: FieldNode | null;
}

/** Walks through every operation and fragment of a document and answers what was met in each. */
export function checkSelections(inspection: Inspection, document: DocumentNode): Definition[] {
	const definitions: Definition[] = [];
	for (const node of document.definitions) {
		if (node.kind === Kind.OPERATION_DEFINITION) definitions.push(checkOperation(inspection, node));
		if (node.kind === Kind.FRAGMENT_DEFINITION) definitions.push(checkFragment(inspection, node));
	}
	return definitions;
}

function checkOperation(inspection: Inspection, node: OperationDefinitionNode): Definition {
	const place = scope(null, node.name ? `${node.operation} ${node.name.value}` : node.operation);
	const declared = new Map((node.variableDefinitions ?? []).map((each) => [each.variable.name.value, each]));
	const definition: Definition = { node, place, declared, uses: [], spreads: [] };
	const walk: Walk = { ...inspection, definition };
	checkDirectivesAreUnique(walk, node.directives, place);
	const type = walk.schema.getRootType(node.operation);
	if (!type) {
		const many = node.operation === "query" ? "queries" : `${node.operation}s`;
		const code = `missing${node.operation[0]?.toUpperCase()}${node.operation.slice(1)}Configuration`;
		walk.report.add(`Schema is not configured for ${many}`, node, place, { code });
		return definition;
	}
	if (!hasFittingSelections(walk, node, type, place)) return definition;
	checkDeclarations(walk, node, place);
	for (const { directives } of node.variableDefinitions ?? []) {
		checkDirectivesAreUnique(walk, directives, place);
		checkDirectives(walk, directives, "VARIABLE_DEFINITION", place, null);
	}
	checkDirectives(walk, node.directives, operationLocation(node), place, null);
	checkSelectionSet(walk, node.selectionSet, { place, type, node, field: null });
	return definition;
}

function checkFragment(inspection: Inspection, node: FragmentDefinitionNode): Definition {
	const place = scope(null, `fragment ${node.name.value}`);
	const definition: Definition = { node, place, declared: new Map(), uses: [], spreads: [] };
	const walk: Walk = { ...inspection, definition };
	checkDirectivesAreUnique(walk, node.directives, place);
	const type = typeOfCondition(walk, node, place);
	if (!type) return definition;
	checkSelectionSet(walk, node.selectionSet, { place, type, node, field: null });
	checkDirectives(walk, node.directives, "FRAGMENT_DEFINITION", place, null);
	return definition;
}

function checkSelectionSet(walk: Walk, { selections }: SelectionSetNode, around: Surroundings): void {
	for (const selection of selections) {
		switch (selection.kind) {
			case Kind.FIELD:
				checkField(walk, selection, around);
				break;
			case Kind.INLINE_FRAGMENT:
				checkInlineFragment(walk, selection, around);
				break;
			case Kind.FRAGMENT_SPREAD: {
				const place = scope(around.place, `... ${selection.name.value}`);
				checkDirectivesAreUnique(walk, selection.directives, place);
				walk.definition.spreads.push({ node: selection, place, parentType: around.type });
				checkDirectives(walk, selection.directives, "FRAGMENT_SPREAD", place, around.field);
			}
		}
	}
}

function checkField(walk: Walk, node: FieldNode, around: Surroundings): void {
	const fieldName = node.name.value;
	const place = within(around.place, (node.alias ?? node.name).value);
	checkDirectivesAreUnique(walk, node.directives, place);
	const field = walk.schema.getField(around.type, fieldName);
	if (!field) {
		const typeName = around.type.name;
		if (isUnionType(around.type)) {
			const message = `Selections can't be made directly on unions (see selections on ${typeName})`;
			walk.report.add(message, around.node, place, { code: "selectionMismatch", nodeName: typeName });
		} else {
			walk.report.add(`Field '${fieldName}' doesn't exist on type '${typeName}'`, node, place, {
				code: "undefinedField",
				typeName,
				fieldName,
			});
		}
		return;
	}
	noteField(walk.fieldsByKey, node, field);
	const type = getNamedType(field.type);
	if (!hasFittingSelections(walk, node, type, place)) return;
	if (fieldName === "__schema" || fieldName === "__type") walk.borrowed.set(node, place);
	if (field.args.length > 0 || node.arguments?.length) checkArguments(walk, node, field.args, place, node);
	if (node.selectionSet && isCompositeType(type)) {
		checkSelectionSet(walk, node.selectionSet, { place, type, node, field: node });
	}
	checkDirectives(walk, node.directives, "FIELD", place, node);
}

function checkInlineFragment(walk: Walk, node: InlineFragmentNode, around: Surroundings): void {
	const place = scope(around.place, node.typeCondition ? `... on ${node.typeCondition.name.value}` : "...");
	checkDirectivesAreUnique(walk, node.directives, place);
	const type = node.typeCondition ? typeOfCondition(walk, node, place) : around.type;
	if (!type) return;
	if (!overlap(walk, type, around.type)) {
		const message = `Fragment on ${type.name} can't be spread inside ${around.type.name}`;
		walk.report.add(message, node, place, {
			code: "cannotSpreadFragment",
			typeName: type.name,
			fragmentName: "unknown",
			parentName: around.type.name,
		});
	}
	checkSelectionSet(walk, node.selectionSet, { place, type, node, field: around.field });
	checkDirectives(walk, node.directives, "INLINE_FRAGMENT", place, around.field);
}

/** The type a fragment is for, or null after an error: no such type, or none that has selections. */
function typeOfCondition(
	walk: Walk,
	node: InlineFragmentNode | FragmentDefinitionNode,
	place: Place,
): GraphQLCompositeType | null {
	const typeName = node.typeCondition?.name.value ?? "";
	const type = walk.schema.getType(typeName);
	if (!type) {
		walk.report.add(`No such type ${typeName}, so it can't be a fragment condition`, node, place, {
			code: "undefinedType",
			typeName,
		});
	} else if (!isCompositeType(type)) {
		const message = `Invalid fragment on type ${typeName} (must be Union, Interface or Object)`;
		walk.report.add(message, node, place, { code: "fragmentOnNonCompositeType", typeName });
	} else return type;
	return null;
}

function overlap(inspection: Inspection, inner: GraphQLCompositeType, outer: GraphQLCompositeType): boolean {
	if (inner === outer) return true;
	const known = inspection.overlaps.get(outer) ?? new Map<GraphQLCompositeType, boolean>();
	inspection.overlaps.set(outer, known);
	const answer = known.get(inner) ?? doTypesOverlap(inspection.schema, inner, outer);
	known.set(inner, answer);
	return answer;
}

/** Checks, once all fragments are known, that each is spread only where it can apply. */
export function checkSpreads(inspection: Inspection, definitions: readonly Definition[]): void {
	const types = new Map<string, GraphQLCompositeType>();
	for (const { node } of definitions) {
		if (node.kind !== Kind.FRAGMENT_DEFINITION) continue;
		const type = inspection.schema.getType(node.typeCondition.name.value);
		if (isCompositeType(type)) types.set(node.name.value, type);
	}
	for (const { spreads } of definitions) {
		for (const { node, place, parentType } of spreads) {
			const name = node.name.value;
			const type = types.get(name);
			if (!type || overlap(inspection, type, parentType)) continue;
			const message = `Fragment ${name} on ${type.name} can't be spread inside ${parentType.name}`;
			inspection.report.add(message, node, place, {
				code: "cannotSpreadFragment",
				typeName: type.name,
				fragmentName: ` ${name}`, // graphql-ruby's own space
				parentName: parentType.name,
			});
		}
	}
}

function printSelection(node: SelectionNode): string {
	if (node.kind !== Kind.INLINE_FRAGMENT) return `"${node.name.value}"`;
	return node.typeCondition ? `"... on ${node.typeCondition.name.value} { ... }"` : `"... { ... }"`;
}

/** Checks that what has fields is asked for some and what has none is asked for none. */
function hasFittingSelections(
	walk: Walk,
	node: FieldNode | OperationDefinitionNode,
	type: GraphQLNamedType,
	place: Place,
): boolean {
	const selections = node.selectionSet?.selections ?? [];
	const isLeaf = isLeafType(type);
	if (isLeaf ? !node.selectionSet : selections.length > 0) return true;
	const name = node.name?.value ?? "";
	const operation = node.kind === Kind.FIELD ? "field" : node.operation;
	const nodeName = node.name ? `${operation} '${name}'` : "anonymous query";
	const message = isLeaf
		? `Selections can't be made on ${isEnumType(type) ? "enums" : "scalars"} (${nodeName} returns ${type.name} but has selections [${selections.map(printSelection).join(", ")}])`
		: `Field must have selections (${nodeName} returns ${type.name} but has no selections. Did you mean '${name} { ... }'?)`;
	walk.report.add(message, node, place, { code: "selectionMismatch", nodeName, typeName: type.name });
	return false;
}
