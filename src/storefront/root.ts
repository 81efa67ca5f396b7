// Wire name → verb: where a reader starts who knows only `customerAccessTokenRenew`.

import { deleteToken, findCustomer, renewToken, signIn } from "../accounts/sign-in.ts";
import type { SignUp } from "../accounts/sign-up.ts";
import { createCustomer } from "../accounts/sign-up.ts";
import { HashQueueFull } from "../secrets/password.ts";
import type { Caller } from "./context.ts";
import { toWireCustomer, toWireToken } from "./customer.ts";
import { throttled } from "./faults.ts";
import { toGid } from "./forms.ts";
import { toPayload } from "./payload.ts";
import type { Resolve } from "./run.ts";
import { toWireLocalization, toWirePaymentSettings, toWireShop } from "./shop.ts";
import { listVersions } from "./versions.ts";

type Root<Arguments> = (source: unknown, args: Arguments, caller: Caller) => unknown;

interface TokenArgument {
	readonly customerAccessToken: string;
}

const customer: Root<TokenArgument> = async (_, { customerAccessToken }, { accounts }) => {
	const found = await findCustomer(accounts, customerAccessToken);
	return found && toWireCustomer(found);
};

const customerCreate: Root<{ readonly input: SignUp }> = async (_, { input }, { accounts }) => {
	const message = "Creating Customer Limit exceeded. Please try again later.";
	const result = await orThrottled(message, createCustomer(accounts, input));
	return toPayload("customerCreate", "input", result, (created) => ({ customer: toWireCustomer(created) }));
};

const customerAccessTokenCreate: Root<{
	readonly input: { readonly email: string; readonly password: string };
}> = async (_, { input }, { accounts }) => {
	const message = "Login attempt limit exceeded. Please try again later.";
	const result = await orThrottled(message, signIn(accounts, input.email, input.password));
	return toPayload("customerAccessTokenCreate", "input", result, (token) => ({
		customerAccessToken: toWireToken(token),
	}));
};

const customerAccessTokenRenew: Root<TokenArgument> = async (_, { customerAccessToken }, { accounts }) => {
	const result = await renewToken(accounts, customerAccessToken);
	return toPayload("customerAccessTokenRenew", "customerAccessToken", result, (token) => ({
		customerAccessToken: toWireToken(token),
	}));
};

const customerAccessTokenDelete: Root<TokenArgument> = async (_, { customerAccessToken }, { accounts }) => {
	const result = await deleteToken(accounts, customerAccessToken);
	return toPayload("customerAccessTokenDelete", "customerAccessToken", result, ({ id }) => ({
		deletedAccessToken: customerAccessToken,
		deletedCustomerAccessTokenId: toGid("CustomerAccessToken", id),
	}));
};

const shop: Root<unknown> = (_, __, { accounts }) => toWireShop(accounts.shop);
const paymentSettings: Root<unknown> = (_, __, { accounts }) => toWirePaymentSettings(accounts.shop);
const localization: Root<unknown> = (_, __, { accounts, country, language }) =>
	toWireLocalization(accounts.shop, country, language);
const publicApiVersions: Root<unknown> = () => listVersions();

/** How long a sign-in waits at most behind a full queue of hashes, roughly. */
const QUEUE_SECONDS = 5;

async function orThrottled<T>(message: string, work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof HashQueueFull) throw throttled(message, QUEUE_SECONDS);
		throw error;
	}
}

/** What we answer; nothing.ts answers the rest of the published roots. */
export const ROOTS: Readonly<Record<string, Readonly<Record<string, Resolve>>>> = {
	QueryRoot: { customer, localization, paymentSettings, publicApiVersions, shop } as Record<string, Resolve>,
	Mutation: {
		customerAccessTokenCreate,
		customerAccessTokenDelete,
		customerAccessTokenRenew,
		customerCreate,
	} as Record<string, Resolve>,
};
