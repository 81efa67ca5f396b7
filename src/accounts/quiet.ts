// Telling nobody who has an account, where the operator asks for it: signing up and recovering are answered alike for
// every address, and take the same work. What was asked is put down, and carried out when mails are sent.
import { makeId } from "../secrets/token.ts";
import {
	carryOutQuietRequest,
	type Details,
	listQuietRequests,
	putQuietRequest,
	type QuietRequest,
} from "../store/quiet-requests.ts";
import { findShop } from "../store/shops.ts";
import type { Context } from "./context.ts";
import { guessesInherited } from "./guesses.ts";
import type { Visitor } from "./limits.ts";
import { makeCustomer } from "./new-customer.ts";

type QuietContext = Pick<Context, "store" | "clock" | "attempts" | "policy">;

/**
 * With details of a new customer it is a sign-up, without them a recovery. The caller has counted it, for the name that
 * was typed.
 */
export function requestQuietly(
	{ store, shop, clock, policy }: Context,
	emailKey: string,
	signUp: Details | null,
	{ language, fullAddress }: Visitor,
): Promise<void> {
	const createdAt = clock.now();
	return putQuietRequest(store, {
		id: makeId(),
		shopId: shop.id,
		emailKey,
		language,
		createdAt,
		// Only for the audit log.
		address: policy.auditSeconds === 0 ? null : fullAddress,
		signUp,
	});
}

/**
 * A recovery becomes a reset mail, where the account is fit for one. A sign-up becomes an account that waits for its
 * activation, and the mail with the link; for an account that waits already, that mail; for an enabled one, a reset mail.
 * Carries out the oldest few; false where there was none.
 */
export async function carryOutQuietRequests(context: QuietContext): Promise<boolean> {
	const requests = await listQuietRequests(context.store);
	// Side by side, so that they share a commit; the writer keeps their order.
	await Promise.all(requests.map((request) => carryOut(context, request)));
	return requests.length > 0;
}

async function carryOut(
	{ store, clock, attempts, policy }: QuietContext,
	request: QuietRequest,
): Promise<void> {
	const { shopId, signUp, emailKey } = request;
	const shop = await findShop(store, shopId);
	// Ids are drawn when they are needed: should one be taken, the next attempt draws another.
	const newCustomer = shop && signUp && makeCustomer({ shop, clock }, signUp, "disabled");
	const guesses = shop && newCustomer && guessesInherited({ attempts, shop }, emailKey, newCustomer.id);
	await carryOutQuietRequest(store, {
		request,
		now: clock.now(),
		mailId: makeId(),
		newCustomer,
		guesses,
		isRecorded: policy.auditSeconds > 0,
	});
}
