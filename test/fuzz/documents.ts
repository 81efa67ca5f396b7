// Documents for the fuzzer: grown from the schema, so that they are valid, and then, half of them, broken somewhere.
import fc from "fast-check";
import {
	buildASTSchema,
	type FieldDefinitionNode,
	type GraphQLSchema,
	parse,
	printSchema,
	visit,
} from "graphql";
import { type DocumentDice, documentDice, growDocument } from "../plan/generate.ts";

export interface Request {
	readonly query: string;
	readonly operationName: unknown;
	readonly variables: Readonly<Record<string, unknown>>;
}

/** What makes documents do something: strings that the server knows, by the name of the argument that takes them. */
export type Known = Readonly<Record<string, string>>;

export class Writer {
	readonly #random: () => number;
	readonly #whole: GraphQLSchema;
	readonly #ours: GraphQLSchema;
	readonly #names: readonly string[];

	constructor(schema: GraphQLSchema, random: () => number) {
		this.#random = random;
		this.#whole = schema;
		this.#ours = withOurRoots(schema);
		this.#names = namesOf(schema);
	}

	write(dice: DocumentDice, known: Known): Request {
		const grown = growDocument(this.#random() < 0.6 ? this.#ours : this.#whole, dice);
		const { text, variables } = this.#fillIn(grown.text(this.#below(5)), grown.variables, known);
		if (this.#random() < 0.5) return { query: text, operationName: grown.operationName, variables };
		return {
			query: this.#break(text),
			operationName: this.#random() < 0.9 ? grown.operationName : this.#pick(["", "Op1", "__proto__", 1, {}]),
			variables: this.#random() < 0.7 ? variables : this.#breakVariables(variables),
		};
	}

	/** Puts what the server knows where it fits, mostly: a made-up token opens nothing. */
	#fillIn(
		written: string,
		given: Readonly<Record<string, unknown>>,
		known: Known,
	): { text: string; variables: Record<string, unknown> } {
		const variables = { ...given };
		const text = written.replace(
			/\b(\w+): (?:"(?!"")(?:[^"\\\n]|\\.)*"(?!")|\$(\w+))/g,
			(whole, name: string, variable?: string) => {
				const value = known[name];
				if (value === undefined || this.#random() < 0.1) return whole;
				if (variable === undefined) return `${name}: ${JSON.stringify(value)}`;
				if (typeof variables[variable] === "string") variables[variable] = value;
				return whole;
			},
		);
		return { text, variables };
	}

	#break(text: string): string {
		const tokens = text.match(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|[\w]+|[^\s\w]|\s+/g) ?? [];
		for (let left = 1 + this.#below(2); left > 0; left--) {
			const names = [...tokens.keys()].filter((index) => /^\w/.test(tokens[index] ?? ""));
			// Most often a name gives way to another: what can still be read goes further into the server.
			if (this.#random() < 0.6) {
				tokens[this.#pick(names) ?? 0] = this.#pick(this.#names);
				continue;
			}
			const at = this.#below(tokens.length);
			const token = tokens[at] ?? "";
			switch (this.#below(7)) {
				case 0:
					tokens.splice(at, 1 + this.#below(4));
					break;
				case 1:
					tokens.splice(at, 0, ...tokens.slice(at, at + 1 + this.#below(20)));
					break;
				case 2:
					tokens.splice(at, 0, " ", this.#pick(ODD), " ");
					break;
				case 3:
					tokens[at] = tokens[this.#below(tokens.length)] ?? "";
					break;
				case 4:
					tokens.splice(at, 0, ...this.#pick(REPEATED)(2 ** this.#below(11)));
					break;
				case 5:
					tokens.length = Math.max(1, at);
					break;
				default: {
					const inText = this.#below(token.length + 1);
					tokens[at] = `${token.slice(0, inText)}${this.#pick(ODD)}${token.slice(inText)}`;
				}
			}
		}
		return tokens.join("");
	}

	#breakVariables(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
		const [odd] = fc.sample(fc.jsonValue({ maxDepth: 3 }), { numRuns: 1, seed: this.#below(2 ** 31) });
		const name = this.#pick([...Object.keys(given), "input", "__proto__", "constructor", "v0"]);
		return { ...given, [name]: odd };
	}

	#below(limit: number): number {
		return Math.floor(this.#random() * limit);
	}

	#pick<T>(all: readonly T[]): T {
		return all[this.#below(all.length)] as T;
	}
}

const ODD = [
	...["{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "|", "&", "=", ",", "#", '"', '"""', "\\"],
	...[
		"\0",
		"\uFEFF",
		"\uD800",
		"\u2028",
		"é",
		"🗝",
		"-0",
		"1e999",
		"99999999999999999999",
		"0x1",
		"null",
		"true",
	],
	...[
		"on",
		"fragment",
		"query",
		"mutation",
		"subscription",
		"type",
		"__typename",
		"__schema",
		"__type",
		"__proto__",
	],
	...[
		"@skip(if: true)",
		"@include(if: $nothing)",
		"@defer",
		"@oneOf",
		"@inContext(language: XX)",
		'"\\u{110000}"',
	],
];

/** So many of something. */
const REPEATED: readonly ((count: number) => string[])[] = [
	(count) => Array.from({ length: count }, (_, index) => ` a${index}: __typename `),
	(count) => Array.from({ length: count }, () => " id "),
	(count) => Array.from({ length: count }, () => " @skip(if: false) "),
	(count) => [..."{ shop ".repeat(count)],
	(count) => ["[".repeat(count)],
	(count) => [`"${"x".repeat(count * 20)}"`],
	(count) => ["#".repeat(count), "\n"],
];

/** The schema with those fields of its roots alone that do something here: most of the others answer with nothing. */
function withOurRoots(schema: GraphQLSchema): GraphQLSchema {
	const isOurs = ({ name }: FieldDefinitionNode) => /^(?:customer|node|shop|localization)/.test(name.value);
	const document = visit(parse(printSchema(schema)), {
		ObjectTypeDefinition: (type) =>
			["QueryRoot", "Mutation"].includes(type.name.value)
				? { ...type, fields: (type.fields ?? []).filter(isOurs) }
				: undefined,
	});
	return buildASTSchema(document, { assumeValid: true });
}

function namesOf(schema: GraphQLSchema): readonly string[] {
	const names = new Set<string>(["Nothing", "nothing"]);
	for (const type of Object.values(schema.getTypeMap())) {
		names.add(type.name);
		if ("getFields" in type) for (const field of Object.keys(type.getFields())) names.add(field);
	}
	return [...names];
}

/** So many trees of dice, the same for a seed. */
export function rollDice(count: number, seed: number): readonly DocumentDice[] {
	return fc.sample(documentDice, { numRuns: count, seed });
}
