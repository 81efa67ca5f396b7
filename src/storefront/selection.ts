// Which fields an object is asked for: the specification's CollectFields, before anything is executed.
import {
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLField,
	type GraphQLObjectType,
	type GraphQLSchema,
	isAbstractType,
	Kind,
	type OperationDefinitionNode,
	SchemaMetaFieldDef,
	type SelectionSetNode,
	TypeMetaFieldDef,
	TypeNameMetaFieldDef,
	typeFromAST,
} from "graphql";

/** What the compiler knows of one operation. */
export interface Scope {
	readonly schema: GraphQLSchema;
	readonly operation: OperationDefinitionNode;
	readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
	/** Whether a selection with these directives is in, for the values that this plan was made for. */
	readonly includes: (node: SelectionSetNode["selections"][number]) => boolean;
}

/** Groups the selected fields by their key in the answer (GraphQL specification, 6.3.2 CollectFields). */
export function collectFields(
	scope: Scope,
	type: GraphQLObjectType,
	set: SelectionSetNode,
	groups: Map<string, FieldNode[]>,
	visited: Set<string>,
): void {
	for (const node of set.selections) {
		if (!scope.includes(node)) continue;
		if (node.kind === Kind.FIELD) {
			const key = node.alias?.value ?? node.name.value;
			const group = groups.get(key);
			if (group) group.push(node);
			else groups.set(key, [node]);
			continue;
		}
		let fragment: Pick<FragmentDefinitionNode, "selectionSet"> & Partial<FragmentDefinitionNode> =
			node as never;
		if (node.kind === Kind.FRAGMENT_SPREAD) {
			const named = scope.fragments[node.name.value];
			if (!named || visited.has(node.name.value)) continue;
			visited.add(node.name.value);
			fragment = named;
		}
		if (appliesTo(scope.schema, fragment.typeCondition, type)) {
			collectFields(scope, type, fragment.selectionSet, groups, visited);
		}
	}
}

function appliesTo(
	schema: GraphQLSchema,
	condition: FragmentDefinitionNode["typeCondition"] | undefined,
	type: GraphQLObjectType,
): boolean {
	if (!condition) return true;
	const named = typeFromAST(schema, condition);
	if (named === type) return true;
	return isAbstractType(named) && schema.isSubType(named, type);
}

export function findField(
	schema: GraphQLSchema,
	type: GraphQLObjectType,
	name: string,
): GraphQLField<unknown, unknown> | undefined {
	if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
	if (type === schema.getQueryType()) {
		if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
		if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
	}
	return type.getFields()[name];
}
