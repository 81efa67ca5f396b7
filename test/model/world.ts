// Who there is in the model, and what can become of them.
import type { Purpose } from "../../src/model.ts";
import type { Address, Answer, Shown } from "./acts.ts";

/** Seconds. A pass is a Multipass token. */
export const LIFE = { token: 42 * 86_400, reset: 3600, activation: 30 * 86_400, pass: 15 * 60 } as const;
/** How far the clock of whoever makes passes may be ahead. */
export const PASS_AHEAD = 60;
const MIN_PASSWORD = 5;

export interface Customer {
	/** Null until an answer has told it: Multipass makes a customer and does not. */
	id: string | null;
	email: string;
	firstName: string | null;
	password: string | null;
	state: "disabled" | "invited" | "enabled";
	/** Only Multipass has let this customer in, so no mail may give the account a password. */
	multipassOnly: boolean;
	/** Secret → the second at which it ends. */
	tokens: Record<string, number>;
	/** The one link of each purpose that works. */
	links: Partial<Record<Purpose, { readonly token: string; readonly end: number }>>;
	/** Links that are decided and not yet read: when each was decided. */
	mails: Partial<Record<Purpose, number>>;
	addresses: Address[];
	defaultId: string | null;
}

export interface World {
	customers: Customer[];
	spentPasses: string[];
	/** Every link mail that was decided since the mailbox was read, withdrawn ones among them. */
	asked: string[];
}

export function isShort(password: string): boolean {
	return password.length < MIN_PASSWORD;
}

/** Case tells no two mailboxes apart. */
export function holderOf(world: World, email: string): Customer | undefined {
	return world.customers.find((customer) => customer.email.toLowerCase() === email.toLowerCase());
}

export function customerOf(world: World, id: string): Customer | undefined {
	return world.customers.find((customer) => customer.id === id);
}

/** Whom a customer access token stands for: it is dead in the second that it ends at. */
export function bearerOf(world: World, token: string, now: number): Customer | undefined {
	return world.customers.find(({ state, tokens }) => state === "enabled" && (tokens[token] ?? 0) > now);
}

export function addCustomer(
	world: World,
	given: Partial<Customer> & Pick<Customer, "email" | "state">,
): Customer {
	const nothing = { id: null, firstName: null, password: null, multipassOnly: false, defaultId: null };
	const customer: Customer = { ...nothing, tokens: {}, links: {}, mails: {}, addresses: [], ...given };
	world.customers.push(customer);
	return customer;
}

export function profileOf(customer: Customer, told: Answer): Shown {
	customer.id ??= told.customer?.id ?? "";
	return { id: customer.id, email: customer.email, firstName: customer.firstName };
}

type WireToken = NonNullable<Answer["customerAccessToken"]>;

export function giveToken(customer: Customer, told: Answer, now: number): WireToken {
	return keepToken(customer, told.customerAccessToken?.accessToken ?? "", now);
}

export function keepToken(customer: Customer, accessToken: string, now: number): WireToken {
	const end = now + LIFE.token;
	customer.tokens[accessToken] = end;
	return { accessToken, expiresAt: new Date(end * 1000).toISOString().replace(".000", "") };
}

/** A new link ends the one before it at once, and works from when its mail is sent. */
export function decideLink(world: World, customer: Customer, purpose: Purpose, now: number): void {
	delete customer.links[purpose];
	customer.mails[purpose] = now;
	world.asked.push(`${purpose} ${customer.email}`);
}

export function setPassword(customer: Customer, password: string): void {
	customer.password = password;
	customer.multipassOnly = false;
	endTokens(customer);
	endLinks(customer);
}

export function endTokens(customer: Customer): void {
	customer.tokens = {};
}

export function endLinks(customer: Customer): void {
	customer.links = {};
	customer.mails = {};
}

export function hasAddress({ addresses }: Customer, id: string): boolean {
	return addresses.some((address) => address.id === id);
}

export function isThere({ addresses }: Customer, { id, city, firstName }: Address): boolean {
	return addresses.some((other) => other.id !== id && other.city === city && other.firstName === firstName);
}
