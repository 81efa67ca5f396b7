// Clients of all processes at once, on customers and tokens that they share: each act is kept with its times. What one
// process has ended is at once shown to another.
import { randomUUID } from "node:crypto";
import { setTimeout as pass } from "node:timers/promises";
import { seededRandom } from "../crash/random.ts";
import type { Act, Kind, Token } from "./history.ts";
import { madeToken, Shopper } from "./shopper.ts";
import type { Reply } from "./wire.ts";

/** A use that begins within this after a deletion's reply is one of a pair. */
const PAIR_MS = 1;
const REST_MS = 20;
const PREPARING_AT_ONCE = 8;

interface Customer {
	readonly index: number;
	readonly email: string;
	/** Of its password, as far as it is known. */
	version: number;
	/** One at a time, so that it is known which password is whose. */
	isChanging: boolean;
	/** A change of its password was not answered. */
	isInDoubt: boolean;
	/** Tokens that may be alive. */
	readonly tokens: number[];
}

export class Load {
	readonly acts: Act[] = [];
	readonly tokens: Token[] = [];
	/** Deletions whose token another process was shown within a millisecond of the reply. */
	pairs = 0;
	/** Answers that were errors, or nothing of the contract. */
	readonly faults: string[] = [];
	readonly #secrets: string[] = [];
	readonly #customers: Customer[] = [];
	readonly #dead: number[] = [];
	readonly #shoppers: readonly Shopper[];
	readonly #random: () => number;
	#isOver = false;

	constructor(ports: readonly number[], seed: number) {
		this.#shoppers = ports.map((port) => new Shopper(port));
		this.#random = seededRandom(seed);
	}

