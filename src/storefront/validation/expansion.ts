// How much an operation asks for once its fragments are spread: mutations at its root, aliases, directives. Each is a
// way to have much done by one request, or to try many passwords in one, so each has a bound that real clients are far
// below. Counted in one look at each selection, before anything is executed.
import {
	type DocumentNode,
	type FragmentDefinitionNode,
	Kind,
	type OperationDefinitionNode,
	type SelectionNode,
	type SelectionSetNode,
} from "graphql";
import type { WireError } from "../wire-error.ts";
import { locationsOf } from "./report.ts";

/** Real clients send one. */
const MAX_ROOT_MUTATIONS = 5;
/** A call without a token may cost 1000, which is 62 pages of 250, each under an alias (wire 4.1). */
const MAX_ALIASES = 100;
const MAX_DIRECTIVES = 20;

/** What a selection set comes to. A fragment that is spread twice counts twice. */
interface Expansion {
	readonly aliases: number;
	readonly directives: number;
	/** Keys of the set's own level, where a key that stands twice is one field: more than the bound are not kept. */
	readonly keys: ReadonlySet<string>;
}

/** Counts within a valid document: no fragment holds itself, and each that is spread is there. */
class Counter {
	readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
	readonly #counted = new Map<string, Expansion>();

	constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
		this.#fragments = fragments;
	}

	count({ selections }: SelectionSetNode): Expansion {
		let aliases = 0;
		let directives = 0;
		const keys = new Set<string>();
		for (const node of selections) {
			directives += node.directives?.length ?? 0;
			if (node.kind === Kind.FIELD) {
				if (node.alias) aliases++;
				if (node.name.value !== "__typename") addKey(keys, (node.alias ?? node.name).value);
			}
			const inner = this.#countInner(node);
			if (!inner) continue;
			aliases += inner.aliases;
			directives += inner.directives;
			if (node.kind !== Kind.FIELD) for (const key of inner.keys) addKey(keys, key);
		}
		return { aliases, directives, keys };
	}

	#countInner(node: SelectionNode): Expansion | null {
		if (node.kind !== Kind.FRAGMENT_SPREAD) return node.selectionSet ? this.count(node.selectionSet) : null;
		const name = node.name.value;
		const known = this.#counted.get(name);
		if (known) return known;
		const fragment = this.#fragments.get(name);
		if (!fragment) return null;
		const { aliases, directives, keys } = this.count(fragment.selectionSet);
		const counted = { aliases, directives: directives + (fragment.directives?.length ?? 0), keys };
		this.#counted.set(name, counted);
		return counted;
	}
}

function addKey(keys: Set<string>, key: string): void {
	if (keys.size <= MAX_ROOT_MUTATIONS) keys.add(key);
}

/** Refuses a valid document of which one operation asks for too much: an error for each thing that it has too much of. */
export function checkExpansion(document: DocumentNode): readonly WireError[] {
	const fragments = new Map<string, FragmentDefinitionNode>();
	const operations: OperationDefinitionNode[] = [];
	for (const node of document.definitions) {
		if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
		else if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node);
	}
	const counter = new Counter(fragments);
	for (const operation of operations) {
		const { aliases, directives, keys } = counter.count(operation.selectionSet);
		const declared = (operation.variableDefinitions ?? []).flatMap((each) => each.directives ?? []);
		const mutations = operation.operation === "mutation" ? keys.size : 0;
		const errors = [
			...refuse(operation, mutations, MAX_ROOT_MUTATIONS, "mutations"),
			...refuse(operation, aliases, MAX_ALIASES, "aliases"),
			...refuse(
				operation,
				directives + declared.length + (operation.directives?.length ?? 0),
				MAX_DIRECTIVES,
				"directives",
			),
		];
		if (errors.length > 0) return errors;
	}
	return [];
}

function refuse(operation: OperationDefinitionNode, count: number, max: number, what: string): WireError[] {
	if (count <= max) return [];
	const message = `An operation may have at most ${max} ${what}, those in fragments counted where they are spread`;
	return [{ message, locations: locationsOf([operation]), extensions: { code: "MAX_COMPLEXITY_EXCEEDED" } }];
}
