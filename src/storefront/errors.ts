// Reason → what the wire says: code, text, field. One exhaustive table; a new reason cannot be forgotten.
import type { Field, Reason } from "../accounts/errors.ts";
import type { Purpose } from "../model.ts";

/** One entry of `customerUserErrors`; `userErrors` has the same without the code. */
export interface UserError {
	readonly code: string | null;
	/** Path into the mutation's arguments, its first element an argument's name; null for no one field. */
	readonly field: readonly string[] | null;
	readonly message: string;
}

const FIELD_NAMES: Readonly<Record<Field, string>> = {
	email: "Email",
	password: "Password",
	firstName: "First name",
	lastName: "Last name",
	phone: "Phone",
	company: "Company",
	address1: "Address1",
	address2: "Address2",
	city: "City",
	province: "Province",
	country: "Country",
	zip: "Zip",
};

const INVALID_TOKEN: Readonly<Record<Purpose, string>> = {
	reset: "Invalid reset token",
	activation: "Invalid activation token",
};

/** Reasons that are errors at top level: see payload.ts. */
type TopLevelReason = Extract<Reason, { readonly reason: "noSuchToken" | "noSuchLink" | "noSuchAddress" }>;

/**
 * `argument` is the name of the mutation's argument that held the fields; null where the fields are arguments
 * themselves.
 */
export function toUserError(reason: Exclude<Reason, TopLevelReason>, argument: string | null): UserError {
	switch (reason.reason) {
		case "unidentified":
			return { code: "UNIDENTIFIED_CUSTOMER", field: null, message: "Unidentified customer" };
		case "noSuchCustomer":
			return { code: "UNIDENTIFIED_CUSTOMER", field: ["email"], message: "Could not find customer" };
		case "noSuchOneTimeToken":
			return { code: "TOKEN_INVALID", field: ["input"], message: INVALID_TOKEN[reason.purpose] };
		case "alreadyEnabled":
			return { code: "ALREADY_ENABLED", field: null, message: "Customer already enabled" };
		case "duplicateAddress":
			return { code: "TAKEN", field: ["address"], message: "Address already exists" };
		case "tooManyAddresses": {
			const message = `Customer cannot have more than ${reason.limit} addresses`;
			return { code: "INVALID", field: ["address"], message };
		}
		case "invalidMultipass": {
			const message = "Invalid Multipass request";
			return { code: "INVALID_MULTIPASS_REQUEST", field: ["multipassToken"], message };
		}
		default: {
			const [code, message] = describe(reason, FIELD_NAMES[reason.field]);
			return { code, field: argument === null ? [reason.field] : [argument, reason.field], message };
		}
	}
}

/** What `userErrors` says of it: the same, but that a bad one-time token belongs to no field (recorded, wire 1.0). */
export function toOldUserError(error: UserError): UserError {
	return error.code === "TOKEN_INVALID" ? { ...error, field: null } : error;
}

function describe(
	reason: Extract<Reason, { readonly field: Field }>,
	name: string,
): readonly [code: string, message: string] {
	switch (reason.reason) {
		case "blank":
			return ["BLANK", `${name} can't be blank`];
		case "invalid":
			return ["INVALID", `${name} is invalid`];
		case "taken":
			return ["TAKEN", `${name} has already been taken`];
		case "containsHtml":
			return ["CONTAINS_HTML_TAGS", `${name} cannot contain HTML tags`];
		case "containsUrl":
			return ["CONTAINS_URL", `${name} cannot contain URL`];
		case "containsEmoji":
			return ["INVALID", `${name} cannot contain emojis`];
		case "tooLong":
			return ["TOO_LONG", `${name} is too long (maximum is ${reason.limit} characters)`];
		case "tooShort":
			return ["TOO_SHORT", `${name} is too short (minimum is ${reason.limit} characters)`];
		case "badDomain":
			return ["BAD_DOMAIN", "Email contains an invalid domain name"];
		case "whitespaceAtEnds":
			return ["PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE", "Password cannot start or end with whitespace"];
		case "tooCommon":
			return ["INVALID", "Password is too common"];
		case "notChangeable":
			return ["INVALID", "CustomerUpdate access denied"];
		case "notEnabled":
			return [
				"CUSTOMER_DISABLED",
				`We have sent an email to ${reason.email}, please click the link included to verify your email address.`,
			];
	}
}
