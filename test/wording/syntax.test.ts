// What is said of text that is no document, or too much of one.
import assert from "node:assert/strict";
import test from "node:test";
import { parseDocument, validateDocument } from "../../src/storefront/validation-wording.ts";
import { read, schema } from "./table.ts";

const unreadable: readonly (readonly [document: string, message: string])[] = [
	["", "syntax error, unexpected end of file at [1, 1]"],
	[" { ", "syntax error, unexpected end of file at [1, 2]"],
	["{\n  shop {\n    name", "syntax error, unexpected end of file at [3, 5]"],
	["{ media {{ id } }", 'syntax error, unexpected LCURLY ("{") at [1, 10]'],
	["{ pe-ople { name } }", 'syntax error, unexpected invalid token ("-") at [1, 5]'],
	['{ search(term: "abc) { id } }', 'syntax error, unexpected invalid token ("\\"") at [1, 16]'],
	["quory Q { a }", 'syntax error, unexpected IDENTIFIER ("quory") at [1, 1]'],
	[
		"mutation (: CustomerInput!) { a }",
		'syntax error, unexpected COLON (":"), expecting VAR_SIGN at [1, 11]',
	],
	["query Q($a: ,) { a }", 'syntax error, unexpected RPAREN (")") at [1, 14]'],
	[
		"query Q($n: Float = 1 e5) { a }",
		'syntax error, unexpected IDENTIFIER ("e5"), expecting RPAREN or VAR_SIGN at [1, 23]',
	],
	["{ a(b: {c: 1 -}) }", 'syntax error, unexpected invalid token ("-"), expecting RCURLY at [1, 14]'],
	["{ a } }", 'syntax error, unexpected RCURLY ("}"), expecting end of file at [1, 7]'],
	["query Q foo { a }", 'syntax error, unexpected IDENTIFIER ("foo"), expecting LCURLY at [1, 9]'],
	["fragment F { a }", 'syntax error, unexpected LCURLY ("{"), expecting ON at [1, 12]'],
	["{ a(b 1) }", 'syntax error, unexpected INT ("1"), expecting COLON at [1, 7]'],
	["{ ... on T 5 }", 'syntax error, unexpected INT ("5"), expecting LCURLY at [1, 12]'],
	["{ a { } }", 'syntax error, unexpected RCURLY ("}") at [1, 7]'],
];

for (const [document, message] of unreadable) {
	test(`says where ${JSON.stringify(document)} stops being GraphQL`, () => {
		const [, line, column] = /\[(\d+), (\d+)\]$/.exec(message) ?? [];
		const locations = [{ line: Number(line), column: Number(column) }];
		const errors = [{ message, locations, extensions: { code: "PARSE_ERROR" } }];
		assert.equal(JSON.stringify(parseDocument(document)), JSON.stringify({ errors }));
	});
}

test("refuses a document of too many tokens, and one nested without end", () => {
	const tooLarge = { message: "This query is too large to execute." };
	const extensions = { code: "PARSE_ERROR" };
	const locations = [{ line: 1, column: 7 }];
	assert.deepEqual(parseDocument("{ a b c }", 3), { errors: [{ ...tooLarge, locations, extensions }] });
	const endless = parseDocument("{ a ".repeat(100_000));
	assert.deepEqual(endless, { errors: [{ ...tooLarge, extensions }] });
});

test("answers hostile documents of 64 KiB, with at most a hundred errors", () => {
	const fill = (start: string, part: (index: number) => string, end: string) => {
		let text = start;
		for (let index = 0; text.length < 65_000; index++) text += part(index);
		return text + end;
	};
	const hostile = [
		fill("{ shop {", () => "name ", "} }"),
		fill("{ shop { a: name a: id ", () => "name ", "} }"),
		fill("{", (index) => `p: product(handle: "${index}") { id } `, "}"),
		fill("{", (index) => `f${index} `, "}"),
		fill(
			"{ ...F0 }",
			(index) => `fragment F${index} on QueryRoot { ...F${index + 1} shop { a: name } } `,
			"",
		),
		fill("{ nodes(ids: [", () => "1 ", "]) { id } }"),
		fill("query Q(", (index) => `$v${index}: Int `, ") { shop { name } }"),
		`{ products(query: ${"{a: ".repeat(1000)}1${"}".repeat(1000)}) { nodes { id } } }`,
		`${"{ ... ".repeat(1000)} { shop { name } } ${"}".repeat(1000)}`,
	];
	for (const text of hostile) {
		const started = performance.now();
		assert.ok(validateDocument(schema, read(text)).length <= 100);
		// Some milliseconds; the bound is for what is not linear, on machines that do other things too.
		assert.ok(performance.now() - started < 2000, text.slice(0, 40));
	}
});
