// How each failure of the table is had: what is sent in place of an example's variables.
import { availableParallelism } from "node:os";
import type { Variables } from "./examples.ts";

interface Provocation {
	/** Done first: other operations, or every customer disabled. */
	readonly before: readonly (Step | "disable")[];
	/** Sent to the operation itself. */
	readonly sent: readonly Variables[];
	/** At once: the failure is in one of the answers. Otherwise one after the other, and it is in the last one. */
	readonly atOnce: boolean;
	/** From an address that limits count, and not from the machine itself. */
	readonly fromShopper: boolean;
}

interface Step {
	readonly operation: string;
	readonly variables: Variables;
}

/** From the example's variables, filled in, to what provokes the failure. */
export type Provoke = (variables: Variables) => Provocation;

/** Puts values in the place of others, inside objects too. */
function replaced(variables: Variables, changes: Variables): Variables {
	const entries = Object.entries(changes).map(([name, change]) => {
		const inside = typeof change === "object" && change !== null;
		return [name, inside ? replaced(variables[name] as Variables, change as Variables) : change] as const;
	});
	return { ...variables, ...Object.fromEntries(entries) };
}

const PLAIN = { before: [], atOnce: false, fromShopper: false };

function sending(change: Variables): Provoke {
	return (variables) => ({ ...PLAIN, sent: [replaced(variables, change)] });
}

/** The very same again. */
const twice: Provoke = (variables) => ({ ...PLAIN, sent: [variables, variables] });

/** More at once than can be worked on, where nothing may wait. */
function flooding(change: Variables = {}): Provoke {
	return (variables) => {
		const same = replaced(variables, change);
		return { ...PLAIN, sent: Array.from({ length: availableParallelism() + 3 }, () => same), atOnce: true };
	};
}

/** So often from one shopper, one after the other, that the next is too many. */
function exceeding(limit: number, change: Variables = {}): Provoke {
	return (variables) => {
		const same = replaced(variables, change);
		return { ...PLAIN, sent: Array.from({ length: limit + 1 }, () => same), fromShopper: true };
	};
}

const PASSWORDS: Readonly<Record<string, string>> = {
	BLANK: "",
	INVALID: "correct \ud800 horse",
	PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE: " correct horse",
	TOO_LONG: "x".repeat(257),
	TOO_SHORT: "abcd",
};

function passwords(place: (password: string) => Variables): Readonly<Record<string, Provoke>> {
	return Object.fromEntries(
		Object.entries(PASSWORDS).map(([code, password]) => [code, sending(place(password))]),
	);
}

const TAKEN_PHONE = "+1 613 555 0177";

function profile(argument: "input" | "customer"): Readonly<Record<string, Provoke>> {
	const changing = (change: Variables) => sending({ [argument]: change });
	return {
		...passwords((password) => ({ [argument]: { password } })),
		BAD_DOMAIN: changing({ email: "ada@-example-.com" }),
		CONTAINS_HTML_TAGS: changing({ firstName: "<b>Ada</b>" }),
		CONTAINS_URL: changing({ lastName: "https://shop.example" }),
		INVALID: changing({ phone: "613 555 0199" }),
		TAKEN: (variables) => {
			const input = { email: "grace@example.com", password: "correct horse", phone: TAKEN_PHONE };
			return {
				...PLAIN,
				before: [{ operation: "customerCreate", variables: { input } }],
				sent: [replaced(variables, { [argument]: { phone: TAKEN_PHONE } })],
			};
		},
	};
}

const ADDRESS: Readonly<Record<string, Provoke>> = {
	CONTAINS_HTML_TAGS: sending({ address: { city: "<i>Ottawa</i>" } }),
	CONTAINS_URL: sending({ address: { address1: "https://shop.example" } }),
	INVALID: sending({ address: { country: "Atlantis" } }),
	TOO_LONG: sending({ address: { company: "x".repeat(256) } }),
};

