// How a value that came as JSON becomes an input of a type: compiled once per type into closures, since every
// request goes through them. They answer in two steps: quickly, and then, for a value that was refused, in words.
import {
	coerceInputLiteral,
	type GraphQLInputField,
	type GraphQLInputObjectType,
	type GraphQLInputType,
	type GraphQLLeafType,
	type GraphQLNullableInputType,
	type GraphQLScalarType,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
	isRequiredInputField,
} from "graphql";
import { asJson, couldNotCoerce, scalarAccepts, scalarProblem } from "../scalars.ts";
import { MAX_INPUT_SIZE, type TooLong } from "./input-size.ts";
import { notOneOf } from "./literals.ts";
import { type Place, responsePathOf, within } from "./report.ts";

/** One thing that is wrong with a variable. `message` repeats the explanation where a scalar has words of its own. */
interface Problem {
	readonly path: readonly (string | number)[];
	readonly explanation: string;
	readonly message?: string;
}

/** How to take a value of one type: quickly, and, where that gave `refused`, in words. */
export interface Intake {
	readonly coerce: (value: unknown) => unknown;
	readonly explain: (value: unknown, place: Place | null, findings: Findings) => void;
}

/** What `explain` found. */
export interface Findings {
	readonly problems: Problem[];
	tooLong: TooLong | null;
}

/** More problems of one variable than anyone reads. */
const MAX_PROBLEMS = 50;

/** What `coerce` answers for a value that its type does not take. */
export const refused = Symbol("refused");

const NOT_NULL = "Expected value to not be null";

function find(findings: Findings, place: Place | null, explanation: string, isOwn = false): void {
	if (findings.problems.length >= MAX_PROBLEMS) return;
	const path = responsePathOf(place);
	findings.problems.push(isOwn ? { path, explanation, message: explanation } : { path, explanation });
}

/** Input object types may hold themselves, so each is compiled once and looked up from then on. */
export type Intakes = Map<GraphQLInputObjectType, Intake>;

/** Compiles the intake of a type. */
export function intakeOf(type: GraphQLInputType, known: Intakes): Intake {
	if (isNonNullType(type)) {
		const inner = nullableIntakeOf(type.ofType, known);
		return {
			coerce: (value) => (value === null || value === undefined ? refused : inner.coerce(value)),
			explain: (value, place, findings) => {
				if (value === null || value === undefined) find(findings, place, NOT_NULL);
				else inner.explain(value, place, findings);
			},
		};
	}
	const inner = nullableIntakeOf(type, known);
	return {
		coerce: (value) => (value === null ? null : inner.coerce(value)),
		explain: (value, place, findings) => {
			if (value !== null && value !== undefined) inner.explain(value, place, findings);
		},
	};
}

/** The intake for values that are not null. */
function nullableIntakeOf(type: GraphQLNullableInputType, known: Intakes): Intake {
	if (isListType(type)) return listIntake(intakeOf(type.ofType, known));
	if (isInputObjectType(type)) return known.get(type) ?? objectIntake(type, known);
	return leafIntake(type);
}

function leafIntake(type: GraphQLLeafType): Intake {
	if (isEnumType(type)) return enumIntake(type.getValues());
	const { name } = type;
	const explain: Intake["explain"] = (value, place, findings) => {
		const own = scalarProblem(name, value);
		if (own !== null) find(findings, place, own, true);
		else if (leafValue(type, value) === refused) find(findings, place, couldNotCoerce(name, value));
	};
	// The commonest input is a string, a token nearly always; it has a function to itself.
	if (name === "String") return { coerce: (value) => (typeof value === "string" ? value : refused), explain };
	return { coerce: (value) => leafValue(type, value), explain };
}

function leafValue(type: GraphQLScalarType, value: unknown): unknown {
	const { name } = type;
	if (!scalarAccepts(name, value) || scalarProblem(name, value) !== null) return refused;
	try {
		return type.coerceInputValue(value) ?? refused;
	} catch {
		return refused;
	}
}

