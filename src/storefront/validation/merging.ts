// The rule that fields of one response key must be the same field. graphql-js compares them in pairs; here all that
// meet under one key are looked at together, level by level, so the work grows with the document and no faster.
import {
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLCompositeType,
	type GraphQLField,
	type GraphQLOutputType,
	type GraphQLSchema,
	getNamedType,
	isCompositeType,
	isListType,
	isNonNullType,
	isObjectType,
	Kind,
	type OperationDefinitionNode,
	type SelectionSetNode,
} from "graphql";
import { canonicalLiteral, printLiteral } from "./literals.ts";
import { type Report, tooMuchWork, ValidationStopped } from "./report.ts";
import type { Inspection } from "./walk.ts";

type Field = GraphQLField<unknown, unknown>;

/** Every response key met in a document with the first field under it, and whether any later one differed. */
export interface FieldsByKey {
	readonly first: Map<string, { readonly name: string; readonly field: Field; readonly given: string }>;
	count: number;
	isContested: boolean;
}

/** A selection set and the type it selects from. */
interface Part {
	readonly set: SelectionSetNode;
	readonly type: GraphQLCompositeType;
}

/** A field as it was met in a part. */
interface Entry {
	readonly node: FieldNode;
	readonly field: Field;
	readonly parent: GraphQLCompositeType;
}

/** A level of a response: the selection sets that are merged into it. */
type Level = readonly Part[];

type Kinds = "field" | "argument" | "return_type";

/**
 * How many looks at a selection the rule may cost: so many for each field of the document, and some for any. Usual
 * documents take two or three a field; only fragments made to multiply by one another take more.
 */
const LOOKS_PER_FIELD = 5;
const LOOKS_FOR_ANY = 20_000;

function argumentsOf({ arguments: given }: FieldNode): string {
	if (!given || given.length === 0) return "";
	return given
		.map(({ name, value }) => `${name.value}:${canonicalLiteral(value)}`)
		.sort()
		.join();
}

/** Arguments as graphql-ruby shows them in a conflict: each value printed, then quoted. */
function showArguments({ arguments: given = [] }: FieldNode): string {
	return `{${given.map(({ name, value }) => `${name.value}:${JSON.stringify(printLiteral(value))}`).join()}}`;
}

/** What two types must share to stand under one key: lists, nulls, and the leaf; objects are told apart by fields. */
function shapeOf(type: GraphQLOutputType): string {
	if (isNonNullType(type)) return `!${shapeOf(type.ofType)}`;
	if (isListType(type)) return `[${shapeOf(type.ofType)}`;
	return isCompositeType(type) ? "{" : type.name;
}

/**
 * Notes a field. As long as all fields of every key are alike wherever they stand, nothing can be in conflict, which
 * holds for nearly every document and spares the whole rule.
 */
export function noteField(seen: FieldsByKey, node: FieldNode, field: Field): void {
	seen.count += 1;
	if (seen.isContested) return;
	const key = (node.alias ?? node.name).value;
	const other = seen.first.get(key);
	const given = argumentsOf(node);
	if (!other) {
		seen.first.set(key, { name: node.name.value, field, given });
		return;
	}
	const isSameField =
		other.field === field ||
		(other.name === node.name.value && shapeOf(other.field.type) === shapeOf(field.type));
	if (!isSameField || other.given !== given) seen.isContested = true;
}

/** Checks that no two fields of one operation's response are in each other's way. */
export function checkMerging(
	inspection: Inspection,
	operations: readonly OperationDefinitionNode[],
	fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): void {
	const roots: Level[] = [];
	for (const { operation, selectionSet } of operations) {
		const type = inspection.schema.getRootType(operation);
		if (type) roots.push([{ set: selectionSet, type }]);
	}
	const merging = new Merging(inspection, fragments);
	merging.checkNames(roots);
	merging.checkShapes(roots);
}

class Merging {
	readonly #schema: GraphQLSchema;
	readonly #report: Report;
	readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
	readonly #ids = new Map<SelectionSetNode, number>();
	readonly #reported = new Set<string>();
	#looksLeft: number;

	constructor(
		{ schema, report, fieldsByKey }: Inspection,
		fragments: ReadonlyMap<string, FragmentDefinitionNode>,
	) {
		this.#schema = schema;
		this.#report = report;
		this.#fragments = fragments;
		this.#looksLeft = LOOKS_FOR_ANY + LOOKS_PER_FIELD * fieldsByKey.count;
	}

