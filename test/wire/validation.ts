// 4.3, first half: what is said of a document that cannot be parsed or is not valid. Status 200, `errors` alone.
import type { Row, Source } from "./row.ts";
import { answers, at, type Wire } from "./wire.ts";

/** The document is refused with these errors, and no data. */
async function refuses(wire: Wire, document: string, ...errors: readonly unknown[]): Promise<void> {
	answers(await wire.ask(document), { errors });
}

export interface Fault {
	readonly document: string;
	readonly message: string;
	/** The piece of the document that the error stands at, or several. */
	readonly place: string | readonly string[];
	readonly path: readonly (string | number)[];
	readonly extensions: Readonly<Record<string, unknown>>;
}

/** A row about one fault of a document, which is answered with one error. */
export function fault(name: string, says: string, sources: readonly [Source, ...Source[]], of: Fault): Row {
	const { document, message, place, path, extensions } = of;
	const locations = [place].flat().map((piece) => at(document, piece));
	return {
		id: `4.3/${name}`,
		says,
		sources,
		check: (wire) => refuses(wire, document, { message, locations, path, extensions }),
	};
}

const fields: readonly Row[] = [
	fault("unknown-field", "“Field 'x' doesn't exist on type 'Y'”, `undefinedField`", ["ADM"], {
		document: "query Q { shop { x } }",
		message: "Field 'x' doesn't exist on type 'Shop'",
		place: "x",
		path: ["query Q", "shop", "x"],
		extensions: { code: "undefinedField", typeName: "Shop", fieldName: "x" },
	}),
	fault("unknown-field/mutation", "the path of a mutation begins with “mutation Name”", ["ADM"], {
		document: "mutation M { customerFly }",
		message: "Field 'customerFly' doesn't exist on type 'Mutation'",
		place: "customerFly",
		path: ["mutation M", "customerFly"],
		extensions: { code: "undefinedField", typeName: "Mutation", fieldName: "customerFly" },
	}),
	fault("no-suggestions", "no “Did you mean”, however near another name is", ["ADM"], {
		document: "query Q { shop { nam } }",
		message: "Field 'nam' doesn't exist on type 'Shop'",
		place: "nam",
		path: ["query Q", "shop", "nam"],
		extensions: { code: "undefinedField", typeName: "Shop", fieldName: "nam" },
	}),
	fault(
		"no-selection",
		"an object without a selection: “Field must have selections (…)”, `selectionMismatch`",
		["ADM"],
		{
			document: "query Q { shop }",
			message:
				"Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)",
			place: "shop",
			path: ["query Q", "shop"],
			extensions: { code: "selectionMismatch", nodeName: "field 'shop'", typeName: "Shop" },
		},
	),
	fault("scalar-selection", "a scalar with one: “Selections can't be made on scalars (…)”", ["INF"], {
		document: "query Q { shop { name { first last } } }",
		message:
			'Selections can\'t be made on scalars (field \'name\' returns String but has selections ["first", "last"])',
		place: "name",
		path: ["query Q", "shop", "name"],
		extensions: { code: "selectionMismatch", nodeName: "field 'name'", typeName: "String" },
	}),
	fault("fragment-path", "a path through a fragment has an element “... on Type”", ["ADM"], {
		document: "query Q { shop { ... on Shop { x } } }",
		message: "Field 'x' doesn't exist on type 'Shop'",
		place: "x",
		path: ["query Q", "shop", "... on Shop", "x"],
		extensions: { code: "undefinedField", typeName: "Shop", fieldName: "x" },
	}),
];

const others: readonly Row[] = [
	fault("undefined-type", "a fragment on a type that is not there: `undefinedType`", ["INF"], {
		document: "query Q { shop { ... on Nope { id } } }",
		message: "No such type Nope, so it can't be a fragment condition",
		place: "...",
		path: ["query Q", "shop", "... on Nope"],
		extensions: { code: "undefinedType", typeName: "Nope" },
	}),
	fault("undefined-directive", "a directive that is not there: `undefinedDirective`", ["INF"], {
		document: "query Q { shop @nope { name } }",
		message: "Directive @nope is not defined",
		place: "@nope",
		path: ["query Q", "shop"],
		extensions: { code: "undefinedDirective", directiveName: "nope" },
	}),
	fault("undefined-fragment", "a fragment that is used and not defined: `useAndDefineFragment`", ["INF"], {
		document: "query Q { shop { ...F } }",
		message: "Fragment F was used, but not defined",
		place: "...F",
		path: ["query Q", "shop", "... F"],
		extensions: { code: "useAndDefineFragment", fragmentName: "F" },
	}),
	fault("unused-fragment", "one that is defined and not used: the same code", ["INF"], {
		document: "query Q { shop { name } } fragment F on Shop { name }",
		message: "Fragment F was defined, but not used",
		place: "fragment",
		path: ["fragment F"],
		extensions: { code: "useAndDefineFragment", fragmentName: "F" },
	}),
	fault("infinite-loop", "a fragment inside itself: `infiniteLoop`", ["INF"], {
		document: "query Q { shop { ...F } } fragment F on Shop { name ...F }",
		message: "Fragment F contains an infinite loop",
		place: "fragment",
		path: ["fragment F"],
		extensions: { code: "infiniteLoop", fragmentName: "F" },
	}),
	fault("field-conflict", "two fields of one key: `fieldConflict`", ["INF"], {
		document: "query Q { shop { a: name a: description } }",
		message: "Field 'a' has a field conflict: name or description?",
		place: ["a: name", "a: description"],
		path: [],
		extensions: { code: "fieldConflict", fieldName: "a", conflicts: "name or description" },
	}),
];

export const rows: readonly Row[] = [
	...fields,
	...others,
	{
		id: "4.3/syntax",
		says: "“syntax error, unexpected end of file at [3, 5]”, `PARSE_ERROR`, locations and no path",
		sources: ["ADM"],
		check: (wire) =>
			refuses(wire, "query Q {\n  shop {\n    name", {
				message: "syntax error, unexpected end of file at [3, 5]",
				locations: [{ line: 3, column: 5 }],
				extensions: { code: "PARSE_ERROR" },
			}),
	},
];