function enumIntake(values: readonly { readonly name: string; readonly value: unknown }[]): Intake {
	const byName = new Map<unknown, unknown>(values.map(({ name, value }) => [name, value]));
	const names = values.map(({ name }) => name);
	return {
		coerce: (value) => (byName.has(value) ? byName.get(value) : refused),
		explain: (value, place, findings) => {
			if (!byName.has(value)) find(findings, place, notOneOf(asJson(value), names));
		},
	};
}

/** A value by itself, where a list is wanted, is a list of that value. */
function listIntake(item: Intake): Intake {
	return {
		coerce: (value) => {
			const items: readonly unknown[] = Array.isArray(value) ? value : [value];
			if (items.length > MAX_INPUT_SIZE) return refused;
			const coerced: unknown[] = [];
			for (const each of items) {
				const one = item.coerce(each);
				if (one === refused) return refused;
				coerced.push(one);
			}
			return coerced;
		},
		explain: (value, place, findings) => {
			const items: readonly unknown[] = Array.isArray(value) ? value : [value];
			if (items.length > MAX_INPUT_SIZE) {
				findings.tooLong ??= { size: items.length, place };
				return;
			}
			for (const [index, each] of items.entries()) item.explain(each, within(place, index), findings);
		},
	};
}

/** A field of an input object, ready to be filled. */
interface Slot {
	readonly name: string;
	readonly intake: Intake;
	readonly isRequired: boolean;
	readonly fallback: (() => unknown) | null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Only own members of what was sent are looked at and only names of the type are written, so a member called
 * `__proto__` or `constructor` is one more field that is not defined.
 */
function objectIntake(type: GraphQLInputObjectType, known: Intakes): Intake {
	const slots: Slot[] = [];
	const byName = new Map<string, Slot>();
	const intake: Intake = {
		coerce: (value) => {
			if (!isObject(value)) return refused;
			const given = Object.keys(value);
			for (const name of given) if (!byName.has(name)) return refused;
			if (type.isOneOf && (given.length !== 1 || value[given[0] ?? ""] === null)) return refused;
			const coerced: Record<string, unknown> = Object.create(null);
			for (const { name, intake, isRequired, fallback } of slots) {
				if (Object.hasOwn(value, name)) {
					const one = intake.coerce(value[name]);
					if (one === refused) return refused;
					coerced[name] = one;
				} else if (isRequired) return refused;
				else if (fallback) coerced[name] = fallback();
			}
			return coerced;
		},
		explain: (value, place, findings) => {
			if (!isObject(value)) {
				find(findings, place, `Expected ${asJson(value)} to be a key-value object.`);
				return;
			}
			const given = Object.keys(value);
			for (const name of given) {
				const slot = byName.get(name);
				if (slot) slot.intake.explain(value[name], within(place, name), findings);
				else find(findings, within(place, name), `Field is not defined on ${type.name}`);
			}
			for (const { name, isRequired } of slots) {
				if (isRequired && !Object.hasOwn(value, name)) find(findings, within(place, name), NOT_NULL);
			}
			if (type.isOneOf) explainOneOf(type.name, value, given, place, findings);
		},
	};
	known.set(type, intake);
	for (const field of Object.values(type.getFields())) {
		const slot = slotOf(field, known);
		slots.push(slot);
		byName.set(slot.name, slot);
	}
	return intake;
}

function explainOneOf(
	typeName: string,
	value: Readonly<Record<string, unknown>>,
	given: readonly string[],
	place: Place | null,
	findings: Findings,
): void {
	const [only = ""] = given;
	const wanted = `'${typeName}' requires exactly one argument, but`;
	if (given.length !== 1) find(findings, place, `${wanted} ${given.length} were provided.`);
	else if (value[only] === null) find(findings, place, `${wanted} '${only}' was \`null\`.`);
}

function slotOf(field: GraphQLInputField, known: Intakes): Slot {
	const { name, type } = field;
	const literal = field.default?.literal;
	const fixed = field.default ? field.default.value : field.defaultValue;
	let fallback: Slot["fallback"] = null;
	if (literal) fallback = () => coerceInputLiteral(literal, type);
	else if (fixed !== undefined) fallback = () => fixed;
	return { name, intake: intakeOf(type, known), isRequired: isRequiredInputField(field), fallback };
}
