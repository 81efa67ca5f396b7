// A customer who is to be made, by signing up or by the operator's hand: what was typed is judged, and becomes a record.
import type { Customer, CustomerState } from "../model.ts";
import { makeId } from "../secrets/token.ts";
import type { Details } from "../store/quiet-requests.ts";
import type { Context, Policy } from "./context.ts";
import { type Reason, type Result, refuse, succeed } from "./errors.ts";
import { validateEmail, validateName, validatePassword, validatePhone } from "./validation.ts";

/** `P`: null for an account that is made without a password. */
interface TypedCustomer<P extends string | null> {
	readonly email: string;
	readonly password: P;
	readonly firstName?: string | null | undefined;
	readonly lastName?: string | null | undefined;
	readonly phone?: string | null | undefined;
	readonly acceptsMarketing?: boolean | null | undefined;
}

interface Draft<P extends string | null> {
	readonly details: Details;
	/** In its normal form. */
	readonly password: P;
}

/** Every reason against what was typed, at once. */
export function draftCustomer<P extends string | null>(
	policy: Policy,
	typed: TypedCustomer<P>,
): Result<Draft<P>> {
	const reasons: Reason[] = [];
	const firstName = validateName(typed.firstName, "firstName", reasons);
	const lastName = validateName(typed.lastName, "lastName", reasons);
	const email = validateEmail(typed.email, reasons);
	const phone = validatePhone(typed.phone, reasons);
	const password = typed.password === null ? null : validatePassword(typed.password, policy, reasons);
	const [first, ...others] = reasons;
	if (first) return refuse(first, ...others);
	const details = { email, phone, firstName, lastName, acceptsMarketing: typed.acceptsMarketing ?? false };
	// It is null exactly where none was typed.
	return succeed({ details, password: password as P });
}

/** The record, with an id of its own, as made now. */
export function makeCustomer(
	{ shop, clock }: Pick<Context, "shop" | "clock">,
	details: Details,
	state: CustomerState,
): Customer {
	const now = clock.now();
	return {
		...details,
		id: makeId(),
		shopId: shop.id,
		state,
		defaultAddressId: null,
		createdAt: now,
		updatedAt: now,
	};
}
