// A customer access token's life: made by a password, found, renewed, deleted.
import type { AccessToken, Customer, SecretAccessToken } from "../model.ts";
import { normalizePassword } from "../secrets/password.ts";
import { digestToken } from "../secrets/token.ts";
import { deleteAccessToken, insertAccessToken, renewAccessToken } from "../store/access-tokens.ts";
import { putRefusal } from "../store/audit.ts";
import {
	type Credentials,
	findCredentials,
	findCustomerByToken,
	replacePasswordHash,
} from "../store/customers.ts";
import { makeAccessToken } from "./access-token.ts";
import { countFailure } from "./attempts.ts";
import type { Context } from "./context.ts";
import { keyOfTyped } from "./email.ts";
import { type Result, refuse, succeed } from "./errors.ts";
import { guessesAt, rememberOwner } from "./guesses.ts";
import { failuresOf, type Visitor } from "./limits.ts";
import { recordingOf } from "./recording.ts";

/**
 * A new token for this address and password. Every refusal is the same and takes the same work: unknown
 * address, wrong password, an account that may not sign in, a blank or unusable text.
 */
export async function signIn(
	context: Context,
	{ email, password }: { readonly email: string; readonly password: string },
	visitor: Visitor,
): Promise<Result<SecretAccessToken>> {
	await context.passwords.admit();
	const emailKey = keyOfTyped(email);
	const found = await findCredentials(context.store, context.shop.id, emailKey);
	const customerId = found?.customerId ?? null;
	const budgets = [
		...(await guessesAt(context, customerId, emailKey, visitor)),
		...failuresOf(context, visitor),
	];
	const check = async () => {
		const made = await checkPassword(context, emailKey, found, password, visitor);
		if (!made) await recordRefusal(context, found, visitor);
		return made;
	};
	const token = await countFailure(context.attempts, budgets, (made) => made === null, check);
	if (!token) return refuse({ reason: "unidentified" });
	if (customerId !== null) await rememberOwner(context, customerId, visitor);
	return succeed(token);
}

/** A new token where the password is the account's, and the account may sign in; else null, after the same work. */
async function checkPassword(
	context: Context,
	emailKey: string,
	credentials: Credentials | null,
	password: string,
	visitor: Visitor,
): Promise<SecretAccessToken | null> {
	const { store, shop } = context;
	const typed = normalizePassword(password);
	// Twice at most: between the verification and the insert, a sign-in beside this one may have put a costlier hash
	// of the same password in the place of the one that was verified.
	for (let attempt = 1; attempt <= 2; attempt++) {
		const found = attempt === 1 ? credentials : await findCredentials(store, shop.id, emailKey);
		const stored = found?.state === "enabled" ? found.passwordHash : null;
		const matches = await context.passwords.verify(typed ?? "", typed === null ? null : stored);
		if (!matches || !found || stored === null || typed === null) break;
		const token = await issueToken(context, found.customerId, stored, visitor);
		if (token) {
			if (context.passwords.needsRehash(stored)) await rehash(context, found.customerId, stored, typed);
			return token;
		}
	}
	return null;
}

/** Null when the verified hash is no longer the customer's, or the customer may no longer sign in. */
async function issueToken(
	context: Context,
	customerId: number,
	verifiedHash: string,
	visitor: Visitor,
): Promise<SecretAccessToken | null> {
	const { kept, told } = makeAccessToken(context, context.clock.now());
	const inserted = await insertAccessToken(context.store, {
		shopId: context.shop.id,
		token: { ...kept, customerId },
		verifiedHash,
		origin: recordingOf(context, "customer", visitor),
	});
	return inserted ? told : null;
}

/** Waited for, so that no refusal is told before it is recorded; the same work where there is nobody to record it of. */
async function recordRefusal(context: Context, found: Credentials | null, visitor: Visitor): Promise<void> {
	const { store, shop, clock } = context;
	const entry = {
		shopId: shop.id,
		customerId: found?.customerId ?? 0,
		now: clock.now(),
		act: "sign-in-refused",
		origin: recordingOf(context, "visitor", visitor),
		detail: found && found.state !== "enabled" ? found.state : null,
	} as const;
	await putRefusal(store, entry, found === null);
}

/**
 * Raising the cost reaches a customer at the next sign-in; while hashes are waiting, at the one after. Never rejects: the
 * customer is let in already.
 */
async function rehash(context: Context, customerId: number, stored: string, password: string): Promise<void> {
	if (context.passwords.load > 0) return;
	const rehashing = context.passwords
		.hash(password)
		.then((hash) => replacePasswordHash(context.store, customerId, stored, hash));
	await context.attempts.afterwards(rehashing, "a password keeps its cheaper hash");
}

/** Whom the token stands for now; null when for nobody. */
export function findCustomer(context: Context, secret: string): Promise<Customer | null> {
	const digest = digestToken(secret);
	if (digest === null) return Promise.resolve(null);
	return findCustomerByToken(context.store, context.shop.id, digest, context.clock.now());
}

/** The same token, alive for a whole lifetime from now. Doing it twice at once is harmless. */
export async function renewToken(context: Context, secret: string): Promise<Result<SecretAccessToken>> {
	const digest = digestToken(secret);
	const now = context.clock.now();
	const expiresAt = now + context.policy.tokenLifetimeSeconds;
	const token = digest && (await renewAccessToken(context.store, context.shop.id, digest, expiresAt, now));
	if (!token) return refuse({ reason: "noSuchToken" });
	return succeed({ id: token.id, secret, expiresAt: token.expiresAt });
}

/** Once this has answered, the token opens nothing any more. */
export async function deleteToken(
	context: Context,
	secret: string,
	visitor: Visitor,
): Promise<Result<AccessToken>> {
	const { store, shop, clock } = context;
	const digest = digestToken(secret);
	const origin = recordingOf(context, "customer", visitor);
	const token =
		digest && (await deleteAccessToken(store, { shopId: shop.id, digest, now: clock.now(), origin }));
	return token ? succeed(token) : refuse({ reason: "noSuchToken" });
}
