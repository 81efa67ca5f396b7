// What Shopify's validator says instead of graphql-js's. Upstream runs graphql-ruby, whose sentences, codes, places
// and paths clients have learned to read; the rules behind them are the specification's, so a document is valid here
// exactly if graphql-js calls it valid, but for IDs, URLs and times, of which upstream asks more.
import { type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, Kind } from "graphql";
import { checkBorrowedRules } from "./validation/borrowed.ts";
import { checkDefinitionNames, checkFragmentUses } from "./validation/fragments.ts";
import { checkMerging } from "./validation/merging.ts";
import { Report, tooMuchWork, ValidationStopped } from "./validation/report.ts";
import { checkSelections, checkSpreads } from "./validation/selections.ts";
import { checkVariableUses } from "./validation/variable-uses.ts";
import type { Definition, Inspection } from "./validation/walk.ts";
import type { WireError } from "./wire-error.ts";

export { parseDocument } from "./validation/syntax.ts";

function checkConflicts(inspection: Inspection, definitions: readonly Definition[]): void {
	if (!inspection.fieldsByKey.isContested) return;
	const operations = [];
	const fragments = new Map<string, FragmentDefinitionNode>();
	for (const { node } of definitions) {
		if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node);
		else fragments.set(node.name.value, node);
	}
	checkMerging(inspection, operations, fragments);
}

function check(schema: GraphQLSchema, document: DocumentNode, report: Report): readonly WireError[] {
	const inspection: Inspection = {
		schema,
		report,
		fieldsByKey: { first: new Map(), count: 0, isContested: false },
		overlaps: new Map(),
		tooLong: [],
		borrowed: new Map(),
	};
	const definitions = checkSelections(inspection, document);
	checkConflicts(inspection, definitions);
	checkBorrowedRules(inspection, document);
	checkVariableUses(inspection, definitions);
	checkSpreads(inspection, definitions);
	checkFragmentUses(inspection, definitions);
	checkDefinitionNames(inspection, document);
	return report.errors.length > 0 ? report.errors : inspection.tooLong;
}

/**
 * Checks a document against a schema and says everything that is wrong with it, up to a hundred errors, in the form
 * that goes out on the wire. No errors means that it can be executed. The time it takes is linear in the document,
 * or bounded where it could not be: a document that would cost too much is refused.
 */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): readonly WireError[] {
	const report = new Report();
	try {
		return check(schema, document, report);
	} catch (error) {
		// Nesting deeper than the stack is one more way to ask for too much.
		if (error instanceof RangeError) report.errors.push(tooMuchWork);
		else if (!(error instanceof ValidationStopped)) throw error;
		return report.errors;
	}
}
