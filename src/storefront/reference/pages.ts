// The schema, the scopes and the table of failures → pages. Nothing here says anything of its own.
import {
	type GraphQLField,
	type GraphQLNamedType,
	type GraphQLSchema,
	getNamedType,
	isAbstractType,
	isEnumType,
	isInputObjectType,
	isInterfaceType,
	isObjectType,
	isScalarType,
	isUnionType,
} from "graphql";
import { FAILURE_CODES } from "../error-codes.ts";
import { requiredScope } from "../scopes.ts";
import { makeExample } from "./examples.ts";
import {
	linkType,
	listArguments,
	listFields,
	listInputFields,
	listValues,
	type PathOf,
	textOf,
} from "./members.ts";
import { type Failure, FOLDERS, type Kind, type Link, type Page, type Section } from "./page.ts";
import { readCustomerPart } from "./part.ts";
import { findUses } from "./uses.ts";

type Root = "query" | "mutation";
type Field = GraphQLField<unknown, unknown>;

/** What pages are made with. */
interface Book {
	readonly schema: GraphQLSchema;
	readonly pathOf: PathOf;
	readonly uses: ReadonlyMap<string, readonly Link[]>;
}

type Content = Omit<Page, "path">;

/** What most pages do not have. */
const PLAIN = { scope: null, deprecation: null, failures: null, example: null, lists: [] };

/** The pages of the customer part, by kind in the order of FOLDERS, then by name. `index` is the path above them. */
export function buildPages(schema: GraphQLSchema, index: string): readonly Page[] {
	const part = readCustomerPart();
	const types = [...part.types].map((name) => known(schema.getType(name), name));
	const queries = pick(schema.getQueryType()?.getFields(), part.queries);
	const mutations = pick(schema.getMutationType()?.getFields(), part.mutations);
	const toPath = (kind: Kind, name: string) => `${index}/${FOLDERS[kind]}/${name}`;

	const paths = new Map([
		...types.map((type) => [type.name, toPath(kindOf(type), type.name)] as const),
		...queries.map(({ name }) => [name, toPath("query", name)] as const),
		...mutations.map(({ name }) => [name, toPath("mutation", name)] as const),
	]);
	const pathOf: PathOf = (name) => paths.get(name) ?? null;
	const book = { schema, pathOf, uses: findUses([...queries, ...mutations], types, pathOf) };

	const contents = [
		...mutations.map((field) => describeOperation(book, "mutation", field)),
		...queries.map((field) => describeOperation(book, "query", field)),
		...types.map((type) => describeType(book, type)),
		...[...part.directives].map((name) => describeDirective(book, name)),
	];
	const kinds = Object.keys(FOLDERS);
	return contents
		.map((content) => ({
			...content,
			path: toPath(content.kind, content.name),
			sections: content.sections.filter(({ type, members }) => type || members.length > 0),
			lists: content.lists.filter(({ links }) => links.length > 0),
		}))
		.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
}

function describeOperation({ pathOf }: Book, root: Root, field: Field): Content {
	const scope = requiredScope(root === "query" ? "QueryRoot" : "Mutation", field.name) ?? null;
	return {
		...PLAIN,
		kind: root,
		name: field.name,
		description: textOf(field.description),
		scope,
		deprecation: field.deprecationReason ?? null,
		sections: [
			{ title: "Arguments", type: null, members: listArguments(field.args, pathOf) },
			{
				title: "Returns",
				type: linkType(field.type, pathOf),
				members: listFields(getNamedType(field.type), pathOf),
			},
		],
		failures: listFailures(field.name, scope, pathOf("CustomerErrorCode")),
		example: makeExample(root, field),
	};
}

function describeType({ schema, pathOf, uses }: Book, type: GraphQLNamedType): Content {
	const linkTo = (text: string): Link => ({ text, path: pathOf(text) });
	const interfaces = isObjectType(type) ? type.getInterfaces() : [];
	const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
	return {
		...PLAIN,
		kind: kindOf(type),
		name: type.name,
		description: textOf(type.description),
		sections: [describeMembers(type, pathOf, linkTo)],
		lists: [
			{ title: "Implements", links: interfaces.map(({ name }) => linkTo(name)) },
			{
				title: isUnionType(type) ? "Is one of" : "Implemented by",
				links: possible.map(({ name }) => linkTo(name)),
			},
			{ title: "Used by", links: uses.get(type.name) ?? [] },
		],
	};
}

function describeMembers(type: GraphQLNamedType, pathOf: PathOf, linkTo: (name: string) => Link): Section {
	if (isInputObjectType(type)) {
		const members = listInputFields(Object.values(type.getFields()), "field", pathOf);
		return { title: "Input fields", type: null, members };
	}
	if (isEnumType(type)) {
		const answeredBy = (code: string) =>
			type.name === "CustomerErrorCode" ? listAnswering(code).map(linkTo) : [];
		return { title: "Values", type: null, members: listValues(type, answeredBy) };
	}
	return { title: "Fields", type: null, members: listFields(type, pathOf) };
}

function describeDirective({ schema, pathOf }: Book, name: string): Content {
	const { description, args, locations } = known(schema.getDirective(name), name);
	return {
		...PLAIN,
		kind: "directive",
		name,
		description: textOf(description),
		sections: [{ title: "Arguments", type: null, members: listArguments(args, pathOf) }],
		lists: [{ title: "Stands at", links: locations.map((text) => ({ text, path: null })) }],
	};
}

function listFailures(
	operation: string,
	scope: string | null,
	codesPath: string | null,
): readonly Failure[] | null {
	const { userErrors, atTopLevel } = FAILURE_CODES[operation] ?? { userErrors: [], atTopLevel: [] };
	const missing = `The storefront access token does not carry the scope \`${scope}\`, or there is none.`;
	const denied = scope === null ? [] : [{ code: "ACCESS_DENIED", when: missing }];
	const failures: readonly Failure[] = [
		...userErrors.map(({ code, when }) => {
			return { code, when, path: codesPath && `${codesPath}#value-${code}`, atTopLevel: false };
		}),
		...[...denied, ...atTopLevel].map(({ code, when }) => ({ code, when, path: null, atTopLevel: true })),
	];
	return failures.length === 0 ? null : failures;
}

/** The mutations that answer a code. */
function listAnswering(code: string): readonly string[] {
	return Object.entries(FAILURE_CODES)
		.filter(([, { userErrors }]) => userErrors.some((entry) => entry.code === code))
		.map(([mutation]) => mutation);
}

function kindOf(type: GraphQLNamedType): Kind {
	if (isInputObjectType(type)) return "input-object";
	if (isEnumType(type)) return "enum";
	if (isScalarType(type)) return "scalar";
	if (isInterfaceType(type)) return "interface";
	if (isUnionType(type)) return "union";
	if (type.name.endsWith("Payload")) return "payload";
	return type.name.endsWith("Connection") ? "connection" : "object";
}

function pick(
	fields: Readonly<Record<string, Field>> | undefined,
	names: ReadonlySet<string>,
): readonly Field[] {
	return [...names].map((name) => known(fields?.[name], name));
}

/** The file that says what the customer part is and the schema are made of the same text. */
function known<T>(found: T | null | undefined, name: string): T {
	if (!found) throw new Error(`the schema has no ${name}`);
	return found;
}
