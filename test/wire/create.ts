// 1.2: signing up.
import assert from "node:assert/strict";
import { comingFrom } from "../limits/visitors.ts";
import { newestLink, setState } from "../recovery/links.ts";
import { throttledBody } from "./envelope.ts";
import type { Row } from "./row.ts";
import { signIn } from "./sign-in.ts";
import { readsAs } from "./tokens.ts";
import { type Answer, answers, costs, newEmail, PASSWORD, timeOf, type Wire } from "./wire.ts";

const SIGN_UP = `mutation M($input: CustomerCreateInput!) {
	customerCreate(input: $input) {
		customer {
			id email phone firstName lastName displayName acceptsMarketing numberOfOrders tags createdAt updatedAt
		}
		customerUserErrors { code field message }
		userErrors { field message }
	}
}`;

type Input = Readonly<Record<string, unknown>>;

/** What may follow in a customer that was just created; the rest is checked here. */
export interface Expected {
	readonly email: string;
	readonly phone?: string | null;
	readonly firstName?: string | null;
	readonly lastName?: string | null;
	readonly displayName?: string;
	readonly acceptsMarketing?: boolean;
}

export function signUp(
	wire: Wire,
	input: Input,
	headers?: Readonly<Record<string, string>>,
): Promise<Answer> {
	return wire.ask(SIGN_UP, { input: { password: PASSWORD, ...input } }, headers);
}

/** Signs up, and holds the whole answer against what was expected. */
export async function creates(wire: Wire, input: Input, expected: Expected): Promise<void> {
	const { clock } = wire.house.app;
	const from = clock.now();
	const answer = await signUp(wire, input);
	assert.ok(answer.body.data?.customerCreate?.customer, answer.text);
	const { id, createdAt } = answer.body.data.customerCreate.customer;
	answers(answer, {
		data: {
			customerCreate: {
				customer: {
					id,
					phone: null,
					firstName: null,
					lastName: null,
					displayName: expected.email,
					acceptsMarketing: false,
					numberOfOrders: "0",
					tags: [],
					createdAt,
					updatedAt: createdAt,
					...expected,
				},
				customerUserErrors: [],
				userErrors: [],
			},
		},
		extensions: costs(13),
	});
	assert.match(id, /^gid:\/\/shopify\/Customer\/[1-9]\d*$/);
	assert.ok(createdAt >= timeOf(from) && createdAt <= timeOf(clock.now()), createdAt);
}

/** Fails to sign up, for these reasons and no others: code, field, message. */
export async function refuses(
	wire: Wire,
	input: Input,
	...errors: readonly (readonly [string, string, string])[]
): Promise<void> {
	answers(await signUp(wire, { email: newEmail(), ...input }), {
		data: {
			customerCreate: {
				customer: null,
				customerUserErrors: errors.map(([code, field, message]) => ({
					code,
					field: ["input", field],
					message,
				})),
				userErrors: errors.map(([, field, message]) => ({ field: ["input", field], message })),
			},
		},
		extensions: costs(13),
	});
}

