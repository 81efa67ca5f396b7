// A new customer access token, as the store is given it and as its customer is.
import type { Seconds, SecretAccessToken } from "../model.ts";
import { digestToken, makeId, makeToken } from "../secrets/token.ts";
import type { NewAccessToken } from "../store/access-tokens.ts";
import type { Context } from "./context.ts";

/** The two sides of one token: what is kept, and what is told once. */
export interface MadeAccessToken {
	readonly kept: Omit<NewAccessToken, "customerId">;
	readonly told: SecretAccessToken;
}

/** `createdAt` is the moment at which the rest of the act was judged. */
export function makeAccessToken({ policy }: Pick<Context, "policy">, createdAt: Seconds): MadeAccessToken {
	const secret = makeToken();
	const id = makeId();
	const expiresAt = createdAt + policy.tokenLifetimeSeconds;
	return {
		kept: { id, digest: digestToken(secret) as string, createdAt, expiresAt },
		told: { id, secret, expiresAt },
	};
}
