// Kills the server while customers change and reset their passwords, and holds it afterwards to what it acknowledged: the
// newest password opens, no older one ever does again, what it ended is dead, and a spent link is spent.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { makeToken } from "../../src/secrets/token.ts";
import { openDatabase, type Process, SIGN_IN, SIGN_UP, startProcess, UPDATE } from "../house.ts";
import { openServer, type Server } from "../mail/killing.ts";
import { PostOffice } from "../mail/post-office.ts";
import { whenSessionsEnded, withSessionName } from "../postgres/sessions.ts";
import { askForLink, canSignIn, readerOf, redeem, refusalOf } from "../recovery/links.ts";
import { seededRandom } from "./random.ts";

const ACCOUNTS = 10;
const LONGEST_LOAD_MS = 800;
/** Acknowledged before the process is killed, and one reset. */
const LEAST_UPDATES = 4;
/** Of the many that there come to be, the last ones are tried. */
const REMEMBERED = 5;

export interface PasswordPlan {
	readonly kills: number;
	readonly seed: number;
}

export interface PasswordReport {
	readonly violations: readonly string[];
	/** Acknowledged changes, by the way in which they were made. */
	readonly changes: { update: number; reset: number };
	/** Changes without an answer that had happened, and that had not. */
	readonly settled: { happened: number; didNot: number };
}

/** A change that was sent and not answered. */
interface Doubt {
	readonly password: string;
	readonly link: string | null;
}

interface Account {
	readonly email: string;
	password: string;
	token: string;
	doubt: Doubt | null;
	readonly formerPasswords: string[];
	readonly deadTokens: string[];
	readonly spentLinks: string[];
}

export async function crashPasswords({ kills, seed }: PasswordPlan): Promise<PasswordReport> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-crash-"));
	await using database = await openDatabase();
	await using office = await PostOffice.open();
	const crashes = new PasswordCrashes(folder, withSessionName(database.url), office, seededRandom(seed));
	try {
		await crashes.run(kills);
		return crashes;
	} finally {
		await crashes.end();
		rmSync(folder, { recursive: true });
	}
}

class PasswordCrashes implements PasswordReport {
	readonly violations: string[] = [];
	readonly changes = { update: 0, reset: 0 };
	readonly settled = { happened: 0, didNot: 0 };
	readonly #folder: string;
	readonly #databaseUrl: string;
	readonly #office: PostOffice;
	readonly #random: () => number;
	readonly #key = makeToken();
	readonly #accounts: Account[] = [];
	#process: Process | null = null;
	#passwords = 0;

	constructor(folder: string, databaseUrl: string, office: PostOffice, random: () => number) {
		this.#folder = folder;
		this.#databaseUrl = databaseUrl;
		this.#office = office;
		this.#random = random;
	}

	async run(kills: number): Promise<void> {
		let server = await this.#start();
		for (let i = 0; i < ACCOUNTS; i++)
			this.#accounts.push(await this.#signUp(server, `account${i}@example.com`));
		for (let kill = 0; kill < kills; kill++) {
			const running = this.#accounts.map((account) => this.#changeUntilKilled(server, account));
			const [update, reset] = [this.changes.update + LEAST_UPDATES, this.changes.reset + 1];
			await pass(this.#random() * LONGEST_LOAD_MS);
			// On a busy machine it takes longer until there is something to lose.
			while ((this.changes.update < update || this.changes.reset < reset) && this.violations.length === 0) {
				await pass(5);
			}
			await this.#process?.end("SIGKILL");
			await Promise.all(running);
			await whenSessionsEnded(this.#databaseUrl);
			server = await this.#start();
			for (const account of this.#accounts) await this.#check(server, account);
		}
	}

	async end(): Promise<void> {
		await this.#process?.end("SIGKILL");
	}

	async #signUp(server: Server, email: string): Promise<Account> {
		const password = this.#newPassword();
		await server.ask(SIGN_UP, { input: { email, password } });
		const token = await this.#signIn(server, email, password);
		return { email, password, token, doubt: null, formerPasswords: [], deadTokens: [], spentLinks: [] };
	}

	async #signIn(server: Server, email: string, password: string): Promise<string> {
		const { data } = await server.ask(SIGN_IN, { input: { email, password } });
		return data.customerAccessTokenCreate.customerAccessToken?.accessToken ?? "";
	}

	/** One change after the other; ends with the process, perhaps in doubt about the last one. */
	async #changeUntilKilled(server: Server, account: Account): Promise<void> {
		try {
			for (;;) await (this.#random() < 0.5 ? this.#update(server, account) : this.#reset(server, account));
		} catch (error) {
			// No answer came, or half of one.
			if (!(error instanceof TypeError) && !(error instanceof SyntaxError))
				this.violations.push(String(error));
		}
	}

	async #update(server: Server, account: Account): Promise<void> {
		const password = this.#newPassword();
		account.doubt = { password, link: null };
		const { data } = await server.ask(UPDATE, { t: account.token, customer: { password } });
		const token = data.customerUpdate?.customerAccessToken?.accessToken;
		if (!token) throw new Error(`${account.email} could not change the password: ${JSON.stringify(data)}`);
		this.#settle(account, password, token);
		this.changes.update++;
	}

