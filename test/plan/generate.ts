// Generates valid operations over a schema. A document is grown from dice, a tree of plain numbers that fast-check
// rolls and shrinks: every tree means some document, and a smaller tree means a smaller one.
import fc from "fast-check";
import {
	type GraphQLCompositeType,
	type GraphQLField,
	type GraphQLSchema,
	getNamedType,
	isAbstractType,
	isCompositeType,
	isListType,
	isNonNullType,
	isObjectType,
	isUnionType,
	SchemaMetaFieldDef,
	TypeMetaFieldDef,
} from "graphql";
import { holdsPlace, writeStrings } from "./literals.ts";
import { ValueWriter } from "./values.ts";

/** What one selection is grown from. */
interface Dice {
	readonly kind: number;
	readonly pick: number;
	readonly key: number;
	readonly condition: number;
	readonly values: readonly number[];
	readonly children: readonly Dice[];
}

export interface DocumentDice {
	readonly isMutation: boolean;
	readonly selections: readonly Dice[];
	readonly operation: number;
}

export interface Generated {
	/** The document, with other strings in the same places for another variant. */
	text(variant: number): string;
	readonly operationName: string | null;
	readonly variables: Readonly<Record<string, unknown>>;
	/**
	 * How many string literals it holds, and whether all of them stand where a variable could, behind the
	 * declarations of the variables that there are.
	 */
	readonly places: number;
	readonly mayBeKept: boolean;
}

const { dice } = fc.letrec<{ dice: Dice }>((tie) => ({
	dice: fc.record({
		kind: fc.nat(99),
		pick: fc.nat(999),
		key: fc.nat(99),
		condition: fc.nat(99),
		values: fc.array(fc.nat(99), { maxLength: 12 }),
		children: fc.oneof(
			{ maxDepth: 5, withCrossShrink: true },
			{ weight: 1, arbitrary: fc.constant([]) },
			{ weight: 3, arbitrary: fc.array(tie("dice"), { minLength: 1, maxLength: 4 }) },
		),
	}),
}));

export const documentDice: fc.Arbitrary<DocumentDice> = fc.record({
	isMutation: fc.nat(5).map((roll) => roll === 5),
	selections: fc.array(dice, { minLength: 1, maxLength: 5 }),
	operation: fc.nat(99),
});

