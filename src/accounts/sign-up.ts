// Creating an account.
import type { Customer } from "../model.ts";
import { makeId } from "../secrets/token.ts";
import { findCredentials, type InsertConflict, insertCustomer, isPhoneTaken } from "../store/customers.ts";
import { type LinkRequest, requestLink } from "../store/one-time-tokens.ts";
import type { Details } from "../store/quiet-requests.ts";
import { TooManyAttempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import { foldEmail } from "./email.ts";
import { type Result, refuse, succeed } from "./errors.ts";
import { accountOf, perAccount, perAddress, type Visitor } from "./limits.ts";
import { draftCustomer, makeCustomer } from "./new-customer.ts";
import { requestQuietly } from "./quiet.ts";
import { recordingOf } from "./recording.ts";

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
	const draft = draftCustomer(policy, input);
	if (!draft.ok) return draft;
	const { details, password } = draft.value;
	const { email, phone } = details;
	if (policy.isQuiet) return signUpQuietly(context, details, visitor);

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
	const customer = makeCustomer(context, details, "enabled");
	const { language } = visitor;
	const mail = { id: makeId(), kind: "welcome", language, now: customer.createdAt } as const;
	const origin = recordingOf(context, "visitor", visitor);
	for (;;) {
		const conflict = await insertCustomer(store, { customer, emailKey, passwordHash, mail, origin });
		if (!conflict) return succeed(customer);
		const refusal = await refuseConflict(context, visitor, conflict, email);
		if (refusal) return refusal;
	}
}

/**
 * Nobody is told who has the address or the phone number: whoever reads its mails goes on by the link that is sent there.
 * The password is set there too, so that nobody can sign in who has not shown that the address is theirs.
 */
async function signUpQuietly(context: Context, details: Details, visitor: Visitor): Promise<Result<never>> {
	const { signUpsPerAddress, linksPerAccount } = context.attempts.limits;
	const { email } = details;
	const emailKey = foldEmail(email);
	const counted = await context.attempts.count([
		...perAddress("sign-up", context, visitor, signUpsPerAddress),
		...perAccount("link", accountOf(context, null, emailKey), visitor, linksPerAccount),
	]);
	counted.end();
	await requestQuietly(context, emailKey, details, visitor);
	return refuse({ reason: "notEnabled", field: "email", email });
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
	const origin = recordingOf(context, "visitor", visitor);
	return requestLink(store, { shopId: shop.id, emailKey, mail, origin });
}
