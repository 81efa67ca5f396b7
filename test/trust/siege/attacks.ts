// The attacks of a mixed load, each a request or a few with what must come of it: a refusal, and never a fault of ours.
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { emailOf } from "../../../bench/seed.ts";
import { CASES } from "../../../bench/worst-cases.ts";
import { schemaOf } from "../../../src/storefront/schema.ts";
import { type Known, rollDice, Writer } from "../../fuzz/documents.ts";
import { RECOVER, SIGN_IN, SIGN_UP } from "../../house.ts";
import { oddBytes } from "../../malformed/heads.ts";
import { BOMBS, HOSTILE_BODIES } from "../../malformed/texts.ts";
import { Client, type Received, type Sent } from "./client.ts";

/** Attacks a second. */
export const ATTACK_RATES = {
	guess: 4,
	spray: 3,
	floodNames: 30,
	bombMails: 1,
	aliasesAtTheBound: 1,
	aliasesOverTheBound: 1,
	credentialsAtTheBound: 0.3,
	credentialsOverTheBound: 0.5,
	malformedBody: 3,
	malformedBytes: 3,
	bomb: 0.7,
	worstCase: 0.7,
	fuzz: 4,
	compressed: 1,
	hugeHead: 1,
	hugePassword: 0.5,
	manyConnections: 0.1,
} as const;

export type Attack = keyof typeof ATTACK_RATES;

/** Codes and statuses that an attempt to get in may be answered with. */
const REFUSALS = /"code":"(?:UNIDENTIFIED_CUSTOMER|THROTTLED)"/;
/** Fifty megabytes in fifty kilobytes. */
const COMPRESSED = gzipSync(`{"query":"${" ".repeat(50_000_000)}{shop{id}}"}`);
const MOST_FAULTS_TOLD = 20;
const MANY = 150;

export class Attacks {
	/** Attacks that were answered, those whose connection was ended instead, and answers that must not be. */
	answered = 0;
	cut = 0;
	faults = 0;
	/** Names and addresses that limits have counted. */
	names = 0;
	readonly #port: number;
	readonly #seeded: number;
	readonly #victims: readonly string[];
	readonly #random: () => number;
	readonly #writer: Writer;
	#known: Known = {};
	#requests: readonly { readonly query: string }[] = [];
	#seed: number;

	/** `victims`: addresses of customers that a good client signs in as meanwhile. */
	constructor(port: number, seeded: number, victims: readonly string[], random: () => number) {
		this.#port = port;
		this.#seeded = seeded;
		this.#victims = victims;
		this.#random = random;
		this.#seed = this.#below(2 ** 30);
		this.#writer = new Writer(schemaOf("2026-04"), random);
	}

	/** Never rejects. */
	async attack(attack: Attack): Promise<void> {
		try {
			await this[attack]();
			this.answered++;
		} catch (error) {
			const { code, message } = error as NodeJS.ErrnoException;
			// An attacker's connection may be ended at any time.
			if (code === "ECONNRESET" || code === "EPIPE" || message === "aborted") {
				this.cut++;
				return;
			}
			this.faults++;
			if (this.faults <= MOST_FAULTS_TOLD) process.stderr.write(`FAULT: ${attack}: ${message}\n`);
		}
	}

