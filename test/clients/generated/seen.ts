// What the requests that were sent had in them, read from the requests themselves, and what of the whole list was never
// met.
import {
	type ArgumentNode,
	type DocumentNode,
	type FieldNode,
	type GraphQLSchema,
	Kind,
	type OperationDefinitionNode,
	TypeInfo,
	valueFromASTUntyped,
	visit,
	visitWithTypeInfo,
} from "graphql";
import { KINDS } from "./customers.ts";
import type { Composed } from "./documents.ts";
import { ARGUMENTS, BESIDE_CUSTOMER, ERROR_LISTS, FIELDS, PAGED } from "./lists.ts";
import { OPERATIONS } from "./operations.ts";
import { REFUSALS } from "./refusals.ts";
import { SHAPES } from "./shapes.ts";

/** These make the customer whom they are about. */
const NEWCOMERS = new Set(["customerCreate", "customerAccessTokenCreateWithMultipass"]);

/** Everything that there is to be met. */
function listAll(schema: GraphQLSchema): string[] {
	const fields = Object.entries(FIELDS).flatMap(([type, names]) => names.map((name) => `${type}.${name}`));
	const args = Object.entries(ARGUMENTS).flatMap(([field, byName]) =>
		Object.entries(byName).flatMap(([name, values]) => values.map((value) => argument(field, name, value))),
	);
	const cursors = [...PAGED].flatMap((field) => ["after", "before"].map((name) => cursor(field, name)));
	const beside = BESIDE_CUSTOMER.map((names) => ["customer", ...names].join(" beside "));
	const roots = ["customer", ...Object.keys(OPERATIONS)].flatMap((root) => [
		`${root} with @inContext`,
		`${root} with variables`,
		`${root} with literals alone`,
		...(NEWCOMERS.has(root) ? [] : KINDS.map((kind) => `${root} of a ${kind} customer`)),
	]);
	const refusals = Object.keys(REFUSALS).map((root) => `${root} in vain`);
	const lists = Object.keys(OPERATIONS).flatMap((root) => {
		const payload = schema.getMutationType()?.getFields()[root]?.type;
		const own = ERROR_LISTS.filter(
			(name) => payload && "getFields" in payload && name in payload.getFields(),
		);
		const [one, other] = own;
		const both = other ? [errorLists(root, own), errorLists(root, [other])] : [];
		const code = own.includes("customerUserErrors") ? [`${root} with codes`] : [];
		return [errorLists(root, []), errorLists(root, [String(one)]), ...both, ...code];
	});
	return [...fields, ...args, ...cursors, ...beside, ...roots, ...refusals, ...lists, ...Object.keys(SHAPES)];
}

function argument(field: string, name: string, value: unknown): string {
	return `${field}(${name}: ${JSON.stringify(value)})`;
}

function cursor(field: string, name: string): string {
	return `${field}(${name}:)`;
}

function errorLists(root: string, lists: readonly string[]): string {
	return `${root} with ${lists.length === 0 ? "no error list" : lists.join(" and ")}`;
}

/** What is told of a request by whoever sent it. */
interface Sent {
	readonly composed: Composed;
	readonly document: DocumentNode;
	readonly root: string;
	readonly kind: string | null;
	readonly isInVain: boolean;
}

export class Seen {
	/** What was not met yet. */
	readonly missing: Set<string>;
	readonly #schema: GraphQLSchema;

	constructor(schema: GraphQLSchema) {
		this.#schema = schema;
		this.missing = new Set(listAll(schema));
	}

	note({ composed, document, root, kind, isInVain }: Sent): void {
		const { missing } = this;
		if (missing.size === 0) return;
		const operation = document.definitions.find(
			(each) =>
				each.kind === Kind.OPERATION_DEFINITION && each.name?.value === (composed.operationName ?? undefined),
		) as OperationDefinitionNode;
		missing.delete(`${root} of a ${kind} customer`);
		if (composed.inContext) missing.delete(`${root} with @inContext`);
		const hasVariables = operation.variableDefinitions?.length !== 0;
		missing.delete(`${root} with ${hasVariables ? "variables" : "literals alone"}`);
		if (isInVain) missing.delete(`${root} in vain`);
		const roots = operation.selectionSet.selections.map((each) => (each as FieldNode).name.value);
		missing.delete(roots.join(" beside "));
		for (const [shape, isShape] of Object.entries(SHAPES)) {
			if (missing.has(shape) && isShape({ ...composed, document, operation })) missing.delete(shape);
		}
		this.#noteFields(document, operation, composed, root);
	}

	#noteFields(document: DocumentNode, operation: OperationDefinitionNode, composed: Composed, root: string) {
		const { missing } = this;
		const defaults = operation.variableDefinitions?.map(({ variable, defaultValue }) => [
			variable.name.value,
			defaultValue && valueFromASTUntyped(defaultValue),
		]);
		const variables = { ...Object.fromEntries(defaults ?? []), ...composed.variables };
		const lists = new Set<string>();
		const info = new TypeInfo(this.#schema);
		const noteArgument = (field: string, { name: { value: name }, value: node }: ArgumentNode) => {
			const value = valueFromASTUntyped(node, variables);
			missing.delete(argument(field, name, value));
			if (typeof value === "string") missing.delete(cursor(field, name));
		};
		const enter = (node: FieldNode) => {
			const type = info.getParentType()?.name;
			const name = node.name.value;
			missing.delete(`${type}.${name}`);
			for (const each of node.arguments ?? []) noteArgument(`${type}.${name}`, each);
			if (type?.endsWith("Payload") && ERROR_LISTS.some((each) => each === name)) lists.add(name);
			if (type === "CustomerUserError" && name === "code") missing.delete(`${root} with codes`);
		};
		visit(document, visitWithTypeInfo(info, { Field: enter }));
		missing.delete(
			errorLists(
				root,
				ERROR_LISTS.filter((name) => lists.has(name)),
			),
		);
	}
}
