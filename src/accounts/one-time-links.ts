// Issues the token that is inside a link: for a mail at the moment it is sent, or for the operator to hand over.
import type { Customer, Purpose, Seconds } from "../model.ts";
import { digestToken, makeToken } from "../secrets/token.ts";
import { issueOneTimeToken } from "../store/one-time-tokens.ts";
import type { Context } from "./context.ts";

export interface IssuedLink {
	readonly purpose: Purpose;
	readonly token: string;
	readonly lifetimeSeconds: Seconds;
	/** Null when there is nobody who may have the link; then the token opens nothing. */
	readonly customer: Customer | null;
}

/** Works from now on, in the place of an older one. A token ends in the moment it was made at, as upstream's does. */
export async function issueLink(
	{ store, clock, policy }: Pick<Context, "store" | "clock" | "policy">,
	{ shopId, customerId }: { readonly shopId: number; readonly customerId: number },
	purpose: Purpose,
	mailId: number | null,
): Promise<IssuedLink> {
	const now = clock.now();
	const token = `${makeToken()}-${now}`;
	const lifetimeSeconds =
		purpose === "reset" ? policy.resetLifetimeSeconds : policy.activationLifetimeSeconds;
	const kept = { shopId, customerId, purpose, digest: digestToken(token) as string };
	const customer = await issueOneTimeToken(store, { ...kept, expiresAt: now + lifetimeSeconds }, mailId);
	return { purpose, token, lifetimeSeconds, customer };
}
