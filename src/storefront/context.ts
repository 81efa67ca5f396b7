// What a resolver is given of the request that it answers.
import type { Context } from "../accounts/context.ts";
import type { Scope } from "../model.ts";

export interface Caller {
	/** What verbs are given. */
	readonly accounts: Context;
	/** What the storefront access token allows; none for a call without one. */
	readonly scopes: ReadonlySet<Scope>;
	/** As `@inContext` chose, or the shop's own. */
	readonly country: string;
	readonly language: string;
}
