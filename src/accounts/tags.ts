// What a shop labels its customers with: one rule for the operator, who is told what is wrong, and for Multipass,
// which leaves out what breaks it.
import type { Customer, Seconds } from "../model.ts";
import type { Engine } from "../store/engine.ts";
import { listTags, type Tag, updateTags } from "../store/tags.ts";
import type { Context } from "./context.ts";

export const MAX_TAGS = 250;
const MAX_TAG_LENGTH = 255;

/** Trimmed, without blanks, each once whatever its case, and sorted without regard to case. */
export function normalizeTags(typed: readonly string[]): readonly Tag[] {
	const tags = new Map<string, Tag>();
	for (const text of typed) {
		const tag = text.trim();
		const key = tag.normalize("NFC").toLowerCase();
		if (tag !== "" && !tags.has(key)) tags.set(key, { tag, key });
	}
	return [...tags.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** No comma either: lists of tags are written with it, and it would come back as two. */
export function isTag({ tag }: Tag): boolean {
	return [...tag].length <= MAX_TAG_LENGTH && tag.isWellFormed() && !/[,\p{Cc}]/u.test(tag);
}

export function listTagsOf({ store }: Context, { id }: Customer): Promise<readonly string[]> {
	return listTags(store, id);
}

export type TagRefusal = "noSuchCustomer" | "tooMany" | "notATag";

/** For the operator: in place of all tags that the customer has. Null when it is done. */
export async function setTags(
	store: Engine,
	shopId: number,
	customerId: number,
	typed: readonly string[],
	now: Seconds,
): Promise<TagRefusal | null> {
	const tags = normalizeTags(typed);
	if (tags.length > MAX_TAGS) return "tooMany";
	if (!tags.every(isTag)) return "notATag";
	return (await updateTags(store, { shopId, customerId, tags, now })) ? null : "noSuchCustomer";
}
