// The published schema of a version, with what answers each field: built once, when the version is first asked for.
import { readFileSync } from "node:fs";
import {
	buildASTSchema,
	type GraphQLFieldResolver,
	type GraphQLSchema,
	isEnumType,
	isObjectType,
	parse,
} from "graphql";
import type { Caller } from "./context.ts";
import { scopeDenied } from "./faults.ts";
import { trimIntrospection } from "./introspection.ts";
import { resolveNothing } from "./nothing.ts";
import { ROOTS } from "./root.ts";
import type { Resolve } from "./run.ts";
import { attachScalars } from "./scalars.ts";
import { requiredScope } from "./scopes.ts";
import { NEWEST, type ProvenVersion, trimToVersion } from "./versions.ts";

const FILES = ["customer.graphql", "catalogue.graphql"];
const schemas = new Map<ProvenVersion, GraphQLSchema>();

export function schemaOf(version: ProvenVersion): GraphQLSchema {
	let schema = schemas.get(version);
	if (!schema) {
		schema = buildSchema(version);
		schemas.set(version, schema);
	}
	return schema;
}

/** Whether an enum of the newest schema has the value. */
export function isPublishedCode(
	type: "CountryCode" | "CurrencyCode" | "LanguageCode",
	code: string,
): boolean {
	const named = schemaOf(NEWEST).getType(type);
	return isEnumType(named) && named.getValue(code) !== undefined;
}

function buildSchema(version: ProvenVersion): GraphQLSchema {
	const text = FILES.map((file) => readFileSync(new URL(`schema/${file}`, import.meta.url), "utf8")).join(
		"\n",
	);
	const document = trimToVersion(parse(text, { noLocation: true }), version);
	// `assumeValid`: the published schema deprecates MediaPresentation.id and not Node.id, which graphql-js forbids.
	const schema = buildASTSchema(document, { assumeValid: true });
	for (const type of Object.values(schema.getTypeMap())) {
		if (!isObjectType(type) || type.name.startsWith("__")) continue;
		for (const field of Object.values(type.getFields())) {
			const resolve = ROOTS[type.name]?.[field.name] ?? resolveNothing(type.name, field);
			const scope = requiredScope(type.name, field.name);
			const guarded = scope ? guard(field.name, scope, resolve) : resolve;
			if (guarded) field.resolve = guarded as unknown as GraphQLFieldResolver<unknown, unknown>;
		}
	}
	attachScalars(schema);
	trimIntrospection();
	return schema;
}

/** Denied without the scope, before anything is looked at. */
function guard(field: string, scope: string, resolve: Resolve | undefined): Resolve {
	return (source, args, context, info) => {
		if (!(context as Caller).scopes.has(scope)) throw scopeDenied(field, scope);
		return resolve
			? resolve(source, args, context, info)
			: (source as Readonly<Record<string, unknown>>)[field];
	};
}
