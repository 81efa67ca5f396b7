// The customers that documents are about: a whole one, who has all that a customer can have, and a bare one with an
// account and nothing else.
import assert from "node:assert/strict";
import { setMetafield } from "../../../src/accounts/metafields.ts";
import type { Purpose } from "../../../src/model.ts";
import { type House, SIGN_IN } from "../../house.ts";
import { passFor } from "../../multipass/passes.ts";
import { askForLink, setState } from "../../recovery/links.ts";
import { SIZE } from "./lists.ts";

export const KINDS = ["whole", "bare"] as const;
export type Kind = (typeof KINDS)[number];

export interface Person {
	readonly kind: Kind;
	/** The global id. */
	readonly id: string;
	readonly email: string;
	readonly password: string;
	/** A customer access token. */
	readonly token: string;
}

/** A link as it was mailed, and its parts as clients take it apart. */
export interface Link {
	readonly url: string;
	readonly id: string;
	readonly token: string;
}

/** As typed; the first is the oldest. */
const ADDRESSES = [
	{
		firstName: "Augusta",
		lastName: "King",
		company: "Engines & Co.",
		address1: "150 Elgin Street",
		address2: "8th floor",
		city: "Ottawa",
		province: "Ontario",
		country: "Canada",
		zip: "K2P 1L4",
		phone: "+1 (613) 555-0199",
	},
	{ address1: "Unter den Linden 77", city: "Berlin", country: "DE", zip: "10117" },
	{ address1: "1-2-3 Shibuya", city: "Shibuya-ku", province: "JP-13", country: "Japan", zip: "150-0002" },
] as const;

const SIGN_UP_AND_IN = `mutation($up: CustomerCreateInput!, $in: CustomerAccessTokenCreateInput!) {
	customerCreate(input: $up) { customer { id } }
	customerAccessTokenCreate(input: $in) { customerAccessToken { accessToken } }
}`;

const FURNISH = `mutation($token: String!, $pass: String!, $a: MailingAddressInput!, $b: MailingAddressInput!, $c: MailingAddressInput!) {
	customerAccessTokenCreateWithMultipass(multipassToken: $pass) { customerUserErrors { message } }
	first: customerAddressCreate(customerAccessToken: $token, address: $a) { customerUserErrors { message } }
	second: customerAddressCreate(customerAccessToken: $token, address: $b) { customerAddress { id } }
	third: customerAddressCreate(customerAccessToken: $token, address: $c) { customerUserErrors { message } }
}`;

const SET_DEFAULT = `mutation($token: String!, $id: ID!) {
	customerDefaultAddressUpdate(customerAccessToken: $token, addressId: $id) { userErrors { message } }
}`;

const ADD_ADDRESS = `mutation($token: String!, $address: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $token, address: $address) { customerAddress { id } }
}`;

/** How many are made at once: mails come in one list, which is not to be read for each of them. */
const BATCH = 15;

export class Customers {
	readonly house: House;
	readonly #ready = new Map<string, (readonly [Person, Link | null])[]>();
	readonly #lent = new Map<Kind, Person>();
	readonly #unmailed = new Set<string>();
	#made = 0;

	constructor(house: House) {
		this.house = house;
	}

	newEmail(name = "someone"): string {
		return `${name}.${++this.#made}@example.com`;
	}

	/** In E.164. */
	newPhone(): string {
		return `+49151${String(10_000_000 + ++this.#made)}`;
	}

	/** A customer who is to stay as she is. */
	async borrow(kind: Kind): Promise<Person> {
		const person = this.#lent.get(kind) ?? (await this.take(kind));
		this.#lent.set(kind, person);
		return person;
	}

