// Reason → what the wire says: code, text, field. One exhaustive table; a new reason cannot be forgotten.
import type { Reason } from "../accounts/errors.ts";

/** One entry of `customerUserErrors`; `userErrors` has the same without the code. */
export interface UserError {
	readonly code: string | null;
	/** Path into the mutation's arguments, its first element an argument's name; null for no one field. */
	readonly field: readonly string[] | null;
	readonly message: string;
}

const FIELD_NAMES = {
	email: "Email",
	password: "Password",
	firstName: "First name",
	lastName: "Last name",
	phone: "Phone",
} as const;

/** `argument` is the name of the mutation's argument that held the fields. */
export function toUserError(reason: Reason, argument: string): UserError {
	if (reason.reason === "unidentified") {
		return { code: "UNIDENTIFIED_CUSTOMER", field: null, message: "Unidentified customer" };
	}
	if (reason.reason === "noSuchToken") throw new Error("a dead token is answered at top level");
	const [code, text] = describe(reason);
	return { code, field: [argument, reason.field], message: text };
}

function describe(
	reason: Exclude<Reason, { reason: "unidentified" | "noSuchToken" }>,
): readonly [string, string] {
	const name = FIELD_NAMES[reason.field];
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
		case "tooLong":
			return ["TOO_LONG", `${name} is too long (maximum is ${reason.limit} characters)`];
		case "tooShort":
			return ["TOO_SHORT", `${name} is too short (minimum is ${reason.limit} characters)`];
		case "badDomain":
			return ["BAD_DOMAIN", "Email contains an invalid domain name"];
		case "whitespaceAtEnds":
			return ["PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE", "Password cannot start or end with whitespace"];
		case "notEnabled":
			return [
				"CUSTOMER_DISABLED",
				`We have sent an email to ${reason.email}, please click the link included to verify your email address.`,
			];
	}
}