	/** Signs customers up, each with one token. */
	async prepare(count: number): Promise<void> {
		const rest = Array.from({ length: count }).values();
		const work = async () => {
			for (const _ of rest) await this.#meet();
		};
		await Promise.all(Array.from({ length: PREPARING_AT_ONCE }, work));
		if (this.#customers.length < count)
			throw new Error(`${this.#customers.length} customers of ${count} came`);
	}

	/** So many clients, until `stop`, or until there are so many acts. */
	async run(clients: number, acts = Number.POSITIVE_INFINITY): Promise<void> {
		this.#isOver = false;
		const work = async () => {
			while (!this.#isOver && this.acts.length < acts) await this.#act();
		};
		await Promise.all(Array.from({ length: clients }, work));
	}

	stop(): void {
		this.#isOver = true;
	}

	/** Shows every token once more that is not known to be dead, and some of the others. */
	async sweep(): Promise<void> {
		const rest = [...this.#customers.flatMap(({ tokens }) => tokens), ...this.#dead.slice(-500)].values();
		const work = async () => {
			for (const token of rest) await this.#use("read", token, this.#node());
		};
		await Promise.all(Array.from({ length: 32 }, work));
	}

	close(): void {
		for (const shopper of this.#shoppers) shopper.close();
	}

	async #act(): Promise<void> {
		const share = this.#random();
		const customer = this.#customers[this.#pick(this.#customers.length)] as Customer;
		const token = customer.tokens[this.#pick(customer.tokens.length)];
		if (token === undefined || share < 0.06) return this.#signIn(customer);
		if (share < 0.56) await this.#use("read", token, this.#node());
		else if (share < 0.9) await this.#use("renew", token, this.#node());
		else if (share < 0.95) await this.#delete(customer, token);
		else if (share < 0.96) await this.#changePassword(customer, token);
		else {
			// Once dead, it is so for ever.
			const dead = this.#dead[this.#dead.length - 1 - this.#pick(Math.min(500, this.#dead.length))] ?? token;
			await this.#use(share < 0.98 ? "read" : "renew", dead, this.#node());
		}
	}

	async #meet(): Promise<void> {
		const email = `${randomUUID()}@example.com`;
		const shopper = this.#shoppers[this.#node()] as Shopper;
		const { outcome } = await shopper.signUp(email, passwordOf(0));
		// Whether it is there is not known: another one takes its place.
		if (outcome !== "accepted") return;
		const index = this.#customers.length;
		const customer = { index, email, version: 0, isChanging: false, isInDoubt: false, tokens: [] };
		this.#customers.push(customer);
		await this.#signIn(customer);
	}

	async #signIn(customer: Customer): Promise<void> {
		const { version } = customer;
		if (customer.isInDoubt) {
			await this.#replace(customer);
			return;
		}
		const node = this.#node();
		const input = { email: customer.email, password: passwordOf(version) };
		const reply = await this.#ask("signIn", node, { i: input });
		this.#keep("signIn", node, customer, null, version, reply);
		if (reply.outcome !== "accepted") return;
		const made = this.#make(customer, version, reply);
		// Known at one process, it is known at all of them.
		await this.#use("read", made, this.#nodeBut(node));
	}

	/** Of a customer whose password nobody knows only the tokens are left. */
	async #replace(customer: Customer): Promise<void> {
		if (customer.tokens.length > 0)
			return void (await this.#use("read", customer.tokens[0] as number, this.#node()));
		await this.#meet();
	}

	async #use(kind: "read" | "renew", token: number, node: number): Promise<Reply> {
		const reply = await this.#ask(kind, node, { t: this.#secrets[token] });
		this.#keep(kind, node, this.#holder(token), token, 0, reply);
		if (reply.outcome === "refused") this.#bury(token);
		return reply;
	}

	async #delete(customer: Customer, token: number): Promise<void> {
		const node = this.#node();
		const other = this.#nodeBut(node);
		// At once with it, so that the other process has the token in mind, whatever it keeps there.
		const beside = this.#use("read", token, other);
		const reply = await this.#ask("delete", node, { t: this.#secrets[token] });
		this.#keep("delete", node, customer, token, 0, reply);
		if (reply.outcome !== "unknown") this.#bury(token);
		if (reply.outcome !== "accepted") return void (await beside);
		const kinds = ["read", "renew"] as const;
		const uses = kinds.map((kind) => this.#use(kind, token, other));
		const [first] = await Promise.all([...uses, beside]);
		if (first && first.outcome !== "unknown" && first.sentAt - reply.answeredAt <= PAIR_MS) this.pairs++;
	}

	async #changePassword(customer: Customer, token: number): Promise<void> {
		if (customer.isChanging || customer.isInDoubt) return;
		customer.isChanging = true;
		const version = customer.version + 1;
		const node = this.#node();
		const variables = { t: this.#secrets[token], c: { password: passwordOf(version) } };
		const reply = await this.#ask("changePassword", node, variables);
		this.#keep("changePassword", node, customer, token, version, reply);
		customer.isChanging = false;
		if (reply.outcome === "unknown") customer.isInDoubt = reply.isSent;
		if (reply.outcome === "refused") this.#bury(token);
		if (reply.outcome !== "accepted") return;
		const earlier = [...customer.tokens].filter((other) => (this.tokens[other] as Token).version < version);
		customer.version = version;
		const made = this.#make(customer, version, reply);
		for (const other of earlier) this.#bury(other);
		const uses = earlier.slice(0, 5).map((other) => this.#use("read", other, this.#nodeBut(node)));
		await Promise.all([...uses, this.#use("read", made, this.#nodeBut(node))]);
	}

	#make(customer: Customer, version: number, reply: Reply): number {
		const token = this.tokens.length;
		this.tokens.push({ customer: customer.index, version });
		this.#secrets.push(madeToken(reply));
		customer.tokens.push(token);
		return token;
	}

	#bury(token: number): void {
		const { tokens } = this.#holder(token);
		const at = tokens.indexOf(token);
		if (at < 0) return;
		tokens.splice(at, 1);
		this.#dead.push(token);
	}

	async #ask(kind: Kind, node: number, variables: Readonly<Record<string, unknown>>): Promise<Reply> {
		const reply = await (this.#shoppers[node] as Shopper).ask(kind, variables);
		if (reply.outcome === "unknown") {
			if (reply.body !== null) this.faults.push(JSON.stringify(reply.body).slice(0, 300));
			await pass(REST_MS);
		}
		return reply;
	}

	#keep(
		kind: Kind,
		node: number,
		{ index }: Customer,
		token: number | null,
		version: number,
		reply: Reply,
	): void {
		const { outcome, isSent, sentAt, answeredAt } = reply;
		if (isSent) this.acts.push({ kind, node, customer: index, token, version, outcome, sentAt, answeredAt });
	}

	#holder(token: number): Customer {
		return this.#customers[(this.tokens[token] as Token).customer] as Customer;
	}

	#node(): number {
		return this.#pick(this.#shoppers.length);
	}

	#nodeBut(node: number): number {
		return (node + 1 + this.#pick(this.#shoppers.length - 1)) % this.#shoppers.length;
	}

	#pick(count: number): number {
		return Math.floor(this.#random() * count);
	}
}

function passwordOf(version: number): string {
	return `the password ${version}`;
}
