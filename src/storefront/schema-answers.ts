// What the schema says of itself is the same for everyone, and long to work out: the last few answers are kept.
import type { OperationDefinitionNode } from "graphql";
import type { StorefrontAnswer } from "./execute.ts";
import type { PreparedOperation } from "./operation.ts";

/** An answer has at most 1 MiB. */
const MAX_KEPT = 4;

const kept = new Map<PreparedOperation, StorefrontAnswer>();

/** Whether its answer is the same, whoever asks and with whatever variables. */
export function asksOnlySchema({
	selectionSet,
	variableDefinitions = [],
	directives = [],
}: OperationDefinitionNode): boolean {
	return (
		variableDefinitions.length + directives.length === 0 &&
		selectionSet.selections.every((node) => node.kind === "Field" && node.name.value === "__schema")
	);
}

export function findSchemaAnswer(operation: PreparedOperation): StorefrontAnswer | undefined {
	return kept.get(operation);
}

export function keepSchemaAnswer(operation: PreparedOperation, answer: StorefrontAnswer): void {
	kept.set(operation, answer);
	for (const oldest of kept.keys()) {
		if (kept.size <= MAX_KEPT) break;
		kept.delete(oldest);
	}
}
