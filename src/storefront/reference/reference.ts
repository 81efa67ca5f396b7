// The reference of a version: made when it is first asked for, and kept.
import { schemaOf } from "../schema.ts";
import type { ProvenVersion } from "../versions.ts";
import type { Page } from "./page.ts";
import { buildPages } from "./pages.ts";

export interface Reference {
	readonly version: ProvenVersion;
	/** By kind in the order of FOLDERS, then by name. */
	readonly pages: readonly Page[];
	/** The page of a path, whatever its letter case, and whether objects of all kinds are called objects. */
	findPage(path: string): Page | null;
	/** Where `Customer`, `customerCreate` or `Customer.tags` is explained; null for what has no page. */
	findPath(coordinate: string): string | null;
}

const references = new Map<ProvenVersion, Reference>();

export function referenceOf(version: ProvenVersion): Reference {
	let reference = references.get(version);
	if (!reference) {
		reference = toReference(version, buildPages(schemaOf(version), indexPath(version)));
		references.set(version, reference);
	}
	return reference;
}

/** The path of a version's index; its pages are below. */
export function indexPath(version: string): string {
	return `/docs/api/storefront/${version}`;
}

function toReference(version: ProvenVersion, pages: readonly Page[]): Reference {
	const byPath = new Map(pages.map((page) => [foldPath(page.path), page]));
	const places = new Map(pages.flatMap(listPlaces));
	return {
		version,
		pages,
		findPage: (path) => byPath.get(foldPath(path)) ?? null,
		findPath: (coordinate) => places.get(coordinate) ?? null,
	};
}

/** Links written long ago have lower-case names, and tell payloads and connections from objects or do not. */
function foldPath(path: string): string {
	return path.toLowerCase().replace(/\/(?:payloads|connections)\//, "/objects/");
}

/** Coordinate → where it is explained: the page itself, and the fields, input fields and values of a type. */
function listPlaces({ kind, name, path, sections }: Page): readonly (readonly [string, string])[] {
	if (kind === "directive") return [];
	const isOperation = kind === "query" || kind === "mutation";
	const members = isOperation ? [] : sections.flatMap((section) => section.members);
	return [
		[name, path],
		...members.map((member) => [`${name}.${member.name}`, `${path}#${member.anchor}`] as const),
	];
}
