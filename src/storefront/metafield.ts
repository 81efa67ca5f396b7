// Tags and metafields: what the shop says of a customer, asked for only where a document selects it.
import { listMetafieldsOf } from "../accounts/metafields.ts";
import { listTagsOf } from "../accounts/tags.ts";
import type { Metafield } from "../model.ts";
import { checkPage, EMPTY_CONNECTION, type PageArguments } from "./connection.ts";
import type { Caller } from "./context.ts";
import { customerOf } from "./customer.ts";
import { toDateTime, toGid } from "./forms.ts";

interface Identifier {
	readonly namespace?: string | null;
	readonly key: string;
}

type ByName = ReadonlyMap<string, Metafield>;

/** What is known of a customer of an answer: looked up once, however often it is asked for. */
const known = new WeakMap<object, Promise<ByName>>();

function load(source: object, { accounts }: Caller): Promise<ByName> {
	let loading = known.get(source);
	if (!loading) {
		const index = (all: readonly Metafield[]): ByName => new Map(all.map((one) => [nameOf(one), one]));
		loading = listMetafieldsOf(accounts, customerOf(source)).then(index);
		known.set(source, loading);
	}
	return loading;
}

/** Names have no dots. Without a namespace the calling app's own is meant, and no app here could have one. */
function nameOf({ namespace, key }: Identifier): string {
	return namespace ? `${namespace}.${key}` : "";
}

export function tags(source: object, _: unknown, { accounts }: Caller): Promise<readonly string[]> {
	return listTagsOf(accounts, customerOf(source));
}

export async function metafield(
	source: object,
	identifier: Identifier,
	caller: Caller,
): Promise<object | null> {
	const [found = null] = await metafields(source, { identifiers: [identifier] }, caller);
	return found;
}

/** In the order in which they were asked for, null for each that is not there. */
export async function metafields(
	source: object,
	{ identifiers }: { readonly identifiers: readonly Identifier[] },
	caller: Caller,
): Promise<readonly (object | null)[]> {
	// A metafield leads to its customer, who leads to metafields again: what is not there counts as well.
	caller.answerSize.addMetafields(identifiers.length);
	const all = await load(source, caller);
	return identifiers.map((identifier) => {
		const found = all.get(nameOf(identifier));
		return found ? new WireMetafield(found, source) : null;
	});
}

/** What a metafield of the type could refer to is not here, so a list of references is empty and all else is none. */
export function references(source: WireMetafield, page: PageArguments): object | null {
	checkPage(page);
	return /^list\..+_reference$/.test(source.type) ? EMPTY_CONNECTION : null;
}

class WireMetafield {
	readonly id: string;
	readonly namespace: string;
	readonly key: string;
	readonly type: string;
	readonly description: string | null;
	readonly parentResource: object;
	readonly reference = null;
	readonly #metafield: Metafield;

	constructor(found: Metafield, parentResource: object) {
		this.id = toGid("Metafield", found.id);
		this.namespace = found.namespace;
		this.key = found.key;
		this.type = found.type;
		this.description = found.description;
		this.parentResource = parentResource;
		this.#metafield = found;
	}

	get value(): string {
		return this.#metafield.value;
	}

	get createdAt(): string {
		return toDateTime(this.#metafield.createdAt);
	}

	get updatedAt(): string {
		return toDateTime(this.#metafield.updatedAt);
	}
}