	async #reset(server: Server, account: Account): Promise<void> {
		await askForLink(server, "reset", account.email);
		await server.deliver();
		const letters = this.#office.letters.filter(({ recipients }) => recipients[0] === account.email);
		const link = letters.findLast(({ link }) => link !== null)?.link;
		if (!link) throw new Error(`no link was mailed to ${account.email}`);
		const password = this.#newPassword();
		account.doubt = { password, link };
		const { data } = await redeemUrl(server, link, password);
		const token = data.redeemed?.customerAccessToken?.accessToken;
		if (!token) throw new Error(`a new link of ${account.email} was refused: ${JSON.stringify(data)}`);
		this.#settle(account, password, token);
		account.spentLinks.push(link);
		this.changes.reset++;
	}

	#settle(account: Account, password: string, token: string): void {
		account.formerPasswords.push(account.password);
		account.deadTokens.push(account.token);
		Object.assign(account, { password, token, doubt: null });
	}

	async #check(server: Server, account: Account): Promise<void> {
		const { email, doubt } = account;
		if (doubt) await this.#settleDoubt(server, account, doubt);
		this.#expect(
			await canSignIn(server, account.password, email),
			`${email} lost the password that was acknowledged`,
		);
		this.#expect(
			(await readerOf(server, account.token)) === email,
			`${email} lost the token that came with it`,
		);
		for (const former of account.formerPasswords.slice(-REMEMBERED)) {
			this.#expect(!(await canSignIn(server, former, email)), `a former password of ${email} opens`);
		}
		for (const dead of account.deadTokens.slice(-REMEMBERED)) {
			this.#expect(
				(await readerOf(server, dead)) === null,
				`a token of ${email} lives that a new password ended`,
			);
		}
		for (const link of account.spentLinks.slice(-REMEMBERED)) {
			const refusal = refusalOf(await redeemUrl(server, link, "never set"));
			this.#expect(refusal.join() === "TOKEN_INVALID", `a spent link of ${email} works`);
		}
	}

	/** It happened whole or not at all. */
	async #settleDoubt(server: Server, account: Account, { password, link }: Doubt): Promise<void> {
		const { email } = account;
		account.doubt = null;
		const token = await this.#signIn(server, email, password);
		if (token !== "") {
			this.settled.happened++;
			this.#settle(account, password, token);
			if (link) account.spentLinks.push(link);
			return;
		}
		this.settled.didNot++;
		this.#expect(
			(await readerOf(server, account.token)) === email,
			`${email} lost a token though nothing happened`,
		);
		if (!link) return;
		const answer = await redeemUrl(server, link, password);
		const redeemed = answer.data?.redeemed?.customerAccessToken?.accessToken;
		this.#expect(Boolean(redeemed), `a link of ${email} was spent though nothing happened`);
		if (redeemed) this.#settle(account, password, redeemed);
	}

	#newPassword(): string {
		return `password number ${++this.#passwords}`;
	}

	#expect(holds: boolean, otherwise: string): void {
		if (!holds) this.violations.push(otherwise);
	}

	async #start(): Promise<Server> {
		this.#process = await startProcess(
			["--database", this.#databaseUrl, "--shop-url", "https://shop.example"],
			{
				LATCHKEY_STOREFRONT_ACCESS_TOKEN: this.#key,
				LATCHKEY_SMTP_URL: this.#office.url,
				LATCHKEY_PASSWORD_MEMORY_KIB: "8",
				LATCHKEY_PASSWORD_PASSES: "1",
				LATCHKEY_LIMIT_SIGN_INS: "off",
			},
			this.#folder,
		);
		return openServer(this.#process);
	}
}

function redeemUrl(server: Server, url: string, password: string) {
	return redeem(server, { purpose: "reset", id: "", token: "", url }, password, "url");
}
