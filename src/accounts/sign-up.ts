// Creating an account.
import type { Customer } from "../model.ts";
import { makeId } from "../secrets/token.ts";
import { findCredentials, type InsertConflict, insertCustomer, isPhoneTaken } from "../store/customers.ts";
import { type LinkRequest, requestLink } from "../store/one-time-tokens.ts";
import { TooManyAttempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import { foldEmail } from "./email.ts";
import { type Reason, type Result, refuse, succeed } from "./errors.ts";
import { accountOf, perAccount, perAddress, type Visitor } from "./limits.ts";
import { validateEmail, validateName, validatePassword, validatePhone } from "./validation.ts";

export interface SignUp {
	readonly email: string;
	readonly password: string;
	readonly firstName?: string | null | undefined;
	readonly lastName?: string | null | undefined;
	readonly phone?: string | null | undefined;
	readonly acceptsMarketing?: boolean | null | undefined;
}

/** The new customer can sign in at once. No token is made here: signing up is not signing in. */
export async function createCustomer(
	context: Context,
	input: SignUp,
	visitor: Visitor,
): Promise<Result<Customer>> {
	const { store, shop, policy, attempts } = context;
	const reasons: Reason[] = [];
	const firstName = validateName(input.firstName, "firstName", reasons);
	const lastName = validateName(input.lastName, "lastName", reasons);
	const email = validateEmail(input.email, reasons);
	const phone = validatePhone(input.phone, reasons);
	const password = validatePassword(input.password, policy.minPasswordLength, reasons);
	const [first, ...others] = reasons;
	if (first) return refuse(first, ...others);

	const counted = await attempts.count(
		perAddress("sign-up", context, visitor, attempts.limits.signUpsPerAddress),
	);
	counted.end();
	const emailKey = foldEmail(email);
	// Asked before the costly hash; the insert below is what decides.
	const holder = await findCredentials(store, shop.id, emailKey);
	const early =
		holder && (await refuseConflict(context, visitor, { on: "email", state: holder.state }, email));
	if (early) return early;
	if (phone !== null && (await isPhoneTaken(store, shop.id, phone))) return refuse(PHONE_TAKEN);

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
	const mail = { id: makeId(), kind: "welcome", language: visitor.language, now } as const;
	for (;;) {
		const conflict = await insertCustomer(store, { customer, emailKey, passwordHash, mail });
		if (!conflict) return succeed(customer);
		const refusal = await refuseConflict(context, visitor, conflict, email);
		if (refusal) return refusal;
	}
}

const PHONE_TAKEN = { reason: "taken", field: "phone" } as const;

/**
 * An account that waits to be activated is sent its link instead: only the owner of the address can go on. Null when
 * whoever stood in the way was deleted meanwhile.
 */
async function refuseConflict(
	context: Context,
	visitor: Visitor,
	conflict: InsertConflict,
	email: string,
): Promise<Result<never> | null> {
	if (conflict.on === "phone") return refuse(PHONE_TAKEN);
	if (conflict.state === "enabled") return refuse({ reason: "taken", field: "email" });
	const request = await requestActivation(context, foldEmail(email), visitor);
	if (request === "nobody") return null;
	// No mail may be promised that was not decided.
	if (request !== "decided") return refuse({ reason: "taken", field: "email" });
	return refuse({ reason: "notEnabled", field: "email", email });
}

/** Beyond the limit of an account the mails that went out must do: none is decided, and the answer is the same. */
async function requestActivation(context: Context, emailKey: string, visitor: Visitor): Promise<LinkRequest> {
	const { store, shop, clock, attempts } = context;
	const holder = await findCredentials(store, shop.id, emailKey);
	if (!holder) return "nobody";
	if (holder.state === "declined" || holder.multipassOnly) return "unfit";
	const account = accountOf(context, holder.customerId, emailKey);
	try {
		(await attempts.count(perAccount("link", account, visitor, attempts.limits.linksPerAccount))).end();
	} catch (error) {
		if (error instanceof TooManyAttempts) return "decided";
		throw error;
	}
	const mail = { id: makeId(), kind: "activation", language: visitor.language, now: clock.now() } as const;
	return requestLink(store, shop.id, emailKey, mail);
}
