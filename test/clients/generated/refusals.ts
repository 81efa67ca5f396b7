// The same mutations asked in vain: arguments with one fault in them, and the one error that the payload's lists tell.
// Those that are not here have no user errors.
import type { Operation } from "./attempt.ts";
import { type Customers, KINDS, type Person } from "./customers.ts";
import { type Fields, readState } from "./model.ts";

interface Fault {
	readonly code: string;
	readonly field: readonly string[] | null;
	readonly message: string;
}

type ToArguments = (person: Person, customers: Customers) => Fields | Promise<Fields>;

/** Everything but the lists is null, and they say the same, but that the older one has no field for a bad token. */
function refusal(toArguments: ToArguments, { code, field, message }: Fault): Operation {
	const older = { field: code === "TOKEN_INVALID" ? null : field, message };
	const payload = {
		customer: null,
		customerAccessToken: null,
		customerAddress: null,
		customerUserErrors: [{ code, field, message }],
		userErrors: [older],
	};
	return async (customers, dice) => {
		const person = await customers.borrow(dice.pick(KINDS));
		const args = await toArguments(person, customers);
		return { ...person, args, settle: async () => payload };
	};
}

const password = "battery staple";
const STALE = "0123456789abcdef0123456789abcdef-1500000000";

function staleUrl(purpose: string, { id }: Person): string {
	return `https://shop.example/account/${purpose}/${/\d+/.exec(id)?.[0]}/${STALE}`;
}

const unidentified = {
	code: "UNIDENTIFIED_CUSTOMER",
	field: null,
	message: "Unidentified customer",
};
const taken = { code: "TAKEN", field: ["input", "email"], message: "Email has already been taken" };
const spent = { code: "TOKEN_INVALID", field: ["input"], message: "Invalid reset token" };
const enabled = { code: "ALREADY_ENABLED", field: null, message: "Customer already enabled" };
const nowhere = { code: "INVALID", field: ["address", "country"], message: "Country is invalid" };

export const REFUSALS: Readonly<Record<string, Operation>> = {
	customerAccessTokenCreate: refusal(({ email }) => ({ input: { email, password } }), unidentified),
	customerAccessTokenCreateWithMultipass: refusal(() => ({ multipassToken: "bm90IGEgcGFzcw==" }), {
		code: "INVALID_MULTIPASS_REQUEST",
		field: ["multipassToken"],
		message: "Invalid Multipass request",
	}),
	customerActivate: refusal(({ id }) => ({ id, input: { activationToken: STALE, password } }), enabled),
	customerActivateByUrl: refusal(
		(person) => ({ activationUrl: staleUrl("activate", person), password }),
		enabled,
	),
	customerAddressCreate: refusal(
		({ token }) => ({ customerAccessToken: token, address: { city: "Poseidonis", country: "Atlantis" } }),
		nowhere,
	),
	customerAddressUpdate: refusal(async (_, customers) => {
		const { token } = await customers.borrow("whole");
		const { defaultAddress } = await readState(customers.house, token);
		return { customerAccessToken: token, id: defaultAddress.id, address: { country: "Atlantis" } };
	}, nowhere),
	customerCreate: refusal(({ email }) => ({ input: { email: email.toUpperCase(), password } }), taken),
	customerRecover: refusal(() => ({ email: "nobody@example.com" }), {
		...unidentified,
		field: ["email"],
		message: "Could not find customer",
	}),
	customerReset: refusal(({ id }) => ({ id, input: { resetToken: STALE, password } }), spent),
	customerResetByUrl: refusal((person) => ({ resetUrl: staleUrl("reset", person), password }), spent),
	customerUpdate: refusal(
		({ token }) => ({ customerAccessToken: token, customer: { firstName: "<b>Ada</b>" } }),
		{
			code: "CONTAINS_HTML_TAGS",
			field: ["customer", "firstName"],
			message: "First name cannot contain HTML tags",
		},
	),
};
