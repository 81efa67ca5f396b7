// row ⇄ tag: what the shop labels a customer with.
import type { Seconds } from "../model.ts";
import { BY_OPERATOR, putAct } from "./audit.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";

const LIST = statement("SELECT tag_key, tag FROM tags WHERE customer_id = ?");
const DELETE_ALL = statement("DELETE FROM tags WHERE customer_id = ?");
const INSERT = statement("INSERT INTO tags (customer_id, tag_key, tag) VALUES (?, ?, ?)");
const TOUCH = statement("UPDATE customers SET updated_at = ? WHERE id = ? AND shop_id = ? RETURNING id");

export interface Tag {
	readonly tag: string;
	/** By which two tags of a customer are one, and by which they are sorted. */
	readonly key: string;
}

/** Sorted by their keys: here, because databases do not agree on an order of texts. */
export async function listTags(engine: Engine, customerId: number): Promise<readonly string[]> {
	return sort(await engine.read(LIST, [customerId])).map(({ tag }) => tag);
}

/** In place of all that the customer has. False when they are the same already. */
export function* replaceTags(customerId: number, tags: readonly Tag[]): Steps<boolean> {
	const before = sort(yield ask(LIST, [customerId]));
	if (before.map(({ tag }) => tag).join("\n") === tags.map(({ tag }) => tag).join("\n")) return false;
	yield ask(DELETE_ALL, [customerId]);
	for (const { key, tag } of tags) yield ask(INSERT, [customerId, key, tag]);
	return true;
}

interface NewTags {
	readonly shopId: number;
	readonly customerId: number;
	readonly tags: readonly Tag[];
	readonly now: Seconds;
}

const SET_TAGS = transaction("set tags", function* ({ shopId, customerId, tags, now }: NewTags) {
	const touched = yield ask(TOUCH, [now, customerId, shopId]);
	if (touched.length === 0) return false;
	if (yield* replaceTags(customerId, tags)) {
		yield* putAct({ shopId, customerId, now, act: "tags-changed", origin: BY_OPERATOR });
	}
	return true;
});

/** `tags` are sorted by their keys, each of which is there once. False when the shop has no such customer. */
export function updateTags(engine: Engine, input: NewTags): Promise<boolean> {
	return engine.write(SET_TAGS, input);
}

function sort(rows: readonly Row[]): readonly Tag[] {
	const tags = rows.map((row) => ({ key: String(row["tag_key"]), tag: String(row["tag"]) }));
	return tags.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
