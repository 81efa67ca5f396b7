// Wire name → verb: where a reader starts who knows only `customerAccessTokenRenew`.
import { randomInt } from "node:crypto";
import {
	type AddressInput,
	createAddress,
	deleteAddress,
	setDefaultAddress,
	updateAddress,
} from "../accounts/addresses.ts";
import { TooManyAttempts } from "../accounts/attempts.ts";
import { signInByMultipass } from "../accounts/multipass.ts";
import { type ProfileChange, updateProfile } from "../accounts/profile.ts";
import { type Entry, recover, redeem, redeemUrl } from "../accounts/recovery.ts";
import { deleteToken, findCustomer, renewToken, signIn } from "../accounts/sign-in.ts";
import { createCustomer, type SignUp } from "../accounts/sign-up.ts";
import { HashQueueFull } from "../secrets/password.ts";
import {
	addresses,
	defaultAddress,
	findAddressNode,
	formatted,
	readAddressId,
	toWireAddress,
} from "./address.ts";
import { type Caller, visitorOf } from "./context.ts";
import { toWireCustomer, toWireToken } from "./customer.ts";
import { throttled } from "./faults.ts";
import { readGid, toGid } from "./forms.ts";
import { metafield, metafields, references, tags } from "./metafield.ts";
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

const customerCreate: Root<{ readonly input: SignUp }> = async (_, { input }, caller) => {
	const result = await orThrottled(CREATE_LIMIT, createCustomer(caller.accounts, input, visitorOf(caller)));
	return toPayload("customerCreate", "input", result, (created) => ({ customer: toWireCustomer(created) }));
};

const customerUpdate: Root<TokenArgument & { readonly customer: ProfileChange }> = async (
	_,
	{ customerAccessToken, customer },
	caller,
) => {
	const updating = updateProfile(caller.accounts, customerAccessToken, customer, visitorOf(caller));
	const result = await orThrottled(UPDATE_LIMIT, updating);
	return toPayload("customerUpdate", "customer", result, ({ customer: changed, token }) => ({
		customer: toWireCustomer(changed),
		customerAccessToken: token && toWireToken(token),
	}));
};

const customerRecover: Root<{ readonly email: string }> = async (_, { email }, caller) => {
	const result = await orThrottled(RESET_LIMIT, recover(caller.accounts, email, visitorOf(caller)));
	return toPayload("customerRecover", null, result, () => ({}));
};

const toWireEntry = ({ customer, token }: Entry) => ({
	customer: toWireCustomer(customer),
	customerAccessToken: toWireToken(token),
});

const customerReset: Root<{
	readonly id: string;
	readonly input: { readonly resetToken: string; readonly password: string };
}> = async (_, { id, input: { resetToken: token, password } }, caller) => {
	const link = { customerId: readGid("Customer", id) ?? 0, token };
	const redeeming = redeem(caller.accounts, "reset", link, password, visitorOf(caller));
	const result = await orThrottled(RESET_LIMIT, redeeming);
	return toPayload("customerReset", "input", result, toWireEntry);
};

const customerResetByUrl: Root<{ readonly resetUrl: string; readonly password: string }> = async (
	_,
	{ resetUrl, password },
	caller,
) => {
	const redeeming = redeemUrl(caller.accounts, "reset", resetUrl, password, visitorOf(caller));
	const result = await orThrottled(RESET_LIMIT, redeeming);
	return toPayload("customerResetByUrl", null, result, toWireEntry);
};

const customerActivate: Root<{
	readonly id: string;
	readonly input: { readonly activationToken: string; readonly password: string };
}> = async (_, { id, input: { activationToken: token, password } }, caller) => {
	const link = { customerId: readGid("Customer", id) ?? 0, token };
	const redeeming = redeem(caller.accounts, "activation", link, password, visitorOf(caller));
	const result = await orThrottled(CREATE_LIMIT, redeeming);
	return toPayload("customerActivate", "input", result, toWireEntry);
};

const customerActivateByUrl: Root<{ readonly activationUrl: string; readonly password: string }> = async (
	_,
	{ activationUrl, password },
	caller,
) => {
	const redeeming = redeemUrl(caller.accounts, "activation", activationUrl, password, visitorOf(caller));
	const result = await orThrottled(CREATE_LIMIT, redeeming);
	return toPayload("customerActivateByUrl", null, result, toWireEntry);
};

const customerAddressCreate: Root<TokenArgument & { readonly address: AddressInput }> = async (
	_,
	{ customerAccessToken, address },
	caller,
) => {
	const result = await createAddress(caller.accounts, customerAccessToken, address, visitorOf(caller));
	return toPayload("customerAddressCreate", "address", result, (created) => ({
		customerAddress: toWireAddress(created),
	}));
};

const customerAddressUpdate: Root<
	TokenArgument & { readonly id: string; readonly address: AddressInput }
