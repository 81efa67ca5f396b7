// The finder of string literals against graphql-js's lexer, and against texts that are made to take it long.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Lexer, Source, TokenKind } from "graphql";
import { maskLiterals } from "../../src/storefront/literals.ts";

const RUNS = 16_000 * Number(process.env["TEST_RUNS"] ?? 1);
const SEED = Number(process.env["TEST_SEED"] ?? 20_261_122);

/** Pieces of which lexers make something unexpected, among strings that are whole. */
const piece = fc.constantFrom(
	...[
		'"',
		'""',
		'"""',
		"\\",
		'\\"',
		'\\"""',
		"\\u0041",
		"\\\\",
		"#",
		"\n",
		"\r",
		"\r\n",
		" ",
		"a",
		"1",
		"{",
		"}",
		"é",
	],
);
const pieces = fc.array(piece, { maxLength: 5 }).map((all) => all.join(""));
const whole = pieces.map((inside) => `"""${inside.replaceAll(/"+$/g, "")}"""`);
const soup = fc.array(fc.oneof(piece, pieces, whole), { maxLength: 5 }).map((all) => all.join(""));

test("literals are found where the lexer finds them", () => {
	const met = { strings: 0 };
	fc.assert(
		fc.property(soup, (text) => {
			const strings = stringsOf(text);
			// What is no list of tokens is refused by the parser, however it was masked.
			if (strings === null) return;
			const masked = maskLiterals(text);
			assert.deepEqual(
				masked?.literals,
				strings.map(({ start, end }) => text.slice(start, end)),
			);
			assert.deepEqual(
				masked?.starts,
				strings.map(({ start }) => start),
			);
			let rest = 0;
			assert.equal(
				masked?.text.replaceAll("\0", () => masked.literals[rest++] ?? ""),
				text,
			);
			met.strings += strings.length;
		}),
		{ numRuns: RUNS, seed: SEED },
	);
	assert.ok(met.strings > RUNS / 8, `${met.strings} strings`);
});

function stringsOf(text: string): { start: number; end: number }[] | null {
	const lexer = new Lexer(new Source(text));
	const strings: { start: number; end: number }[] = [];
	try {
		for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
			const { kind, start, end } = token;
			if (kind === TokenKind.STRING || kind === TokenKind.BLOCK_STRING) strings.push({ start, end });
		}
	} catch {
		return null;
	}
	return strings;
}

test("literals are found in time linear in the text", () => {
	const length = 64 * 1024;
	for (const piece of [
		'"',
		'""',
		'"""',
		'""""',
		"\\",
		'"\\',
		'\\"',
		'\\"""',
		'"""\\"""',
		'"" ',
		'"a"',
		"#",
		'#"\n',
		'"\n',
	]) {
		for (const start of ["", '"', '"""', '"""\\']) {
			const text = start + piece.repeat(length / piece.length);
			const begun = process.hrtime.bigint();
			for (let times = 0; times < 5; times++) maskLiterals(text);
			const milliseconds = Number(process.hrtime.bigint() - begun) / 5e6;
			// A look at every pair of characters would take seconds.
			assert.ok(milliseconds < 100, `${JSON.stringify(start + piece)}… took ${milliseconds} ms`);
		}
	}
});
