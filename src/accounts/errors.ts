// Why a verb refused, in the domain's words. A door turns reasons into what its callers read.

/** A field of what the verb was given, in the verb's own names. */
export type Field = "email" | "password" | "firstName" | "lastName" | "phone";

/** One reason. `limit` is a number of characters. */
export type Reason =
	| { readonly reason: "blank" | "invalid" | "taken" | "containsHtml" | "containsUrl"; readonly field: Field }
	| { readonly reason: "tooLong" | "tooShort"; readonly field: Field; readonly limit: number }
	| { readonly reason: "badDomain"; readonly field: "email" }
	| { readonly reason: "whitespaceAtEnds"; readonly field: "password" }
	/** The address belongs to an account that was never activated, or was disabled. */
	| { readonly reason: "notEnabled"; readonly field: "email"; readonly email: string }
	/** Nobody has this address and password: which of the two it was is not told. */
	| { readonly reason: "unidentified" }
	/** The customer access token opens nothing. */
	| { readonly reason: "noSuchToken" };

export type Result<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly reasons: readonly [Reason, ...Reason[]] };

export function succeed<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function refuse(first: Reason, ...others: readonly Reason[]): Result<never> {
	return { ok: false, reasons: [first, ...others] };
}
