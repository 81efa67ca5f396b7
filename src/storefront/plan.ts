// Executes GraphQL: an operation becomes a tree of closures, each part compiled the first time a value reaches
// it. So a document costs what it answers, not what it could answer, and nothing of it is ever turned into
// program text. Answers as graphql-js does (test/plan/plan.test.ts holds the two against each other).
import {
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLField,
	type GraphQLLeafType,
	type GraphQLNonNull,
	type GraphQLObjectType,
	type GraphQLOutputType,
	type GraphQLSchema,
	getNamedType,
	isAbstractType,
	isLeafType,
	isListType,
	isNonNullType,
	isObjectType,
	type OperationDefinitionNode,
	type SelectionSetNode,
	TypeNameMetaFieldDef,
} from "graphql";
import { compileArguments } from "./arguments.ts";
import {
	AnswerTooLarge,
	type Complete,
	executeObject,
	executeSerially,
	type FieldFault,
	type FieldInfo,
	type FieldPlan,
	handleFault,
	MAX_ANSWER_SIZE,
	MAX_ANSWERED_FIELDS,
	type ObjectPlan,
	type Outcome,
	type Path,
	type Resolve,
	type Run,
	take,
	takeLeaf,
	type Variables,
} from "./run.ts";
import { collectFields, findField, type Scope } from "./selection.ts";

export interface Plan {
	execute(context: unknown, variables: Variables): Outcome | Promise<Outcome>;
}

/**
 * A plan for one operation of a valid document. `includes` settles `@skip` and `@include`: where they depend on
 * variables, there is a plan for each combination of values (see documents.ts).
 */
export function compilePlan(
	schema: GraphQLSchema,
	operation: OperationDefinitionNode,
	fragments: Readonly<Record<string, FragmentDefinitionNode>>,
	includes: Scope["includes"],
): Plan {
	const scope: Scope = { schema, operation, fragments, includes };
	const serial = operation.operation === "mutation";
	const type = serial ? schema.getMutationType() : schema.getQueryType();
	if (!type) throw new Error(`the schema has no ${operation.operation}`);
	const plan = compileObject(scope, type, [operation.selectionSet]);
	return {
		execute(context, variables) {
			const run: Run = { variables, context, faults: [], left: MAX_ANSWERED_FIELDS, room: MAX_ANSWER_SIZE };
			const finish = (data: unknown): Outcome => ({ data: data as Outcome["data"], faults: run.faults });
			const fail = (fault: unknown): Outcome => {
				if (fault instanceof AnswerTooLarge) throw fault;
				run.faults.push(fault as FieldFault);
				return { data: null, faults: run.faults };
			};
			try {
				const data = serial ? executeSerially(plan, run) : executeObject(plan, undefined, run, null);
				return data instanceof Promise ? data.then(finish, fail) : finish(data);
			} catch (fault) {
				return fail(fault);
			}
		},
	};
}

