// The rules about fragments and names that need the whole document: what is spread but not defined, defined but
// not spread, spread inside itself, or named twice.
import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from "graphql";
import { type Definition, type Inspection, repeated } from "./walk.ts";

const nameOf = (node: FragmentDefinitionNode): string => node.name.value;

/**
 * The fragments from which no cycle can be reached. Fragments of one name count as one, which has the spreads of
 * all of them. Found from the ends backwards, so it takes one look at each spread.
 */
function finite(fragments: readonly Definition[]): Set<string> {
	const waitsFor = new Map<string, Set<string>>();
	for (const { node } of fragments) if (node.name) waitsFor.set(node.name.value, new Set());
	const spreadBy = new Map<string, string[]>();
	for (const { node, spreads } of fragments) {
		const name = node.name?.value ?? "";
		for (const { node: spread } of spreads) {
			const inner = spread.name.value;
			if (!waitsFor.has(inner) || waitsFor.get(name)?.has(inner)) continue;
			waitsFor.get(name)?.add(inner);
			const outer = spreadBy.get(inner);
			if (outer) outer.push(name);
			else spreadBy.set(inner, [name]);
		}
	}
	const settled = new Set<string>();
	const ready = [...waitsFor].filter(([, inner]) => inner.size === 0).map(([name]) => name);
	for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
		settled.add(name);
		for (const outer of spreadBy.get(name) ?? []) {
			const left = waitsFor.get(outer);
			left?.delete(name);
			if (left?.size === 0) ready.push(outer);
		}
	}
	return settled;
}

/** Checks that what is spread is defined, what is defined is spread, and that no fragment contains itself. */
export function checkFragmentUses(inspection: Inspection, definitions: readonly Definition[]): void {
	const fragments = definitions.filter(({ node }) => node.kind === Kind.FRAGMENT_DEFINITION);
	const defined = new Set(fragments.map(({ node }) => node.name?.value));
	const spread = new Set<string>();
	for (const { spreads } of definitions) {
		for (const { node, place } of spreads) {
			const fragmentName = node.name.value;
			spread.add(fragmentName);
			if (defined.has(fragmentName)) continue;
			inspection.report.add(`Fragment ${fragmentName} was used, but not defined`, node, place, {
				code: "useAndDefineFragment",
				fragmentName,
			});
		}
	}
	const settled = finite(fragments);
	for (const { node, place } of fragments) {
		const fragmentName = node.name?.value ?? "";
		if (!settled.has(fragmentName)) {
			inspection.report.add(`Fragment ${fragmentName} contains an infinite loop`, node, place, {
				code: "infiniteLoop",
				fragmentName,
			});
		} else if (!spread.has(fragmentName)) {
			inspection.report.add(`Fragment ${fragmentName} was defined, but not used`, node, place, {
				code: "useAndDefineFragment",
				fragmentName,
			});
		}
	}
}

/** Checks that fragments and operations can be told apart by name, and that nothing else is defined. */
export function checkDefinitionNames(inspection: Inspection, document: DocumentNode): void {
	const fragments: FragmentDefinitionNode[] = [];
	const named: OperationDefinitionNode[] = [];
	const anonymous: OperationDefinitionNode[] = [];
	const others = [];
	for (const node of document.definitions) {
		if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.push(node);
		else if (node.kind !== Kind.OPERATION_DEFINITION) others.push(node);
		else (node.name ? named : anonymous).push(node);
	}
	for (const [fragmentName, nodes] of repeated(fragments, nameOf)) {
		inspection.report.add(`Fragment name "${fragmentName}" must be unique`, nodes, null, {
			code: "fragmentNotUnique",
			fragmentName,
		});
	}
	if (anonymous.length > 0 && anonymous.length + named.length > 1) {
		const message = "Operation name is required when multiple operations are present";
		inspection.report.add(message, anonymous, null, { code: "uniquelyNamedOperations" });
	}
	for (const [operationName, nodes] of repeated(named, ({ name }) => name?.value ?? "")) {
		inspection.report.add(`Operation name "${operationName}" must be unique`, nodes, null, {
			code: "uniquelyNamedOperations",
			operationName,
		});
	}
	if (others.length > 0) {
		const message = "Query cannot contain schema definitions";
		inspection.report.add(message, others, null, { code: "queryContainsSchemaDefinitions" });
	}
}
