// Which mutation fails with which code, and when: the one place that says it. Texts and fields are in errors.ts and
// faults.ts. That a storefront access token lacks a scope is not listed: scopes.ts says which mutation needs which.

interface FailureCode {
	readonly code: string;
	/** A whole sentence. */
	readonly when: string;
}

interface FailureCodes {
	/** In the payload's `customerUserErrors`. */
	readonly userErrors: readonly FailureCode[];
	/** In `errors`, beside a field that is null. */
	readonly atTopLevel: readonly FailureCode[];
}

const DEAD_TOKEN: FailureCode = {
	code: "ACCESS_DENIED",
	when: "The customer access token is unknown, expired or deleted, or its customer is not enabled.",
};
const NO_ADDRESS: FailureCode = {
	code: "RESOURCE_NOT_FOUND",
	when: "The id names no address, or someone else's: which of the two is not told.",
};
const NO_LINK: FailureCode = {
	code: "NOT_FOUND",
	when: "The link does not lead to a page of the shop that ends in a customer and a token, or the customer is unknown.",
};
/** Of what is limited, and of what has to wait for a password hash. */
function throttled(limit: string | null, hashes = true): FailureCode {
	const busy = hashes ? "the server has more passwords to work on than it can" : null;
	const when = [limit, busy].filter((reason) => reason !== null).join(", or ");
	return {
		code: "THROTTLED",
		when: `${when.charAt(0).toUpperCase()}${when.slice(1)}. \`Retry-After\` says when to try again.`,
	};
}
const FAILURES = "there were too many failures from the shopper’s address";
const BAD_LINKS = throttled(FAILURES);

const HTML: Omit<FailureCode, "when"> = { code: "CONTAINS_HTML_TAGS" };
const URL: Omit<FailureCode, "when"> = { code: "CONTAINS_URL" };
const BLANK_ENDS: FailureCode = {
	code: "PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE",
	when: "The password has a blank at its beginning or at its end.",
};
const PASSWORD_TOO_SHORT: FailureCode = {
	code: "TOO_SHORT",
	when: "The password has fewer characters than the shop asks for: 5, unless it asks for more.",
};

const COMMON = "Or it is one of the commonest passwords, and the server is set to refuse those.";

/** What can be wrong with a password that is to be set. */
const PASSWORD: readonly FailureCode[] = [
	{ code: "BLANK", when: "The password is empty." },
	{ code: "INVALID", when: `The password is not well-formed text. ${COMMON}` },
	BLANK_ENDS,
	{ code: "TOO_LONG", when: "The password has more than 256 characters." },
	PASSWORD_TOO_SHORT,
];

/** What can be wrong with a customer's own details. */
function profile(invalid: string): readonly FailureCode[] {
	return [
		{ code: "BAD_DOMAIN", when: "The part of the email address after the `@` cannot receive mail." },
		{ code: "BLANK", when: "The email address or the password is empty." },
		{ ...HTML, when: "The first or last name holds HTML tags." },
		{ ...URL, when: "The first or last name holds a web address." },
		{ code: "INVALID", when: invalid },
		BLANK_ENDS,
		{ code: "TAKEN", when: "Another customer of the shop has the email address or the phone number." },
		{
			code: "TOO_LONG",
			when: "A value has more characters than allowed: 256 for the password, 255 for the others.",
		},
		PASSWORD_TOO_SHORT,
	];
}

/** What can be wrong with an address. */
function address(invalid: string): readonly FailureCode[] {
	return [
		{ ...HTML, when: "A part of the address holds HTML tags." },
		{ ...URL, when: "A part of the address holds a web address." },
		{ code: "INVALID", when: invalid },
		{ code: "TAKEN", when: "The customer already has exactly this address." },
		{ code: "TOO_LONG", when: "A part of the address has more than 255 characters." },
	];
}

