// Running a plan: fields become values, faults travel to the nearest place where null may stand. What a plan is made
// of is declared here; plan.ts makes it.
import type {
	FieldNode,
	FragmentDefinitionNode,
	GraphQLObjectType,
	GraphQLOutputType,
	GraphQLSchema,
	OperationDefinitionNode,
} from "graphql";

/** Values of an operation's variables, coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/** Where in the answer a field stands: linked from the leaf up, made only where it may be needed. */
export interface Path {
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
export interface FieldInfo {
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
export interface Run {
	readonly variables: Variables;
	readonly context: unknown;
	readonly faults: FieldFault[];
	/** Fields and characters that the answer may still have. */
	left: number;
	room: number;
}

/** Twice what the official introspection query answers; an answer beyond it would hold up everyone else's. */
export const MAX_ANSWERED_FIELDS = 75_000;
/** Twice what the official introspection query answers, and several times what the largest real page does. */
export const MAX_ANSWER_SIZE = 1_048_576;

/** The document selects more than one answer may hold. Ends the whole execution, wherever it is thrown. */
export class AnswerTooLarge extends Error {
	override readonly name = "AnswerTooLarge";
	constructor(more = `${MAX_ANSWERED_FIELDS} fields`) {
		super(`The answer would have more than ${more}`);
	}
}

export type Complete = (value: unknown, run: Run, path: Path) => unknown;

export interface FieldPlan {
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

export interface ObjectPlan {
	readonly fields: readonly FieldPlan[];
	/** Characters that it takes for its keys alone. */
	readonly size: number;
	/** A key named `__proto__` would change the answer's prototype instead of standing in it. */
	readonly bare: boolean;
}

export function executeObject(plan: ObjectPlan, source: unknown, run: Run, path: Path | null): unknown {
	run.left -= plan.fields.length;
	if (run.left < 0) throw new AnswerTooLarge();
	take(run, plan.size);
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
	if (!pending) return answer;
	// One is the rule: a customer, a mutation.
	const settled = pending.length === 1 ? pending[0] : Promise.all(pending);
	return settled?.then(() => answer);
}

/** Mutations happen one after the other, in the order in which they stand. */
export async function executeSerially(plan: ObjectPlan, run: Run): Promise<unknown> {
	take(run, plan.size);
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
	if (field.leaf) return takeLeaf(run, field.leaf(value));
	return field.complete(value, run, { previous: parent, key: field.key });
}

/** Where a null may stand, the fault ends here; elsewhere it goes on to the nearest place where one may. */
export function handleFault(
	error: unknown,
	nullable: boolean,
	nodes: readonly FieldNode[],
	run: Run,
	path: Path,
): null {
	if (error instanceof AnswerTooLarge) throw error;
	const fault = error instanceof FieldFault ? error : new FieldFault(error, nodes, path);
	if (!nullable) throw fault;
	take(
		run,
		fault.path.reduce<number>((sum, key) => sum + String(key).length, FAULT_SIZE),
	);
	run.faults.push(fault);
	return null;
}

/** What an error takes beside its path: message, places, code. */
const FAULT_SIZE = 250;

/** Ends the execution once the answer has more characters than it may; JSON's escapes are counted at the end. */
export function take(run: Run, characters: number): void {
	run.room -= characters;
	if (run.room < 0) throw new AnswerTooLarge("1 MiB");
}

export function takeLeaf(run: Run, value: unknown): unknown {
	if (typeof value === "string") take(run, value.length);
	return value;
}
