// One row of what is known of the real service's wire, how it is known, and what became of it here. How it is
// known: REC was seen in a recorded live answer of the Storefront API, and counts as observed. All else is
// believed: ADM (recorded, but on the Admin API: the Storefront itself was not observed), DOC (documented), CLI
// (seen in client code), FORUM (reported), INF (inferred), OWN (unknown: our own decision).
import type { Wire } from "./wire.ts";

export const SOURCES = {
	REC: "seen in a recorded live answer of the Storefront API",
	ADM: "seen in a recorded live answer of the Admin API, which has the same models behind it",
	DOC: "in the official documentation, or in a description of the published schema",
	CLI: "in the code, the comments or the fixtures of a client",
	FORUM: "in an issue, a forum or a blog",
	INF: "inferred, from other rows or from the engine that the real service runs (graphql-ruby); nobody saw this very case",
	OWN: "not known of the real service: what we decided",
} as const;

export type Source = keyof typeof SOURCES;

interface Fact {
	/** `1.1/create/wrong-password`: the section, then words. Stable, because documents and people refer to it. */
	readonly id: string;
	/** In a few words, what a client sees. */
	readonly says: string;
	readonly sources: readonly [Source, ...Source[]];
}

/** Held against the server: `check` rejects when the server answers anything else. */
interface Proven extends Fact {
	check(wire: Wire): Promise<void>;
	readonly difference?: never;
}

/** Not so here, on purpose. */
interface Different extends Fact {
	/** Why, in full sentences. */
	readonly difference: string;
	readonly check?: never;
}

export type Row = Proven | Different;

export const OUTCOMES = ["check", "difference"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function evidenceOf({ sources }: Row): "observed" | "believed" {
	return sources.includes("REC") ? "observed" : "believed";
}

/** All that the row has: exactly one, or `wire.test.ts` fails. */
export function outcomesOf(row: Row): readonly Outcome[] {
	return OUTCOMES.filter((name) => row[name] !== undefined);
}

export function sectionOf({ id }: Row): string {
	return id.slice(0, id.indexOf("/"));
}
