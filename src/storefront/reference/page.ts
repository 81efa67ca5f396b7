// What a reference page says, before it is HTML or Markdown. Texts are plain sentences; `code` stands in backticks.

/** Kind of a page → the folder of its path, as the field knows it. */
export const FOLDERS = {
	mutation: "mutations",
	query: "queries",
	object: "objects",
	payload: "payloads",
	connection: "connections",
	"input-object": "input-objects",
	interface: "interfaces",
	union: "unions",
	enum: "enums",
	scalar: "scalars",
	directive: "directives",
} as const;

export type Kind = keyof typeof FOLDERS;

export interface Link {
	readonly text: string;
	/** The page's path, with a fragment where a part of it is meant; null for what has no page. */
	readonly path: string | null;
}

/** A field, an argument, a part of an input or a value of an enum. */
export interface Member {
	readonly name: string;
	/** Where the page shows it: the fragment of its link. */
	readonly anchor: string;
	/** As the schema writes it, `[MailingAddress!]!`; its link is the named type's. Null for a value of an enum. */
	readonly type: Link | null;
	/** True for what an operation must be given. */
	readonly required: boolean;
	/** As the schema writes it. */
	readonly defaultValue: string | null;
	readonly description: string;
	readonly deprecation: string | null;
	/** The scope that reading it takes. */
	readonly scope: string | null;
	/** A field's arguments, or what an argument holds. */
	readonly members: readonly Member[];
	/** Mutations that answer this code. */
	readonly answeredBy: readonly Link[];
}

export interface Section {
	readonly title: string;
	readonly type: Link | null;
	readonly members: readonly Member[];
}

/** One way in which an operation fails. */
export interface Failure {
	readonly code: string;
	/** Where the explanation of the code is. */
	readonly path: string | null;
	readonly when: string;
	/** True when the field is null and `errors` has it; false when it is in the payload's `customerUserErrors`. */
	readonly atTopLevel: boolean;
}

/** A document that runs as it stands, once its placeholders are replaced. */
export interface Example {
	readonly document: string;
	readonly variables: Readonly<Record<string, unknown>>;
	/** What stands in the variables for a secret or an id, and where a reader gets it. */
	readonly placeholders: readonly { readonly name: string; readonly meaning: string }[];
}

export interface Page {
	readonly kind: Kind;
	readonly name: string;
	/** Without the host, without `.md`. */
	readonly path: string;
	readonly description: string;
	/** The scope that the operation takes. */
	readonly scope: string | null;
	readonly deprecation: string | null;
	readonly sections: readonly Section[];
	/** Of operations; null for what does not fail by itself. */
	readonly failures: readonly Failure[] | null;
	readonly example: Example | null;
	readonly lists: readonly { readonly title: string; readonly links: readonly Link[] }[];
}
