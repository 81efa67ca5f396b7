// Reads documents, and says of one that cannot be read what graphql-ruby's parser says: which token was not
// expected, where, and, at the few places where only one or two could follow, which were. Shopify runs the parser
// written in C, whose tokens are named in capitals and whose end of file stands at the last token.
import {
	type DocumentNode,
	GraphQLError,
	getLocation,
	Lexer,
	type Token as LexerToken,
	parse,
	Source,
	TokenKind,
} from "graphql";
import type { WireError } from "../wire-error.ts";

interface Token {
	readonly kind: string;
	readonly text: string;
	readonly line: number;
	readonly column: number;
}

const IGNORED = /(?:[\s,\uFEFF]|#[^\n\r]*)*/y;

const kinds: ReadonlyMap<string, string> = new Map<string, string>([
	[TokenKind.BRACE_L, "LCURLY"],
	[TokenKind.BRACE_R, "RCURLY"],
	[TokenKind.PAREN_L, "LPAREN"],
	[TokenKind.PAREN_R, "RPAREN"],
	[TokenKind.BRACKET_L, "LBRACKET"],
	[TokenKind.BRACKET_R, "RBRACKET"],
	[TokenKind.COLON, "COLON"],
	[TokenKind.DOLLAR, "VAR_SIGN"],
	[TokenKind.AT, "DIR_SIGN"],
	[TokenKind.SPREAD, "ELLIPSIS"],
	[TokenKind.EQUALS, "EQUALS"],
	[TokenKind.BANG, "BANG"],
	[TokenKind.PIPE, "PIPE"],
	[TokenKind.AMP, "AMP"],
	[TokenKind.INT, "INT"],
	[TokenKind.FLOAT, "FLOAT"],
	[TokenKind.STRING, "STRING"],
	[TokenKind.BLOCK_STRING, "STRING"],
]);

const keywords: ReadonlySet<string> = new Set([
	...["on", "fragment", "query", "mutation", "subscription", "schema", "scalar", "extend", "implements"],
	...["interface", "union", "enum", "input", "directive", "repeatable"],
]);
const literals: ReadonlySet<string> = new Set(["true", "false", "null", "type"]);

function tokenOf({ kind, value, line, column }: LexerToken): Token {
	if (kind !== TokenKind.NAME) return { kind: kinds.get(kind) ?? kind, text: value ?? kind, line, column };
	if (keywords.has(value)) return { kind: value.toUpperCase(), text: value, line, column };
	const name = literals.has(value) ? `${value.toUpperCase()}_LITERAL` : "IDENTIFIER";
	return { kind: name, text: value, line, column };
}

/** The tokens before an offset, and the one at which reading stopped: null at the end of the file. */
function readUpTo(source: Source, offset: number): { tokens: Token[]; stop: Token | null } {
	const lexer = new Lexer(source);
	const tokens: Token[] = [];
	try {
		for (;;) {
			const token = lexer.advance();
			if (token.kind === TokenKind.EOF) return { tokens, stop: null };
			if (token.start >= offset) return { tokens, stop: tokenOf(token) };
			tokens.push(tokenOf(token));
		}
	} catch {
		// No token begins here. The parser in C takes the one character for a token that nothing expects, but for
		// a number that goes wrong later on, where it has read a number first.
		IGNORED.lastIndex = lexer.token.end;
		IGNORED.exec(source.body);
		const start = /\d/.test(source.body.charAt(IGNORED.lastIndex)) ? offset : IGNORED.lastIndex;
		const { line, column } = getLocation(source, start);
		const text = String.fromCodePoint(source.body.codePointAt(start) ?? 0);
		return { tokens, stop: { kind: "invalid token", text, line, column } };
	}
}

type Region = "document" | "variables" | "arguments" | "selections" | "object" | "list";

const isName = (kind: string): boolean =>
	kind === "IDENTIFIER" || kind.endsWith("_LITERAL") || keywords.has(kind.toLowerCase());

/**
 * What could follow tokens that make the beginning of a document, as the generated parser lists it: nothing where
 * more than four tokens could, which is nearly everywhere.
 */
function expectedAfter(tokens: readonly Token[]): string {
	const regions: Region[] = ["document"];
	// The tokens of the current definition's or inline fragment's head, without what stands in brackets.
	let head: string[] = [];
	let isDefault = false;
	let openTypes = 0;
	let hasDefinition = false;
	let previous = "";
	for (const { kind } of tokens) {
		const region = regions.at(-1) ?? "document";
		const isValue = region === "list" || (region !== "selections" && previous === "COLON") || isDefault;
		if (kind === "LCURLY") {
			const isObject = isValue && region !== "document";
			regions.push(isObject ? "object" : "selections");
			if (!isObject) head = [];
		} else if (kind === "LPAREN") {
			regions.push(region === "document" && !head.includes("DIR_SIGN") ? "variables" : "arguments");
		} else if (kind === "LBRACKET") {
			if (region === "variables" && !isDefault) openTypes += 1;
			else regions.push("list");
		} else if (kind === "RBRACKET" && openTypes > 0) {
			openTypes -= 1;
		} else if (kind === "RCURLY" || kind === "RPAREN" || kind === "RBRACKET") {
			regions.pop();
			if (kind === "RCURLY" && region === "selections") {
				head = [];
				hasDefinition ||= regions.length === 1;
			}
		} else if (region === "document") {
			head.push(kind);
		} else if (region === "selections") {
			if (kind === "ELLIPSIS") head = [kind];
			else if (head.length > 0) head.push(kind);
		}
		isDefault = region === "variables" && kind === "EQUALS";
		previous = kind;
	}
	switch (regions.at(-1)) {
		case "document":
			return expectedInDocument(head, hasDefinition);
		case "variables":
			if (previous === "LPAREN") return "VAR_SIGN";
			if (isName(previous) && tokens.at(-2)?.kind === "VAR_SIGN") return "COLON";
			if (["VAR_SIGN", "COLON", "EQUALS", "LBRACKET", "DIR_SIGN"].includes(previous)) return "";
			return openTypes > 0 ? "RBRACKET" : "RPAREN or VAR_SIGN";
		case "arguments":
			return isArgumentName(tokens) ? "COLON" : "";
		case "object":
			if (isArgumentName(tokens)) return "COLON";
			return previous === "COLON" || previous === "VAR_SIGN" ? "" : "RCURLY";
		case "selections":
			return expectedInSelections(head);
		default:
			return "";
	}
}

/** Whether the last token names an argument: it is a name, and neither a value nor a variable's name. */
function isArgumentName(tokens: readonly Token[]): boolean {
	const before = tokens.at(-2)?.kind ?? "";
	return isName(tokens.at(-1)?.kind ?? "") && before !== "COLON" && before !== "VAR_SIGN";
}

function expectedInDocument(head: readonly string[], hasDefinition: boolean): string {
	const [first, second = ""] = head;
	if (first === undefined) return hasDefinition ? "end of file" : "";
	if (head.at(-1) === "DIR_SIGN") return "";
	if (first === "QUERY" || first === "MUTATION" || first === "SUBSCRIPTION") return "LCURLY";
	if (first !== "FRAGMENT") return "";
	const on = second === "ON" ? 1 : head[2] === "ON" ? 2 : -1;
	if (on < 0) return "ON";
	return head.length > on + 1 ? "LCURLY" : "";
}

function expectedInSelections(head: readonly string[]): string {
	const [first, second] = head;
	if (first !== "ELLIPSIS" || head.at(-1) === "DIR_SIGN") return "";
	if (second === undefined || second === "DIR_SIGN") return "LCURLY";
	return second === "ON" && head.length > 2 ? "LCURLY" : "";
}

function syntaxError(text: string, offset: number): WireError {
	const { tokens, stop } = readUpTo(new Source(text), offset);
	const { line, column } = stop ?? tokens.at(-1) ?? { line: 1, column: 1 };
	const unexpected = stop ? `${stop.kind} (${JSON.stringify(stop.text)})` : "end of file";
	const expected = expectedAfter(tokens);
	return {
		message: `syntax error, unexpected ${unexpected}${expected && `, expecting ${expected}`} at [${line}, ${column}]`,
		locations: [{ line, column }],
		extensions: { code: "PARSE_ERROR" },
	};
}

/** What graphql-ruby says of a document with too many tokens, or nested too deep for its parser. */
function tooLarge(locations: WireError["locations"]): WireError {
	const message = "This query is too large to execute.";
	const extensions = { code: "PARSE_ERROR" };
	return locations ? { message, locations, extensions } : { message, extensions };
}

/**
 * Reads a document. The one error of a document that cannot be read has locations and no path. A selection set
 * without selections is an error of syntax, as it is upstream.
 */
export function parseDocument(
	text: string,
	maxTokens?: number,
): { document: DocumentNode } | { errors: readonly WireError[] } {
	try {
		const document = parse(text, { maxLexicalTokens: maxTokens, allowEmptySelectionSets: false });
		return { document };
	} catch (error) {
		// Nesting without end exhausts the stack of graphql-js's parser, which says so by a RangeError.
		if (error instanceof RangeError) return { errors: [tooLarge(undefined)] };
		if (!(error instanceof GraphQLError)) throw error;
		if (error.message.includes("tokens. Parsing aborted")) return { errors: [tooLarge(error.locations)] };
		return { errors: [syntaxError(text, error.positions?.[0] ?? 0)] };
	}
}
