// 1.1: signing in, which makes a customer access token.
import { setState } from "../recovery/links.ts";
import { throttledBody } from "./envelope.ts";
import type { Row } from "./row.ts";
import { givesToken, readsAs } from "./tokens.ts";
import { type Answer, answers, at, costs, newEmail, PASSWORD, type Wire } from "./wire.ts";

const SIGN_IN = `mutation M($input: CustomerAccessTokenCreateInput!) {
	customerAccessTokenCreate(input: $input) {
		customerAccessToken { accessToken expiresAt }
		customerUserErrors { code field message }
		userErrors { field message }
	}
}`;
export function signIn(wire: Wire, input: Readonly<Record<string, unknown>>): Promise<Answer> {
	return wire.ask(SIGN_IN, { input });
}

const FIELD = "customerAccessTokenCreate";

/** So many wrong passwords, one after the other, each of which is looked at. */
export async function failsToSignIn(wire: Wire, email: string, times: number): Promise<void> {
	for (let time = 1; time <= times; time++) await isUnidentified(wire, { email, password: `guess ${time}` });
}

const NO_ERRORS = { customerUserErrors: [], userErrors: [] } as const;

async function isUnidentified(wire: Wire, input: Readonly<Record<string, unknown>>): Promise<void> {
	const message = "Unidentified customer";
	answers(await signIn(wire, input), {
		data: {
			customerAccessTokenCreate: {
				customerAccessToken: null,
				customerUserErrors: [{ code: "UNIDENTIFIED_CUSTOMER", field: null, message }],
				userErrors: [{ field: null, message }],
			},
		},
		extensions: costs(13),
	});
}

/** `password` null or missing: refused with the variable. */
async function isNoPassword(wire: Wire, input: Readonly<Record<string, unknown>>): Promise<void> {
	const explanation = "Expected value to not be null";
	answers(await signIn(wire, input), {
		errors: [
			{
				message: `Variable $input of type CustomerAccessTokenCreateInput! was provided invalid value for password (${explanation})`,
				locations: [at(SIGN_IN, "$input")],
				extensions: {
					code: "INVALID_VARIABLE",
					value: input,
					problems: [{ path: ["password"], explanation }],
				},
			},
		],
	});
}

export const rows: readonly Row[] = [
	{
		id: "1.1/create/good",
		says: "a token and when it expires, 42 days from now to the second; both lists empty",
		sources: ["REC"],
		check: async (wire) => {
			const { email, password } = await wire.newcomer();
			const { clock } = wire.house.app;
			const from = clock.now();
			const answer = await signIn(wire, { email, password });
			const { accessToken } = givesToken(answer, "customerAccessTokenCreate", NO_ERRORS, 13, [
				from,
				clock.now(),
			]);
			await readsAs(wire, accessToken, email);
		},
	},
	{
		id: "1.1/create/wrong-password",
		says: "token null, `field` null, “Unidentified customer”, `UNIDENTIFIED_CUSTOMER`",
		sources: ["REC"],
		check: async (wire) => {
			const { email } = await wire.newcomer();
			await isUnidentified(wire, { email, password: "wrong horse" });
		},
	},
	{
		id: "1.1/create/unknown-email",
		says: "the same answer",
		sources: ["CLI", "INF"],
		check: (wire) => isUnidentified(wire, { email: newEmail(), password: PASSWORD }),
	},
	{
		id: "1.1/create/not-enabled",
		says: "the same answer for an account that was never activated or is disabled",
		sources: ["REC"],
		check: async (wire) => {
			for (const state of ["disabled", "invited", "declined"] as const) {
				const { email, password } = await wire.newcomer();
				await setState(wire.house, email, state);
				await isUnidentified(wire, { email, password });
			}
		},
	},
	{
		id: "1.1/create/blank-email",
		says: "the same answer for a blank address",
		sources: ["INF"],
		check: async (wire) => {
			for (const email of ["", "  "]) await isUnidentified(wire, { email, password: PASSWORD });
		},
	},
	{
		id: "1.1/create/blank-password",
		says: "the same answer for a blank password",
		sources: ["INF"],
		check: async (wire) => {
			const { email } = await wire.newcomer();
			for (const password of ["", "  "]) await isUnidentified(wire, { email, password });
		},
	},
	{
		id: "1.1/create/password-null",
		says: "`password` null in the variable: refused with the variable’s value and the one problem",
		sources: ["FORUM"],
		check: (wire) => isNoPassword(wire, { email: "ada@example.com", password: null }),
	},
	{
		id: "1.1/create/password-missing",
		says: "`password` missing in the variable: the same",
		sources: ["FORUM"],
		check: (wire) => isNoPassword(wire, { email: "ada@example.com" }),
	},
	{
		id: "1.1/create/password-null/without-code",
		says: "the one published sighting, of 2024, has no `code`",
		sources: ["FORUM"],
		difference:
			"We send `INVALID_VARIABLE`, as the Admin API is recorded to do in every case: a client that reads the code is helped, and one that does not is not harmed.",
	},
	{
		id: "1.1/create/too-many-failures",
		says: "after some wrong passwords the text begins “Login attempt limit exceeded”",
		sources: ["FORUM"],
		check: async (wire) => {
			const { email, password } = await wire.newcomer();
			await failsToSignIn(wire, email, 10);
			const message = "Login attempt limit exceeded. Please try again later.";
			answers(await signIn(wire, { email, password }), throttledBody(FIELD, message, 13));
		},
	},
	{
		id: "1.1/create/moved-shop",
		says: "`UNIDENTIFIED_CUSTOMER` whatever the password, once a shop has moved to new customer accounts",
		sources: ["FORUM"],
		difference:
			"There are no other accounts that a shop could move to: every shop here signs in with passwords.",
	},
];
