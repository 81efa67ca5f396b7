// A field's arguments, from the document and the variables.
import { type ArgumentNode, coerceInputLiteral, type GraphQLField, isNonNullType, Kind } from "graphql";
import type { Variables } from "./run.ts";

/** Variables that are each what they were declared to be can still leave an argument without its value. */
export class BadArgument extends Error {
	override readonly name = "BadArgument";
}

/** Arguments without variables are coerced once; they are the same object on every run. */
export function compileArguments(
	field: GraphQLField<unknown, unknown>,
	nodes: readonly ArgumentNode[],
): (variables: Variables) => unknown {
	const fixed: Record<string, unknown> = {};
	const fill: ((args: Record<string, unknown>, variables: Variables) => void)[] = [];
	for (const definition of field.args) {
		const { name, type } = definition;
		const node = nodes.find((argument) => argument.name.value === name)?.value;
		const fallback = defaultOf(definition);
		const required = isNonNullType(type) && fallback === undefined;
		if (!node) {
			if (fallback !== undefined) fixed[name] = fallback;
		} else if (!usesVariable(node)) {
			fixed[name] = coerceInputLiteral(node, type);
		} else {
			fill.push((args, variables) => {
				if (node.kind === Kind.VARIABLE && !Object.hasOwn(variables, node.name.value)) {
					if (required)
						throw new BadArgument(`Argument "${definition}" of required type "${type}" was not provided.`);
					if (fallback !== undefined) args[name] = fallback;
					return;
				}
				const value =
					node.kind === Kind.VARIABLE
						? variables[node.name.value]
						: coerceInputLiteral(node, type, { sources: {}, coerced: variables });
				if (value === undefined || (value === null && isNonNullType(type))) {
					throw new BadArgument(
						`Argument "${definition}" has invalid value: Expected value of non-null type "${type}" not to be null.`,
					);
				}
				args[name] = value;
			});
		}
	}
	if (fill.length === 0) return () => fixed;
	return (variables) => {
		const args = { ...fixed };
		for (const set of fill) set(args, variables);
		return args;
	};
}

function defaultOf(definition: GraphQLField<unknown, unknown>["args"][number]): unknown {
	const fallback = definition.default;
	if (fallback?.literal) return coerceInputLiteral(fallback.literal, definition.type);
	return fallback ? fallback.value : definition.defaultValue;
}

function usesVariable(node: ArgumentNode["value"]): boolean {
	if (node.kind === Kind.VARIABLE) return true;
	if (node.kind === Kind.LIST) return node.values.some(usesVariable);
	return node.kind === Kind.OBJECT && node.fields.some((field) => usesVariable(field.value));
}