const DEAD_LINK = "is wrong, spent, replaced by a newer one or expired, or the customer is unknown.";
const RESET: readonly FailureCode[] = [
	...PASSWORD,
	{ code: "TOKEN_INVALID", when: `The one-time token ${DEAD_LINK}` },
];
const ACTIVATION: readonly FailureCode[] = [
	{ code: "ALREADY_ENABLED", when: "The customer is enabled already. `field` is null." },
	...RESET,
];
const INVALID_DETAIL = `The email address or the phone number does not have the form of one; a phone number needs its country's prefix. Or a value is not well-formed text. ${COMMON}`;

const INVALID_PLACE =
	"The country is unknown, the country does not have the province, or a part of the address holds emojis.";

export const FAILURE_CODES: Readonly<Record<string, FailureCodes>> = {
	customerAccessTokenCreate: {
		userErrors: [
			{
				code: "UNIDENTIFIED_CUSTOMER",
				when: "The password is wrong, nobody has the email address, or the customer is not enabled: which of them is not told, and `field` is null.",
			},
		],
		atTopLevel: [
			throttled(
				"there were too many wrong passwords for the account, or too many failures from the shopper’s address",
			),
		],
	},
	customerAccessTokenCreateWithMultipass: {
		userErrors: [
			{
				code: "INVALID_MULTIPASS_REQUEST",
				when: "The Multipass token is malformed, wrongly signed, older than 15 minutes or used before, the shop takes none, or it does not let this customer in: which of them is not told.",
			},
		],
		atTopLevel: [throttled(FAILURES, false)],
	},
	customerAccessTokenDelete: { userErrors: [], atTopLevel: [DEAD_TOKEN] },
	customerAccessTokenRenew: { userErrors: [], atTopLevel: [DEAD_TOKEN] },
	customerActivate: { userErrors: ACTIVATION, atTopLevel: [BAD_LINKS] },
	customerActivateByUrl: { userErrors: ACTIVATION, atTopLevel: [NO_LINK, BAD_LINKS] },
	customerAddressCreate: {
		userErrors: address(`${INVALID_PLACE} Or the customer has 1000 addresses, which is the most.`),
		atTopLevel: [DEAD_TOKEN],
	},
	customerAddressDelete: { userErrors: [], atTopLevel: [DEAD_TOKEN, NO_ADDRESS] },
	customerAddressUpdate: { userErrors: address(INVALID_PLACE), atTopLevel: [DEAD_TOKEN, NO_ADDRESS] },
	customerCreate: {
		userErrors: [
			{
				code: "CUSTOMER_DISABLED",
				when: "The email address belongs to a customer who is disabled or invited. An activation mail goes out to it. Or the server is set to tell nobody who has an account: then every sign-up is answered so, and the account is activated by the link in the mail.",
			},
			...profile(INVALID_DETAIL),
		],
		atTopLevel: [
			throttled(
				"there were too many sign-ups from the shopper’s address, or, where the server is set to tell nobody who has an account, too many for the email address",
			),
		],
	},
	customerDefaultAddressUpdate: { userErrors: [], atTopLevel: [DEAD_TOKEN, NO_ADDRESS] },
	customerRecover: {
		userErrors: [
			{
				code: "UNIDENTIFIED_CUSTOMER",
				when: "Nobody in the shop has the email address, and the server is set to tell.",
			},
		],
		atTopLevel: [
			throttled("too many recoveries were asked for, for the account or from the shopper’s address", false),
		],
	},
	customerReset: { userErrors: RESET, atTopLevel: [BAD_LINKS] },
	customerResetByUrl: { userErrors: RESET, atTopLevel: [NO_LINK, BAD_LINKS] },
	customerUpdate: {
		userErrors: profile(
			`${INVALID_DETAIL} Or the shop does not let its customers change their email address, or the server is set to tell nobody who has an account.`,
		),
		atTopLevel: [
			DEAD_TOKEN,
			throttled("the customer asked for too many new email addresses or phone numbers"),
		],
	},
};
