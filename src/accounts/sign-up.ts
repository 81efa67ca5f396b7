// Creating an account.
import type { Customer } from "../model.ts";
import { makeId } from "../secrets/token.ts";
import { findCredentials, type InsertConflict, insertCustomer, isPhoneTaken } from "../store/customers.ts";
import { requestLink } from "../store/one-time-tokens.ts";
import type { Context } from "./context.ts";
import { foldEmail } from "./email.ts";
import { type Reason, type Result, refuse, succeed } from "./errors.ts";
import { validateEmail, validateName, validatePassword, validatePhone } from "./validation.ts";

export interface SignUp {
	readonly email: string;
	readonly password: string;
	readonly firstName?: string | null | undefined;
	readonly lastName?: string | null | undefined;
	readonly phone?: string | null | undefined;
	readonly acceptsMarketing?: boolean | null | undefined;
	/** What mails to this shopper are written in. */
	readonly language: string;
}

/** The new customer can sign in at once. No token is made here: signing up is not signing in. */
export async function createCustomer(context: Context, input: SignUp): Promise<Result<Customer>> {
	const { store, shop, policy } = context;
	const reasons: Reason[] = [];
	const firstName = validateName(input.firstName, "firstName", reasons);
	const lastName = validateName(input.lastName, "lastName", reasons);
	const email = validateEmail(input.email, reasons);
	const phone = validatePhone(input.phone, reasons);
	const password = validatePassword(input.password, policy.minPasswordLength, reasons);
	const [first, ...others] = reasons;
	if (first) return refuse(first, ...others);

	const emailKey = foldEmail(email);
	// Asked before the costly hash; the insert below is what decides.
	const holder = await findCredentials(store, shop.id, emailKey);
	if (holder) return refuseConflict(context, input, { on: "email", state: holder.state }, email);
	if (phone !== null && (await isPhoneTaken(store, shop.id, phone))) {
		return refuseConflict(context, input, { on: "phone" }, email);
	}

	const passwordHash = await context.passwords.hash(password);
	const now = context.clock.now();
	const customer: Customer = {
		id: makeId(),
		shopId: shop.id,
		email,
		phone,
		firstName,
		lastName,
		acceptsMarketing: input.acceptsMarketing ?? false,
		state: "enabled",
		defaultAddressId: null,
		createdAt: now,
		updatedAt: now,
	};
	const mail = { id: makeId(), kind: "welcome", language: input.language, now } as const;
	const conflict = await insertCustomer(store, { customer, emailKey, passwordHash, mail });
	return conflict ? refuseConflict(context, input, conflict, email) : succeed(customer);
}

/** An account that waits to be activated is sent its link instead: only the owner of the address can go on. */
async function refuseConflict(
	{ store, shop, clock }: Context,
	{ language }: SignUp,
	conflict: InsertConflict,
	email: string,
): Promise<Result<never>> {
	if (conflict.on === "phone") return refuse({ reason: "taken", field: "phone" });
	if (conflict.state === "enabled") return refuse({ reason: "taken", field: "email" });
	const mail = { id: makeId(), kind: "activation", language, now: clock.now() } as const;
	const state = await requestLink(store, shop.id, foldEmail(email), mail);
	// Activated meanwhile: no mail was decided, and none may be promised.
	if (state === "enabled") return refuse({ reason: "taken", field: "email" });
	return refuse({ reason: "notEnabled", field: "email", email });
}
