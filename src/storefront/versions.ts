// Which API versions are served, which one answers a request for another, and what each has that others have not.
import { type DefinitionNode, type DocumentNode, visit } from "graphql";

/** Versions whose schema is held against the published one, oldest first. */
export const PROVEN_VERSIONS = ["2026-01", "2026-04"] as const;
export type ProvenVersion = (typeof PROVEN_VERSIONS)[number];

const OLDEST: ProvenVersion = "2026-01";
export const NEWEST: ProvenVersion = "2026-04";

/** Published, but newer than what we have proof of: the newest proven schema answers for them. */
const NEWER_VERSIONS = ["2026-07", "2026-10", "unstable"] as const;

/** Coordinates that a version does not have yet. The schema files hold the newest; this is the whole difference. */
const ABSENT: Readonly<Record<ProvenVersion, readonly string[]>> = {
	"2026-01": [
		"CartErrorCode.MERCHANDISE_LINE_TRANSFORMERS_RUN_ERROR",
		"Shop.contactInformation",
		"Shop.legalNotice",
		"Shop.termsOfSale",
	],
	"2026-04": [],
};

export interface Resolution {
	readonly served: ProvenVersion;
	/** True when the answer is another version's than the one asked for; clients are told in a header. */
	readonly differs: boolean;
}

/**
 * The version that answers. None in the path means the oldest; one that is no longer served falls forward to
 * the oldest; one that we have no proof of is answered by the newest. Null for what is no version at all.
 */
export function resolveVersion(asked: string | undefined): Resolution | null {
	if (asked === undefined) return { served: OLDEST, differs: false };
	const proven = PROVEN_VERSIONS.find((version) => version === asked);
	if (proven) return { served: proven, differs: false };
	if (asked === "unstable") return { served: NEWEST, differs: true };
	if (!/^20\d\d-(?:01|04|07|10)$/.test(asked)) return null;
	return { served: asked < OLDEST ? OLDEST : NEWEST, differs: true };
}

export interface ApiVersion {
	readonly handle: string;
	readonly displayName: string;
	/** Whether we have proof that our schema is the published one. */
	readonly supported: boolean;
}

/** Oldest first. */
export function listVersions(): readonly ApiVersion[] {
	const proven = PROVEN_VERSIONS.map((handle) => ({
		handle,
		displayName: handle === NEWEST ? `${handle} (Latest)` : handle,
		supported: true,
	}));
	const newer = NEWER_VERSIONS.map((handle) => ({
		handle,
		displayName: handle === "unstable" ? handle : `${handle} (Unsupported)`,
		supported: false,
	}));
	return [...proven, ...newer];
}

/** The schema's text as the version has it. */
export function trimToVersion(document: DocumentNode, version: ProvenVersion): DocumentNode {
	const absent = new Set(ABSENT[version]);
	if (absent.size === 0) return document;
	return {
		...document,
		definitions: document.definitions.map((definition: DefinitionNode) => {
			if (!("name" in definition) || !definition.name) return definition;
			const type = definition.name.value;
			const trim = (node: { readonly name: { readonly value: string } }) =>
				absent.has(`${type}.${node.name.value}`) ? null : undefined;
			return visit(definition, { FieldDefinition: trim, EnumValueDefinition: trim });
		}),
	};
}