	/** A customer whom no document was about before. */
	async take(kind: Kind): Promise<Person> {
		return (await this.#next(kind, null))[0];
	}

	/** The same with a link in a mail: to reset the password, or of an account that waits to be activated. */
	async takeWithLink(kind: Kind, purpose: Purpose): Promise<readonly [Person, Link]> {
		const [person, link] = await this.#next(kind, purpose);
		assert.ok(link);
		return [person, link];
	}

	/** A new customer access token, or null where the password does not open the account. */
	async signIn({ email, password }: Pick<Person, "email" | "password">): Promise<string | null> {
		const { data } = await this.house.ask(SIGN_IN, { input: { email, password } });
		return data.customerAccessTokenCreate.customerAccessToken?.accessToken ?? null;
	}

	/** The first address of a customer without one. */
	async addAddress({ token }: Person): Promise<void> {
		const { data } = await this.house.ask(ADD_ADDRESS, { token, address: ADDRESSES[1] });
		assert.ok(data.customerAddressCreate.customerAddress);
	}

	/** Has it checked, in time, that a reset link was mailed there. */
	expectMail(email: string): void {
		this.#unmailed.add(email);
	}

	async assertMailed(): Promise<void> {
		await this.#readMails();
		assert.deepEqual([...this.#unmailed], [], "a reset link was not mailed");
	}

	/** Address → the link of the newest mail that has one. */
	async #readMails(): Promise<ReadonlyMap<string, string>> {
		const urls = new Map<string, string>();
		for (const { to, links } of (await this.house.mails()).toReversed()) {
			const url = links.find((link) => /\/account\/(?:reset|activate)\//.test(link));
			if (url === undefined) continue;
			urls.set(to, url);
			if (url.includes("/reset/")) this.#unmailed.delete(to);
		}
		return urls;
	}

	async #next(kind: Kind, purpose: Purpose | null): Promise<readonly [Person, Link | null]> {
		const name = `${kind} ${purpose}`;
		const known = this.#ready.get(name)?.pop();
		if (known) return known;
		const made = await Promise.all(Array.from({ length: BATCH }, () => this.#make(kind, purpose)));
		const urls = purpose ? await this.#readMails() : new Map();
		const withLinks = made.map((person) => {
			const url = urls.get(person.email);
			return [person, url === undefined ? null : takeApart(url)] as const;
		});
		this.#ready.set(name, withLinks);
		return this.#next(kind, purpose);
	}

	async #make(kind: Kind, purpose: Purpose | null): Promise<Person> {
		const [email, password] = [this.newEmail(kind), "correct horse"];
		const profile = {
			firstName: "Ada",
			lastName: "Lovelace",
			phone: this.newPhone(),
			acceptsMarketing: true,
		};
		const up = { email, password, ...(kind === "whole" ? profile : {}) };
		const { data } = await this.house.ask(SIGN_UP_AND_IN, { up, in: { email, password } });
		const token = data.customerAccessTokenCreate.customerAccessToken.accessToken;
		const person = { kind, id: data.customerCreate.customer.id, email, password, token };
		if (kind === "whole") await this.#furnish(person);
		if (purpose === "activation") await setState(this.house, email, "invited");
		if (purpose) await askForLink(this.house, purpose, email);
		return person;
	}

	async #furnish({ id: customer, email, token }: Person): Promise<void> {
		const { house } = this;
		const [a, b, c] = ADDRESSES;
		const pass = passFor(house, { email, tag_string: "vip, B2B" });
		const { data } = await house.ask(FURNISH, { token, pass, a, b, c });
		const id = data.second.customerAddress.id;
		await house.ask(SET_DEFAULT, { token, id });
		const customerId = Number(/\d+/.exec(customer)?.[0]);
		const { store, shop, clock } = house.app;
		const metafield = { ...SIZE, type: "single_line_text_field", value: "XL", description: null };
		assert.equal(await setMetafield(store, shop.id, customerId, metafield, clock.now()), null);
	}
}

function takeApart(url: string): Link {
	const [, number, token] = /\/(\d+)\/([\w-]+)$/.exec(url) ?? [];
	assert.ok(number && token, url);
	return { url, id: `gid://shopify/Customer/${number}`, token };
}
