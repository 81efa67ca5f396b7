// The real side: does what the model is asked, over HTTP, and remembers every secret that it was ever told. What only
// an operator may do is done by the operator's verbs.
import { Agent, request } from "node:http";
import type { Context } from "../../src/accounts/context.ts";
import { createAccount, inviteByLink, inviteByMail } from "../../src/accounts/customer-administration.ts";
import { policyOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import type { Mail } from "../../src/mail/mail.ts";
import type { Purpose } from "../../src/model.ts";
import { deleteCustomer, disableCustomer, enableCustomer } from "../../src/store/customer-states.ts";
import { readGid, toGid } from "../../src/storefront/forms.ts";
import { type Body, type Database, type EngineName, type House, openDatabase, openHouse } from "../house.ts";
import { SETTINGS } from "../multipass/passes.ts";
import type { Act, Answer, LinkMail, Pass } from "./acts.ts";
import { write } from "./documents.ts";

/** Limits on attempts are another test's: this one tries what it likes. */
const NO_LIMITS = {
	limitSignIns: "off",
	limitFailures: "off",
	limitSignUps: "off",
	limitRecoveries: "off",
	limitLinks: "off",
	limitEmailChanges: "off",
};

const LINK = /\/account\/(reset|activate)\/(\d+)\/(\w+-(\d+))$/;

/** What was told in one sequence, in the order in which it was: living and dead. */
export interface Seen {
	readonly tokens: string[];
	readonly links: LinkMail[];
	readonly passes: Pass[];
	readonly customers: string[];
	readonly addresses: string[];
}

const NOTHING_SEEN = (): Seen => ({
	// The first of each was never given to anybody.
	tokens: ["0".repeat(48)],
	links: [{ to: "", purpose: "reset", id: toGid("Customer", 1), token: "0-0", issuedAt: 0 }],
	passes: [],
	customers: [toGid("Customer", 1)],
	addresses: [toGid("MailingAddress", 1)],
});

export class Client implements AsyncDisposable {
	readonly engine: EngineName;
	seen = NOTHING_SEEN();
	/** Of this sequence: what tells each step, if it comes to that. */
	story: (() => string)[] = [];
	requests = 0;
	#sequences = 0;
	#advanced = 0;
	#readMails = 0;
	#house: House;
	/** It outlives the house, so that a restart finds it. */
	readonly #database: Database;
	readonly #agent = new Agent({ keepAlive: true });

	private constructor(engine: EngineName, house: House, database: Database) {
		this.engine = engine;
		this.#house = house;
		this.#database = database;
	}

	static async open(engine: EngineName): Promise<Client> {
		const database = await openDatabase(engine);
		return new Client(engine, await openOn(database), database);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#agent.destroy();
		await this.#house[Symbol.asyncDispose]();
		await this.#database[Symbol.asyncDispose]();
	}

	/** A shop without customers, at the machine's own time. */
	async begin(): Promise<void> {
		await this.#send("/_dev/reset", "POST", "");
		this.#sequences++;
		this.#advanced = 0;
		this.#readMails = 0;
		this.seen = NOTHING_SEEN();
		this.story = [];
	}

	get now(): number {
		return this.#house.app.clock.now();
	}

	/** Of this sequence alone: a mail that was under way when the last one ended is nobody's. */
	mailbox(name: string): string {
		return `${name}@s${this.#sequences}.example`;
	}

	async advance(seconds: number): Promise<void> {
		await this.#send("/_dev/clock", "POST", JSON.stringify({ advanceSeconds: seconds }));
		this.#advanced += seconds;
	}

	/** Stops the server and starts it again on the same database. What has not been read of the mailbox is lost. */
	async restart(): Promise<void> {
		await this.#house[Symbol.asyncDispose]();
		this.#house = await openOn(this.#database);
		this.#readMails = 0;
		await this.#send("/_dev/clock", "POST", JSON.stringify({ advanceSeconds: this.#advanced }));
	}

	/** All in one moment; the answers, in their order. */
	async perform(acts: readonly Act[]): Promise<readonly Answer[]> {
		const answers = await Promise.all(acts.map((act, place) => this.#perform(act, place)));
		for (const answer of answers) this.#remember(answer);
		return answers;
	}

	async #perform(act: Act, place: number): Promise<Answer> {
		switch (act.kind) {
			case "readMail":
				return this.#readMail();
			case "createAccount":
			case "invite":
			case "enable":
			case "disable":
			case "remove":
				// It needs no request, and would always be the first: every other one waits for about as long as one takes.
				if (place % 2 === 1) await this.#send("/healthz", "GET", "");
				return operate(this.#house, act);
			default:
				return this.#ask(act);
		}
	}

	async #ask(act: Act): Promise<Answer> {
		const { query, variables } = write(act);
		const text = await this.#send("/api/2026-04/graphql.json", "POST", JSON.stringify({ query, variables }));
		const { data, errors } = JSON.parse(text) as Body;
		if (errors) {
			const codes = errors.map(({ extensions }: { extensions?: { code?: string } }) => extensions?.code);
			return { refused: codes.join(" ") };
		}
		const { customerUserErrors = [], userErrors = [], ...payload } = data.answer ?? data;
		const faults = customerUserErrors.length > 0 ? customerUserErrors : userErrors;
		if (faults.length === 0) return payload;
		return { refused: faults.map(({ code, message }: Record<string, string>) => code ?? message).join(" ") };
	}

	/** Links of mails that were not read before, oldest first. */
	async #readMail(): Promise<Answer> {
		const all = JSON.parse(await this.#send("/_dev/mail", "GET", "")) as readonly Mail[];
		const fresh = all.slice(0, all.length - this.#readMails).toReversed();
		this.#readMails = all.length;
		const isOwn = ({ to }: LinkMail) => to.endsWith(this.mailbox(""));
		return { mails: fresh.flatMap(({ to, links }) => readLink(links[0] ?? "", to) ?? []).filter(isOwn) };
	}

	#remember(answer: Answer): void {
		const { tokens, links, customers, addresses } = this.seen;
		const token = answer.customerAccessToken?.accessToken;
		if (token && !tokens.includes(token)) tokens.push(token);
		const address = answer.customerAddress?.id;
		if (address && !addresses.includes(address)) addresses.push(address);
		const customer = answer.customer?.id;
		if (customer && !customers.includes(customer)) customers.push(customer);
		links.push(...(answer.mails ?? []), ...(answer.link ? [answer.link] : []));
	}

	#send(path: string, method: "GET" | "POST", body: string): Promise<string> {
		this.requests++;
		const { app, keys } = this.#house;
		const { port } = new URL(app.url);
		const headers = {
			"Content-Type": "application/json",
			"Content-Length": Buffer.byteLength(body),
			"X-Shopify-Storefront-Access-Token": keys.storefrontAccessToken,
		};
		return new Promise((resolve, reject) => {
			const sent = request(
				{ agent: this.#agent, host: "127.0.0.1", port, path, method, headers },
				(response) => {
					let text = "";
					response.setEncoding("utf8");
					response.on("data", (chunk) => {
						text += chunk;
					});
					response.on("end", () =>
						response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
					);
				},
			);
			sent.on("error", reject);
			sent.end(body);
		});
	}
}

function openOn({ url }: Database): Promise<House> {
	return openHouse(undefined, { ...SETTINGS, ...NO_LIMITS, databaseUrl: url });
}

type Operation = Extract<
	Act,
	{ readonly kind: "createAccount" | "invite" | "enable" | "disable" | "remove" }
>;

async function operate({ app }: House, act: Operation): Promise<Answer> {
	const { store, shop, clock } = app;
	const policy = policyOf(readConfig({}), new Set());
	// Nothing that is done here needs the other members.
	const context = { store, shop, clock, policy } as unknown as Context;
	if (act.kind === "createAccount") {
		const blank = { firstName: null, lastName: null, phone: null, acceptsMarketing: false, tags: [] };
		const invitation = act.invited ? "EN" : null;
		const made = await createAccount(context, { ...blank, email: act.email, password: null, invitation });
		if (made === "badTags" || !made.ok)
			return { refused: made === "badTags" ? made : made.reasons[0].reason };
		const { id, email, firstName } = made.value;
		return { customer: { id: toGid("Customer", id), email, firstName } };
	}
	const customerId = readGid("Customer", act.id) ?? 0;
	const one = { shopId: shop.id, customerId, now: clock.now() };
	if (act.kind === "invite" && act.by === "link") {
		const handed = await inviteByLink(context, customerId);
		if (typeof handed === "string") return { refused: handed };
		const link = readLink(handed.url, "");
		return link ? { link } : { refused: handed.url };
	}
	const refusal =
		act.kind === "invite"
			? await inviteByMail(context, customerId, "EN")
			: act.kind === "enable"
				? await enableCustomer(store, one)
				: act.kind === "disable"
					? (await disableCustomer(store, one)) === null && "noSuchCustomer"
					: !(await deleteCustomer(store, one)) && "noSuchCustomer";
	return refusal ? { refused: refusal } : {};
}

function readLink(url: string, to: string): LinkMail | null {
	const [, path, id, token, issuedAt] = LINK.exec(url) ?? [];
	if (!path || !token) return null;
	const purpose: Purpose = path === "reset" ? "reset" : "activation";
	return { to, purpose, id: `gid://shopify/Customer/${id}`, token, issuedAt: Number(issuedAt) };
}
