// The five mutations that mailed links are asked for and redeemed with, as rows see them: whole answers.
import assert from "node:assert/strict";
import type { MailedLink } from "../recovery/links.ts";
import { DAYS_42, readsAs } from "./tokens.ts";
import { type Answer, answers, answersExactly, costs, timeOf, type Wire } from "./wire.ts";

const NEW_PASSWORD = "new battery staple";

const ENTRY = "customer { id email } customerAccessToken { accessToken expiresAt }";
const ERRORS = "customerUserErrors { code field message } userErrors { field message }";

const RECOVER = `mutation M($email: String!) { customerRecover(email: $email) { ${ERRORS} } }`;

/** Of each mutation its document, the error lists of its payload, and its cost. */
const REDEMPTIONS = {
	customerReset: {
		document: `mutation M($id: ID!, $input: CustomerResetInput!) {
			customerReset(id: $id, input: $input) { ${ENTRY} ${ERRORS} }
		}`,
		hasOldErrors: true,
		cost: 14,
	},
	customerResetByUrl: {
		document: `mutation M($url: URL!, $password: String!) {
			customerResetByUrl(resetUrl: $url, password: $password) { ${ENTRY} ${ERRORS} }
		}`,
		hasOldErrors: true,
		cost: 14,
	},
	customerActivate: {
		document: `mutation M($id: ID!, $input: CustomerActivateInput!) {
			customerActivate(id: $id, input: $input) { ${ENTRY} ${ERRORS} }
		}`,
		hasOldErrors: true,
		cost: 14,
	},
	customerActivateByUrl: {
		document: `mutation M($url: URL!, $password: String!) {
			customerActivateByUrl(activationUrl: $url, password: $password) { ${ENTRY} customerUserErrors { code field message } }
		}`,
		hasOldErrors: false,
		cost: 13,
	},
} as const;

export type Redemption = keyof typeof REDEMPTIONS;

export function recover(
	wire: Wire,
	email: string,
	headers?: Readonly<Record<string, string>>,
): Promise<Answer> {
	return wire.ask(RECOVER, { email }, headers);
}

export async function recovers(wire: Wire, email: string): Promise<void> {
	answersExactly(await recover(wire, email), {
		data: { customerRecover: { customerUserErrors: [], userErrors: [] } },
		extensions: costs(12),
	});
}

export function redeemBy(
	wire: Wire,
	mutation: Redemption,
	{ id, token, url }: Pick<MailedLink, "id" | "token" | "url">,
	password = NEW_PASSWORD,
): Promise<Answer> {
	const { document } = REDEMPTIONS[mutation];
	const name = mutation === "customerReset" ? "resetToken" : "activationToken";
	const isByUrl = mutation.endsWith("ByUrl");
	return wire.ask(document, isByUrl ? { url, password } : { id, input: { [name]: token, password } });
}

/** Redeems, holds the whole answer against what was expected, and gives the token of 42 days that came with it. */
export async function lets(
	wire: Wire,
	mutation: Redemption,
	link: MailedLink,
	email: string,
): Promise<string> {
	const { clock } = wire.house.app;
	const from = clock.now();
	const answer = await redeemBy(wire, mutation, link);
	const { hasOldErrors, cost } = REDEMPTIONS[mutation];
	const { accessToken, expiresAt } = answer.body.data[mutation]?.customerAccessToken ?? {};
	answersExactly(answer, {
		data: {
			[mutation]: {
				customer: { id: link.id, email },
				customerAccessToken: { accessToken, expiresAt },
				customerUserErrors: [],
				...(hasOldErrors && { userErrors: [] }),
			},
		},
		extensions: costs(cost),
	});
	assert.ok(expiresAt >= timeOf(from + DAYS_42) && expiresAt <= timeOf(clock.now() + DAYS_42), expiresAt);
	await readsAs(wire, accessToken, email);
	return accessToken;
}

/** A user error as both lists have it; `oldField` where the old list has another field. */
export interface Expected {
	readonly code: string;
	readonly field: readonly string[] | null;
	readonly message: string;
	readonly oldField?: null;
}

/** Redeems in vain: the whole answer, with this one user error. */
export async function refusesTo(
	wire: Wire,
	mutation: Redemption,
	link: Pick<MailedLink, "id" | "token" | "url">,
	{ code, field, message, oldField }: Expected,
	password = NEW_PASSWORD,
): Promise<void> {
	const { hasOldErrors, cost } = REDEMPTIONS[mutation];
	answers(await redeemBy(wire, mutation, link, password), {
		data: {
			[mutation]: {
				customer: null,
				customerAccessToken: null,
				customerUserErrors: [{ code, field, message }],
				...(hasOldErrors && { userErrors: [{ field: oldField === undefined ? field : oldField, message }] }),
			},
		},
		extensions: costs(cost),
	});
}

/** Redeems what is no link of the shop's: null, and one error at top level. */
export async function isNoLink(wire: Wire, mutation: Redemption, url: string): Promise<void> {
	answersExactly(await redeemBy(wire, mutation, { id: "", token: "", url }), {
		errors: [
			{
				message: "Unidentified customer",
				path: [mutation],
				locations: [],
				extensions: { code: "NOT_FOUND" },
			},
		],
		data: { [mutation]: null },
		extensions: costs(REDEMPTIONS[mutation].cost),
	});
}

export const BAD_RESET_TOKEN: Expected = {
	code: "TOKEN_INVALID",
	field: ["input"],
	message: "Invalid reset token",
	oldField: null,
};
export const BAD_ACTIVATION_TOKEN: Expected = { ...BAD_RESET_TOKEN, message: "Invalid activation token" };
export const ALREADY_ENABLED: Expected = {
	code: "ALREADY_ENABLED",
	field: null,
	message: "Customer already enabled",
};
