// A customer's addresses: created, changed, deleted, and one of them the default.
import type { Address, Customer } from "../model.ts";
import { digestToken, makeId } from "../secrets/token.ts";
import {
	type AddressParts,
	type AddressRange,
	type AddressRefusal,
	type Asking,
	changeAddress,
	chooseDefaultAddress,
	countAddresses as countStored,
	findAddress as findStored,
	insertAddress,
	listAddresses as listStored,
	type NewAddress,
	removeAddress,
} from "../store/addresses.ts";
import { findCustomerByToken } from "../store/customers.ts";
import { NOWHERE, validateAddress } from "./address-parts.ts";
import type { Context } from "./context.ts";
import { type Reason, type Result, refuse, succeed } from "./errors.ts";
import type { Visitor } from "./limits.ts";
import { recordingOf } from "./recording.ts";

/** As typed. What is left out of a change stays; null and blanks clear. */
export interface AddressInput {
	readonly firstName?: string | null | undefined;
	readonly lastName?: string | null | undefined;
	readonly company?: string | null | undefined;
	readonly address1?: string | null | undefined;
	readonly address2?: string | null | undefined;
	readonly city?: string | null | undefined;
	/** Name or code. */
	readonly province?: string | null | undefined;
	/** Name or code. */
	readonly country?: string | null | undefined;
	readonly zip?: string | null | undefined;
	readonly phone?: string | null | undefined;
}

/** More than anyone has, and few enough to look through them all. */
export const MAX_ADDRESSES = 1000;
/** How often a change is made anew because another one has moved the address meanwhile. */
const MAX_ATTEMPTS = 3;

const NOTHING: Omit<AddressParts, "firstName" | "lastName"> = {
	company: null,
	address1: null,
	address2: null,
	city: null,
	province: null,
	country: null,
	zip: null,
	phone: null,
};

/** A first or last name that is not given is the customer's; one that is blank is none. */
export async function createAddress(
	context: Context,
	secret: string,
	input: AddressInput,
	visitor: Visitor,
): Promise<Result<Address>> {
	const asker = await identify(context, secret, visitor);
	if (!asker) return refuse({ reason: "noSuchToken" });
	const reasons: Reason[] = [];
	const parts = validateNewAddress(input, reasons);
	const [first, ...others] = reasons;
	if (first) return refuse(first, ...others);
	return toResult(
		await insertAddress(context.store, { ...asker.asking, parts, drawn: makeId(), limit: MAX_ADDRESSES }),
	);
}

/** Every part but the names, which are left out where they are not given. */
export function validateNewAddress(input: AddressInput, reasons: Reason[]): NewAddress["parts"] {
	const given = { ...input, firstName: input.firstName ?? undefined, lastName: input.lastName ?? undefined };
	return { ...NOTHING, ...validateAddress(given, NOWHERE, reasons) };
}

/** `id` is null for a global id that names no address. */
export async function updateAddress(
	context: Context,
	secret: string,
	id: number | null,
	input: AddressInput,
	visitor: Visitor,
): Promise<Result<Address>> {
	for (let attempt = 1; ; attempt++) {
		const asker = await identify(context, secret, visitor);
		if (!asker) return refuse({ reason: "noSuchToken" });
		const stored = id === null ? null : await findAddress(context, asker.customer, id);
		if (!stored) return refuse({ reason: "noSuchAddress" });
		const reasons: Reason[] = [];
		const parts = validateAddress(input, stored, reasons);
		const [first, ...others] = reasons;
		if (first) return refuse(first, ...others);
		// The last attempt sets the place whatever it has become, or many changes at once could go on for ever.
		const before = "country" in parts && attempt < MAX_ATTEMPTS ? stored : null;
		const changed = await changeAddress(context.store, { ...asker.asking, id: stored.id, parts, before });
		if ("refused" in changed && changed.refused === "moved") continue;
		return toResult(changed);
	}
}

/** Of the default, the oldest address that remains takes the place. `id` as for `updateAddress`. */
export async function deleteAddress(
	context: Context,
	secret: string,
	id: number | null,
	visitor: Visitor,
): Promise<Result<null>> {
	const asker = await identify(context, secret, visitor);
	if (!asker) return refuse({ reason: "noSuchToken" });
	if (id === null) return refuse({ reason: "noSuchAddress" });
	return toResult(await removeAddress(context.store, asker.asking, id));
}

/** `id` as for `updateAddress`. */
export async function setDefaultAddress(
	context: Context,
	secret: string,
	id: number | null,
	visitor: Visitor,
): Promise<Result<Customer>> {
	const asker = await identify(context, secret, visitor);
	if (!asker) return refuse({ reason: "noSuchToken" });
	if (id === null) return refuse({ reason: "noSuchAddress" });
	return toResult(await chooseDefaultAddress(context.store, asker.asking, id));
}

/** A part of the list; the customer was found by a token in the same view. */
export function listAddresses(
	{ store }: Context,
	customer: Customer,
	range: AddressRange,
): Promise<readonly Address[]> {
	return listStored(store, customer.id, range);
}

/** How many of the customer's addresses have an id between the two. */
export function countAddresses(
	{ store }: Context,
	customer: Customer,
	above: number,
	below: number,
): Promise<number> {
	return countStored(store, customer.id, above, below);
}

export function findAddress({ store }: Context, customer: Customer, id: number): Promise<Address | null> {
	return findStored(store, customer.id, id);
}

interface Asker {
	readonly customer: Customer;
	readonly asking: Asking;
}

/** Before anything that was typed is looked at; the transaction asks again. */
async function identify(context: Context, secret: string, visitor: Visitor): Promise<Asker | null> {
	const { store, shop, clock } = context;
	const digest = digestToken(secret);
	if (digest === null) return null;
	const origin = recordingOf(context, "customer", visitor);
	const asking = { shopId: shop.id, digest, now: clock.now(), origin };
	const customer = await findCustomerByToken(store, shop.id, digest, asking.now);
	return customer && { customer, asking };
}

function toResult<T extends object | null>(outcome: T | AddressRefusal): Result<T> {
	if (outcome === null || !("refused" in outcome)) return succeed(outcome);
	switch (outcome.refused) {
		case "token":
			return refuse({ reason: "noSuchToken" });
		case "address":
			return refuse({ reason: "noSuchAddress" });
		case "duplicate":
			return refuse({ reason: "duplicateAddress" });
		case "full":
			return refuse({ reason: "tooManyAddresses", limit: MAX_ADDRESSES });
		case "moved":
			throw new Error("a change that does not depend on the place was refused for it");
	}
}
