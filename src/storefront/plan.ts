// Executes GraphQL: an operation becomes a tree of closures, each part compiled the first time a value reaches
// it. So a document costs what it answers, not what it could answer, and nothing of it is ever turned into
// program text. Answers as graphql-js does (test/plan.test.ts holds the two against each other).
import {
	type ArgumentNode,
	coerceInputLiteral,
	type FieldNode,
	type FragmentDefinitionNode,
	GraphQLError,
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
	Kind,
	type OperationDefinitionNode,
	SchemaMetaFieldDef,
	type SelectionSetNode,
	TypeMetaFieldDef,
	TypeNameMetaFieldDef,
	typeFromAST,
} from "graphql";

/** Values of an operation's variables, coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/** Where in the answer a field stands: linked from the leaf up, made only where it may be needed. */
interface Path {
	readonly previous: Path | null;
	readonly key: string | number;
}

/** What went wrong in one field, and where. `cause` is whatever its resolver threw. */
export class FieldFault extends Error {
	override readonly name = "FieldFault";
	readonly path: readonly (string | number)[];
	readonly nodes: readonly FieldNode[];

	constructor(cause: unknown, nodes: readonly FieldNode[], path: Path) {
		super(cause instanceof Error ? cause.message : String(cause), { cause });
		this.nodes = nodes;
		const keys: (string | number)[] = [];
		for (let at: Path | null = path; at; at = at.previous) keys.push(at.key);
		this.path = keys.reverse();
	}
}

export interface Outcome {
	readonly data: Record<string, unknown> | null;
	readonly faults: readonly FieldFault[];
}

/** What every resolver is given as its fourth argument: the few members of graphql-js's that are of use here. */
interface FieldInfo {
	readonly schema: GraphQLSchema;
	readonly fieldName: string;
	readonly fieldNodes: readonly FieldNode[];
	readonly parentType: GraphQLObjectType;
	readonly returnType: GraphQLOutputType;
	readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
	readonly operation: OperationDefinitionNode;
}

export type Resolve = (source: unknown, args: never, context: never, info: FieldInfo) => unknown;

/** One execution: its inputs, and the faults found so far. */
interface Run {
	readonly variables: Variables;
	readonly context: unknown;
	readonly faults: FieldFault[];
	/** Fields that the answer may still have. */
	left: number;
}

/** Three times what the official introspection query answers; an answer beyond it would hold up everyone else's. */
const MAX_ANSWERED_FIELDS = 100_000;

/** The document selects more than one answer may hold. Ends the whole execution, wherever it is thrown. */
export class AnswerTooLarge extends Error {
	override readonly name = "AnswerTooLarge";
	constructor() {
		super(`The answer would have more than ${MAX_ANSWERED_FIELDS} fields`);
	}
}

type Complete = (value: unknown, run: Run, path: Path) => unknown;

interface FieldPlan {
	readonly key: string;
	readonly name: string;
	readonly nodes: readonly FieldNode[];
	readonly nullable: boolean;
	readonly info: FieldInfo;
	readonly resolve: Resolve | undefined;
	readonly args: (variables: Variables) => unknown;
	/** For leaves that need no path; null where the value has parts. */
	readonly leaf: ((value: unknown) => unknown) | null;
	readonly complete: Complete;
}

interface ObjectPlan {
	readonly fields: readonly FieldPlan[];
	/** A key named `__proto__` would change the answer's prototype instead of standing in it. */
	readonly bare: boolean;
}

/** What the compiler knows of one operation. */
interface Scope {
	readonly schema: GraphQLSchema;
	readonly operation: OperationDefinitionNode;
	readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
	/** Whether a selection with these directives is in, for the values that this plan was made for. */
	readonly includes: (node: SelectionSetNode["selections"][number]) => boolean;
}

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
			const run: Run = { variables, context, faults: [], left: MAX_ANSWERED_FIELDS };
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

function executeObject(plan: ObjectPlan, source: unknown, run: Run, path: Path | null): unknown {
	run.left -= plan.fields.length;
	if (run.left < 0) throw new AnswerTooLarge();
	const answer: Record<string, unknown> = plan.bare ? Object.create(null) : {};
	let pending: Promise<void>[] | undefined;
	try {
		for (const field of plan.fields) {
			const value = executeField(field, source, run, path);
			// Set even while it is pending, so that the keys keep their order.
			answer[field.key] = value;
			if (value instanceof Promise) {
				pending ??= [];
				const settle = (settled: unknown) => {
					answer[field.key] = settled;
				};
				pending.push(value.then(settle));
			}
		}
	} catch (fault) {
		// The object is null already; what is still under way may fail unheard.
		for (const promise of pending ?? []) promise.catch(() => {});
		throw fault;
	}
	return pending ? Promise.all(pending).then(() => answer) : answer;
}

