// 1.2: changing a profile, the address and the password.
import assert from "node:assert/strict";
import { isDeniedToUpdate } from "./denial.ts";
import type { Row } from "./row.ts";
import { signIn } from "./sign-in.ts";
import { DAYS_42, readsAs, readsNobody } from "./tokens.ts";
import {
	type Answer,
	answers,
	answersExactly,
	costs,
	newEmail,
	PASSWORD,
	timeOf,
	type Wire,
} from "./wire.ts";

const UPDATE = `mutation M($t: String!, $customer: CustomerUpdateInput!) {
	customerUpdate(customerAccessToken: $t, customer: $customer) {
		customer { email firstName lastName }
		customerAccessToken { accessToken expiresAt }
		customerUserErrors { code field message }
		userErrors { field message }
	}
}`;

const NEW_PASSWORD = "new battery staple";

type Input = Readonly<Record<string, unknown>>;

export function update(wire: Wire, t: string, customer: Input): Promise<Answer> {
	return wire.ask(UPDATE, { t, customer });
}

/** Changes the password, and gives the token that came with it. */
export async function changePassword(wire: Wire, t: string): Promise<string> {
	const { body } = await update(wire, t, { password: NEW_PASSWORD });
	return body.data.customerUpdate.customerAccessToken.accessToken;
}

/** Fails to update, for these reasons and no others: code, field, message. */
export async function refusesToUpdate(
	wire: Wire,
	t: string,
	customer: Input,
	...errors: readonly (readonly [string, string, string])[]
): Promise<void> {
	answers(await update(wire, t, customer), {
		data: {
			customerUpdate: {
				customer: null,
				customerAccessToken: null,
				customerUserErrors: errors.map(([code, field, message]) => ({
					code,
					field: ["customer", field],
					message,
				})),
				userErrors: errors.map(([, field, message]) => ({ field: ["customer", field], message })),
			},
		},
		extensions: costs(14),
	});
}

export const rows: readonly Row[] = [
	{
		id: "1.2/update/profile",
		says: "a changed profile gives the customer, and `customerAccessToken` null",
		sources: ["REC"],
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			const names = { firstName: "Ada", lastName: "Lovelace" };
			answersExactly(await update(wire, token, names), {
				data: {
					customerUpdate: {
						customer: { email, ...names },
						customerAccessToken: null,
						customerUserErrors: [],
						userErrors: [],
					},
				},
				extensions: costs(14),
			});
			await readsAs(wire, token, email);
		},
	},
	{
		id: "1.2/update/password",
		says: "a changed password gives a new token; the old one reads `customer: null` at once",
		sources: ["REC", "DOC"],
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			const { clock } = wire.house.app;
			const from = clock.now();
			const answer = await update(wire, token, { password: NEW_PASSWORD });
			const { accessToken, expiresAt } = answer.body.data.customerUpdate.customerAccessToken;
			answersExactly(answer, {
				data: {
					customerUpdate: {
						customer: { email, firstName: null, lastName: null },
						customerAccessToken: { accessToken, expiresAt },
						customerUserErrors: [],
						userErrors: [],
					},
				},
				extensions: costs(14),
			});
			assert.ok(expiresAt >= timeOf(from + DAYS_42) && expiresAt <= timeOf(clock.now() + DAYS_42), expiresAt);
			await readsNobody(wire, token);
			await readsAs(wire, accessToken, email);
			const old = await signIn(wire, { email, password: PASSWORD });
			assert.equal(old.body.data.customerAccessTokenCreate.customerAccessToken, null);
		},
	},
	{
		id: "1.2/update/email",
		says: 'a changed address refuses the whole update: `["customer","email"]`, “CustomerUpdate access denied”, `INVALID`',
		sources: ["REC", "CLI"],
		check: async (wire) => {
			// Where the shop chose so; why it is not so everywhere: 9/update/email.
			await using own = await wire.open({ emailChange: "deny" });
			const { email, token } = await own.newcomer();
			const change = { email: newEmail(), firstName: "Ada" };
			await refusesToUpdate(own, token, change, ["INVALID", "email", "CustomerUpdate access denied"]);
			await readsAs(own, token, email);
		},
	},
	{
		id: "1.2/update/bad-token",
		says: "a token that opens nothing is denied as in 1.6",
		sources: ["INF"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			await changePassword(wire, token);
			await isDeniedToUpdate(wire, token);
		},
	},
	{
		id: "1.2/update/validation",
		says: "the sentences of `customerCreate`, with `customer` as the first element of `field`",
		sources: ["INF"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const taken = (await wire.newcomer()).email;
			for (const [customer, ...errors] of [
				[{ email: taken }, ["TAKEN", "email", "Email has already been taken"]],
				[{ email: "not-an-email" }, ["INVALID", "email", "Email is invalid"]],
				[{ email: "ada@-example-.com" }, ["BAD_DOMAIN", "email", "Email contains an invalid domain name"]],
				[{ phone: "not a phone" }, ["INVALID", "phone", "Phone is invalid"]],
				[{ password: "" }, ["BLANK", "password", "Password can't be blank"]],
				[
					{ firstName: "<b>", password: "four" },
					["CONTAINS_HTML_TAGS", "firstName", "First name cannot contain HTML tags"],
					["TOO_SHORT", "password", "Password is too short (minimum is 5 characters)"],
				],
			] as const) {
				await refusesToUpdate(wire, token, customer, ...errors);
			}
		},
	},
];