/** Keys that mean something to JavaScript, and a few that mean nothing, so that they meet often. */
const ALIASES = [
	...["a", "b", "c", "__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "toJSON", "then"],
	...["length", "prototype", "__defineGetter__", "data", "errors", "_", "A1", "key", "name", "__typename1"],
];

/** Keys that stand for different leaves of one type on different object types, which may never meet in one object. */
const EXCLUSIVE_ALIASES = ["x", "y"];

interface Fragment {
	readonly name: string;
	readonly type: GraphQLCompositeType;
	readonly text: string;
}

/** A field as it was written into a selection set. */
interface Written {
	readonly head: string;
	readonly type: GraphQLCompositeType | null;
}

export function growDocument(schema: GraphQLSchema, from: DocumentDice, introspects = true): Generated {
	const grower = new Grower(schema, introspects);
	const type = from.isMutation ? schema.getMutationType() : schema.getQueryType();
	if (!type) throw new Error("the schema has no such root");
	const selections = grower.selectionSet(type, from.selections, 0);
	const name = from.operation % 3 === 0 ? null : `Op${from.operation}`;
	const { declarations, given, places, mayBeKept } = grower.values;
	const keyword = from.isMutation ? "mutation" : "query";
	const variables = declarations.length > 0 ? `(${declarations.join(", ")})` : "";
	const context = from.operation % 7 === 1 ? " @inContext(country: DE, language: FR)" : "";
	const isShort = !from.isMutation && name === null && variables === "" && context === "";
	const head = isShort ? "" : `${keyword}${name === null ? "" : ` ${name}`}${variables}${context} `;
	const fragments = grower.fragments.map((each) => `fragment ${each.name} on ${each.type.name} ${each.text}`);
	const definitions = [`${head}${selections}`, ...fragments];
	const fragmentsFirst = from.operation % 2 === 1;
	if (fragmentsFirst) definitions.reverse();
	const isBeforeDeclarations =
		fragmentsFirst && declarations.length > 0 && fragments.some((text) => holdsPlace(text));
	const text = `# "grown"\n${definitions.join("\n")}`;
	return {
		text: (variant) => writeStrings(text, places, variant),
		operationName: name,
		variables: given,
		places: places.length,
		mayBeKept: mayBeKept && !isBeforeDeclarations,
	};
}

class Grower {
	readonly values: ValueWriter;
	readonly fragments: Fragment[] = [];
	readonly #schema: GraphQLSchema;
	/** What each key stands for: one field with one list of arguments and one type, in the whole document. */
	readonly #meanings = new Map<string, string>();
	#fragmentCount = 0;

	readonly #introspects: boolean;

	constructor(schema: GraphQLSchema, introspects: boolean) {
		this.#schema = schema;
		this.#introspects = introspects;
		this.values = new ValueWriter();
	}

	selectionSet(type: GraphQLCompositeType, all: readonly Dice[], depth: number): string {
		const written: Written[] = [];
		const selections = all.map((each) => this.#selection(type, each, written, depth));
		return selections.length === 0 ? "{ __typename }" : `{ ${selections.join(depth < 2 ? "\n" : " ")} }`;
	}

	#selection(type: GraphQLCompositeType, from: Dice, written: Written[], depth: number): string {
		const { kind } = from;
		const wrapsOthers = kind >= 72 && from.children.length > 0;
		if (wrapsOthers && kind >= 93) {
			const overlapping = this.fragments.filter((each) => overlap(this.#schema, each.type, type));
			const known = overlapping[from.pick % overlapping.length];
			if (known) return `...${known.name}${this.#condition(from)}`;
		}
		if (wrapsOthers && kind >= 84) return this.#namedFragment(type, from, depth);
		if (wrapsOthers && kind >= 80) {
			return `...${this.#condition(from)} ${this.selectionSet(type, from.children, depth)}`;
		}
		if ((wrapsOthers || isUnionType(type)) && !(kind >= 55 && kind < 62)) {
			const inner = this.#narrow(type, from);
			const children = from.children.length > 0 ? from.children : [{ ...from, kind: 0 }];
			const inside = inner === type && isUnionType(type) ? [] : children;
			return `... on ${inner.name}${this.#condition(from)} ${this.selectionSet(inner, inside, depth)}`;
		}
		const again = kind >= 62 && kind < 72 ? written[from.pick % written.length] : undefined;
		if (again) return this.#writeField(again, from, depth);
		if (kind >= 55 && kind < 62) {
			const head = this.#head("__typename", "", "String!", type, from);
			return `${head}${this.#condition(from)}`;
		}
		const field = this.#chooseField(type, from);
		const named = getNamedType(field.type);
		const args = this.values.argumentList(field, from.values);
		const head = this.#head(field.name, args, String(field.type), type, from);
		const result = { head, type: isCompositeType(named) ? named : null };
		written.push(result);
		return this.#writeField(result, from, depth);
	}

	#writeField({ head, type }: Written, from: Dice, depth: number): string {
		const inner = type ? ` ${this.selectionSet(type, from.children, depth + 1)}` : "";
		return `${head}${this.#condition(from)}${inner}`;
	}

	#namedFragment(type: GraphQLCompositeType, from: Dice, depth: number): string {
		const inner = this.#narrow(type, from);
		this.#fragmentCount++;
		const name = from.key % 5 === 0 ? `constructor${this.#fragmentCount}` : `F${this.#fragmentCount}`;
		// Written before it is known to others, so no fragment can hold itself.
		const text = this.selectionSet(inner, from.children, depth);
		this.fragments.push({ name, type: inner, text });
		return `...${name}${this.#condition(from)}`;
	}

	/** Fields with fields for dice with children, where there are any; leaves for the others. */
	#chooseField(type: GraphQLCompositeType, from: Dice): GraphQLField<unknown, unknown> {
		if (isUnionType(type)) throw new Error(`${type.name} has no fields`);
		const fields: GraphQLField<unknown, unknown>[] = Object.values(type.getFields());
		if (this.#introspects && type === this.#schema.getQueryType()) {
			fields.push(SchemaMetaFieldDef, TypeMetaFieldDef);
		}
		// Introspection answers in lists of hundreds: there is nothing with fields below one.
		const mayList =
			!type.name.startsWith("__") || from.children.every(({ children }) => children.length === 0);
		const possible = fields.filter((field) => mayList || !holdsList(field));
		const wantsFields = from.children.length > 0;
		const fitting = possible.filter((field) => isCompositeType(getNamedType(field.type)) === wantsFields);
		const choice = fitting.length > 0 ? fitting : possible;
		const field = choice[from.pick % choice.length];
		if (!field) throw new Error(`${type.name} has no fields`);
		return field;
	}

	#narrow(type: GraphQLCompositeType, from: Dice): GraphQLCompositeType {
		const wider = isObjectType(type) ? type.getInterfaces() : [];
		const narrower = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
		const all = [type, ...narrower, ...wider];
		return all[from.pick % all.length] ?? type;
	}

	/** The field's name, arguments and alias. A key that means something else already gives way to a fresh one. */
	#head(name: string, args: string, type: string, parent: GraphQLCompositeType, from: Dice): string {
		const meaning = `${name}${args}: ${type}`;
		const isLeaf = !from.children.length;
		if (isLeaf && isObjectType(parent) && from.key >= 92) {
			const alias = EXCLUSIVE_ALIASES[from.key % EXCLUSIVE_ALIASES.length] ?? "";
			const isFree = this.#means(alias, `leaf ${type}`) && this.#means(`${alias} ${parent.name}`, meaning);
			if (isFree) return `${alias}: ${name}${args}`;
		}
		const wanted = from.key < 60 ? name : (ALIASES[from.key % ALIASES.length] ?? name);
		for (let number = 0; ; number++) {
			const key = number === 0 ? wanted : `${wanted}_${number}`;
			if (this.#means(key, meaning)) return key === name ? `${name}${args}` : `${key}: ${name}${args}`;
		}
	}

	#means(key: string, meaning: string): boolean {
		const known = this.#meanings.get(key);
		if (known === undefined) this.#meanings.set(key, meaning);
		return known === undefined || known === meaning;
	}

	#condition({ condition }: Dice): string {
		if (condition < 80) return "";
		const skip = () => ` @skip(if: ${this.values.condition(condition)})`;
		const include = () => ` @include(if: ${this.values.condition(condition + 1)})`;
		if (condition < 87) return skip();
		if (condition < 94) return include();
		return condition % 2 === 0 ? skip() + include() : include() + skip();
	}
}

function holdsList(field: GraphQLField<unknown, unknown>): boolean {
	const bare = isNonNullType(field.type) ? field.type.ofType : field.type;
	return isListType(bare) && isCompositeType(getNamedType(bare));
}

function overlap(schema: GraphQLSchema, one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
	if (one === other) return true;
	const objects = (type: GraphQLCompositeType) =>
		isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
	return objects(one).some((each) => objects(other).includes(each as never));
}
