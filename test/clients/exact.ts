// Requests exactly as written, header by header, for clients that do not run on Node; and what their strict
// decoders ask of an answer.
import assert from "node:assert/strict";
import { type IncomingHttpHeaders, request } from "node:http";
import {
	type DocumentNode,
	type FieldNode,
	Kind,
	type OperationDefinitionNode,
	parse,
	type SelectionSetNode,
	type ValueNode,
} from "graphql";
import type { House } from "../house.ts";

export interface ExactAnswer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
	readonly body: any;
}

/** A POST with these headers and no others but `Host` and `Content-Length`, which every client sends. */
export function postExactly(
	house: House,
	path: string,
	headers: Readonly<Record<string, string>>,
	body: string,
): Promise<ExactAnswer> {
	return new Promise((resolve, reject) => {
		const bytes = Buffer.from(body, "utf8");
		const length = { "Content-Length": String(bytes.length) };
		const outgoing = request(house.app.url + path, { method: "POST", headers: { ...headers, ...length } });
		outgoing.on("error", reject);
		outgoing.on("response", async (response) => {
			const chunks = await response.toArray();
			const text = Buffer.concat(chunks).toString("utf8");
			resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) });
		});
		outgoing.end(bytes);
	});
}

/**
 * The document as both mobile SDKs write it: one operation without a name, commas and no blanks, every variable's
 * value as a literal in its place, a query without the word `query`.
 */
export function inlined(document: string, variables: Readonly<Record<string, unknown>>): string {
	const operation = soleOperation(parse(document));
	const word = operation.operation === "query" ? "" : operation.operation;
	return word + printSelections(operation.selectionSet, variables);
}

function soleOperation(document: DocumentNode): OperationDefinitionNode {
	const [operation, another] = document.definitions;
	assert.ok(operation?.kind === Kind.OPERATION_DEFINITION && another === undefined, "one operation alone");
	return operation;
}

function printSelections(set: SelectionSetNode, variables: Readonly<Record<string, unknown>>): string {
	const fields = set.selections.map((selection) => {
		assert.equal(selection.kind, Kind.FIELD);
		const { name, arguments: args = [], selectionSet } = selection as FieldNode;
		const written = args.map((arg) => `${arg.name.value}:${printNode(arg.value, variables)}`);
		const list = written.length > 0 ? `(${written.join(",")})` : "";
		return name.value + list + (selectionSet ? printSelections(selectionSet, variables) : "");
	});
	return `{${fields.join(",")}}`;
}

function printNode(node: ValueNode, variables: Readonly<Record<string, unknown>>): string {
	if (node.kind === Kind.VARIABLE) return printValue(variables[node.name.value]);
	if (node.kind === Kind.NULL) return "null";
	if (node.kind === Kind.STRING) return quoted(node.value);
	if (node.kind === Kind.LIST) return `[${node.values.map((item) => printNode(item, variables)).join(",")}]`;
	if (node.kind === Kind.OBJECT) {
		const fields = node.fields.map(({ name, value }) => `${name.value}:${printNode(value, variables)}`);
		return `{${fields.join(",")}}`;
	}
	return String(node.value);
}

function printValue(value: unknown): string {
	if (typeof value === "string") return quoted(value);
	if (typeof value !== "object" || value === null) return String(value);
	if (Array.isArray(value)) return `[${value.map(printValue).join(",")}]`;
	return `{${Object.entries(value)
		.map(([key, member]) => `${key}:${printValue(member)}`)
		.join(",")}}`;
}

/** Only quotes, backslashes and control characters are escaped. */
function quoted(text: string): string {
	const escaped = (character: string) =>
		character === '"' || character === "\\"
			? `\\${character}`
			: `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
	return `"${text.replace(/["\\\u0000-\u001f]/g, escaped)}"`;
}

/** Fails unless the data has exactly the keys that the document asked for, in every object of it. */
export function assertExactKeys(document: string, data: unknown): void {
	compareKeys(soleOperation(parse(document)).selectionSet, data, "data");
}

function compareKeys(set: SelectionSetNode, value: unknown, path: string): void {
	if (value === null) return;
	if (Array.isArray(value)) {
		for (const [index, item] of value.entries()) compareKeys(set, item, `${path}.${index}`);
		return;
	}
	const fields = set.selections.map((selection) => {
		assert.equal(selection.kind, Kind.FIELD);
		return selection as FieldNode;
	});
	const keys = fields.map(({ alias, name }) => alias?.value ?? name.value);
	assert.equal(typeof value, "object", path);
	assert.deepEqual(Object.keys(value as object), keys, `the keys of ${path}`);
	for (const [index, { selectionSet }] of fields.entries()) {
		const key = keys[index] ?? "";
		if (selectionSet) compareKeys(selectionSet, (value as Record<string, unknown>)[key], `${path}.${key}`);
	}
}