> = async (_, { customerAccessToken, id, address }, caller) => {
	const [addressId, visitor] = [readAddressId(id), visitorOf(caller)];
	const result = await updateAddress(caller.accounts, customerAccessToken, addressId, address, visitor);
	return toPayload("customerAddressUpdate", "address", result, (updated) => ({
		customerAddress: toWireAddress(updated),
	}));
};

const customerAddressDelete: Root<TokenArgument & { readonly id: string }> = async (
	_,
	{ customerAccessToken, id },
	caller,
) => {
	const addressId = readAddressId(id);
	const result = await deleteAddress(caller.accounts, customerAccessToken, addressId, visitorOf(caller));
	return toPayload("customerAddressDelete", null, result, () => ({ deletedCustomerAddressId: id }));
};

const customerDefaultAddressUpdate: Root<TokenArgument & { readonly addressId: string }> = async (
	_,
	{ customerAccessToken, addressId },
	caller,
) => {
	const id = readAddressId(addressId);
	const result = await setDefaultAddress(caller.accounts, customerAccessToken, id, visitorOf(caller));
	return toPayload("customerDefaultAddressUpdate", null, result, (changed) => ({
		customer: toWireCustomer(changed),
	}));
};

const customerAccessTokenCreate: Root<{
	readonly input: { readonly email: string; readonly password: string };
}> = async (_, { input }, caller) => {
	const result = await orThrottled(SIGN_IN_LIMIT, signIn(caller.accounts, input, visitorOf(caller)));
	return toPayload("customerAccessTokenCreate", "input", result, (token) => ({
		customerAccessToken: toWireToken(token),
	}));
};

const customerAccessTokenCreateWithMultipass: Root<{ readonly multipassToken: string }> = async (
	_,
	{ multipassToken },
	caller,
) => {
	const admission = signInByMultipass(caller.accounts, multipassToken, visitorOf(caller));
	const result = await orThrottled(SIGN_IN_LIMIT, admission);
	return toPayload("customerAccessTokenCreateWithMultipass", null, result, (token) => ({
		customerAccessToken: toWireToken(token),
	}));
};

const customerAccessTokenRenew: Root<TokenArgument> = async (_, { customerAccessToken }, { accounts }) => {
	const result = await renewToken(accounts, customerAccessToken);
	return toPayload("customerAccessTokenRenew", "customerAccessToken", result, (token) => ({
		customerAccessToken: toWireToken(token),
	}));
};

const customerAccessTokenDelete: Root<TokenArgument> = async (_, { customerAccessToken }, caller) => {
	const result = await deleteToken(caller.accounts, customerAccessToken, visitorOf(caller));
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

/** Of all that has a global id, there are only addresses here. */
const node: Root<{ readonly id: string }> = (_, { id }, caller) => findAddressNode(id, caller);
const nodes: Root<{ readonly ids: readonly string[] }> = (_, { ids }, caller) =>
	ids.map((id) => findAddressNode(id, caller));

const SIGN_IN_LIMIT = "Login attempt limit exceeded. Please try again later.";
const CREATE_LIMIT = "Creating Customer Limit exceeded. Please try again later.";
const UPDATE_LIMIT = "Updating Customer Limit exceeded. Please try again later.";
const RESET_LIMIT = "Resetting password limit exceeded. Please try again later.";

/** A sign-in waits about so long at most behind a full queue of hashes. A crowd does not come back all at once. */
const QUEUE_SECONDS = { least: 2, most: 9 };

async function orThrottled<T>(message: string, work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof HashQueueFull)
			throw throttled(message, randomInt(QUEUE_SECONDS.least, QUEUE_SECONDS.most + 1));
		if (error instanceof TooManyAttempts) throw throttled(message, error.retryAfterSeconds);
		throw error;
	}
}

/** What we answer; nothing.ts answers the rest of the published roots. */
export const ROOTS: Readonly<Record<string, Readonly<Record<string, Resolve>>>> = {
	QueryRoot: {
		customer,
		localization,
		node,
		nodes,
		paymentSettings,
		publicApiVersions,
		shop,
	} as Record<string, Resolve>,
	Mutation: {
		customerAccessTokenCreate,
		customerAccessTokenCreateWithMultipass,
		customerAccessTokenDelete,
		customerAccessTokenRenew,
		customerActivate,
		customerActivateByUrl,
		customerAddressCreate,
		customerAddressDelete,
		customerAddressUpdate,
		customerCreate,
		customerDefaultAddressUpdate,
		customerRecover,
		customerReset,
		customerResetByUrl,
		customerUpdate,
	} as Record<string, Resolve>,
	Customer: { addresses, defaultAddress, metafield, metafields, tags } as Record<string, Resolve>,
	MailingAddress: { formatted } as Record<string, Resolve>,
	Metafield: { references } as Record<string, Resolve>,
};
