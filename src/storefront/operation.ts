// One operation, prepared: what its variables must be, what it costs, what `@inContext` chooses, and the plan for
// the way in which its `@skip` and `@include` turn out.
import {
	type ArgumentNode,
	coerceInputLiteral,
	type DirectiveNode,
	type FragmentDefinitionNode,
	type GraphQLSchema,
	Kind,
	type OperationDefinitionNode,
	type SelectionSetNode,
	visit,
} from "graphql";
import { requestedCost } from "./cost.ts";
import { compilePlan, type Plan } from "./plan.ts";
import type { Variables } from "./run.ts";
import { compileVariables } from "./variables.ts";

/** What `@inContext` chose; null members were not chosen. */
interface InContext {
	readonly country: string | null;
	readonly language: string | null;
	readonly buyerToken: string | null;
}

export interface PreparedOperation {
	readonly coerceVariables: ReturnType<typeof compileVariables>;
	readonly plan: (variables: Variables) => Plan;
	readonly cost: (variables: Variables) => number;
	/** Null for an operation without the directive. */
	readonly inContext: ((variables: Variables) => InContext) | null;
	readonly deprecations: string | null;
	/** The answer is the same, whoever asks. */
	readonly asksOnlySchema: boolean;
}

export function prepareOperation(
	schema: GraphQLSchema,
	operation: OperationDefinitionNode,
	fragments: Readonly<Record<string, FragmentDefinitionNode>>,
	deprecations: string | null,
): PreparedOperation {
	const { conditions, pagesVary } = findVariableUse(operation, fragments);
	// One plan is kept, for the way the conditions turned out last: sixteen would weigh sixteen times as much.
	let kept: { readonly key: string; readonly plan: Plan } | undefined;
	let fixedCost: number | undefined;
	return {
		coerceVariables: compileVariables(schema, operation),
		plan: (variables) => {
			const key = conditions.map((name) => (variables[name] === true ? "1" : "0")).join("");
			if (kept?.key !== key) {
				const settled = Object.fromEntries(conditions.map((name) => [name, variables[name] === true]));
				kept = { key, plan: compilePlan(schema, operation, fragments, includesFor(settled)) };
			}
			return kept.plan;
		},
		cost: (variables) => {
			if (pagesVary) return requestedCost(schema, operation, fragments, variables);
			fixedCost ??= requestedCost(schema, operation, fragments, variables);
			return fixedCost;
		},
		inContext: compileInContext(schema, operation),
		deprecations,
		asksOnlySchema: asksOnlySchema(operation),
	};
}

/** Whether its answer is the same, whoever asks and with whatever variables. */
function asksOnlySchema({
	selectionSet,
	variableDefinitions = [],
	directives = [],
}: OperationDefinitionNode): boolean {
	return (
		variableDefinitions.length + directives.length === 0 &&
		selectionSet.selections.every((node) => node.kind === Kind.FIELD && node.name.value === "__schema")
	);
}

interface VariableUse {
	readonly conditions: readonly string[];
	readonly pagesVary: boolean;
}

/** Looked for once in a document's fragments: a document may hold hundreds, and hundreds of operations. */
const usesInFragments = new WeakMap<object, VariableUse>();

/** Which variables decide what is selected, and whether one decides the size of a page. */
function findVariableUse(
	operation: OperationDefinitionNode,
	fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): VariableUse {
	const own = useIn([operation]);
	let shared = usesInFragments.get(fragments);
	if (!shared) {
		shared = useIn(Object.values(fragments));
		usesInFragments.set(fragments, shared);
	}
	const conditions = [...new Set([...own.conditions, ...shared.conditions])];
	return { conditions, pagesVary: own.pagesVary || shared.pagesVary };
}

function useIn(definitions: readonly { readonly selectionSet: SelectionSetNode }[]): VariableUse {
	const conditions = new Set<string>();
	let pagesVary = false;
	const visitor = {
		Argument: (node: ArgumentNode) => {
			if (node.value.kind !== Kind.VARIABLE) return;
			if (node.name.value === "if") conditions.add(node.value.name.value);
			if (node.name.value === "first" || node.name.value === "last") pagesVary = true;
		},
	};
	for (const { selectionSet } of definitions) visit(selectionSet, visitor);
	return { conditions: [...conditions], pagesVary };
}

/**
 * Only the conditions are kept with the plan: other variables may be secrets. The closure is made here and not where
 * the variables are, because it would hold on to all that is around it.
 */
function includesFor(settled: Variables): Parameters<typeof compilePlan>[3] {
	return ({ directives }) => isIncluded(directives, settled);
}

function isIncluded(directives: readonly DirectiveNode[] | undefined, variables: Variables): boolean {
	for (const directive of directives ?? []) {
		const name = directive.name.value;
		if (name !== "skip" && name !== "include") continue;
		const node = directive.arguments?.[0]?.value;
		const value =
			node?.kind === Kind.VARIABLE ? variables[node.name.value] : node && "value" in node && node.value;
		if (value === (name === "skip")) return false;
	}
	return true;
}

function compileInContext(
	schema: GraphQLSchema,
	operation: OperationDefinitionNode,
): PreparedOperation["inContext"] {
	const directive = operation.directives?.find((node) => node.name.value === "inContext");
	const definition = schema.getDirective("inContext");
	if (!directive || !definition) return null;
	return (variables) => {
		const values: Record<string, unknown> = {};
		for (const { name, value } of directive.arguments ?? []) {
			const type = definition.args.find((argument) => argument.name === name.value)?.type;
			if (type) values[name.value] = coerceInputLiteral(value, type, { sources: {}, coerced: variables });
		}
		const buyer = values["buyer"] as { readonly customerAccessToken?: string } | null | undefined;
		return {
			country: (values["country"] as string | undefined) ?? null,
			language: (values["language"] as string | undefined) ?? null,
			buyerToken: buyer?.customerAccessToken ?? null,
		};
	};
}
