// The operator's verbs on customers: accounts made and invited by the shop itself.
import type { Customer, Seconds } from "../model.ts";
import { makeId } from "../secrets/token.ts";
import { insertAccount, inviteCustomer } from "../store/customer-states.ts";
import type { Context } from "./context.ts";
import { foldEmail } from "./email.ts";
import { type Result, refuse, succeed } from "./errors.ts";
import { makeLink } from "./links.ts";
import { draftCustomer, makeCustomer } from "./new-customer.ts";
import { makeOneTimeToken } from "./one-time-links.ts";
import { getShopPolicy } from "./shop-policy.ts";
import { isTag, MAX_TAGS, normalizeTags } from "./tags.ts";

export interface AccountInput {
	readonly email: string;
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly phone: string | null;
	readonly acceptsMarketing: boolean;
	readonly tags: readonly string[];
	/** With one the customer can sign in at once; null for an account that is disabled, or invited. */
	readonly password: string | null;
	/** The language of an invitation; null for none. */
	readonly invitation: string | null;
}

/** With an invitation its mail is decided with the account: both are there, or neither. */
export async function createAccount(
	context: Context,
	input: AccountInput,
): Promise<Result<Customer> | "badTags"> {
	const { store, policy } = context;
	const draft = draftCustomer(policy, input);
	if (!draft.ok) return draft;
	const { details, password } = draft.value;
	const { invitation } = input;
	const tags = normalizeTags(input.tags);
	if (tags.length > MAX_TAGS || !tags.every(isTag)) return "badTags";

	const passwordHash = password === null ? null : await context.passwords.hash(password);
	const state = passwordHash !== null ? "enabled" : invitation !== null ? "invited" : "disabled";
	const customer = makeCustomer(context, details, state);
	const mail = invitation === null ? null : toInvitation(invitation, customer.createdAt);
	const conflict = await insertAccount(store, {
		customer,
		emailKey: foldEmail(details.email),
		passwordHash,
		mail,
		tags,
	});
	return conflict ? refuse({ reason: "taken", field: conflict.on }) : succeed(customer);
}

export type InviteRefusal = Exclude<Awaited<ReturnType<typeof inviteCustomer>>, null>;

/** Makes the customer invited and has the activation link mailed, in this language. Null when it is done. */
export function inviteByMail(
	{ store, shop, clock }: Context,
	customerId: number,
	language: string,
): Promise<InviteRefusal | null> {
	const now = clock.now();
	return inviteCustomer(store, { shopId: shop.id, customerId, now, mail: toInvitation(language, now) });
}

/** The link that an invitation would have mailed, for the operator to hand over. */
export interface HandedLink {
	readonly url: string;
	readonly expiresAt: Seconds;
}

/** Makes the customer invited and gives the activation link, this once; no mail is sent. */
export async function inviteByLink(
	context: Context,
	customerId: number,
): Promise<HandedLink | InviteRefusal> {
	const { store, shop, clock } = context;
	const now = clock.now();
	const { token, digest, expiresAt } = makeOneTimeToken(context, "activation");
	const link = { digest, expiresAt };
	const refusal = await inviteCustomer(store, { shopId: shop.id, customerId, now, mail: null, link });
	if (refusal) return refusal;
	const url = makeLink("activation", await getShopPolicy(context), shop, {
		customerId,
		token,
	});
	return { url, expiresAt };
}

function toInvitation(language: string, now: Seconds) {
	return { id: makeId(), kind: "activation", language, now } as const;
}
