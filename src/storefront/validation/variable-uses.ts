// The rules about variables: declared with a type that can be given, used where that type fits, used if declared
// and declared if used, through fragments too.
import {
	type GraphQLInputType,
	type GraphQLType,
	getNamedType,
	isInputType,
	isListType,
	isNonNullType,
	isTypeSubTypeOf,
	Kind,
	type OperationDefinitionNode,
	type TypeNode,
	typeFromAST,
	type ValueNode,
	type VariableDefinitionNode,
} from "graphql";
import { literalFault } from "./literals.ts";
import { type Place, tooMuchWork, ValidationStopped } from "./report.ts";
import { type Definition, type Inspection, repeated, type VariableUse, type Walk } from "./walk.ts";

/** How many visits of fragments, over all operations, a document may cost. graphql-js has the same bound. */
const MAX_FRAGMENT_VISITS = 50_000;

function listDepth(type: GraphQLType): number {
	if (isListType(type)) return 1 + listDepth(type.ofType);
	return isNonNullType(type) ? listDepth(type.ofType) : 0;
}

function bracketDepth(value: ValueNode): number {
	if (value.kind !== Kind.LIST) return 0;
	let deepest = 0;
	for (const item of value.values) deepest = Math.max(deepest, bracketDepth(item));
	return deepest + 1;
}

/** Whether a variable's type may stand where another is wanted: the specification's `IsVariableUsageAllowed`. */
function fits(
	inspection: Inspection,
	type: GraphQLType,
	declared: VariableDefinitionNode,
	use: VariableUse,
): boolean {
	const wanted = use.type;
	if (!wanted) return true;
	if (!isNonNullType(wanted) || isNonNullType(type)) return isTypeSubTypeOf(inspection.schema, type, wanted);
	const hasDefault = declared.defaultValue !== undefined && declared.defaultValue.kind !== Kind.NULL;
	return (hasDefault || use.hasDefault) && isTypeSubTypeOf(inspection.schema, type, wanted.ofType);
}

/** The variable's type as graphql-ruby compares it: never null if it has a default, in as many lists as it stands. */
function shownType(type: GraphQLType, declared: VariableDefinitionNode, use: VariableUse): string {
	let shown = String(type);
	if (declared.defaultValue && !isNonNullType(type)) shown += "!";
	for (let depth = bracketDepth(use.argument.value); depth > 0; depth -= 1) shown = `[${shown}]!`;
	return shown;
}

function checkUse(inspection: Inspection, use: VariableUse, declared: VariableDefinitionNode): boolean {
	const type = typeFromAST(inspection.schema, declared.type);
	if (!type) return false;
	const name = use.node.name.value;
	if (use.oneOf && !isNonNullType(type)) {
		const { type: oneOf, node } = use.oneOf;
		const message = `Variable '${name}' must be non-nullable to be used for OneOf Input Object '${oneOf.name}'.`;
		inspection.report.add(message, node, use.place, {
			code: "invalidOneOfInputObject",
			inputObjectType: oneOf.name,
		});
		return true;
	}
	if (fits(inspection, type, declared, use)) return false;
	const isOtherType = getNamedType(type) !== getNamedType(use.argumentType);
	const isOtherDepth = listDepth(type) + bracketDepth(use.argument.value) !== listDepth(use.argumentType);
	const what = isOtherType ? "Type" : isOtherDepth ? "List dimension" : "Nullability";
	const argumentName = use.argument.name.value;
	const typeName = shownType(type, declared, use);
	const message = `${what} mismatch on variable $${name} and argument ${argumentName} (${typeName} / ${use.argumentType})`;
	inspection.report.add(message, use.argument, use.place, {
		code: "variableMismatch",
		variableName: name,
		typeName,
		argumentName,
		errorMessage: `${what} mismatch`,
	});
	return true;
}

/**
 * Checks a variable against its declaration, where that is known: inside an operation. In a fragment it depends on
 * the operations that reach the fragment, so `checkVariableUses` does it. Answers whether anything was wrong.
 */
export function checkVariableUse(walk: Walk, use: VariableUse): boolean {
	const declared = walk.definition.declared.get(use.node.name.value);
	return declared !== undefined && checkUse(walk, use, declared);
}

