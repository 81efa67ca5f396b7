// The published schema, and how the tables of these tests are written.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
	buildSchema,
	type DocumentNode,
	extendSchema,
	type GraphQLSchema,
	Kind,
	type OperationDefinitionNode,
	parse,
} from "graphql";
import { attachScalars } from "../../src/storefront/scalars.ts";
import { parseDocument } from "../../src/storefront/validation-wording.ts";
import type { WireError } from "../../src/storefront/wire-error.ts";

function publishedSchema(): GraphQLSchema {
	const read = (name: string) =>
		readFileSync(new URL(`../../src/storefront/schema/${name}.graphql`, import.meta.url), "utf8");
	const published = buildSchema(read("customer") + read("catalogue"), { assumeValid: true });
	// The published schema has no oneOf input, no list in a list and takes no JSON.
	const more = `
		extend type QueryRoot { pick(one: Pick, json: JSON, grid: [[Int!]]): String }
		input Pick @oneOf { a: Int b: String }`;
	return extendSchema(published, parse(more), { assumeValid: true });
}

export const schema = publishedSchema();
attachScalars(schema);

export function read(text: string): DocumentNode {
	const parsed = parseDocument(text);
	if ("errors" in parsed) assert.fail(`${text}: ${JSON.stringify(parsed.errors)}`);
	return parsed.document;
}

export function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
	const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
	assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
	return operation;
}

/** A row of the tables below: a document, what is sent with it, and the errors. */
export interface Row {
	readonly document: string;
	readonly given: Record<string, unknown>;
	readonly errors: readonly WireError[];
}

/** Reads a table: a document on a line by itself, under it `with` variables and, two lines each, its errors. */
export function rowsOf(table: string): Row[] {
	const rows: (Row & { errors: WireError[] })[] = [];
	let message = "";
	for (const line of table.split("\n")) {
		const row = rows.at(-1);
		const [, at = "", path, extensions = ""] = /^\t\tat ([\d: ]+)(?: in (\[.*?\]))? (\{.*)$/.exec(line) ?? [];
		if (line === "" || line.startsWith("#")) continue;
		if (!line.startsWith("\t")) rows.push({ document: line.replaceAll("⏎", "\n"), given: {}, errors: [] });
		else if (line.startsWith("\twith ")) Object.assign(row?.given ?? {}, JSON.parse(line.slice(6)));
		else if (!line.startsWith("\t\t")) message = line.slice(1);
		else {
			const locations = at.split(" ").map((place) => {
				const [first, second] = place.split(":");
				return { line: Number(first), column: Number(second) };
			});
			const error = path ? { message, locations, path: JSON.parse(path) } : { message, locations };
			row?.errors.push({ ...error, extensions: JSON.parse(extensions) });
		}
	}
	return rows;
}
