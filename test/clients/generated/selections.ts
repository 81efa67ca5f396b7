// Grows selections from the list of fields: any part of it, nested as the schema nests it, with aliases, named and
// inline fragments, conditions, and `__typename` everywhere as the caching clients add it.
import {
	GraphQLBoolean,
	type GraphQLCompositeType,
	type GraphQLField,
	type GraphQLInterfaceType,
	GraphQLNonNull,
	type GraphQLObjectType,
	type GraphQLSchema,
	getNamedType,
	isCompositeType,
	isUnionType,
} from "graphql";
import type { Dice } from "./dice.ts";
import { ARGUMENTS, ERROR_LISTS, FIELDS, NARROWED, PAGED } from "./lists.ts";
import type { Values } from "./values.ts";

/** A document stays of the size of the larger real ones. */
const MAX_FIELDS = 250;

const BOOLEAN = new GraphQLNonNull(GraphQLBoolean);

/** Fields that are asked with all of their arguments. */
const ALWAYS: ReadonlySet<string> = new Set(["Customer.metafield", "Customer.metafields"]);

type WithFields = GraphQLObjectType | GraphQLInterfaceType;
type Arguments = readonly (readonly [name: string, value: unknown])[];

export class Selections {
	/** The definitions of the named fragments. */
	readonly fragments: string[] = [];
	readonly #schema: GraphQLSchema;
	readonly #dice: Dice;
	readonly #values: Values;
	/** Of a list that is read; null stands for its beginning. */
	readonly #cursors: readonly (string | null)[];
	readonly #separator: string;
	readonly #hasTypenames: boolean;
	/** Type → the fragments that are complete. */
	readonly #spreads = new Map<string, string[]>();
	#fields = 0;
	#names = 0;

	constructor(schema: GraphQLSchema, dice: Dice, values: Values, cursors: readonly (string | null)[]) {
		this.#schema = schema;
		this.#dice = dice;
		this.#values = values;
		this.#cursors = cursors;
		this.#separator = dice.pick(["\n\t", " ", ","]);
		this.#hasTypenames = dice.chance(20);
	}

	/** A root field, with the arguments given or else some that are met, and whatever is selected below it. */
	root(type: GraphQLObjectType, name: string, args: Arguments | null): string {
		return this.#write(type, name, args ?? this.#arguments(`${type.name}.${name}`), [type.name]);
	}

	/** What an operation selects. */
	join(items: readonly string[]): string {
		return `{${this.#separator}${items.join(this.#separator)}${this.#separator}}`;
	}