	/** An attacker without a proxy: somewhere in the loopback network, and not where the proxy is. */
	#somewhere(): string {
		return `127.${1 + this.#below(250)}.${this.#below(250)}.${1 + this.#below(250)}`;
	}

	async #send(sent: Sent): Promise<Received> {
		const received = await new Client(this.#port, this.#somewhere()).send(sent);
		const { status, text } = received;
		if (status >= 500 || text.includes("INTERNAL_SERVER_ERROR")) throw fault(received);
		return received;
	}

	async #ask(query: string, variables: unknown = {}): Promise<Received> {
		return this.#send({ body: JSON.stringify({ query, variables }) });
	}

	async guess(): Promise<void> {
		const email = this.#pick(this.#victims);
		const input = { email, password: `guess ${this.#below(1e9)}` };
		mustMatch(await this.#ask(SIGN_IN, { input }), REFUSALS);
	}

	async spray(): Promise<void> {
		this.names++;
		const input = { email: emailOf(this.#below(this.#seeded)), password: "123456" };
		mustMatch(await this.#ask(SIGN_IN, { input }), REFUSALS);
	}

	async floodNames(): Promise<void> {
		this.names++;
		const email = `nobody-${this.#below(1e12)}@example.com`;
		mustMatch(await this.#ask(RECOVER, { email }), /Could not find customer|THROTTLED/);
	}

	async bombMails(): Promise<void> {
		mustMatch(await this.#ask(RECOVER, { email: emailOf(this.#below(20)) }), /"customerRecover":|THROTTLED/);
	}

	async aliasesAtTheBound(): Promise<void> {
		mustMatch(await this.#ask(`{${aliases(100, 'customer(customerAccessToken:"x"){id}')}}`), /"a99":null/);
	}

	async aliasesOverTheBound(): Promise<void> {
		mustRefuse(await this.#ask(`{${aliases(101, 'customer(customerAccessToken:"x"){id}')}}`));
	}

	async credentialsAtTheBound(): Promise<void> {
		mustMatch(await this.#ask(`mutation{${this.#signIns(5)}}`), REFUSALS);
	}

	async credentialsOverTheBound(): Promise<void> {
		mustRefuse(await this.#ask(`mutation{${this.#signIns(6)}}`));
	}

	#signIns(count: number): string {
		const input = `{email:"${emailOf(this.#below(this.#seeded))}",password:"wrong"}`;
		return aliases(count, `customerAccessTokenCreate(input:${input}){customerUserErrors{code}}`);
	}

	async malformedBody(): Promise<void> {
		await this.#send({ body: this.#pick(HOSTILE_BODIES) });
	}

	async bomb(): Promise<void> {
		await this.#ask(`${this.#pick(BOMBS)}#${this.#below(1e9)}`);
	}

	async worstCase(): Promise<void> {
		const [, write] = this.#pick(CASES);
		await this.#send({ body: write(this.#below(1e9)) });
	}

	/** Grown documents, half of them broken, of a customer who belongs to the attacker. */
	async fuzz(): Promise<void> {
		const request = this.#requests.at(-1);
		if (request) {
			this.#requests = this.#requests.slice(0, -1);
			await this.#send({ body: JSON.stringify(request) });
			return;
		}
		const known = await this.#signUp();
		if (known) this.#known = known;
		const dice = rollDice(40, this.#seed++);
		this.#requests = dice.map((each) => this.#writer.write(each, this.#known));
	}

	/** Null where sign-ups from there are throttled. */
	async #signUp(): Promise<Known | null> {
		const input = { email: `attacker-${this.#below(1e12)}@example.com`, password: "attacker's horse" };
		await this.#ask(SIGN_UP, { input });
		const { text } = await this.#ask(SIGN_IN, { input });
		const customerAccessToken = /"accessToken":"([^"]+)"/.exec(text)?.[1];
		if (!customerAccessToken) return null;
		return {
			...input,
			customerAccessToken,
			id: "gid://shopify/MailingAddress/1",
			handle: "main",
			first: "5",
		};
	}

	async compressed(): Promise<void> {
		const received = await this.#send({ body: COMPRESSED, headers: { "Content-Encoding": "gzip" } });
		if (received.status !== 415) throw fault(received);
	}

	async hugeHead(): Promise<void> {
		const [head] = await this.#write(`GET / HTTP/1.1\r\nX: ${"x".repeat(100_000)}\r\n\r\n`);
		if (!head?.startsWith("HTTP/1.1 431")) throw new Error(`not refused: ${head}`);
	}

	async hugePassword(): Promise<void> {
		const input = { email: emailOf(this.#below(this.#seeded)), password: "é".repeat(1_000_000) };
		const received = await this.#ask(SIGN_IN, { input });
		if (received.status !== 413) throw fault(received);
	}

	async malformedBytes(): Promise<void> {
		const [bytes] = fc.sample(oddBytes, { numRuns: 1, seed: this.#seed++ });
		for (const head of await this.#write(String(bytes))) {
			if (/^HTTP\/1\.1 5/.test(head)) throw new Error(head);
		}
	}

	/** More from one address than it may hold, all at once, and no good word on any of them. */
	async manyConnections(): Promise<void> {
		const localAddress = this.#somewhere();
		const sockets = Array.from({ length: MANY }, () =>
			connect({ host: "127.0.0.1", port: this.#port, localAddress }),
		);
		for (const socket of sockets) socket.on("error", () => {}).resume();
		await new Promise((resolve) => setTimeout(resolve, 5000));
		const standing = sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
		for (const socket of sockets) socket.destroy();
		if (standing > 100) throw new Error(`${standing} connections of one address stand`);
	}

	/** The first lines of what came before the connection ended. */
	#write(bytes: string): Promise<readonly string[]> {
		return new Promise((resolve) => {
			let text = "";
			const options = { host: "127.0.0.1", port: this.#port, localAddress: this.#somewhere() };
			const socket = connect(options, () => socket.end(bytes, "latin1"));
			socket.setEncoding("latin1");
			socket.on("data", (chunk) => {
				text += chunk;
			});
			socket.on("error", () => {});
			socket.on("close", () => resolve(text.match(/^HTTP\/1\.1 \d.*/gm) ?? []));
		});
	}

	#below(limit: number): number {
		return Math.floor(this.#random() * limit);
	}

	#pick<T>(all: readonly T[]): T {
		return all[this.#below(all.length)] as T;
	}
}

function aliases(count: number, field: string): string {
	return Array.from({ length: count }, (_, index) => `a${index}:${field}`).join(" ");
}

function mustMatch(received: Received, expected: RegExp): void {
	if (received.status !== 200 || !expected.test(received.text)) throw fault(received);
}

/** As a whole: nothing of it was done. */
function mustRefuse(received: Received): void {
	if (received.status !== 200 || /"data":\{/.test(received.text)) throw fault(received);
}

function fault({ status, text }: Received): Error {
	return new Error(`${status} ${text.slice(0, 300)}`);
}
