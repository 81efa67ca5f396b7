// A document is understood once: parsed, validated, its cost and deprecations found, compiled. Kept by version
// and text, bounded in number and size. String literals are lifted into variables first: mobile SDKs write
// passwords and tokens into the document, and a cached document must hold no secret.
import type { FieldNode, SourceLocation } from "graphql";
import { createSchemaAnswers, type SchemaAnswers } from "./answers.ts";
import { createLocator, type Masked, maskLiterals, nestingOf } from "./literals.ts";
import type { PreparedOperation } from "./operation.ts";
import { areAlike, mayLift, type Prepared, prepareAsWritten, prepareLifted, valuesOf } from "./prepared.ts";
import { schemaOf } from "./schema.ts";
import { checkExpansion } from "./validation/expansion.ts";
import { parseDocument, validateDocument } from "./validation-wording.ts";
import type { ProvenVersion } from "./versions.ts";
import type { WireError } from "./wire-error.ts";

const MAX_DOCUMENTS = 1000;
/** A kept document weighs some fifty bytes a character, one made to be heavy some five hundred. */
const MAX_CACHED_CHARACTERS = 256 * 1024;
/** The largest real documents have some hundreds; a document's work grows with its tokens. */
const MAX_TOKENS = 3000;
/** Real clients nest some twenty deep; beyond this, walking a document could exhaust the stack. */
const MAX_NESTING = 100;

/** Introspection is open and large. */
const MAX_SCHEMAS = 1;
const MAX_TYPES = 10;

/** One operation of a valid document and the values of the literals that were lifted out of it. */
interface Found {
	readonly operation: PreparedOperation;
	/** Null when there were none. */
	readonly lifted: Readonly<Record<string, unknown>> | null;
	/** Where a field of the operation stands in the text that was asked for. */
	readonly locate: (field: FieldNode) => SourceLocation;
}

type Search = Found | { readonly errors: readonly WireError[] };

export interface Documents {
	find(version: ProvenVersion, text: string, operationName: string | null): Search;
	/** Documents kept now. */
	readonly size: number;
	readonly schemaAnswers: SchemaAnswers;
}

export function createDocuments(): Documents {
	const cache = new Map<string, Prepared>();
	let characters = 0;

	function keep(key: string, prepared: Prepared): void {
		cache.set(key, prepared);
		characters += key.length;
		for (const oldest of cache.keys()) {
			if (cache.size <= MAX_DOCUMENTS && characters <= MAX_CACHED_CHARACTERS) break;
			cache.delete(oldest);
			characters -= oldest.length;
		}
	}

	return {
		find(version, text, operationName) {
			const masked = maskLiterals(text);
			const key = masked && `${version} ${masked.text}`;
			const known = key === null ? undefined : cache.get(key);
			if (known && key !== null && masked) {
				const values = areAlike(known, masked.literals) ? valuesOf(known, masked.literals) : null;
				if (values) {
					if (cache.size > MAX_DOCUMENTS / 2 || characters > MAX_CACHED_CHARACTERS / 2) {
						// The last used stay longest; with room for all, their order does not matter.
						cache.delete(key);
						cache.set(key, known);
					}
					return choose(known, masked, values, text, operationName);
				}
			}
			const visible = masked?.text ?? text;
			const nesting = nestingOf(visible);
			if (nesting > MAX_NESTING) {
				const message = `Query has depth of ${nesting}, which exceeds max depth of ${MAX_NESTING}`;
				return { errors: [{ message }] };
			}
			const schema = schemaOf(version);
			const parsed = parseDocument(text, MAX_TOKENS);
			if ("errors" in parsed) return parsed;
			const errors = validateDocument(schema, parsed.document);
			if (errors.length > 0) return { errors };
			const excesses = checkExpansion(parsed.document);
			if (excesses.length > 0) return { errors: excesses };
			if (countOf("__schema", visible) > MAX_SCHEMAS || countOf("__type", visible) > MAX_TYPES) {
				const message = `A document may ask for __schema once and for __type ${MAX_TYPES} times`;
				return { errors: [{ message, extensions: { code: "MAX_COMPLEXITY_EXCEEDED" } }] };
			}

			const prepared = masked && mayLift(parsed.document, masked) ? prepareLifted(schema, masked) : null;
			if (!prepared || !masked || !key) {
				const written = { text, literals: [], starts: [] };
				const once = prepareAsWritten(schema, parsed.document, text);
				return choose(once, written, {}, text, operationName);
			}
			if (!known) keep(key, prepared);
			const values = valuesOf(prepared, masked.literals);
			if (!values) throw new Error("a literal that was valid is not");
			return choose(prepared, masked, values, text, operationName);
		},
		get size() {
			return cache.size;
		},
		schemaAnswers: createSchemaAnswers(),
	};
}

function choose(
	{ operations, lifted }: Prepared,
	masked: Masked,
	values: Readonly<Record<string, unknown>>,
	text: string,
	name: string | null,
): Search {
	const [first] = operations.values();
	if (first === undefined) return { errors: [{ message: "The document has no operation" }] };
	if (name === null && operations.size > 1) return { errors: [{ message: "An operation name is required" }] };
	const operation = name === null ? first : operations.get(name);
	if (!operation) return { errors: [{ message: `No operation named "${name}"` }] };
	let locator: ReturnType<typeof createLocator> | undefined;
	const locate = ({ loc }: FieldNode) => {
		locator ??= createLocator(text, masked, lifted);
		return locator(loc?.start ?? 0);
	};
	return { operation, lifted: lifted.names.length === 0 ? null : values, locate };
}

/** How often a name stands in a document; fragments may be spread more often, but answer under the same keys. */
function countOf(name: string, text: string): number {
	return text.split(new RegExp(`${name}\\b`)).length - 1;
}