function compileObject(scope: Scope, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ObjectPlan {
	const groups = new Map<string, FieldNode[]>();
	const visited = new Set<string>();
	for (const set of sets) collectFields(scope, type, set, groups, visited);
	const fields: FieldPlan[] = [];
	for (const [key, nodes] of groups) {
		const field = findField(scope.schema, type, nodes[0]?.name.value ?? "");
		if (field) fields.push(compileField(scope, type, field, key, nodes));
	}
	// Each key has two quotes, a colon and a comma, and a value of two characters or more.
	const size = fields.reduce((sum, { key }) => sum + key.length + 6, 2);
	return { fields, size, bare: groups.has("__proto__") };
}

function compileField(
	scope: Scope,
	parentType: GraphQLObjectType,
	field: GraphQLField<unknown, unknown>,
	key: string,
	nodes: readonly FieldNode[],
): FieldPlan {
	const info: FieldInfo = {
		schema: scope.schema,
		fieldName: field.name,
		fieldNodes: nodes,
		parentType,
		returnType: field.type,
		fragments: scope.fragments,
		operation: scope.operation,
	};
	const nullable = !isNonNullType(field.type);
	const bareType = nullable ? field.type : (field.type as GraphQLNonNull<never>).ofType;
	const notNull = `Cannot return null for non-nullable field ${parentType.name}.${field.name}.`;
	const isTypeName = field === TypeNameMetaFieldDef;
	return {
		key,
		name: field.name,
		nodes,
		nullable,
		info,
		resolve: isTypeName ? () => parentType.name : (field.resolve as Resolve | undefined),
		args: isTypeName ? () => undefined : compileArguments(field, nodes[0]?.arguments ?? []),
		leaf: isLeafType(bareType) ? completeLeaf(bareType, nullable ? null : notNull) : null,
		complete: compileCompletion(scope, field.type, nodes, info, notNull),
	};
}

function completeLeaf(type: GraphQLLeafType, notNull: string | null): (value: unknown) => unknown {
	return (value) => {
		if (value === null || value === undefined) {
			if (notNull === null) return null;
			throw new Error(notNull);
		}
		if (value instanceof Error) throw value;
		return type.coerceOutputValue(value);
	};
}

function compileCompletion(
	scope: Scope,
	type: GraphQLOutputType,
	nodes: readonly FieldNode[],
	info: FieldInfo,
	notNull: string,
): Complete {
	if (isNonNullType(type)) {
		const complete = compileCompletion(scope, type.ofType as GraphQLOutputType, nodes, info, notNull);
		const check = (completed: unknown) => {
			if (completed === null) throw new Error(notNull);
			return completed;
		};
		return (value, run, path) => {
			const completed = complete(value, run, path);
			return completed instanceof Promise ? completed.then(check) : check(completed);
		};
	}
	const complete = compileNullable(scope, type, nodes, info, notNull);
	return (value, run, path) => {
		if (value === null || value === undefined) return null;
		if (value instanceof Error) throw value;
		return complete(value, run, path);
	};
}

function compileNullable(
	scope: Scope,
	type: GraphQLOutputType,
	nodes: readonly FieldNode[],
	info: FieldInfo,
	notNull: string,
): Complete {
	if (isListType(type)) return compileList(scope, type.ofType as GraphQLOutputType, nodes, info, notNull);
	if (isLeafType(type)) {
		const complete = completeLeaf(type, null);
		return (value, run) => takeLeaf(run, complete(value));
	}
	const sets = nodes.flatMap((node) => node.selectionSet ?? []);
	if (isObjectType(type)) {
		let plan: ObjectPlan | undefined;
		return (value, run, path) => {
			plan ??= compileObject(scope, type, sets);
			return executeObject(plan, value, run, path);
		};
	}
	const plans = new Map<string, ObjectPlan>();
	return (value, run, path) => {
		const name = String((value as { readonly __typename?: unknown }).__typename);
		let plan = plans.get(name);
		if (!plan) {
			const concrete = scope.schema.getType(name);
			if (!isObjectType(concrete) || !isAbstractType(type) || !scope.schema.isSubType(type, concrete)) {
				throw new Error(`${getNamedType(type).name} has no type ${name}`);
			}
			plan = compileObject(scope, concrete, sets);
			plans.set(name, plan);
		}
		return executeObject(plan, value, run, path);
	};
}

/** Characters of the least item, and its comma. */
const ITEM_SIZE = 3;

function compileList(
	scope: Scope,
	itemType: GraphQLOutputType,
	nodes: readonly FieldNode[],
	info: FieldInfo,
	notNull: string,
): Complete {
	const nullable = !isNonNullType(itemType);
	const complete = compileCompletion(scope, itemType, nodes, info, notNull);
	const handle = (error: unknown, run: Run, path: Path) => handleFault(error, nullable, nodes, run, path);
	return (value, run, path) => {
		if (!Array.isArray(value))
			throw new Error(`a list was expected for ${info.parentType.name}.${info.fieldName}`);
		take(run, value.length * ITEM_SIZE);
		const started: Promise<unknown>[] = [];
		const items = value.map((item, index) => {
			const itemPath = { previous: path, key: index };
			try {
				const completed =
					item instanceof Promise
						? item.then((settled) => complete(settled, run, itemPath))
						: complete(item, run, itemPath);
				if (!(completed instanceof Promise)) return completed;
				const settling = completed.catch((error) => handle(error, run, itemPath));
				started.push(settling);
				return settling;
			} catch (error) {
				try {
					return handle(error, run, itemPath);
				} catch (fault) {
					// Where the whole list becomes null, what is under way in it, or was promised, may fail unheard.
					for (const each of [...started, ...value]) if (each instanceof Promise) each.catch(() => {});
					throw fault;
				}
			}
		});
		return started.length > 0 ? Promise.all(items) : items;
	};
}