	/** Fields that may belong to one object must have one name and the same arguments. */
	checkNames(roots: readonly Level[]): void {
		this.#goDown(roots, (key, entries, enter) => {
			if (entries.length === 1) enter(entries);
			else {
				for (const group of together(entries)) {
					this.#look(group.length);
					const isSameField = this.#isSame("field", key, group, ({ node }) => node.name.value);
					const isSame = this.#isSame("argument", key, group, ({ node }) => argumentsOf(node)) && isSameField;
					if (isSame) enter(group);
				}
			}
		});
	}

	/** Fields of one key must have values of one shape, even those that can never belong to one object. */
	checkShapes(roots: readonly Level[]): void {
		this.#goDown(roots, (key, entries, enter) => {
			// graphql-js leaves `__typename` out of this.
			const typed = entries.filter(({ node }) => !node.name.value.startsWith("__"));
			if (this.#isSame("return_type", key, typed, ({ field }) => shapeOf(field.type))) enter(entries);
		});
	}

	/** Goes through levels from the top down, each but once, and through what `check` enters. */
	#goDown(
		roots: readonly Level[],
		check: (key: string, entries: readonly Entry[], enter: (entries: readonly Entry[]) => void) => void,
	): void {
		const waiting: Level[] = [];
		const known = new Set<string>();
		const add = (level: Level): void => {
			const key = this.#keyOf(level);
			if (level.length === 0 || known.has(key)) return;
			known.add(key);
			waiting.push(level);
		};
		const enter = (entries: readonly Entry[]): void => add(levelBelow(entries));
		for (const root of roots) add(root);
		// The list grows while it is gone through; nothing here calls itself, however deep the document.
		for (const level of waiting) {
			for (const [key, entries] of this.#collect(level)) check(key, entries, enter);
		}
	}

	#look(count: number): void {
		this.#looksLeft -= count;
		if (this.#looksLeft >= 0) return;
		this.#report.errors.push(tooMuchWork);
		throw new ValidationStopped();
	}

	#keyOf(level: Level): string {
		const ids: number[] = [];
		for (const { set } of level) {
			const id = this.#ids.get(set) ?? this.#ids.size;
			this.#ids.set(set, id);
			ids.push(id);
		}
		return ids.length > 1 ? ids.sort((a, b) => a - b).join() : String(ids[0]);
	}

	/** The fields of a level by key, fragments opened. Bare fields that are equal count once. */
	#collect(level: Level): Map<string, Entry[]> {
		const byKey = new Map<string, Entry[]>();
		const bare = new Set<string>();
		const opened = new Set<FragmentDefinitionNode>();
		const open = level.map((part) => ({ ...part, next: 0 })).reverse();
		for (let at = open.at(-1); at; at = open.at(-1)) {
			const node = at.set.selections[at.next];
			at.next += 1;
			if (!node) {
				open.pop();
				continue;
			}
			this.#look(1);
			if (node.kind === Kind.FIELD) {
				const field = this.#schema.getField(at.type, node.name.value);
				if (field) addEntry(byKey, bare, { node, field, parent: at.type });
				continue;
			}
			const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
			if (!fragment || (fragment.kind === Kind.FRAGMENT_DEFINITION && opened.has(fragment))) continue;
			if (fragment.kind === Kind.FRAGMENT_DEFINITION) opened.add(fragment);
			const { typeCondition, selectionSet } = fragment;
			const type = typeCondition ? this.#schema.getType(typeCondition.name.value) : at.type;
			if (isCompositeType(type)) open.push({ set: selectionSet, type, next: 0 });
		}
		return byKey;
	}

	/** Whether the entries of one key have in common what they must; reports those that differ. */
	#isSame(kind: Kinds, key: string, entries: readonly Entry[], trait: (entry: Entry) => string): boolean {
		const [first] = entries;
		if (!first || entries.length < 2) return true;
		const wanted = trait(first);
		const others = entries.filter((entry) => trait(entry) !== wanted);
		if (others.length === 0) return true;
		const alike = entries.filter((entry) => entry !== first && trait(entry) === wanted);
		const nodes = [first, ...others, ...alike].slice(0, 20);
		const starts = nodes.map(({ node }) => node.loc?.start ?? 0).sort((a, b) => a - b);
		const mark = `${kind} ${starts.join()}`;
		if (this.#reported.has(mark) || (kind === "return_type" && this.#reported.has(key))) return false;
		this.#reported.add(mark);
		if (kind === "field") this.#reported.add(key);
		const conflicts = nodes.map((entry) => show(kind, entry)).join(" or ");
		const article = kind === "argument" ? "an" : "a";
		this.#report.add(
			`Field '${key}' has ${article} ${kind} conflict: ${conflicts}?`,
			nodes.map(({ node }) => node),
			null,
			{ code: "fieldConflict", fieldName: key, conflicts },
		);
		return false;
	}
}

function addEntry(byKey: Map<string, Entry[]>, bare: Set<string>, entry: Entry): void {
	const { node, parent } = entry;
	const key = (node.alias ?? node.name).value;
	if (!node.selectionSet && !node.arguments?.length) {
		const name = `${key} ${parent.name} ${node.name.value}`;
		if (bare.has(name)) return;
		bare.add(name);
	}
	const entries = byKey.get(key);
	if (entries) entries.push(entry);
	else byKey.set(key, [entry]);
}

function show(kind: Kinds, { node, field }: Entry): string {
	if (kind === "field") return node.name.value;
	return kind === "argument" ? showArguments(node) : `\`${field.type}\``;
}

/** The entries that may belong to one object: those of each object type, with those of every interface and union. */
function together(entries: readonly Entry[]): (readonly Entry[])[] {
	if (entries.length < 2) return [entries];
	const types = new Set(entries.map(({ parent }) => parent).filter(isObjectType));
	if (types.size < 2) return [entries];
	return [...types].map((type) => entries.filter(({ parent }) => parent === type || !isObjectType(parent)));
}

/** The level below some fields. */
function levelBelow(entries: readonly Entry[]): Level {
	const level: Part[] = [];
	for (const { node, field } of entries) {
		if (!node.selectionSet) continue;
		const type = getNamedType(field.type);
		if (isCompositeType(type)) level.push({ set: node.selectionSet, type });
	}
	return level;
}
