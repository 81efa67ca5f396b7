// An operation's variables: what was sent, coerced to what was declared, and Shopify's error for what was not fit.
// Nothing that passes through here is logged: passwords and tokens come this way.
import {
	coerceInputLiteral,
	type GraphQLSchema,
	isInputType,
	isNonNullType,
	type OperationDefinitionNode,
	typeFromAST,
	type VariableDefinitionNode,
} from "graphql";
import { findVariableUse, inputSizeError, type Locate } from "./validation/input-size.ts";
import { type Findings, type Intake, type Intakes, intakeOf, refused } from "./validation/intake.ts";
import { locationsOf } from "./validation/report.ts";
import type { WireError } from "./wire-error.ts";

/** One declared variable, ready for requests. */
interface Variable {
	readonly name: string;
	readonly intake: Intake;
	readonly isNullable: boolean;
	/** Makes the default; null without one. */
	readonly fallback: (() => unknown) | null;
	/** Says what is wrong with a value that was refused. */
	readonly fail: (value: unknown, locate?: Locate) => WireError;
}

/** How deep a value may be nested to be sent back; what a type takes is nowhere near as deep. */
const MAX_ECHOED_DEPTH = 200;

/** More errors than anyone reads. */
const MAX_ERRORS = 100;

/** Whether a value can be written as JSON without going too deep. */
function isShallow(value: unknown, depth = MAX_ECHOED_DEPTH): boolean {
	if (typeof value !== "object" || value === null) return true;
	return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

function prepare(
	schema: GraphQLSchema,
	operation: OperationDefinitionNode,
	node: VariableDefinitionNode,
	known: Intakes,
): Variable {
	const name = node.variable.name.value;
	const type = typeFromAST(schema, node.type);
	if (!type || !isInputType(type)) throw new Error(`$${name} has no input type: the document is not valid`);
	const intake = intakeOf(type, known);
	const locations = locationsOf([node]);
	const literal = node.defaultValue;

	function fail(value: unknown, locate?: Locate): WireError {
		const findings: Findings = { problems: [], tooLong: null };
		intake.explain(value, null, findings);
		const { problems, tooLong } = findings;
		if (tooLong) return inputSizeError(tooLong, findVariableUse(operation, name), locations, locate);
		const parts = problems.filter(({ path }) => path.length > 0);
		const where = parts.map(({ path, explanation }) => `${path.join(".")} (${explanation})`).join(", ");
		const echo = value !== undefined && isShallow(value) ? value : null;
		return {
			message: `Variable $${name} of type ${type} was provided invalid value${where && ` for ${where}`}`,
			locations,
			extensions: { code: "INVALID_VARIABLE", value: echo, problems },
		};
	}
	const fallback = literal ? () => coerceInputLiteral(literal, type) : null;
	return { name, intake, isNullable: !isNonNullType(type), fallback, fail };
}

/**
 * Compiles the coercion of an operation's variables; the operation must be valid. The function it gives takes what a
 * request sent and answers with every declared variable that has a value, or with one error for each that was given
 * an unfit one. What was sent and not declared is ignored. Values have no prototype to be reached through.
 */
export function compileVariables(
	schema: GraphQLSchema,
	operation: OperationDefinitionNode,
): (
	given: Readonly<Record<string, unknown>>,
	locate?: Locate,
) => { values: Record<string, unknown> } | { errors: readonly WireError[] } {
	const known: Intakes = new Map();
	const variables = (operation.variableDefinitions ?? []).map((node) =>
		prepare(schema, operation, node, known),
	);
	return (given, locate) => {
		const values: Record<string, unknown> = Object.create(null);
		let errors: WireError[] | null = null;
		for (const { name, intake, isNullable, fallback, fail } of variables) {
			const value = Object.hasOwn(given, name) ? given[name] : undefined;
			if (value === undefined && (fallback || isNullable)) {
				if (fallback) values[name] = fallback();
				continue;
			}
			const coerced = intake.coerce(value);
			if (coerced !== refused) values[name] = coerced;
			else {
				errors ??= [];
				if (errors.push(fail(value, locate)) === MAX_ERRORS) break;
			}
		}
		return errors ? { errors } : { values };
	};
}
