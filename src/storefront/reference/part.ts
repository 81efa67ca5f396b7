// Which names are of the customer part: the types that customer.graphql defines, and the roots that it extends the
// schema by. The file itself says it; nothing else lists them.
import { readFileSync } from "node:fs";
import { Kind, parse } from "graphql";

interface CustomerPart {
	readonly queries: ReadonlySet<string>;
	readonly mutations: ReadonlySet<string>;
	readonly types: ReadonlySet<string>;
	readonly directives: ReadonlySet<string>;
}

export function readCustomerPart(): CustomerPart {
	const queries = new Set<string>();
	const mutations = new Set<string>();
	const types = new Set<string>();
	const directives = new Set<string>();
	const text = readFileSync(new URL("../schema/customer.graphql", import.meta.url), "utf8");
	for (const definition of parse(text, { noLocation: true }).definitions) {
		if (definition.kind === Kind.OBJECT_TYPE_EXTENSION) {
			const roots = definition.name.value === "Mutation" ? mutations : queries;
			for (const field of definition.fields ?? []) roots.add(field.name.value);
		} else if (definition.kind === Kind.DIRECTIVE_DEFINITION) directives.add(definition.name.value);
		else if ("name" in definition && definition.name) types.add(definition.name.value);
	}
	return { queries, mutations, types, directives };
}
