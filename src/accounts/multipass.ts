// Signing in by a token that the shop's own system has signed: whoever has the shop's Multipass secret says who the
// customer is, so there is no password, and an unknown address becomes a customer.
import type { SecretAccessToken } from "../model.ts";
import { readMultipass } from "../secrets/multipass.ts";
import { makeId } from "../secrets/token.ts";
import { admitByMultipass } from "../store/multipass.ts";
import { makeAccessToken } from "./access-token.ts";
import { MAX_ADDRESSES } from "./addresses.ts";
import { countFailure } from "./attempts.ts";
import type { Context } from "./context.ts";
import { foldEmail } from "./email.ts";
import { type Result, refuse, succeed } from "./errors.ts";
import { failuresOf, type Visitor } from "./limits.ts";
import { readClaims } from "./multipass-claims.ts";
import { recordingOf } from "./recording.ts";
import { findMultipassSecret, getShopPolicy } from "./shop-policy.ts";

/** How long a token is good for, from the moment that it names. */
const LIFE_SECONDS = 15 * 60;
/** How far the clock of the shop's own system may be ahead of ours. */
const MAX_SKEW_SECONDS = 60;
/**
 * How long a spent token is remembered. Its life would do if every clock agreed and none was ever set back: the day
 * keeps it dead while they do not.
 */
const MEMORY_SECONDS = 24 * 60 * 60;

/**
 * Lets the customer in, once, and keeps what the token says of them. Every refusal is the same. `return_to` and
 * `remote_ip` are not looked at: nobody is redirected here, and the caller is often the shop's server.
 */
export function signInByMultipass(
	context: Context,
	multipassToken: string,
	visitor: Visitor,
): Promise<Result<SecretAccessToken>> {
	const budgets = failuresOf(context, visitor);
	return countFailure(
		context.attempts,
		budgets,
		({ ok }) => !ok,
		() => admit(context, multipassToken, visitor),
	);
}

async function admit(
	context: Context,
	multipassToken: string,
	visitor: Visitor,
): Promise<Result<SecretAccessToken>> {
	const { store, shop, clock } = context;
	const refused = refuse({ reason: "invalidMultipass" });
	const secret = await findMultipassSecret(context);
	const multipass = secret === null ? null : readMultipass(multipassToken, secret);
	const claims = multipass && readClaims(multipass.payload);
	if (!claims) return refused;
	const now = clock.now();
	const age = now - claims.createdAt;
	if (age >= LIFE_SECONDS || age < -MAX_SKEW_SECONDS) return refused;

	const { multipassEnables } = await getShopPolicy(context);
	const { kept, told } = makeAccessToken(context, now);
	const { email, identifier, firstName, lastName, phone, tags } = claims;
	const isAdmitted = await admitByMultipass(store, {
		shopId: shop.id,
		now,
		spent: { digest: multipass.digest, forgottenAt: claims.createdAt + MEMORY_SECONDS },
		customer: { id: makeId(), email, emailKey: foldEmail(email), identifier, firstName, lastName, phone },
		tags,
		addresses: claims.addresses.map((address) => ({ ...address, drawn: makeId(), limit: MAX_ADDRESSES })),
		mayEnable: multipassEnables,
		token: kept,
		origin: recordingOf(context, "customer", visitor),
	});
	return isAdmitted ? succeed(told) : refused;
}
