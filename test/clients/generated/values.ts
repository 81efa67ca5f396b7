// Writes values into a document: as variables, as literals, or an input object with some of both.
import {
	type GraphQLInputType,
	getNullableType,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
} from "graphql";
import type { Dice } from "./dice.ts";

interface Variable {
	readonly type: string;
	readonly value: unknown;
}

export class Values {
	/** `$name: Type`, perhaps with a default. */
	readonly declarations: string[] = [];
	/** What is sent as the request's variables. */
	readonly given: Record<string, unknown> = {};
	readonly #dice: Dice;
	readonly #style: "variables" | "literals" | "mixed";
	readonly #variables = new Map<string, Variable>();

	constructor(dice: Dice) {
		this.#dice = dice;
		this.#style = dice.pick(["variables", "literals", "mixed"]);
	}

	/** `name` is what a variable for it would be called. */
	write(name: string, type: GraphQLInputType, value: unknown): string {
		const isVariable = this.#style === "mixed" ? this.#dice.chance(50) : this.#style === "variables";
		return isVariable ? this.#variable(name, type, value) : this.#inline(name, type, value);
	}

	#inline(name: string, type: GraphQLInputType, value: unknown, isConstant = false): string {
		const inner = (key: string, of: GraphQLInputType, member: unknown) =>
			isConstant ? this.#inline(key, of, member, true) : this.write(key, of, member);
		const bare = getNullableType(type);
		if (isListType(bare)) {
			return `[${(value as unknown[]).map((item) => inner(name, bare.ofType, item)).join(", ")}]`;
		}
		if (isInputObjectType(bare)) {
			const fields = bare.getFields();
			const members = Object.entries(value as object).map(([key, member]) => {
				const field = fields[key];
				if (!field) throw new Error(`${bare.name} has no ${key}`);
				return `${key}: ${inner(key, field.type, member)}`;
			});
			return `{ ${members.join(", ")} }`;
		}
		return isEnumType(bare) && value !== null ? String(value) : JSON.stringify(value);
	}

	#variable(wanted: string, type: GraphQLInputType, value: unknown): string {
		for (let number = 1; ; number++) {
			const name = number === 1 ? wanted : `${wanted}${number}`;
			const known = this.#variables.get(name);
			if (!known) this.#declare(name, type, value);
			if (!known || (known.type === String(type) && known.value === value)) return `$${name}`;
		}
	}

	#declare(name: string, type: GraphQLInputType, value: unknown): void {
		this.#variables.set(name, { type: String(type), value });
		const hasDefault = !isNonNullType(type) && value !== null && this.#dice.chance(10);
		const initial = hasDefault ? ` = ${this.#inline(name, type, value, true)}` : "";
		this.declarations.push(`$${name}: ${type}${initial}`);
		const isAbsent = hasDefault || (value === null && this.#dice.chance(50));
		if (!isAbsent) this.given[name] = value;
	}
}