function namedType(type: TypeNode): string {
	return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** Checks the variables that an operation declares: their names, their types and their defaults. */
export function checkDeclarations(
	inspection: Inspection,
	operation: OperationDefinitionNode,
	place: Place,
): void {
	const declarations = operation.variableDefinitions ?? [];
	const nameOf = (node: VariableDefinitionNode) => node.variable.name.value;
	for (const [name, nodes] of repeated(declarations, nameOf)) {
		inspection.report.add(`There can only be one variable named "${name}"`, nodes, place, {
			code: "variableNotUnique",
			variableName: name,
		});
	}
	for (const node of declarations) {
		const variableName = nameOf(node);
		const type = typeFromAST(inspection.schema, node.type);
		if (!type || !isInputType(type)) {
			const typeName = namedType(node.type);
			const what = type ? "a valid" : "a defined";
			inspection.report.add(`${typeName} isn't ${what} input type (on $${variableName})`, node, place, {
				code: "variableRequiresValidType",
				typeName,
				variableName,
			});
		} else if (node.defaultValue) {
			checkDefault(inspection, node, node.defaultValue, type, place);
		}
	}
}

function checkDefault(
	inspection: Inspection,
	node: VariableDefinitionNode,
	value: ValueNode,
	type: GraphQLInputType,
	place: Place,
): void {
	const variableName = node.variable.name.value;
	const names = [...repeatedFields(value)];
	for (const name of names) {
		inspection.report.add(`There can be only one input field named "${name}"`, node, place, {
			code: "inputFieldNotUnique",
			name,
		});
	}
	const fault = names.length === 0 ? literalFault(value, type, true) : null;
	if (!fault) return;
	const message = fault.explain() ?? `Default value for $${variableName} doesn't match type ${type}`;
	inspection.report.add(message, node, place, {
		code: "defaultValueInvalidType",
		variableName,
		typeName: String(type),
	});
}

function* repeatedFields(value: ValueNode): Generator<string> {
	if (value.kind === Kind.LIST) for (const item of value.values) yield* repeatedFields(item);
	if (value.kind !== Kind.OBJECT) return;
	yield* repeated(value.fields, ({ name }) => name.value).keys();
	for (const field of value.fields) yield* repeatedFields(field.value);
}

/** What an operation uses: each variable's last use, as graphql-ruby points to it, and where that is. */
type Uses = Map<string, { readonly use: VariableUse; readonly by: Definition }>;

function noteUses(uses: Uses, by: Definition): void {
	for (const use of by.uses) uses.set(use.node.name.value, { use, by });
}

/** Where a variable is used or declared, as the sentences name it. */
function nameOf({ node }: Definition): string {
	if (node.name) return node.name.value;
	return node.kind === Kind.OPERATION_DEFINITION ? `anonymous ${node.operation}` : "";
}

/** The variables used in the fragments that spreads reach: all uses, and of each variable the last. */
interface Reach {
	readonly all: readonly VariableUse[];
	readonly last: Uses;
}

/** Follows spreads through fragments. Operations that spread the same fragments share one answer. */
class Reaches {
	readonly #fragments = new Map<string, Definition>();
	readonly #known = new Map<string, Reach>();
	#visitsLeft = MAX_FRAGMENT_VISITS;

	constructor(definitions: readonly Definition[]) {
		for (const definition of definitions) {
			const { node } = definition;
			if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, definition);
		}
	}

	/** Counts work, of which a document may cause so much and no more. */
	spend(inspection: Inspection, visits: number): void {
		this.#visitsLeft -= visits;
		if (this.#visitsLeft >= 0) return;
		inspection.report.errors.push(tooMuchWork);
		throw new ValidationStopped();
	}

	from(inspection: Inspection, operation: Definition): Reach {
		const names = new Set(operation.spreads.map(({ node }) => node.name.value));
		const key = [...names].sort().join();
		const known = this.#known.get(key);
		if (known) return known;
		const all: VariableUse[] = [];
		const last: Uses = new Map();
		// A set grows while it is gone through, so this reaches everything once.
		for (const name of names) {
			const fragment = this.#fragments.get(name);
			if (!fragment) continue;
			this.spend(inspection, 1 + fragment.spreads.length);
			noteUses(last, fragment);
			for (const use of fragment.uses) all.push(use);
			for (const { node } of fragment.spreads) names.add(node.name.value);
		}
		const reach = { all, last };
		this.#known.set(key, reach);
		return reach;
	}
}

/** Checks, once all has been walked through, that each operation declares what it uses and uses what it declares. */
export function checkVariableUses(inspection: Inspection, definitions: readonly Definition[]): void {
	const reaches = new Reaches(definitions);
	for (const operation of definitions) {
		if (operation.node.kind !== Kind.OPERATION_DEFINITION) continue;
		const uses: Uses = new Map();
		noteUses(uses, operation);
		if (operation.spreads.length > 0) {
			const reach = reaches.from(inspection, operation);
			reaches.spend(inspection, reach.all.length);
			for (const [name, use] of reach.last) uses.set(name, use);
			for (const use of reach.all) {
				const declared = operation.declared.get(use.node.name.value);
				if (declared) checkUse(inspection, use, declared);
			}
		}
		reportUses(inspection, operation, uses);
	}
}

function reportUses(inspection: Inspection, operation: Definition, uses: Uses): void {
	for (const variableName of operation.declared.keys()) {
		if (uses.has(variableName)) continue;
		const message = `Variable $${variableName} is declared by ${nameOf(operation)} but not used`;
		inspection.report.add(message, operation.node, operation.place, {
			code: "variableNotUsed",
			variableName,
		});
	}
	for (const [variableName, { use, by }] of uses) {
		if (operation.declared.has(variableName)) continue;
		const message = `Variable $${variableName} is used by ${nameOf(by)} but not declared`;
		inspection.report.add(message, use.node, use.place, { code: "variableNotDefined", variableName });
	}
}
