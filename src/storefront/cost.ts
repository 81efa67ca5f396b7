// What an operation costs, as `extensions.cost.requestedQueryCost` tells it: 10 for a mutation, 1 for every object
// or list of objects, and a connection by the logarithm of its page. The formula is ours; it gives every figure
// that is on record for the real service (wire 1.7).
import {
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLObjectType,
	type GraphQLSchema,
	getNamedType,
	isCompositeType,
	isInterfaceType,
	isObjectType,
	Kind,
	type OperationDefinitionNode,
	type SelectionSetNode,
	typeFromAST,
} from "graphql";
import type { Variables } from "./run.ts";

const MUTATION = 10;
/** Fragments that spread fragments twice soon cost more than a number holds, and the wire's is an Int. */
const MAX_COST = 2_147_483_647;
/** A page whose size is not known, or not a number, is counted as the largest. */
const LARGEST_PAGE = 250;

interface Scope {
	readonly schema: GraphQLSchema;
	readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
	readonly variables: Variables;
	/** A fragment costs the same wherever it is spread: counted once, or documents could grow without end. */
	readonly counted: Map<string, number>;
	readonly pages: Map<SelectionSetNode, PageCost>;
}

/** What a part of a connection's selections costs for every node of the page, and what once. */
interface PageCost {
	readonly perNode: number;
	readonly once: number;
}

const FREE: PageCost = { perNode: 0, once: 0 };

export function requestedCost(
	schema: GraphQLSchema,
	operation: OperationDefinitionNode,
	fragments: Scope["fragments"],
	variables: Variables,
): number {
	const scope: Scope = { schema, fragments, variables, counted: new Map(), pages: new Map() };
	if (operation.operation === "mutation") {
		return Math.min(MAX_COST, costOfSet(scope, schema.getMutationType(), operation.selectionSet, MUTATION));
	}
	return Math.min(MAX_COST, costOfSet(scope, schema.getQueryType(), operation.selectionSet, 1));
}

/** `each` is what an object field of this set costs before its own selection. */
function costOfSet(scope: Scope, type: unknown, set: SelectionSetNode, each: number): number {
	let cost = 0;
	for (const node of set.selections) {
		if (node.kind === Kind.FIELD) {
			cost += costOfField(scope, type, node, each);
		} else if (node.kind === Kind.INLINE_FRAGMENT) {
			const inner = node.typeCondition ? typeFromAST(scope.schema, node.typeCondition) : type;
			cost += costOfSet(scope, inner, node.selectionSet, each);
		} else {
			cost += costOfFragment(scope, node.name.value, each);
		}
	}
	return cost;
}

function costOfFragment(scope: Scope, name: string, each: number): number {
	const known = scope.counted.get(name);
	if (known !== undefined) return known;
	const fragment = scope.fragments[name];
	if (!fragment) return 0;
	const cost = costOfSet(
		scope,
		typeFromAST(scope.schema, fragment.typeCondition),
		fragment.selectionSet,
		each,
	);
	scope.counted.set(name, cost);
	return cost;
}

function costOfField(scope: Scope, type: unknown, node: FieldNode, each: number): number {
	if (!(isObjectType(type) || isInterfaceType(type)) || !node.selectionSet) return 0;
	const field = (type as GraphQLObjectType).getFields()[node.name.value];
	const named = field && getNamedType(field.type);
	if (!field || !isCompositeType(named)) return 0;
	const isPage = field.args.some(({ name }) => name === "first") && named.name.endsWith("Connection");
	if (!isPage) {
		// `nodes`, `edges` and `node` of a connection are counted by the connection's page.
		return each + costOfSet(scope, named, node.selectionSet, 1);
	}
	return costOfPage(scope, named as GraphQLObjectType, node);
}

/** log2 of the page × (1 + what one node costs), and the rest of the connection's objects once. */
function costOfPage(scope: Scope, type: GraphQLObjectType, node: FieldNode): number {
	const visit = (set: SelectionSetNode): PageCost => {
		const known = scope.pages.get(set);
		if (known) return known;
		let perNode = 0;
		let once = 0;
		for (const selection of set.selections) {
			if (selection.kind === Kind.FIELD) {
				const cost = costOfField(scope, type, selection, 1);
				if (selection.name.value === "nodes") perNode += cost;
				// An edge is its node.
				else if (selection.name.value === "edges") perNode += cost - 1;
				else once += cost;
				continue;
			}
			const inner =
				selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments[selection.name.value];
			const part = inner ? visit(inner.selectionSet) : FREE;
			perNode += part.perNode;
			once += part.once;
		}
		const cost = { perNode, once };
		scope.pages.set(set, cost);
		return cost;
	};
	const { perNode, once } = node.selectionSet ? visit(node.selectionSet) : FREE;
	return Math.max(1, Math.ceil(Math.log2(pageSize(scope, node)))) * (1 + perNode) + once;
}

function pageSize(scope: Scope, node: FieldNode): number {
	for (const { name, value } of node.arguments ?? []) {
		if (name.value !== "first" && name.value !== "last") continue;
		const size =
			value.kind === Kind.VARIABLE ? scope.variables[value.name.value] : "value" in value && value.value;
		const number = Number(size ?? Number.NaN);
		if (Number.isFinite(number)) return Math.min(Math.max(number, 1), LARGEST_PAGE);
	}
	return LARGEST_PAGE;
}
