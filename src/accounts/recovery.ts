// Recovering an account: a mailed link, and the new password that its reader sets. Activating one is the same, but
// that the password is the first.
import type { Customer, Purpose, SecretAccessToken } from "../model.ts";
import { digestToken, makeId } from "../secrets/token.ts";
import { findCredentials, findCustomerById } from "../store/customers.ts";
import { isOneTimeTokenAlive, redeemOneTimeToken, requestLink } from "../store/one-time-tokens.ts";
import { makeAccessToken } from "./access-token.ts";
import { countFailure } from "./attempts.ts";
import type { Context } from "./context.ts";
import { keyOfTyped } from "./email.ts";
import { type Reason, type Result, refuse, succeed } from "./errors.ts";
import { forgetGuesses } from "./guesses.ts";
import { accountOf, failuresOf, perAccount, perAddress, type Visitor } from "./limits.ts";
import { type Link, readLink } from "./links.ts";
import { requestQuietly } from "./quiet.ts";
import { recordingOf } from "./recording.ts";
import { getShopPolicy } from "./shop-policy.ts";
import { validatePassword } from "./validation.ts";

/** A customer who was just let in. */
export interface Entry {
	readonly customer: Customer;
	readonly token: SecretAccessToken;
}

/**
 * Has a reset link mailed to the stored address. An account that cannot sign in by a password is answered the same,
 * and gets no mail; where nobody is told who has an account, so is an address that nobody has.
 */
export async function recover(context: Context, email: string, visitor: Visitor): Promise<Result<null>> {
	const { store, shop, clock, policy, attempts } = context;
	const emailKey = keyOfTyped(email);
	const holder = policy.isQuiet ? null : await findCredentials(store, shop.id, emailKey);
	const account = accountOf(context, holder?.customerId ?? null, emailKey);
	const { recoveriesPerAddress, linksPerAccount } = attempts.limits;
	const counted = await attempts.count([
		...perAddress("recovery", context, visitor, recoveriesPerAddress),
		...perAccount("link", account, visitor, linksPerAccount),
	]);
	counted.end();
	if (policy.isQuiet) {
		await requestQuietly(context, emailKey, null, visitor);
		return succeed(null);
	}
	const mail = { id: makeId(), kind: "reset", language: visitor.language, now: clock.now() } as const;
	const origin = recordingOf(context, "visitor", visitor);
	const request = await requestLink(store, { shopId: shop.id, emailKey, mail, origin });
	return request === "nobody" ? refuse({ reason: "noSuchCustomer" }) : succeed(null);
}

/** Spends a reset or an activation link that was taken apart by the client. */
export function redeem(
	context: Context,
	purpose: Purpose,
	link: Link,
	password: string,
	visitor: Visitor,
): Promise<Result<Entry>> {
	const spend = () => spendLink(context, purpose, link, password, visitor);
	return countFailure(context.attempts, failuresOf(context, visitor), isGuess, spend);
}

/** Spends the same links, given whole. */
export function redeemUrl(
	context: Context,
	purpose: Purpose,
	url: string,
	password: string,
	visitor: Visitor,
): Promise<Result<Entry>> {
	const { store, shop } = context;
	return countFailure(context.attempts, failuresOf(context, visitor), isGuess, async () => {
		const link = readLink(purpose, await getShopPolicy(context), url);
		if (!link) return refuse({ reason: "noSuchLink" });
		const result = await spendLink(context, purpose, link, password, visitor);
		// Asked afterwards: a customer may be erased while the password is hashed.
		const isOfNobody = isGuess(result) && !(await findCustomerById(store, shop.id, link.customerId));
		return isOfNobody ? refuse({ reason: "noSuchLink" }) : result;
	});
}

function isGuess(result: Result<Entry>): boolean {
	return (
		!result.ok &&
		result.reasons.some(({ reason }) => reason === "noSuchOneTimeToken" || reason === "noSuchLink")
	);
}

async function spendLink(
	context: Context,
	purpose: Purpose,
	link: Link,
	password: string,
	visitor: Visitor,
): Promise<Result<Entry>> {
	const { store, shop, clock } = context;
	const { customerId } = link;
	const digest = digestToken(link.token);
	if (digest === null) return refuseLink(context, purpose, customerId);
	// Asked before the costly hash; the redemption below is what decides.
	const asked = { shopId: shop.id, customerId, purpose, digest };
	if (!(await isOneTimeTokenAlive(store, asked, clock.now())))
		return refuseLink(context, purpose, customerId);

	const reasons: Reason[] = [];
	const normal = validatePassword(password, context.policy, reasons);
	const [first, ...others] = reasons;
	if (first) return refuse(first, ...others);
	const passwordHash = await context.passwords.hash(normal);

	const now = clock.now();
	const { kept, told } = makeAccessToken(context, now);
	const token = { ...kept, customerId };
	const kind = purpose === "reset" ? "passwordChanged" : "welcome";
	const mail = { id: makeId(), kind, language: visitor.language, now } as const;
	const origin = recordingOf(context, "customer", visitor);
	const customer = await redeemOneTimeToken(store, { ...asked, now, passwordHash, token, mail, origin });
	if (!customer) return refuseLink(context, purpose, customerId);
	await forgetGuesses(context, customerId, visitor);
	return succeed({ customer, token: told });
}

/** Asked afterwards, so that whoever came too late for one link is told the same, however late it was. */
async function refuseLink(
	{ store, shop }: Context,
	purpose: Purpose,
	customerId: number,
): Promise<Result<never>> {
	const customer = purpose === "activation" ? await findCustomerById(store, shop.id, customerId) : null;
	if (customer?.state === "enabled") return refuse({ reason: "alreadyEnabled" });
	return refuse({ reason: "noSuchOneTimeToken", purpose });
}
