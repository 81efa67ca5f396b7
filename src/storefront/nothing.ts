// The honest empty: what the parts of the published API answer that hold nothing here. A document that selects
// them works, and is told that there is nothing, or, for a mutation, that it is not served.
import { type GraphQLField, getNamedType, isListType, isNonNullType } from "graphql";
import { checkPage, checkSize, EMPTY_CONNECTION, type PageArguments } from "./connection.ts";
import { notServed } from "./faults.ts";
import type { Resolve } from "./run.ts";

/** Roots whose empty answer is neither null nor a connection: shops read on inside them without asking. */
const EMPTY_ROOTS: Readonly<Record<string, unknown>> = {
	predictiveSearch: { articles: [], collections: [], pages: [], products: [], queries: [] },
	sitemap: { pagesCount: { count: 0, precision: "EXACT" } },
};

/** The most of each kind that `predictiveSearch` may be asked for (recorded, wire 4.3). */
const MAX_PREDICTED = 10;

/** The resolver for a field that no room answers; undefined where the record's own member is the answer. */
export function resolveNothing(type: string, field: GraphQLField<unknown, unknown>): Resolve | undefined {
	if (type === "Mutation") {
		return () => {
			throw notServed(field.name);
		};
	}
	if (getNamedType(field.type).name.endsWith("Connection")) {
		const paged = field.args.some(({ name }) => name === "first");
		return (_, args: PageArguments) => {
			if (paged) checkPage(args);
			return EMPTY_CONNECTION;
		};
	}
	if (field.name === "metafields")
		return (_, args: { identifiers: readonly unknown[] }) => args.identifiers.map(() => null);
	if (type !== "QueryRoot") return undefined;
	if (Object.hasOwn(EMPTY_ROOTS, field.name)) {
		return (_, { limit }: { limit?: number | null }) => {
			checkSize("limit", limit, MAX_PREDICTED);
			return EMPTY_ROOTS[field.name];
		};
	}
	if (!isNonNullType(field.type)) return () => null;
	if (isListType(field.type.ofType)) return () => [];
	throw new Error(`nothing to answer for ${type}.${field.name}`);
}
