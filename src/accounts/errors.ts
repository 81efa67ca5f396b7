// Why a verb refused, in the domain's words. A door turns reasons into what its callers read.
import type { Purpose } from "../model.ts";

/** A field of what the verb was given, in the verb's own names. */
export type Field =
	| "email"
	| "password"
	| "firstName"
	| "lastName"
	| "phone"
	| "company"
	| "address1"
	| "address2"
	| "city"
	| "province"
	| "country"
	| "zip";

/** One reason. `limit` is a number of characters. */
export type Reason =
	| {
			readonly reason: "blank" | "invalid" | "taken" | "containsHtml" | "containsUrl" | "containsEmoji";
			readonly field: Field;
	  }
	| { readonly reason: "tooLong" | "tooShort"; readonly field: Field; readonly limit: number }
	| { readonly reason: "badDomain"; readonly field: "email" }
	/** `tooCommon`: it is among those that are guessed first, and the operator refuses them. */
	| { readonly reason: "whitespaceAtEnds" | "tooCommon"; readonly field: "password" }
	/** The address belongs to an account that was never activated, or was disabled. */
	| { readonly reason: "notEnabled"; readonly field: "email"; readonly email: string }
	/** The shop does not let its customers change this. */
	| { readonly reason: "notChangeable"; readonly field: "email" }
	/** Nobody has this address and password: which of the two it was is not told. */
	| { readonly reason: "unidentified" }
	/** Nobody in the shop has the address that a recovery was asked for. */
	| { readonly reason: "noSuchCustomer" }
	/** The customer access token opens nothing. */
	| { readonly reason: "noSuchToken" }
	/** The one-time token is unknown, spent, replaced or expired. */
	| { readonly reason: "noSuchOneTimeToken"; readonly purpose: Purpose }
	/** There is nothing to activate. */
	| { readonly reason: "alreadyEnabled" }
	/** The link is not one of the shop's, or leads to nobody. */
	| { readonly reason: "noSuchLink" }
	/** The customer has no address with this id. */
	| { readonly reason: "noSuchAddress" }
	/** The customer has the very same address already. */
	| { readonly reason: "duplicateAddress" }
	/** The customer has as many addresses as anyone may. */
	| { readonly reason: "tooManyAddresses"; readonly limit: number }
	/** Whatever was wrong with the Multipass token, or with letting its customer in. */
	| { readonly reason: "invalidMultipass" };

export type Result<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly reasons: readonly [Reason, ...Reason[]] };

export function succeed<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function refuse(first: Reason, ...others: readonly Reason[]): Result<never> {
	return { ok: false, reasons: [first, ...others] };
}
