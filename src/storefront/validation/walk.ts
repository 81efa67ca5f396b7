// What the rules share while a document is walked through: the definition they are in, and what they note down for
// the checks that can only be made once the whole document has been seen.
import type {
	ArgumentNode,
	ASTNode,
	FragmentDefinitionNode,
	FragmentSpreadNode,
	GraphQLCompositeType,
	GraphQLInputObjectType,
	GraphQLInputType,
	GraphQLSchema,
	ObjectFieldNode,
	ObjectValueNode,
	OperationDefinitionNode,
	VariableDefinitionNode,
	VariableNode,
} from "graphql";
import type { WireError } from "../wire-error.ts";
import type { FieldsByKey } from "./merging.ts";
import type { Place, Report } from "./report.ts";

/** One variable standing in one argument. */
export interface VariableUse {
	readonly node: VariableNode;
	readonly argument: ArgumentNode | ObjectFieldNode;
	readonly place: Place;
	/** The type wanted where the variable stands; undefined inside a scalar that takes any shape. */
	readonly type: GraphQLInputType | undefined;
	/** The type of the whole argument, and how many list brackets deep in it the variable stands. */
	readonly argumentType: GraphQLInputType;
	readonly listDepth: number;
	readonly hasDefault: boolean;
	readonly oneOf: { readonly type: GraphQLInputObjectType; readonly node: ObjectValueNode } | null;
}

/** One `...Name`, and the type that it is spread inside. */
interface Spread {
	readonly node: FragmentSpreadNode;
	readonly place: Place;
	readonly parentType: GraphQLCompositeType;
}

/** An operation or a fragment, with what was met inside it. */
export interface Definition {
	readonly node: OperationDefinitionNode | FragmentDefinitionNode;
	readonly place: Place;
	readonly declared: ReadonlyMap<string, VariableDefinitionNode>;
	readonly uses: VariableUse[];
	readonly spreads: Spread[];
}

/** What all rules share about one document. */
export interface Inspection {
	readonly schema: GraphQLSchema;
	readonly report: Report;
	readonly fieldsByKey: FieldsByKey;
	/** Which types can apply inside which, as far as it was asked. */
	readonly overlaps: Map<GraphQLCompositeType, Map<GraphQLCompositeType, boolean>>;
	/** Lists that are too long: told only of a document that is valid otherwise. */
	readonly tooLong: WireError[];
	/** Where the nodes stand that graphql-js's own rules are asked about. */
	readonly borrowed: Map<ASTNode, Place>;
}

/** The walk through one definition of the document. */
export interface Walk extends Inspection {
	readonly definition: Definition;
}

/** The nodes that share a name, for every name that is given more than once. */
export function repeated<T>(nodes: readonly T[], nameOf: (node: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	if (nodes.length < 2) return groups;
	for (const node of nodes) {
		const name = nameOf(node);
		const group = groups.get(name);
		if (group) group.push(node);
		else groups.set(name, [node]);
	}
	for (const [name, group] of groups) if (group.length < 2) groups.delete(name);
	return groups;
}
