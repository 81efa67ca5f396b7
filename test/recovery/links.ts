// Customers and the links that they are mailed: asked for, read from the mailbox, and redeemed in either form.
import assert from "node:assert/strict";
import type { CustomerState, Purpose } from "../../src/model.ts";
import { statement } from "../../src/store/engine.ts";
import { type AskOptions, type Body, type House, READ, RECOVER, SIGN_IN, SIGN_UP } from "../house.ts";

export const EMAIL = "ada@example.com";
export const PASSWORD = "correct horse";

/** Whoever can be asked: a house, or a process. */
export type Askable = Pick<House, "ask">;

export interface MailedLink {
	readonly purpose: Purpose;
	readonly url: string;
	/** The customer's global id. */
	readonly id: string;
	/** As the link ends in it. */
	readonly token: string;
}

/** The two ways to spend a link: taken apart, and whole. */
export const FORMS = ["id", "url"] as const;
export type Form = (typeof FORMS)[number];

const RESULT =
	"{ customer { id email } customerAccessToken { accessToken expiresAt } customerUserErrors { code field message } }";

/** All of them answer as `redeemed`, so that their answers can be held against each other. */
export const DOCUMENTS: Readonly<Record<Purpose, Readonly<Record<Form, string>>>> = {
	reset: {
		id: `mutation($id: ID!, $token: String!, $password: String!) {
			redeemed: customerReset(id: $id, input: { resetToken: $token, password: $password }) ${RESULT}
		}`,
		url: `mutation($url: URL!, $password: String!) {
			redeemed: customerResetByUrl(resetUrl: $url, password: $password) ${RESULT}
		}`,
	},
	activation: {
		id: `mutation($id: ID!, $token: String!, $password: String!) {
			redeemed: customerActivate(id: $id, input: { activationToken: $token, password: $password }) ${RESULT}
		}`,
		url: `mutation($url: URL!, $password: String!) {
			redeemed: customerActivateByUrl(activationUrl: $url, password: $password) ${RESULT}
		}`,
	},
};

/** The whole answer to one redemption. */
export function redeem(
	house: Askable,
	{ purpose, ...link }: MailedLink,
	password: string,
	form: Form = "id",
	options?: AskOptions,
): Promise<Body> {
	const { id, token, url } = link;
	const variables = form === "id" ? { id, token, password } : { url, password };
	return house.ask(DOCUMENTS[purpose][form], variables, options);
}

/** The new customer access token. */
export function tokenOf({ data, errors }: Body): string {
	const token = data?.redeemed?.customerAccessToken?.accessToken;
	assert.equal(typeof token, "string", JSON.stringify(errors ?? data));
	return token;
}

/** What was refused, and how: codes of user errors, or of errors at top level. */
export function refusalOf({ data, errors }: Body): readonly string[] {
	const { customer = null, customerAccessToken = null, customerUserErrors = [] } = data?.redeemed ?? {};
	assert.deepEqual([customer, customerAccessToken], [null, null], "nothing comes with a refusal");
	const codes: string[] = [...customerUserErrors, ...(errors ?? [])].map(
		({ code, extensions }) => code ?? extensions?.code,
	);
	assert.notEqual(codes.length, 0, "it was not refused");
	return codes;
}

/** Asks for a link, and reads no mail: whether it has been sent is the house's affair. */
export async function askForLink(
	house: Askable,
	purpose: Purpose,
	email = EMAIL,
	options?: AskOptions,
): Promise<void> {
	if (purpose === "reset") {
		const { data } = await house.ask(RECOVER, { email }, options);
		assert.deepEqual(data.customerRecover, { customerUserErrors: [], userErrors: [] });
		return;
	}
	// Whoever signs up with the address of an account that waits is mailed its link.
	const { data } = await house.ask(SIGN_UP, { input: { email, password: PASSWORD } }, options);
	assert.equal(data.customerCreate.customerUserErrors[0]?.code, "CUSTOMER_DISABLED");
}

/** Asks for a link and reads it from its mail. */
export async function mailedLink(
	house: House,
	purpose: Purpose,
	email = EMAIL,
	options?: AskOptions,
): Promise<MailedLink> {
	await askForLink(house, purpose, email, options);
	return newestLink(house, purpose, email);
}

/** A new customer with a link: one who has `PASSWORD`, or one whose account waits to be activated. */
export async function newcomerWithLink(house: House, purpose: Purpose, email = EMAIL): Promise<MailedLink> {
	await house.signedIn(email, PASSWORD);
	if (purpose === "activation") await setState(house, email, "invited");
	return mailedLink(house, purpose, email);
}

/** As the store knows the customer. */
export function customerIdOf({ id }: MailedLink): number {
	return Number(id.split("/").at(-1));
}

const PARTS: Readonly<Record<Purpose, RegExp>> = {
	reset: /\/account\/reset\/(\d+)\/([\w-]+)$/,
	activation: /\/account\/activate\/(\d+)\/([\w-]+)$/,
};

/** From the mailbox. */
export async function newestLink(house: House, purpose: Purpose, email = EMAIL): Promise<MailedLink> {
	for (const { to, links } of await house.mails()) {
		const [url = ""] = links;
		const [, id, token] = PARTS[purpose].exec(url) ?? [];
		if (to === email && id && token) return { purpose, url, id: `gid://shopify/Customer/${id}`, token };
	}
	return assert.fail(`no ${purpose} link was mailed to ${email}`);
}

/** As an operator would, but for what comes with it: tokens and links are left as they are. */
export async function setState(house: House, email: string, state: CustomerState): Promise<void> {
	const set = statement("UPDATE customers SET state = ? WHERE email = ? RETURNING id");
	assert.equal((await house.app.store.change(set, [state, email])).length, 1);
}

export async function canSignIn(house: Askable, password: string, email = EMAIL): Promise<boolean> {
	const { data } = await house.ask(SIGN_IN, { input: { email, password } });
	return data.customerAccessTokenCreate.customerAccessToken !== null;
}

/** The e-mail address of the customer behind the token, or null. */
export async function readerOf(house: Askable, token: string): Promise<string | null> {
	return (await house.ask(READ, { t: token })).data.customer?.email ?? null;
}
