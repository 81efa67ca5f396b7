// The good clients of a mixed load: shoppers who sign up and in, read, renew, change their profile, their password and
// their addresses, and recover, each from an address of their own. What each answer has to be is known beforehand.
import { isDeepStrictEqual } from "node:util";
import { emailOf, tokenSecret } from "../../../bench/seed.ts";
import { type Body, DELETE, READ, RECOVER, RENEW, SIGN_IN, SIGN_UP, UPDATE } from "../../house.ts";
import type { PostOffice } from "../../mail/post-office.ts";
import type { Client } from "./client.ts";
import { TOKENS_PER_CUSTOMER } from "./server.ts";

interface Resident {
	email: string;
	password: string;
	firstName: string;
	readonly ip: string;
	/** Alive, oldest first; never none. */
	tokens: string[];
	addresses: string[];
	/** When each last did what is limited by account, as a number that grows. */
	readonly lastLimited: { recover: number; changeEmail: number };
}

const WHOLE = `query($t: String!) {
	customer(customerAccessToken: $t) { email firstName addresses(first: 10) { nodes { id } } }
}`;
const ADD_ADDRESS = `mutation($t: String!, $address: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $address) {
		customerAddress { id city } customerUserErrors { code }
	}
}`;
const DELETE_ADDRESS = `mutation($t: String!, $id: ID!) {
	customerAddressDelete(customerAccessToken: $t, id: $id) { deletedCustomerAddressId customerUserErrors { code } }
}`;
const RESET = `mutation($url: URL!, $password: String!) {
	customerResetByUrl(resetUrl: $url, password: $password) {
		customer { email } customerAccessToken { accessToken } customerUserErrors { code }
	}
}`;

const MOST_TOKENS = 6;
const MOST_ADDRESSES = 4;
/** Answers that were not as expected, of which the text is printed. */
const MOST_FAULTS_TOLD = 20;

/** Acts a second. */
export const ACT_RATES = {
	read: 70,
	readWhole: 40,
	renew: 15,
	readNobody: 10,
	updateProfile: 8,
	readShop: 8,
	addOrDeleteAddress: 6,
	signIn: 3,
	deleteToken: 3,
	signUp: 0.3,
	recover: 0.25,
	changePassword: 0.25,
	changeEmail: 0.2,
} as const;

export type Act = keyof typeof ACT_RATES;

export class Residents {
	/** Answers, and those of them that were not as expected. */
	answers = 0;
	faults = 0;
	readonly #client: Client;
	readonly #office: PostOffice;
	readonly #random: () => number;
	readonly #seeded: number;
	/** Who does nothing just now. */
	readonly #idle: Resident[] = [];
	#made = 0;

	/** `seeded`: customers that were in the database before. */
	constructor(client: Client, office: PostOffice, seeded: number, random: () => number) {
		this.#client = client;
		this.#office = office;
		this.#seeded = seeded;
		this.#random = random;
	}

