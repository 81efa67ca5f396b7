// Rules for which graphql-ruby has no words of its own, because it has no such rule: deferring, and how deep
// introspection may go. graphql-js decides, asked only when a document holds what they are about.
import {
	DeferStreamDirectiveLabelRule,
	DeferStreamDirectiveOnRootFieldRule,
	type DocumentNode,
	type GraphQLError,
	Kind,
	MaxIntrospectionDepthRule,
	StreamDirectiveOnListFieldRule,
	TypeInfo,
	ValidationContext,
	type ValidationRule,
	visit,
	visitInParallel,
	visitWithTypeInfo,
} from "graphql";
import type { Inspection } from "./walk.ts";

const rules: readonly ValidationRule[] = [
	DeferStreamDirectiveLabelRule,
	DeferStreamDirectiveOnRootFieldRule,
	StreamDirectiveOnListFieldRule,
	MaxIntrospectionDepthRule,
];

/** Asks graphql-js about the nodes that were put aside for it. The sentences are graphql-js's own. */
export function checkBorrowedRules(inspection: Inspection, document: DocumentNode): void {
	if (inspection.borrowed.size === 0) return;
	const typeInfo = new TypeInfo(inspection.schema);
	const onError = (error: GraphQLError): void => {
		const node = error.nodes?.find((each) => inspection.borrowed.has(each));
		const place = (node && inspection.borrowed.get(node)) ?? null;
		const extensions =
			node?.kind === Kind.DIRECTIVE
				? { code: "directiveCannotBeApplied", name: node.name.value }
				: { code: "maxIntrospectionDepthExceeded" };
		inspection.report.add(error.message, error.nodes ?? [], place, extensions);
	};
	const context = new ValidationContext(inspection.schema, document, typeInfo, onError, {
		hideSuggestions: true,
	});
	visit(document, visitWithTypeInfo(typeInfo, visitInParallel(rules.map((rule) => rule(context)))));
}
