// Values that the operator attaches to customers, under a namespace and a key, for storefronts to read.
import type { Customer, Metafield, Seconds } from "../model.ts";
import { makeId } from "../secrets/token.ts";
import type { Engine } from "../store/engine.ts";
import { listMetafields, putMetafield, removeMetafield } from "../store/metafields.ts";
import type { Context } from "./context.ts";

/** Limits as published for the API. */
const NAMESPACE = /^[\w-]{3,255}$/;
const KEY = /^[\w-]{2,64}$/;
const MAX_VALUE_BYTES = 65_536;
const MAX_DESCRIPTION_LENGTH = 255;
/** All of a customer's are read together. */
const MAX_METAFIELDS = 250;

/** What the API names as types of values. What a value looks like is between the operator and the storefront. */
const SINGLE_TYPES: ReadonlySet<string> = new Set([
	"boolean",
	"color",
	"date",
	"date_time",
	"dimension",
	"id",
	"json",
	"link",
	"money",
	"multi_line_text_field",
	"number_decimal",
	"number_integer",
	"rating",
	"rich_text_field",
	"single_line_text_field",
	"url",
	"volume",
	"weight",
	"article_reference",
	"collection_reference",
	"company_reference",
	"customer_reference",
	"file_reference",
	"metaobject_reference",
	"mixed_reference",
	"page_reference",
	"product_reference",
	"product_taxonomy_value_reference",
	"variant_reference",
]);
const NEVER_IN_LISTS: ReadonlySet<string> = new Set(["boolean", "rich_text_field"]);
const LIST = "list.";

export function listMetafieldsOf(
	{ store }: Pick<Context, "store">,
	{ id }: Customer,
): Promise<readonly Metafield[]> {
	return listMetafields(store, id);
}

export interface MetafieldInput {
	readonly namespace: string;
	readonly key: string;
	/** A type of the API, e.g. `single_line_text_field` or `list.color`. */
	readonly type: string;
	readonly value: string;
	readonly description: string | null;
}

export type MetafieldRefusal =
	| "noSuchCustomer"
	| "tooMany"
	| "badNamespace"
	| "badKey"
	| "unknownType"
	/** Blank, larger than 64 KiB, or no text at all. */
	| "badValue"
	| "badDescription";

/** For the operator. Null when it is done; one that is there already is changed. */
export async function setMetafield(
	store: Engine,
	shopId: number,
	customerId: number,
	input: MetafieldInput,
	now: Seconds,
): Promise<MetafieldRefusal | null> {
	const refusal = findFault(input);
	if (refusal) return refusal;
	const metafield = { ...input, id: makeId(), createdAt: now, updatedAt: now };
	return putMetafield(store, { shopId, customerId, metafield, limit: MAX_METAFIELDS });
}

/** For the operator. False when the shop has no such customer, or the customer no such metafield. */
export function deleteMetafield(
	store: Engine,
	shopId: number,
	customerId: number,
	{ namespace, key }: Pick<MetafieldInput, "namespace" | "key">,
	now: Seconds,
): Promise<boolean> {
	return removeMetafield(store, { shopId, customerId, namespace, key, now });
}

function findFault({ namespace, key, type, value, description }: MetafieldInput): MetafieldRefusal | null {
	if (!NAMESPACE.test(namespace)) return "badNamespace";
	if (!KEY.test(key)) return "badKey";
	if (!isType(type)) return "unknownType";
	if (value.trim() === "" || !isText(value) || Buffer.byteLength(value) > MAX_VALUE_BYTES) return "badValue";
	if (description === null) return null;
	const isDescription = isText(description) && [...description].length <= MAX_DESCRIPTION_LENGTH;
	return isDescription ? null : "badDescription";
}

/** What every database can keep. */
function isText(text: string): boolean {
	return text.isWellFormed() && !text.includes("\0");
}

function isType(type: string): boolean {
	const single = type.startsWith(LIST) ? type.slice(LIST.length) : type;
	return SINGLE_TYPES.has(single) && (single === type || !NEVER_IN_LISTS.has(single));
}
