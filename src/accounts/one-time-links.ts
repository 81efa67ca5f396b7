// Issues the token that is inside a link: for a mail at the moment it is sent, or for the operator to hand over.
import type { Customer, Purpose, Seconds, WaitingMail } from "../model.ts";
import { digestToken, makeToken } from "../secrets/token.ts";
import { issueOneTimeToken } from "../store/one-time-tokens.ts";
import type { Context } from "./context.ts";

export interface MadeToken {
	readonly token: string;
	readonly digest: string;
	readonly lifetimeSeconds: Seconds;
	readonly expiresAt: Seconds;
}

/** Works from now on. A token ends in the moment it was made at, as upstream's does. */
export function makeOneTimeToken(
	{ clock, policy }: Pick<Context, "clock" | "policy">,
	purpose: Purpose,
): MadeToken {
	const now = clock.now();
	const token = `${makeToken()}-${now}`;
	const lifetimeSeconds =
		purpose === "reset" ? policy.resetLifetimeSeconds : policy.activationLifetimeSeconds;
	return { token, digest: digestToken(token) as string, lifetimeSeconds, expiresAt: now + lifetimeSeconds };
}

export interface IssuedLink {
	readonly purpose: Purpose;
	readonly token: string;
	readonly lifetimeSeconds: Seconds;
	/** Null when there is nobody who may have the link; then the token opens nothing. */
	readonly customer: Customer | null;
}

/** For a waiting mail, in the place of an older one. */
export async function issueLink(
	context: Pick<Context, "store" | "clock" | "policy">,
	{ id, shopId, customerId }: WaitingMail,
	purpose: Purpose,
): Promise<IssuedLink> {
	const { token, digest, lifetimeSeconds, expiresAt } = makeOneTimeToken(context, purpose);
	const kept = { shopId, customerId, purpose, digest, expiresAt };
	return { purpose, token, lifetimeSeconds, customer: await issueOneTimeToken(context.store, kept, id) };
}
