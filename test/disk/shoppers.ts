// Clients at the front door of a server whose disk fails, and what they know: each does one thing after the other, so
// what it may expect of its own accounts and tokens is exact.
import { setTimeout as pass } from "node:timers/promises";
import { askAt, type Body, DELETE, READ, RENEW, SIGN_IN, SIGN_UP } from "../house.ts";

/** `error`: answered, with an error that says that it is the server's; `none`: no answer, or half of one. */
type Outcome = "done" | "refused" | "error" | "none";

/** `doubt`: whoever asked for it, or for its end, was not told what became of that. */
interface Account {
	readonly email: string;
	state: "there" | "absent" | "doubt";
}

interface Token {
	readonly secret: string;
	readonly email: string;
	state: "alive" | "dead" | "doubt";
}

export interface Front {
	readonly url: string;
	readonly storefrontAccessToken: string;
}

/** What a server made of a disk that failed. */
export interface Endured {
	readonly violations: readonly string[];
	readonly acknowledged: number;
	readonly errors: Readonly<Record<string, number>>;
	/** Reads that were answered under the fault. */
	readonly reads: number;
	readonly slowestErrorMs: number;
	/** From when the disk was well again to the first write that was acknowledged. */
	readonly slowestHealingMs: number;
}

const PASSWORD = "correct horse";
/** After an answer that was none, as a client would. */
const PAUSE_MS = 20;
/** Of what was checked before, in each of many checks. */
const SOME = 50;

export class Shoppers {
	readonly violations: string[] = [];
	/** By kind: how often it was done, and how often it was an error. */
	readonly done: Record<string, number> = {};
	readonly errors: Record<string, number> = {};
	/** When a write was last acknowledged, by `performance.now()`. */
	doneAt = 0;
	/** How long the slowest error was waited for. */
	slowestErrorMs = 0;
	/**
	 * The process or the database may end: then an error, or no answer, leaves in doubt what became of a write, and reads
	 * are errors as well. Otherwise what is refused has not happened, and reads go on.
	 */
	mayDie = false;
	readonly #accounts: Account[] = [];
	readonly #tokens: Token[] = [];
	/** So many of them were there at the last check: nobody has done anything to these since. */
	#seen = { accounts: 0, tokens: 0 };
	readonly #front: () => Front;
	readonly #random: () => number;

	/** The server may be another one after a while. */
	constructor(front: () => Front, random: () => number) {
		this.#front = front;
		this.#random = random;
	}

	/** Tokens that open an account, as far as anybody knows. */
	get alive(): number {
		return this.#tokens.filter(({ state }) => state === "alive").length;
	}

	/** Resolves when so many more were done, or were errors. */
	async until(what: "done" | "errors", more: number): Promise<void> {
		const before = sumOf(this[what]);
		await until(() => sumOf(this[what]) > before + more, `there were ${more} more ${what}`);
	}

	report(): Pick<Endured, "violations" | "acknowledged" | "errors" | "slowestErrorMs"> {
		const { violations, errors, slowestErrorMs } = this;
		return { violations, acknowledged: sumOf(this.done), errors, slowestErrorMs };
	}

	/** So many clients at once, each one thing after the other, until the work is over. */
	async shopWhile<T>(clients: number, work: () => Promise<T>): Promise<T> {
		let isOver = false;
		const running = Array.from({ length: clients }, async () => {
			const own: { readonly accounts: Account[]; readonly tokens: Token[] } = { accounts: [], tokens: [] };
			while (!isOver) await this.#act(own);
		});
		try {
			return await work();
		} finally {
			isOver = true;
			await Promise.all(running);
		}
	}

