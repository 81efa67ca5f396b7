// What GraphQL says of itself. graphql-js is ahead of the published schema there: it knows deprecated directives and
// refuses a null where upstream takes one. Its own types, one of each in the process, are brought back to what is
// published (test/clients/introspection.test.ts holds them against it).
import {
	__Directive,
	__DirectiveLocation,
	__Field,
	__Schema,
	__Type,
	GraphQLBoolean,
	type GraphQLEnumValue,
} from "graphql";

const UNPUBLISHED_LOCATIONS = new Set(["DIRECTIVE_DEFINITION", "FRAGMENT_VARIABLE_DEFINITION"]);

/** Safe to do twice. */
export function trimIntrospection(): void {
	const directive = __Directive.getFields();
	delete directive["isDeprecated"];
	delete directive["deprecationReason"];
	const listing = __Schema.getFields()["directives"];
	if (listing) listing.args = [];

	for (const type of [__Directive, __Field, __Type]) {
		for (const field of Object.values(type.getFields())) {
			for (const argument of field.args) {
				if (argument.name === "includeDeprecated") argument.type = GraphQLBoolean;
			}
		}
	}

	const locations = __DirectiveLocation.getValues() as GraphQLEnumValue[];
	locations.splice(0, locations.length, ...locations.filter(({ name }) => !UNPUBLISHED_LOCATIONS.has(name)));
}
