// The fifteen mutations: what each is asked with, what must be true afterwards, and what its payload must then say.
import assert from "node:assert/strict";
import type { Purpose } from "../../../src/model.ts";
import { READ } from "../../house.ts";
import { passFor } from "../../multipass/passes.ts";
import {
	customerAddressCreate,
	customerAddressDelete,
	customerAddressUpdate,
	customerDefaultAddressUpdate,
} from "./address-operations.ts";
import { assertHolds, NO_ERRORS, type Operation } from "./attempt.ts";
import { type Customers, KINDS, type Link, type Person } from "./customers.ts";
import type { Dice } from "./dice.ts";
import { type Fields, NEW_END, NEW_TOKEN, readState, TOKEN_ID, toModel } from "./model.ts";

const NEW_ACCESS_TOKEN = { accessToken: NEW_TOKEN, expiresAt: NEW_END };
const NEW_PASSWORD = "battery staple";

/** Some of what a customer says of herself. */
function someProfile(customers: Customers, dice: Dice): Fields {
	const all = {
		firstName: dice.pick(["Grace", 'Zoë "Z" \\ O\'Neil']),
		lastName: dice.pick(["Hopper", "李"]),
		phone: customers.newPhone(),
		acceptsMarketing: dice.pick([true, false]),
	};
	return Object.fromEntries(dice.some(Object.entries(all), 50));
}

/** The state of somebody who has no token at hand. */
async function readByPassword(
	customers: Customers,
	person: Pick<Person, "email" | "password">,
): Promise<Fields> {
	const token = await customers.signIn(person);
	assert.ok(token, `${person.email} can sign in with ${person.password}`);
	return readState(customers.house, token);
}

async function assertTokenIsDead(customers: Customers, token: string): Promise<void> {
	const { data, errors } = await customers.house.ask(READ, { t: token });
	assert.deepEqual([data, errors], [{ customer: null }, undefined]);
}

const customerCreate: Operation = async (customers, dice) => {
	const person = { email: customers.newEmail(), password: "correct horse" };
	const profile = someProfile(customers, dice);
	return {
		kind: null,
		email: person.email,
		args: { input: { ...person, ...profile } },
		settle: async () => {
			const state = await readByPassword(customers, person);
			assertHolds(state, { email: person.email, acceptsMarketing: false, ...profile });
			return { customer: toModel(state), ...NO_ERRORS };
		},
	};
};

const customerAccessTokenCreate: Operation = async (customers, dice) => {
	const { kind, email, password } = await customers.borrow(dice.pick(KINDS));
	const settle = async () => ({ customerAccessToken: NEW_ACCESS_TOKEN, ...NO_ERRORS });
	return { kind, email, args: { input: { email, password } }, settle };
};

const customerAccessTokenCreateWithMultipass: Operation = async (customers, dice) => {
	const said = { email: customers.newEmail(), first_name: "Grace", tag_string: "new, b2b" };
	const pass = passFor(customers.house, said);
	return {
		kind: null,
		email: said.email,
		args: { multipassToken: dice.pick([pass, pass.replace(/=+$/, "")]) },
		settle: async () => ({ customerAccessToken: NEW_ACCESS_TOKEN, customerUserErrors: [] }),
	};
};

const customerAccessTokenRenew: Operation = async (customers, dice) => {
	const { kind, email, token } = await customers.borrow(dice.pick(KINDS));
	const renewed = { accessToken: token, expiresAt: NEW_END };
	const settle = async () => ({ customerAccessToken: renewed, userErrors: [] });
	return { kind, email, args: { customerAccessToken: token }, settle };
};

const customerAccessTokenDelete: Operation = async (customers, dice) => {
	const person = await customers.borrow(dice.pick(KINDS));
	const token = await customers.signIn(person);
	assert.ok(token);
	return {
		...person,
		args: { customerAccessToken: token },
		settle: async () => {
			await assertTokenIsDead(customers, token);
			await readState(customers.house, person.token);
			return { deletedAccessToken: token, deletedCustomerAccessTokenId: TOKEN_ID, userErrors: [] };
		},
	};
};

const customerUpdate: Operation = async (customers, dice) => {
	const person = await customers.take(dice.pick(KINDS));
	const email = dice.pick([person.email, customers.newEmail()]);
	const password = dice.pick([person.password, NEW_PASSWORD]);
	const isNew = password !== person.password;
	const profile = { ...someProfile(customers, dice), ...(email === person.email ? {} : { email }) };
	return {
		kind: person.kind,
		email,
		args: {
			customerAccessToken: person.token,
			customer: { ...profile, ...(isNew ? { password } : {}) },
		},
		settle: async () => {
			if (isNew) await assertTokenIsDead(customers, person.token);
			const state = isNew
				? await readByPassword(customers, { email, password })
				: await readState(customers.house, person.token);
			assertHolds(state, profile);
			const customerAccessToken = isNew ? NEW_ACCESS_TOKEN : null;
			return { customer: toModel(state), customerAccessToken, ...NO_ERRORS };
		},
	};
};

const customerRecover: Operation = async (customers, dice) => {
	const { kind, email } = await customers.take(dice.pick(KINDS));
	return {
		kind,
		email,
		args: { email },
		settle: async () => {
			customers.expectMail(email);
			return NO_ERRORS;
		},
	};
};

/** The new password opens the account, and nothing else of before does. */
async function settleEntry(customers: Customers, person: Person): Promise<Fields> {
	await assertTokenIsDead(customers, person.token);
	const state = await readByPassword(customers, { ...person, password: NEW_PASSWORD });
	return { customer: toModel(state), customerAccessToken: NEW_ACCESS_TOKEN, ...NO_ERRORS };
}

/** A mutation that spends a link, whose parts are given as its arguments. */
function redemption(purpose: Purpose, toArguments: (link: Link) => Fields): Operation {
	return async (customers, dice) => {
		const [person, link] = await customers.takeWithLink(dice.pick(KINDS), purpose);
		const settle = () => settleEntry(customers, person);
		return { ...person, args: toArguments(link), settle };
	};
}

const customerReset = redemption("reset", ({ id, token }) => ({
	id,
	input: { resetToken: token, password: NEW_PASSWORD },
}));
const customerResetByUrl = redemption("reset", ({ url }) => ({ resetUrl: url, password: NEW_PASSWORD }));
const customerActivate = redemption("activation", ({ id, token }) => ({
	id,
	input: { activationToken: token, password: NEW_PASSWORD },
}));
const customerActivateByUrl = redemption("activation", ({ url }) => ({
	activationUrl: url,
	password: NEW_PASSWORD,
}));

export const OPERATIONS: Readonly<Record<string, Operation>> = {
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
};