export const rows: readonly Row[] = [
	{
		id: "1.2/create/good",
		says: 'the customer: no orders (`"0"`), no tags, “First Last” as display name, whole seconds in UTC; no token',
		sources: ["REC"],
		check: async (wire) => {
			const email = newEmail();
			const names = { firstName: "Ada", lastName: "Lovelace" };
			await creates(wire, { email, ...names }, { email, ...names, displayName: "Ada Lovelace" });
		},
	},
	{
		id: "1.2/create/usable-at-once",
		says: "the new customer can sign in at once",
		sources: ["REC"],
		check: async (wire) => {
			const email = newEmail();
			await creates(wire, { email }, { email });
			const { body } = await signIn(wire, { email, password: PASSWORD });
			await readsAs(wire, body.data.customerAccessTokenCreate.customerAccessToken.accessToken, email);
		},
	},
	{
		id: "1.2/create/email-taken",
		says: "the address of an enabled account: “Email has already been taken”, `TAKEN`",
		sources: ["REC"],
		check: async (wire) => {
			const { email } = await wire.newcomer();
			await refuses(wire, { email }, ["TAKEN", "email", "Email has already been taken"]);
		},
	},
	{
		id: "1.2/create/email-malformed",
		says: "a malformed address: “Email is invalid”, `INVALID`",
		sources: ["REC"],
		check: (wire) => refuses(wire, { email: "not-an-email" }, ["INVALID", "email", "Email is invalid"]),
	},
	{
		id: "1.2/create/password-empty",
		says: "an empty password: “Password can't be blank”, `BLANK`",
		sources: ["REC"],
		check: (wire) => refuses(wire, { password: "" }, ["BLANK", "password", "Password can't be blank"]),
	},
	{
		id: "1.2/create/name-markup",
		says: "markup in a name: “First name cannot contain HTML tags”, `CONTAINS_HTML_TAGS`",
		sources: ["REC"],
		check: (wire) =>
			refuses(wire, { firstName: "<b>Ada</b>" }, [
				"CONTAINS_HTML_TAGS",
				"firstName",
				"First name cannot contain HTML tags",
			]),
	},
	{
		id: "1.2/create/name-url",
		says: "a URL in a name: “First name cannot contain URL”, `CONTAINS_URL`",
		sources: ["ADM", "DOC"],
		check: (wire) =>
			refuses(wire, { firstName: "see https://example.com" }, [
				"CONTAINS_URL",
				"firstName",
				"First name cannot contain URL",
			]),
	},
	{
		id: "1.2/create/name-too-long",
		says: "a name of more than 255 characters: “First name is too long (maximum is 255 characters)”, `TOO_LONG`",
		sources: ["ADM"],
		check: (wire) =>
			refuses(wire, { firstName: "a".repeat(256) }, [
				"TOO_LONG",
				"firstName",
				"First name is too long (maximum is 255 characters)",
			]),
	},
	{
		id: "1.2/create/password-too-short",
		says: "“Password is too short (minimum is 5 characters)”, `TOO_SHORT`",
		sources: ["INF", "DOC", "FORUM"],
		check: (wire) =>
			refuses(wire, { password: "four" }, [
				"TOO_SHORT",
				"password",
				"Password is too short (minimum is 5 characters)",
			]),
	},
	{
		id: "1.2/create/password-blank-ends",
		says: "a blank at either end of the password: `PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE`",
		sources: ["DOC"],
		check: async (wire) => {
			for (const password of [" correct", "correct "]) {
				const { body } = await signUp(wire, { email: newEmail(), password });
				const { customer, customerUserErrors } = body.data.customerCreate;
				assert.equal(customer, null);
				assert.deepEqual(
					customerUserErrors.map(({ code }: { code: string }) => code),
					["PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE"],
				);
			}
		},
	},
	{
		id: "1.2/create/email-of-disabled",
		says: "the address of an account that was never activated: `CUSTOMER_DISABLED`, and an activation mail",
		sources: ["FORUM", "CLI"],
		check: async (wire) => {
			for (const state of ["disabled", "invited"] as const) {
				const { email } = await wire.newcomer();
				await setState(wire.house, email, state);
				const message = `We have sent an email to ${email}, please click the link included to verify your email address.`;
				await refuses(wire, { email }, ["CUSTOMER_DISABLED", "email", message]);
				assert.ok(await newestLink(wire.house, "activation", email));
			}
		},
	},
	{
		id: "1.2/create/email-bad-domain",
		says: "an impossible mail domain: “Email contains an invalid domain name”, `BAD_DOMAIN`",
		sources: ["DOC", "CLI"],
		check: (wire) =>
			refuses(wire, { email: "ada@-example-.com" }, [
				"BAD_DOMAIN",
				"email",
				"Email contains an invalid domain name",
			]),
	},
	{
		id: "1.2/create/phone-invalid",
		says: 'a phone number that is none: `["input","phone"]`, “Phone is invalid”, `INVALID`',
		sources: ["FORUM", "INF"],
		check: (wire) => refuses(wire, { phone: "not a phone" }, ["INVALID", "phone", "Phone is invalid"]),
	},
	{
		id: "1.2/create/phone-taken",
		says: 'one of another customer: `["input","phone"]`, “Phone has already been taken”, `TAKEN`',
		sources: ["FORUM", "INF"],
		check: async (wire) => {
			const phone = "+16135550142";
			await using own = await wire.open();
			const email = newEmail();
			await creates(own, { email, phone }, { email, phone });
			await refuses(own, { phone }, ["TAKEN", "phone", "Phone has already been taken"]);
		},
	},
	{
		id: "1.2/create/limit",
		says: "too many sign-ups: “Creating Customer Limit exceeded. Please try again later.” at top level, `THROTTLED`",
		sources: ["CLI", "FORUM"],
		check: async (wire) => {
			const headers = comingFrom(wire.house, "192.0.2.12");
			for (let time = 1; time <= 20; time++) {
				const { body } = await signUp(wire, { email: newEmail() }, headers);
				assert.deepEqual(body.data.customerCreate.customerUserErrors, []);
			}
			const message = "Creating Customer Limit exceeded. Please try again later.";
			const answer = await signUp(wire, { email: newEmail() }, headers);
			answers(answer, throttledBody("customerCreate", message, 13));
		},
	},
];