/** Mutations happen one after the other, in the order in which they stand. */
async function executeSerially(plan: ObjectPlan, run: Run): Promise<unknown> {
	const answer: Record<string, unknown> = plan.bare ? Object.create(null) : {};
	for (const field of plan.fields) {
		const value = executeField(field, undefined, run, null);
		answer[field.key] = value instanceof Promise ? await value : value;
	}
	return answer;
}

function executeField(field: FieldPlan, source: unknown, run: Run, parent: Path | null): unknown {
	try {
		const value = field.resolve
			? field.resolve(source, field.args(run.variables) as never, run.context as never, field.info)
			: (source as Readonly<Record<string, unknown>> | null | undefined)?.[field.name];
		if (value instanceof Promise) return settleField(field, value, run, parent);
		const completed = completeField(field, value, run, parent);
		if (!(completed instanceof Promise)) return completed;
		return completed.catch((error) => failField(field, error, run, parent));
	} catch (error) {
		return failField(field, error, run, parent);
	}
}

async function settleField(
	field: FieldPlan,
	value: Promise<unknown>,
	run: Run,
	parent: Path | null,
): Promise<unknown> {
	try {
		const completed = completeField(field, await value, run, parent);
		return completed instanceof Promise ? await completed : completed;
	} catch (error) {
		return failField(field, error, run, parent);
	}
}

function failField({ key, nullable, nodes }: FieldPlan, error: unknown, run: Run, parent: Path | null): null {
	return handleFault(error, nullable, nodes, run, { previous: parent, key });
}

function completeField(field: FieldPlan, value: unknown, run: Run, parent: Path | null): unknown {
	if (field.leaf) return field.leaf(value);
	return field.complete(value, run, { previous: parent, key: field.key });
}

/** Where a null may stand, the fault ends here; elsewhere it goes on to the nearest place where one may. */
function handleFault(
	error: unknown,
	nullable: boolean,
	nodes: readonly FieldNode[],
	run: Run,
	path: Path,
): null {
	if (error instanceof AnswerTooLarge) throw error;
	const fault = error instanceof FieldFault ? error : new FieldFault(error, nodes, path);
	if (!nullable) throw fault;
	run.faults.push(fault);
	return null;
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
	return { fields, bare: groups.has("__proto__") };
}

/** Groups the selected fields by their key in the answer (GraphQL specification, 6.3.2 CollectFields). */
function collectFields(
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

function findField(
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

/** Arguments without variables are coerced once; they are the same object on every run. */
function compileArguments(
	field: GraphQLField<unknown, unknown>,
	nodes: readonly ArgumentNode[],
): (variables: Variables) => unknown {
	const fixed: Record<string, unknown> = {};
	const fill: ((args: Record<string, unknown>, variables: Variables) => void)[] = [];
	for (const definition of field.args) {
		const { name, type } = definition;
		const node = nodes.find((argument) => argument.name.value === name)?.value;
		const fallback = defaultOf(definition);
		const required = isNonNullType(type) && fallback === undefined;
		if (!node) {
			if (fallback !== undefined) fixed[name] = fallback;
		} else if (!usesVariable(node)) {
			fixed[name] = coerceInputLiteral(node, type);
		} else {
			fill.push((args, variables) => {
				if (node.kind === Kind.VARIABLE && !Object.hasOwn(variables, node.name.value)) {
					if (required)
						throw new GraphQLError(`Argument "${definition}" of required type "${type}" was not provided.`);
					if (fallback !== undefined) args[name] = fallback;
					return;
				}
				const value =
					node.kind === Kind.VARIABLE
						? variables[node.name.value]
						: coerceInputLiteral(node, type, { sources: {}, coerced: variables });
				if (value === undefined || (value === null && isNonNullType(type))) {
					throw new GraphQLError(
						`Argument "${definition}" has invalid value: Expected value of non-null type "${type}" not to be null.`,
					);
				}
				args[name] = value;
			});
		}
	}
	if (fill.length === 0) return () => fixed;
	return (variables) => {
		const args = { ...fixed };
		for (const set of fill) set(args, variables);
		return args;
	};
}

function defaultOf(definition: GraphQLField<unknown, unknown>["args"][number]): unknown {
	const fallback = definition.default;
	if (fallback?.literal) return coerceInputLiteral(fallback.literal, definition.type);
	return fallback ? fallback.value : definition.defaultValue;
}

function usesVariable(node: ArgumentNode["value"]): boolean {
	if (node.kind === Kind.VARIABLE) return true;
	if (node.kind === Kind.LIST) return node.values.some(usesVariable);
	return node.kind === Kind.OBJECT && node.fields.some((field) => usesVariable(field.value));
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
	if (isLeafType(type)) return completeLeaf(type, null);
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
				// Where the whole list becomes null, what is under way in it, or was promised, may fail unheard.
				if (!nullable)
					for (const each of [...started, ...value]) if (each instanceof Promise) each.catch(() => {});
				return handle(error, run, itemPath);
			}
		});
		return started.length > 0 ? Promise.all(items) : items;
	};
}