	/** `above` are the types that this one stands in: none of them is entered again. */
	#set(type: GraphQLCompositeType, above: readonly string[]): string {
		const narrowed = NARROWED[type.name]?.map((name) => this.#schema.getType(name) as GraphQLObjectType);
		if (narrowed) {
			const fragments = narrowed.map((each) => `... on ${each.name} ${this.#set(each, above)}`);
			return this.join(["__typename", ...fragments]);
		}
		if (isUnionType(type)) throw new Error(`${type.name} is not narrowed`);
		const typename = this.#hasTypenames ? ["__typename"] : [];
		const known = this.#spreads.get(type.name);
		if (known && this.#dice.chance(40)) return this.join([`...${this.#dice.pick(known)}`, ...typename]);
		const within = [...above, type.name];
		const items = this.#choose(type, within).flatMap((name) => this.#field(type, name, within));
		if (items.length === 0 && typename.length === 0) items.push("__typename");
		return this.join([...this.#parted(type, items), ...typename]);
	}

	#choose(type: WithFields, within: readonly string[]): string[] {
		const listed = FIELDS[type.name];
		if (!listed) throw new Error(`no fields of ${type.name} are listed`);
		const fields = type.getFields();
		const isFull = this.#fields > MAX_FIELDS;
		const possible = listed.filter((name) => {
			const inner = getNamedType(fields[name]?.type);
			return !isCompositeType(inner) || (!isFull && !within.includes(inner.name));
		});
		const percent = this.#dice.pick([30, 60, 95]);
		const chosen = this.#dice.some(possible, isFull ? 10 : percent);
		const errors = ERROR_LISTS.filter((name) => fields[name]);
		if (errors.length > 0) return [...chosen, ...this.#dice.some(errors, 50)];
		return chosen.length > 0 ? chosen : (possible.length > 0 ? possible : listed).slice(0, 1);
	}

	/** A field, and sometimes the same one again with other arguments. */
	#field(parent: WithFields, name: string, within: readonly string[]): string[] {
		const args = () => this.#arguments(`${parent.name}.${name}`);
		const condition = this.#dice.chance(3) ? this.#condition() : "";
		const written = [this.#write(parent, name, args(), within, condition)];
		if (!ARGUMENTS[`${parent.name}.${name}`] || !this.#dice.chance(10)) return written;
		return [...written, this.#write(parent, name, args(), within, "", true)];
	}

	#write(
		parent: WithFields,
		name: string,
		args: Arguments,
		within: readonly string[],
		condition = "",
		isAgain = false,
	): string {
		this.#fields++;
		const field = parent.getFields()[name];
		if (!field) throw new Error(`${parent.name} has no ${name}`);
		const alias = isAgain || this.#dice.chance(7) ? `${name}${++this.#names}: ` : "";
		const type = getNamedType(field.type);
		const inner = isCompositeType(type) ? ` ${this.#set(type, within)}` : "";
		return `${alias}${name}${this.#list(field, args)}${condition}${inner}`;
	}

	#list(field: GraphQLField<unknown, unknown>, args: Arguments): string {
		const written = args.map(([name, value]) => {
			const argument = field.args.find((each) => each.name === name);
			if (!argument) throw new Error(`${field.name} does not take ${name}`);
			return `${name}: ${this.#values.write(name, argument.type, value)}`;
		});
		return written.length > 0 ? `(${written.join(", ")})` : "";
	}

	#arguments(field: string): Arguments {
		const { first, last, ...others } = ARGUMENTS[field] ?? {};
		const args: (readonly [string, unknown])[] = [];
		const isPage = PAGED.has(field) && this.#dice.chance(30);
		if (first) {
			const isBackwards = last !== undefined && this.#dice.chance(25);
			args.push(isBackwards ? ["last", this.#dice.pick(last)] : ["first", this.#dice.pick(first)]);
			if (isPage) args.push([isBackwards ? "before" : "after", this.#dice.pick(this.#cursors)]);
		}
		for (const [name, values] of Object.entries(others)) {
			// A cursor is one of the list in the order in which it is given.
			const isWanted = ALWAYS.has(field) || (!isPage && this.#dice.chance(40));
			if (isWanted) args.push([name, this.#dice.pick(values)]);
		}
		return args;
	}

	#condition(): string {
		const word = this.#dice.pick(["include", "skip"]);
		const value = this.#dice.pick([true, false]);
		return ` @${word}(if: ${this.#values.write(value ? "yes" : "no", BOOLEAN, value)})`;
	}

	/** The same items, a part of them perhaps in a fragment. */
	#parted(type: GraphQLCompositeType, items: readonly string[]): readonly string[] {
		if (!this.#dice.chance(20)) return items;
		const inside = this.#dice.some(items, 70);
		if (inside.length === 0) return items;
		const outside = items.filter((item) => !inside.includes(item));
		const selected = this.join(inside);
		switch (this.#dice.pick(["named", "inline", "untyped", "conditional"])) {
			case "named": {
				const name = `${type.name}Parts${++this.#names}`;
				this.fragments.push(`fragment ${name} on ${type.name} ${selected}`);
				this.#spreads.set(type.name, [...(this.#spreads.get(type.name) ?? []), name]);
				return [`...${name}`, ...outside];
			}
			case "inline":
				return [...outside, `... on ${type.name} ${selected}`];
			case "untyped":
				return [...outside, `... ${selected}`];
			default:
				return [...outside, `...${this.#condition()} ${selected}`];
		}
	}
}