	/** So many residents move in, a few at a time. */
	async moveIn(count: number): Promise<void> {
		while (this.#idle.length < count) {
			await Promise.all(Array.from({ length: 4 }, () => this.#welcome()));
		}
	}

	/** The addresses of some of those who have lived here the longest, for whoever would like to guess at them. */
	listEmails(count: number): readonly string[] {
		return this.#idle.slice(0, count).map(({ email }) => email);
	}

	/** One act; never rejects. Does nothing where nobody is free to do it. */
	async act(act: Act): Promise<void> {
		if (act === "signUp") {
			// A newcomer takes the place of somebody, so that there are never more of them.
			if (await this.#guard("signUp", () => this.#welcome())) this.#idle.shift();
			return;
		}
		if (act === "readShop") return void (await this.#guard(act, () => this.#readShop()));
		if (act === "read") return void (await this.#guard(act, () => this.#readSeeded()));
		const resident = this.#idle.splice(this.#turnOf(act), 1)[0];
		if (!resident) return;
		const isWell = await this.#guard(`${act} of ${resident.email}`, () => this[act](resident));
		// Of whom an answer was unexpected nobody knows any more what to expect.
		if (isWell) this.#idle.push(resident);
		else await this.#guard("welcome", () => this.#welcome());
	}

	/** What is limited by account falls to everyone in turn. */
	#turnOf(act: Act): number {
		if (act !== "recover" && act !== "changeEmail") return Math.floor(this.#random() * this.#idle.length);
		const times = this.#idle.map(({ lastLimited }) => lastLimited[act]);
		const turn = times.indexOf(Math.min(...times));
		const resident = this.#idle[turn];
		if (resident) resident.lastLimited[act] = this.#made++;
		return turn;
	}

	async #guard(what: string, work: () => Promise<void>): Promise<boolean> {
		try {
			await work();
			return true;
		} catch (error) {
			this.faults++;
			if (this.faults <= MOST_FAULTS_TOLD)
				process.stderr.write(`FAULT: ${what}: ${(error as Error).message}\n`);
			return false;
		}
	}

	/** The data of an answer without errors. */
	async #ask(query: string, variables: Readonly<Record<string, unknown>>, ip: string): Promise<Body["data"]> {
		const sent = { body: JSON.stringify({ query, variables }), forwardedFor: ip };
		const { status, text } = await this.#client.send(sent);
		this.answers++;
		const { data, errors } = JSON.parse(text) as Body;
		if (status !== 200 || errors) throw new Error(`${status} ${text.slice(0, 400)}`);
		return data;
	}

	async #welcome(): Promise<void> {
		const number = this.#made++;
		const resident: Resident = {
			email: `resident-${number}@example.com`,
			password: `the ${number}th horse`,
			firstName: "Ada",
			ip: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
			tokens: [],
			addresses: [],
			lastLimited: { recover: number, changeEmail: number },
		};
		const { email, password, firstName, ip } = resident;
		const data = await this.#ask(SIGN_UP, { input: { email, password, firstName } }, ip);
		expect(data?.customerCreate?.customer?.email, email, data);
		await this.signIn(resident);
		this.#idle.push(resident);
	}

	async #readSeeded(): Promise<void> {
		const index = Math.floor(this.#random() * this.#seeded * TOKENS_PER_CUSTOMER);
		const data = await this.#ask(READ, { t: tokenSecret(index) }, "192.0.2.1");
		expect(data?.customer?.email, emailOf(index % this.#seeded), data);
	}

	async #readShop(): Promise<void> {
		const data = await this.#ask("{ shop { name } localization { country { isoCode } } }", {}, "192.0.2.1");
		expect(data, { shop: { name: "Latchkey" }, localization: { country: { isoCode: "US" } } });
	}

	async readWhole({ tokens, email, firstName, addresses, ip }: Resident): Promise<void> {
		const data = await this.#ask(WHOLE, { t: this.#pick(tokens) }, ip);
		const nodes = data?.customer?.addresses?.nodes ?? [];
		const told = { ...data?.customer, addresses: nodes.map(({ id }: { id: string }) => id).sort() };
		expect(told, { email, firstName, addresses: addresses.toSorted() }, data);
	}

	async readNobody({ ip }: Resident): Promise<void> {
		const t = tokenSecret(-1 - Math.floor(this.#random() * 1e9));
		expect(await this.#ask(READ, { t }, ip), { customer: null });
	}

	async renew({ tokens, ip }: Resident): Promise<void> {
		const t = this.#pick(tokens);
		const data = await this.#ask(RENEW, { t }, ip);
		expect(data?.customerAccessTokenRenew?.customerAccessToken?.accessToken, t, data);
	}

	async signIn(resident: Resident): Promise<void> {
		const { email, password, ip, tokens } = resident;
		const data = await this.#ask(SIGN_IN, { input: { email, password } }, ip);
		const token = data?.customerAccessTokenCreate?.customerAccessToken?.accessToken;
		expect(typeof token, "string", data);
		tokens.push(token);
		if (tokens.length > MOST_TOKENS) await this.deleteToken(resident);
	}

	async deleteToken({ tokens, ip }: Resident): Promise<void> {
		if (tokens.length < 2) return;
		const t = String(tokens.shift());
		const data = await this.#ask(DELETE, { t }, ip);
		expect(data?.customerAccessTokenDelete?.deletedAccessToken, t, data);
		await this.#expectDead(t, ip);
	}

	async updateProfile(resident: Resident): Promise<void> {
		resident.firstName = `Ada ${Math.floor(this.#random() * 1000)}`;
		const { tokens, firstName, ip } = resident;
		const data = await this.#ask(UPDATE, { t: this.#pick(tokens), customer: { firstName } }, ip);
		expect(data?.customerUpdate?.customer?.firstName, firstName, data);
	}

	async changeEmail(resident: Resident): Promise<void> {
		resident.email = `resident-${this.#made++}@example.com`;
		const { tokens, email, ip } = resident;
		const data = await this.#ask(UPDATE, { t: this.#pick(tokens), customer: { email } }, ip);
		expect(data?.customerUpdate?.customer?.email, email, data);
	}

	async changePassword(resident: Resident): Promise<void> {
		resident.password = `another horse ${Math.floor(this.#random() * 1e9)}`;
		const { tokens, password, ip } = resident;
		const old = this.#pick(tokens);
		const data = await this.#ask(UPDATE, { t: old, customer: { password } }, ip);
		const token = data?.customerUpdate?.customerAccessToken?.accessToken;
		expect(typeof token, "string", data);
		resident.tokens = [token];
		await this.#expectDead(old, ip);
	}

	async recover(resident: Resident): Promise<void> {
		const { email, ip, tokens } = resident;
		const { letters } = this.#office;
		const before = letters.length;
		expect(await this.#ask(RECOVER, { email }, ip), {
			customerRecover: { customerUserErrors: [], userErrors: [] },
		});
		const isMine = ({ recipients, link }: (typeof letters)[number]) => link && recipients.includes(email);
		let url = letters.slice(before).find(isMine)?.link;
		while (!url) {
			await this.#office.whenReceived(letters.length + 1);
			url = letters.slice(before).find(isMine)?.link;
		}
		const password = `a third horse ${Math.floor(this.#random() * 1e9)}`;
		const data = await this.#ask(RESET, { url, password }, ip);
		const token = data?.customerResetByUrl?.customerAccessToken?.accessToken;
		expect(typeof token, "string", data);
		resident.password = password;
		resident.tokens = [token];
		await this.#expectDead(this.#pick(tokens), ip);
	}

	async addOrDeleteAddress({ tokens, addresses, ip }: Resident): Promise<void> {
		const t = this.#pick(tokens);
		if (addresses.length === MOST_ADDRESSES) {
			const id = String(addresses.shift());
			const data = await this.#ask(DELETE_ADDRESS, { t, id }, ip);
			expect(data?.customerAddressDelete?.deletedCustomerAddressId, id, data);
			return;
		}
		// No customer has the same address twice.
		const city = `Ottawa ${this.#made++}`;
		const address = { address1: "1 Oak Street", city, country: "Canada" };
		const data = await this.#ask(ADD_ADDRESS, { t, address }, ip);
		expect(data?.customerAddressCreate?.customerAddress?.city, city, data);
		addresses.push(data?.customerAddressCreate.customerAddress.id);
	}

	async #expectDead(t: string, ip: string): Promise<void> {
		expect(await this.#ask(READ, { t }, ip), { customer: null });
	}

	#pick<T>(all: readonly T[]): T {
		return all[Math.floor(this.#random() * all.length)] as T;
	}
}

function expect(seen: unknown, expected: unknown, answer: unknown = seen): void {
	if (isDeepStrictEqual(seen, expected)) return;
	throw new Error(`${JSON.stringify(expected)} was expected: ${JSON.stringify(answer)?.slice(0, 400)}`);
}
