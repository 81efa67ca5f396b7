// What the published scalars accept as input, and what Shopify says of a value they refuse. A URL is read here and
// never fetched; every check takes time linear in the value. Output needs nothing: values are written as they are.
import {
	GraphQLError,
	type GraphQLScalarType,
	type GraphQLSchema,
	isScalarType,
	Kind,
	type ValueNode,
	valueFromASTUntyped,
} from "graphql";

/** A scalar's two checks: the kind of value it takes, and what it says of one that is of that kind but wrong. */
interface ScalarRule {
	readonly accepts: (value: unknown) => boolean;
	readonly problem?: (value: unknown) => string | null;
}

const UNSIGNED_64_MAX = 2n ** 64n - 1n;
const MAX_INT = 2_147_483_647;
const MIN_INT = -2_147_483_648;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DIGITS = /^\d{1,20}$/;
const INTEGER = /^[+-]?\d+$/;
const DATE_TIME =
	/^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:[Zz]|[+-](\d{2}):?(\d{2}))?)?$/;

const isString = (value: unknown): boolean => typeof value === "string";
const isFiniteNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isInteger = (value: unknown): boolean => typeof value === "number" && Number.isInteger(value);

/**
 * What is wrong with an ID: upstream it must be a global id, `gid://namespace/Type/…` with any suffix. Null when
 * nothing is, or when the value is not of a kind that could be an ID at all (see `scalarAccepts`).
 */
export function globalIdProblem(value: unknown): string | null {
	if (typeof value !== "string") return isInteger(value) ? `Invalid global id '${value}'` : null;
	if (value.startsWith("gid://")) {
		const afterNamespace = value.indexOf("/", 6);
		const afterType = afterNamespace < 0 ? -1 : value.indexOf("/", afterNamespace + 1);
		if (afterNamespace > 6 && afterType > afterNamespace + 1 && afterType + 1 < value.length) return null;
	}
	return `Invalid global id '${value}'`;
}

function urlProblem(value: unknown): string | null {
	if (typeof value !== "string") return null;
	const scheme = SCHEME.exec(value);
	if (!scheme) return `Invalid url '${value}', missing scheme`;
	if (!value.startsWith("//", scheme[0].length)) return `Invalid url '${value}', missing host`;
	const rest = value.slice(scheme[0].length + 2);
	const end = rest.search(/[/?#]/);
	const authority = end < 0 ? rest : rest.slice(0, end);
	const host = authority.slice(authority.lastIndexOf("@") + 1);
	if (host === "" || host.startsWith(":")) return `Invalid url '${value}', missing host`;
	return URL.canParse(value) ? null : `Invalid url '${value}'`;
}

function isDateTime(value: string): boolean {
	const parts = DATE_TIME.exec(value);
	if (!parts) return false;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] =
		parts.slice(1).map((part) => Number(part ?? 0));
	if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function timeProblem(typeName: string): (value: unknown) => string | null {
	return (value) =>
		typeof value !== "string" || isDateTime(value) ? null : `invalid ${typeName} '${value}'`;
}

function decimalProblem(value: unknown): string | null {
	return typeof value !== "string" || DECIMAL.test(value) ? null : `invalid decimal '${value}'`;
}

function unsigned64Problem(value: unknown): string | null {
	if (typeof value === "number") return value < 0 ? `UnsignedInt64 '${value}' is out of range` : null;
	if (typeof value !== "string") return null;
	if (DIGITS.test(value) && BigInt(value) <= UNSIGNED_64_MAX) return null;
	return INTEGER.test(value)
		? `UnsignedInt64 '${value}' is out of range`
		: `UnsignedInt64 invalid value '${value}'`;
}

const rules: ReadonlyMap<string, ScalarRule> = new Map<string, ScalarRule>([
	["String", { accepts: isString }],
	["Boolean", { accepts: (value) => typeof value === "boolean" }],
	["Float", { accepts: isFiniteNumber }],
	["Int", { accepts: (value) => isInteger(value) && Number(value) <= MAX_INT && Number(value) >= MIN_INT }],
	["ID", { accepts: (value) => isString(value) || isInteger(value), problem: globalIdProblem }],
	["URL", { accepts: isString, problem: urlProblem }],
	["DateTime", { accepts: isString, problem: timeProblem("DateTime") }],
	["ISO8601DateTime", { accepts: isString, problem: timeProblem("ISO8601DateTime") }],
	["Decimal", { accepts: (value) => isString(value) || isFiniteNumber(value), problem: decimalProblem }],
	["UnsignedInt64", { accepts: (value) => isString(value) || isInteger(value), problem: unsigned64Problem }],
	["HTML", { accepts: isString }],
	["Color", { accepts: isString }],
	["JSON", { accepts: () => true }],
]);

const builtIn: ReadonlySet<string> = new Set(["String", "Boolean", "Float", "Int", "ID"]);

/**
 * What a scalar itself says of a value that it refuses, in Shopify's words, or null. These words become the whole
 * message where the value stands in a document, and the problem's `message` where it stands in a variable.
 */
export function scalarProblem(typeName: string, value: unknown): string | null {
	return rules.get(typeName)?.problem?.(value) ?? null;
}

/** Whether a value is of a kind that the scalar takes. A scalar that is not known here takes anything. */
export function scalarAccepts(typeName: string, value: unknown): boolean {
	return rules.get(typeName)?.accepts(value) ?? true;
}

/** A value as JSON, for a sentence about it. Not even one nested too deep to be written makes this throw. */
export function asJson(value: unknown): string {
	try {
		return JSON.stringify(value);
	} catch {
		return "…";
	}
}

/** The general sentence for a value of the wrong kind. */
export function couldNotCoerce(typeName: string, value: unknown): string {
	return `Could not coerce value ${asJson(value)} to ${typeName}`;
}

function attach(type: GraphQLScalarType): void {
	const coerce = (value: unknown): unknown => {
		const problem =
			scalarProblem(type.name, value) ??
			(scalarAccepts(type.name, value) ? null : couldNotCoerce(type.name, value));
		if (problem !== null) throw new GraphQLError(problem);
		return value;
	};
	const coerceLiteral = (node: ValueNode): unknown => {
		if (node.kind === Kind.ENUM && type.name !== "JSON") {
			throw new GraphQLError(`Could not coerce value ${node.value} to ${type.name}`);
		}
		return coerce(valueFromASTUntyped(node));
	};
	type.coerceInputValue = coerce;
	type.coerceInputLiteral = coerceLiteral;
	type.parseValue = coerce;
	type.parseLiteral = coerceLiteral;
}

/**
 * Gives the schema's own scalars their input rules. The built-in scalars are left alone, ID among them: their
 * objects are shared by every schema in the process, so ID's rule is asked for by `scalarProblem`.
 */
export function attachScalars(schema: GraphQLSchema): void {
	for (const name of rules.keys()) {
		const type = builtIn.has(name) ? undefined : schema.getType(name);
		if (isScalarType(type)) attach(type);
	}
}
