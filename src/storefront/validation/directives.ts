// The rules about directives: known, allowed where they stand, given once, given the right arguments.
import type { DirectiveLocation, DirectiveNode, FieldNode, OperationDefinitionNode } from "graphql";
import { checkArguments } from "./arguments.ts";
import type { Place } from "./report.ts";
import type { Walk } from "./walk.ts";

/** What graphql-ruby calls the places a directive may stand at. It has no names for places in a schema. */
const placeNames: ReadonlyMap<DirectiveLocation, string> = new Map<DirectiveLocation, string>([
	["QUERY", "queries"],
	["MUTATION", "mutations"],
	["SUBSCRIPTION", "subscriptions"],
	["FIELD", "fields"],
	["FRAGMENT_DEFINITION", "fragment definitions"],
	["FRAGMENT_SPREAD", "fragment spreads"],
	["INLINE_FRAGMENT", "inline fragments"],
	["VARIABLE_DEFINITION", "variable definitions"],
]);

/** The place that an operation's own directives stand at. */
export function operationLocation({ operation }: OperationDefinitionNode): DirectiveLocation {
	return operation === "query" ? "QUERY" : operation === "mutation" ? "MUTATION" : "SUBSCRIPTION";
}

/** Checks that no directive stands twice where it may stand once. graphql-ruby says so before anything else. */
export function checkDirectivesAreUnique(
	walk: Walk,
	directives: readonly DirectiveNode[] | undefined,
	place: Place,
): void {
	if (!directives || directives.length < 2) return;
	const seen = new Map<string, DirectiveNode>();
	for (const node of directives) {
		const directiveName = node.name.value;
		const first = seen.get(directiveName);
		if (!first) seen.set(directiveName, node);
		else if (!walk.schema.getDirective(directiveName)?.isRepeatable) {
			const message = `The directive "${directiveName}" can only be used once at this location.`;
			walk.report.add(message, [first, node], place, {
				code: "directiveNotUniqueForLocation",
				directiveName,
			});
		}
	}
}

/** Checks the directives that stand at one node. `field` is the field they belong to, or that is around them. */
export function checkDirectives(
	walk: Walk,
	directives: readonly DirectiveNode[] | undefined,
	location: DirectiveLocation,
	place: Place,
	field: FieldNode | null,
): void {
	for (const node of directives ?? []) {
		const name = node.name.value;
		const directive = walk.schema.getDirective(name);
		if (!directive) {
			walk.report.add(`Directive @${name} is not defined`, node, place, {
				code: "undefinedDirective",
				directiveName: name,
			});
			continue;
		}
		if (!directive.locations.includes(location)) {
			const targetName = placeNames.get(location) ?? "";
			const allowed = directive.locations.map((each) => placeNames.get(each) ?? "").join(", ");
			walk.report.add(`'@${name}' can't be applied to ${targetName} (allowed: ${allowed})`, node, place, {
				code: "directiveCannotBeApplied",
				targetName,
				name,
			});
		}
		if (name === "defer" || name === "stream") walk.borrowed.set(node, place);
		checkArguments(walk, node, directive.args, place, field);
	}
}
