// Writes arguments: literals of every kind, variables with and without defaults, and what is given for them.
import {
	type GraphQLField,
	type GraphQLInputType,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
	isRequiredArgument,
	isRequiredInputField,
} from "graphql";
import { type Place, placeMark, stringFor } from "./literals.ts";

/** Numbers one after the other; zeros when there are no more, which stand for the simplest choice everywhere. */
class Rolls {
	#at = 0;
	readonly #values: readonly number[];

	constructor(values: readonly number[]) {
		this.#values = values;
	}

	next(): number {
		return this.#values[this.#at++] ?? 0;
	}
}

interface Written {
	readonly text: string;
	/** The same value as JSON, for where it is given in a variable. */
	readonly json: unknown;
}

/** Input objects hold each other; deeper than this they hold only what they must. */
const MAX_DEPTH = 3;

export class ValueWriter {
	readonly declarations: string[] = [];
	readonly given: Record<string, unknown> = {};
	readonly places: Place[] = [];
	/** False once a string stands where no variable may: in a default, or inside a scalar of any shape. */
	mayBeKept = true;
	readonly #variables: { readonly name: string; readonly type: string; readonly hasDefault: boolean }[] = [];
	/** Inside a variable's default or its JSON, where no variable may stand. */
	#isConstant = false;

	argumentList(field: GraphQLField<unknown, unknown>, values: readonly number[]): string {
		const rolls = new Rolls(values);
		const written: string[] = [];
		for (const argument of field.args) {
			const roll = rolls.next();
			if (!isRequiredArgument(argument) && roll % 3 !== 1) continue;
			const value =
				field.name === "__type"
					? this.#place("TypeName", roll).text
					: this.#argument(argument.type, rolls, roll);
			written.push(`${argument.name}: ${value}`);
		}
		if (values.length % 2 === 1) written.reverse();
		return written.length > 0 ? `(${written.join(", ")})` : "";
	}

	/** A Boolean for `@skip` and `@include`. */
	condition(roll: number): string {
		if (roll % 3 === 0) return String(roll % 2 === 0);
		const hasDefault = roll % 3 === 1;
		const name = `if${roll % 5}${hasDefault ? "d" : ""}`;
		if (!this.#variables.some((each) => each.name === name)) {
			const type = hasDefault ? `Boolean = ${roll % 2 === 0}` : "Boolean!";
			this.#variables.push({ name, type, hasDefault });
			this.declarations.push(`$${name}: ${type}`);
			if (!hasDefault || roll % 4 < 2) this.given[name] = roll % 4 < 1 || roll % 4 === 3;
		}
		return `$${name}`;
	}

	#argument(type: GraphQLInputType, rolls: Rolls, roll: number): string {
		return roll % 5 < 2 ? this.#value(type, rolls, 0).text : this.#variable(type, rolls);
	}

	#variable(location: GraphQLInputType, rolls: Rolls): string {
		const roll = rolls.next();
		const isRequired = isNonNullType(location);
		const bare = isRequired ? location.ofType : location;
		// A nullable variable may stand where null may not, if it has a default.
		const hasDefault = roll % 4 === 1;
		const type = hasDefault ? String(bare) : isRequired || roll % 4 === 2 ? `${bare}!` : String(bare);
		const reused = this.#variables.find((each) => each.type === type && each.hasDefault === hasDefault);
		if (reused && roll % 3 === 0) return `$${reused.name}`;
		const name = `v${this.#variables.length}`;
		this.#variables.push({ name, type, hasDefault });
		this.#isConstant = true;
		let declaration = `$${name}: ${type}`;
		if (hasDefault) {
			const before = this.places.length;
			declaration += ` = ${this.#present(bare as GraphQLInputType, rolls, 1).text}`;
			if (this.places.length > before) this.mayBeKept = false;
		}
		const mayBeAbsent = hasDefault || !type.endsWith("!");
		const choice = mayBeAbsent ? rolls.next() % 4 : 0;
		if (choice < 2) {
			const before = this.places.length;
			this.given[name] = this.#present(bare as GraphQLInputType, rolls, 1).json;
			// Given apart from the document: these are no places in its text.
			this.places.length = before;
		} else if (choice === 2) {
			this.given[name] = null;
		}
		this.#isConstant = false;
		this.declarations.push(declaration);
		return `$${name}`;
	}

	#value(type: GraphQLInputType, rolls: Rolls, depth: number): Written {
		if (isNonNullType(type)) return this.#present(type.ofType as GraphQLInputType, rolls, depth);
		const roll = rolls.next();
		if (roll % 11 === 10) return { text: "null", json: null };
		if (!this.#isConstant && depth > 0 && roll % 7 === 6) {
			return { text: this.#variable(type, rolls), json: null };
		}
		return this.#present(type, rolls, depth);
	}

	#present(type: GraphQLInputType, rolls: Rolls, depth: number): Written {
		const roll = rolls.next();
		if (isListType(type)) {
			const itemType = type.ofType as GraphQLInputType;
			// One value by itself is a list of one.
			if (roll % 5 === 4) return this.#present(bareType(itemType), rolls, depth + 1);
			const items = Array.from({ length: roll % 4 }, () => this.#value(itemType, rolls, depth + 1));
			return { text: `[${items.map(({ text }) => text).join(", ")}]`, json: items.map(({ json }) => json) };
		}
		if (isInputObjectType(type)) {
			const fields = Object.values(type.getFields()).filter(
				(field) => isRequiredInputField(field) || (depth < MAX_DEPTH && rolls.next() % 3 === 1),
			);
			const written = fields.map(({ name, type: inner }) => ({
				name,
				...this.#value(inner, rolls, depth + 1),
			}));
			return {
				text: `{${written.map(({ name, text }) => `${name}: ${text}`).join(", ")}}`,
				json: Object.fromEntries(written.map(({ name, json }) => [name, json])),
			};
		}
		if (isEnumType(type)) {
			const values = type.getValues();
			const name = values[roll % values.length]?.name ?? "";
			return { text: name, json: name };
		}
		return this.#scalar(String(type), roll);
	}

	#scalar(name: string, roll: number): Written {
		const number = roll - 5;
		switch (name) {
			case "Int":
				return numeral(String(number));
			case "Boolean":
				return { text: String(roll % 2 === 0), json: roll % 2 === 0 };
			case "Float":
				return numeral(roll % 2 === 0 ? `${number}` : `${number}.5e1`);
			case "Decimal":
				return roll % 3 === 0 ? numeral(`${number}.25`) : this.#place(name, roll);
			case "UnsignedInt64":
				return roll % 3 === 0 ? numeral(String(roll)) : this.#place(name, roll);
			case "JSON": {
				const { text, json } = this.#place("String", roll);
				this.mayBeKept = false;
				return { text: `{a: [1, ${text}], b: {c: null}}`, json: { a: [1, json], b: { c: null } } };
			}
			default:
				return this.#place(name, roll);
		}
	}

	#place(kind: string, roll: number): Written {
		this.places.push({ kind, roll });
		return { text: placeMark(this.places.length - 1), json: stringFor(kind, roll, 0) };
	}
}

function numeral(text: string): Written {
	return { text, json: Number(text) };
}

function bareType(type: GraphQLInputType): GraphQLInputType {
	return isNonNullType(type) ? (type.ofType as GraphQLInputType) : type;
}
