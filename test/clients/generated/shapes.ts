// The ways of writing and sending a document that real clients have, each with what gives it away.
import {
	BREAK,
	type DocumentNode,
	type FieldNode,
	Kind,
	type OperationDefinitionNode,
	type SelectionNode,
	visit,
} from "graphql";
import type { Composed } from "./documents.ts";

interface Written extends Composed {
	readonly document: DocumentNode;
	/** The one that is meant. */
	readonly operation: OperationDefinitionNode;
}

/** Whether a node of this kind, for which it holds, is anywhere in the document. */
function holds<T>(kind: Kind, isMeant: (node: T) => boolean = () => true) {
	return ({ document }: Written): boolean => {
		let isThere = false;
		visit(document, {
			enter(node) {
				if (node.kind !== kind || !isMeant(node as T)) return undefined;
				isThere = true;
				return BREAK;
			},
		});
		return isThere;
	};
}

function hasDirective(wanted: string) {
	return holds<{ readonly name: { readonly value: string } }>(
		Kind.DIRECTIVE,
		({ name }) => name.value === wanted,
	);
}

/** As the caching clients write it: everywhere but at the root. */
function hasAllTypenames({ document, operation }: Written): boolean {
	let count = 0;
	let hasAll = true;
	visit(document, {
		SelectionSet: ({ selections }) => {
			if (selections === operation.selectionSet.selections) return;
			count++;
			hasAll &&= selections.some(isTypename);
		},
	});
	return hasAll && count > 2;
}

function isTypename(node: SelectionNode): boolean {
	if (node.kind === Kind.FIELD) return node.name.value === "__typename";
	return node.kind === Kind.FRAGMENT_SPREAD;
}

function definition(at: number, kind: Kind) {
	return ({ document }: Written) => document.definitions.at(at)?.kind === kind;
}

function operationCount({ document }: Written): number {
	return document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
}

function inBody(pattern: RegExp) {
	return ({ body }: Written) => pattern.test(body);
}

function hasHeader(name: string, value?: string) {
	return ({ headers }: Written) => (value === undefined ? name in headers : headers[name] === value);
}

export const SHAPES: Readonly<Record<string, (written: Written) => boolean>> = {
	"a named operation": ({ operation }) => operation.name !== undefined,
	"an anonymous operation": ({ operation, text }) => !operation.name && /^query\b/m.test(text),
	"the short form of an operation": ({ text }) => /^\{/m.test(text),
	"several operations": (written) => operationCount(written) > 1,
	"a variable with a default": ({ operation }) =>
		operation.variableDefinitions?.some(({ defaultValue }) => defaultValue) === true,
	"an input object written inline": holds(Kind.OBJECT),
	"a variable within an input object": holds<{ readonly value: { readonly kind: Kind } }>(
		Kind.OBJECT_FIELD,
		({ value }) => value.kind === Kind.VARIABLE,
	),
	"an alias": holds<FieldNode>(Kind.FIELD, ({ alias }) => alias !== undefined),
	"an alias of the payload": ({ operation }) =>
		(operation.selectionSet.selections[0] as FieldNode).alias !== undefined,
	"a fragment before the operation": definition(0, Kind.FRAGMENT_DEFINITION),
	"a fragment after the operation": definition(-1, Kind.FRAGMENT_DEFINITION),
	"an inline fragment": holds<{ readonly typeCondition?: unknown }>(
		Kind.INLINE_FRAGMENT,
		({ typeCondition }) => typeCondition !== undefined,
	),
	"an inline fragment without a type": holds<{ readonly typeCondition?: unknown }>(
		Kind.INLINE_FRAGMENT,
		({ typeCondition }) => typeCondition === undefined,
	),
	"`__typename` in every object": hasAllTypenames,
	"`@include`": hasDirective("include"),
	"`@skip`": hasDirective("skip"),
	"`@inContext` with variables": ({ text }) => /@inContext\([^)]*\$/.test(text),
	"`@inContext` with literals": ({ text }) => /@inContext\([^)]*: [A-Z]/.test(text),
	"`@inContext` with a country alone": ({ text }) => /@inContext\(country: [^,]*\)/.test(text),
	"`@inContext` with a language alone": ({ text }) => text.includes("@inContext(language: "),
	"a leading #graphql comment": ({ text }) => text.startsWith("#graphql"),
	"a comment with quotes in it": ({ text }) => text.startsWith('# the "'),
	"a trailing comma": ({ text }) => text.trimEnd().endsWith("},"),
	"carriage returns": ({ text }) => text.includes("\r\n"),
	tabs: ({ text }) => text.includes("\n\t"),
	"one line": ({ text }) => !text.includes("\n"),
	"`operationName` sent": inBody(/"operationName":"/),
	"`operationName` null": inBody(/"operationName":null/),
	"`operationName` absent": ({ body }) => !body.includes('"operationName"'),
	"`variables` sent": ({ variables }) => variables !== null,
	"`variables` null": inBody(/"variables":null/),
	"`variables` absent": ({ body }) => !body.includes('"variables"'),
	"a value for no variable": ({ variables }) => variables !== null && "unused" in variables,
	"`extensions` in the body": inBody(/"clientLibrary"/),
	"unknown keys in the body": inBody(/"documentId"/),
	"application/json": hasHeader("Content-Type", "application/json"),
	"application/json with a charset": hasHeader("Content-Type", "application/json; charset=utf-8"),
	"application/graphql": hasHeader("Content-Type", "application/graphql"),
	"application/graphql with a charset": hasHeader("Content-Type", "application/graphql; charset=utf-8"),
	"a path with .json": ({ path }) => path.endsWith("/graphql.json"),
	"a path without .json": ({ path }) => path.endsWith("/graphql"),
	"a public token": hasHeader("X-Shopify-Storefront-Access-Token"),
	"a private token": hasHeader("Shopify-Storefront-Private-Token"),
};