/** A link to the right customer, with a token that opens nothing. */
const spoilt = (link: unknown) => String(link).replace(/[^/]+$/, "0".repeat(32));
const NO_LINK = "https://shop.example/account/nothing";
const reset = passwords((password) => ({ input: { password } }));
const resetByUrl = passwords((password) => ({ password }));

export const USER_ERRORS: Readonly<Record<string, Readonly<Record<string, Provoke>>>> = {
	customerAccessTokenCreate: { UNIDENTIFIED_CUSTOMER: sending({ input: { password: "wrong horse" } }) },
	customerAccessTokenCreateWithMultipass: {
		INVALID_MULTIPASS_REQUEST: sending({ multipassToken: "nonsense" }),
	},
	customerActivate: {
		...reset,
		ALREADY_ENABLED: twice,
		TOKEN_INVALID: sending({ input: { activationToken: "0".repeat(32) } }),
	},
	customerActivateByUrl: {
		...resetByUrl,
		ALREADY_ENABLED: twice,
		TOKEN_INVALID: (variables) => ({
			...PLAIN,
			sent: [replaced(variables, { activationUrl: spoilt(variables["activationUrl"]) })],
		}),
	},
	customerAddressCreate: { ...ADDRESS, TAKEN: twice },
	customerAddressUpdate: {
		...ADDRESS,
		TAKEN: (variables) => {
			const address = { city: "Ottawa", address1: "1 Rideau Street" };
			const { customerAccessToken } = variables;
			return {
				...PLAIN,
				before: [{ operation: "customerAddressCreate", variables: { customerAccessToken, address } }],
				sent: [
					replaced(variables, {
						address: { ...address, province: null, country: null, zip: null, address2: null, phone: null },
					}),
				],
			};
		},
	},
	customerCreate: {
		...profile("input"),
		BLANK: sending({ input: { email: " " } }),
		CUSTOMER_DISABLED: (variables) => ({
			...PLAIN,
			before: [{ operation: "customerCreate", variables }, "disable"],
			sent: [variables],
		}),
	},
	customerRecover: { UNIDENTIFIED_CUSTOMER: sending({ email: "nobody@example.com" }) },
	customerReset: { ...reset, TOKEN_INVALID: twice },
	customerResetByUrl: { ...resetByUrl, TOKEN_INVALID: twice },
	customerUpdate: profile("customer"),
};

const deadToken = { ACCESS_DENIED: sending({ customerAccessToken: "0".repeat(32) }) };
const noAddress = sending({ id: "gid://shopify/MailingAddress/1?model_name=CustomerAddress" });

export const AT_TOP_LEVEL: Readonly<Record<string, Readonly<Record<string, Provoke>>>> = {
	customerAccessTokenCreate: { THROTTLED: flooding() },
	customerAccessTokenCreateWithMultipass: { THROTTLED: exceeding(30, { multipassToken: "nonsense" }) },
	customerAccessTokenDelete: deadToken,
	customerAccessTokenRenew: deadToken,
	customerActivate: { THROTTLED: flooding() },
	customerActivateByUrl: { NOT_FOUND: sending({ activationUrl: NO_LINK }), THROTTLED: flooding() },
	customerAddressCreate: deadToken,
	customerAddressDelete: { ...deadToken, RESOURCE_NOT_FOUND: noAddress },
	customerAddressUpdate: { ...deadToken, RESOURCE_NOT_FOUND: noAddress },
	customerCreate: { THROTTLED: flooding() },
	customerDefaultAddressUpdate: {
		...deadToken,
		RESOURCE_NOT_FOUND: sending({ addressId: "gid://shopify/MailingAddress/1" }),
	},
	customerRecover: { THROTTLED: exceeding(5) },
	customerReset: { THROTTLED: flooding() },
	customerResetByUrl: { NOT_FOUND: sending({ resetUrl: NO_LINK }), THROTTLED: flooding() },
	customerUpdate: { ...deadToken, THROTTLED: flooding({ customer: { password: "staple correct horse" } }) },
};