	/**
	 * Holds what the server answers against what is known; what was in doubt is settled by the first sight of it. Of what
	 * was held against it before it takes some, unless it is to look at everything.
	 */
	async check(when: string, what: "what is new" | "everything" = "everything"): Promise<void> {
		const seen = what === "everything" ? { accounts: 0, tokens: 0 } : this.#seen;
		await this.#forEach(this.#newAndSome(this.#accounts, seen.accounts), async (account) => {
			const { outcome, body } = await this.#send(SIGN_IN, {
				input: { email: account.email, password: PASSWORD },
			});
			this.#expect(outcome === "done", `a sign-in after the fault was ${outcome}`);
			const secret = body?.data?.customerAccessTokenCreate?.customerAccessToken?.accessToken;
			if (secret) this.#tokens.push({ secret, email: account.email, state: "alive" });
			const isThere = Boolean(secret);
			if (account.state === "doubt") account.state = isThere ? "there" : "absent";
			this.#expect(
				isThere === (account.state === "there"),
				isThere
					? `${account.email} is there though it was refused`
					: `the acknowledged ${account.email} is lost`,
			);
		});
		await this.#forEach(this.#newAndSome(this.#tokens, seen.tokens), async (token) => {
			const email = await this.#readerOf(token.secret);
			if (token.state === "doubt") token.state = email === null ? "dead" : "alive";
			this.#expect(
				email === (token.state === "alive" ? token.email : null),
				token.state === "alive"
					? `a token is lost that nobody was told to be ended, ${when}: ${token.email}`
					: `a token lives whose deletion was acknowledged, ${when}: ${token.email}`,
			);
		});
		this.#seen = { accounts: this.#accounts.length, tokens: this.#tokens.length };
	}

	#newAndSome<T>(items: readonly T[], seen: number): readonly T[] {
		const some = Array.from({ length: Math.min(seen, SOME) }, () => Math.floor(this.#random() * seen));
		return [...[...new Set(some)].map((place) => items[place] as T), ...items.slice(seen)];
	}

	async #act(own: { readonly accounts: Account[]; readonly tokens: Token[] }): Promise<void> {
		const share = this.#random();
		const account = own.accounts.findLast(({ state }) => state === "there");
		const token = own.tokens.findLast(({ state }) => state === "alive");
		if (!account || share < 0.1) return this.#signUp(own.accounts);
		if (!token || share < 0.35) return this.#signIn(account, own.tokens);
		if (share < 0.6) return this.#read(token);
		if (share < 0.8) return this.#renew(token);
		return this.#delete(token);
	}

	async #signUp(accounts: Account[]): Promise<void> {
		const account: Account = { email: `shopper${this.#accounts.length}@example.com`, state: "absent" };
		this.#accounts.push(account);
		accounts.push(account);
		const outcome = await this.#write("sign-up", SIGN_UP, {
			input: { email: account.email, password: PASSWORD },
		});
		if (outcome === "done") account.state = "there";
		else if (outcome === "doubt") account.state = "doubt";
	}

	async #signIn({ email }: Account, tokens: Token[]): Promise<void> {
		const input = { email, password: PASSWORD };
		let secret: string | undefined;
		await this.#write("sign-in", SIGN_IN, { input }, (body) => {
			secret = body.data.customerAccessTokenCreate.customerAccessToken?.accessToken;
			return secret !== undefined;
		});
		if (secret === undefined) return;
		const token: Token = { secret, email, state: "alive" };
		this.#tokens.push(token);
		tokens.push(token);
	}

	async #renew(token: Token): Promise<void> {
		await this.#write("renew", RENEW, { t: token.secret });
	}

	async #delete(token: Token): Promise<void> {
		const outcome = await this.#write("delete", DELETE, { t: token.secret });
		if (outcome === "done") token.state = "dead";
		else if (outcome === "doubt") token.state = "doubt";
		// A refused deletion leaves the token alive, there and then.
		else if (!this.mayDie) await this.#read(token);
	}

	async #read({ secret, email }: Token): Promise<void> {
		const { outcome, body } = await this.#send(READ, { t: secret });
		this.#tally("read", outcome);
		if (outcome === "done") {
			this.#expect(body?.data.customer?.email === email, `a token of ${email} was not accepted`);
		} else if (!this.mayDie) this.violations.push(`a read was answered with ${outcome}`);
		if (outcome !== "done") await pass(PAUSE_MS);
	}

	async #write(
		kind: string,
		query: string,
		variables: Record<string, unknown>,
		isGood: (body: Body) => boolean = ({ errors }) => !errors,
	): Promise<"done" | "refused" | "doubt"> {
		const mayDie = this.mayDie;
		const { outcome, body } = await this.#send(query, variables);
		this.#tally(kind, outcome);
		if (outcome === "done") {
			this.doneAt = performance.now();
			this.#expect(body !== null && isGood(body), `${kind} was refused: ${JSON.stringify(body)}`);
			return "done";
		}
		if (outcome === "none" && !mayDie && !this.mayDie) this.violations.push(`${kind} had no answer`);
		await pass(PAUSE_MS);
		return mayDie || this.mayDie ? "doubt" : "refused";
	}

	#tally(kind: string, outcome: Outcome): void {
		const tally = outcome === "done" ? this.done : this.errors;
		tally[kind] = (tally[kind] ?? 0) + 1;
	}

	async #send(
		query: string,
		variables: Record<string, unknown>,
	): Promise<{ readonly outcome: Outcome; readonly body: Body | null }> {
		const askedAt = performance.now();
		let outcome: Outcome = "none";
		let body: Body | null = null;
		try {
			body = await askAt(this.#front(), query, variables);
			// Where the server fails before it knows what is asked, there is no `data`.
			const isError =
				body.data === undefined || body.errors?.[0]?.extensions?.code === "INTERNAL_SERVER_ERROR";
			outcome = isError ? "error" : "done";
		} catch {
			// The process is not there.
		}
		if (outcome !== "done") {
			this.slowestErrorMs = Math.max(this.slowestErrorMs, performance.now() - askedAt);
		}
		return { outcome, body };
	}

	async #readerOf(secret: string): Promise<string | null> {
		const { outcome, body } = await this.#send(READ, { t: secret });
		this.#expect(outcome === "done", `a read after the fault was ${outcome}`);
		return body?.data?.customer?.email ?? null;
	}

	async #forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
		const rest = [...items].values();
		const workers = Array.from({ length: 8 }, async () => {
			for (const item of rest) await work(item);
		});
		await Promise.all(workers);
	}

	#expect(holds: boolean, otherwise: string): void {
		if (!holds) this.violations.push(otherwise);
	}
}

function sumOf(counts: Readonly<Record<string, number>>): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Resolves when it is so; throws after a while. */
export async function until(
	holds: () => boolean | Promise<boolean>,
	what: string,
	seconds = 20,
): Promise<void> {
	const end = performance.now() + seconds * 1000;
	while (!(await holds())) {
		if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
		await pass(5);
	}
}
