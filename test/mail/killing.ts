// Kills the server with SIGKILL at chosen moments of a mail's way, starts it again on the same database, and counts letters:
// what was decided arrives once or twice, and the newest letter has the link that works.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { makeToken } from "../../src/secrets/token.ts";
import { statement } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { seededRandom } from "../crash/random.ts";
import { type Body, openDatabase, type Process, SIGN_UP, startProcess } from "../house.ts";
import { whenSessionsEnded, withSessionName } from "../postgres/sessions.ts";
import { type Askable, askForLink, PASSWORD, readerOf, redeem, refusalOf } from "../recovery/links.ts";
import { type Manner, PostOffice } from "./post-office.ts";

/** Nothing has been handed over; all of it has, unacknowledged; some of it is acknowledged; whenever. */
export const MOMENTS = ["beforeSending", "beforeAcknowledgement", "afterAcknowledgement", "anyTime"] as const;
type Moment = (typeof MOMENTS)[number];

const MANNERS: Readonly<Record<Moment, Manner>> = {
	beforeSending: "holdRecipient",
	beforeAcknowledgement: "holdEnd",
	afterAcknowledgement: "take",
	anyTime: "take",
};

const COUNT_WAITING = statement("SELECT count(*) AS n FROM outbox");
const CUSTOMERS = 6;
/** The most connections that the server keeps to the office. */
const CONNECTIONS = 5;
/** Longer than the pause after a first attempt. */
const PAUSE_SECONDS = 300;

export interface KillReport {
	readonly violations: readonly string[];
	/** Reset mails that were decided, and letters that arrived for them, by the moment of the kill. */
	readonly decided: Readonly<Record<Moment, number>>;
	readonly arrived: Readonly<Record<Moment, number>>;
}

/** One kill after the other, at each moment in turn. */
export async function killOften({
	kills,
	seed,
}: {
	readonly kills: number;
	readonly seed: number;
}): Promise<KillReport> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-killed-"));
	await using database = await openDatabase();
	const killing = new Killing(folder, withSessionName(database.url), seed);
	try {
		await killing.run(kills);
		return killing;
	} finally {
		await killing.end();
		rmSync(folder, { recursive: true });
	}
}

function countNone(): Record<Moment, number> {
	return { beforeSending: 0, beforeAcknowledgement: 0, afterAcknowledgement: 0, anyTime: 0 };
}

class Killing implements KillReport {
	readonly violations: string[] = [];
	readonly decided = countNone();
	readonly arrived = countNone();
	readonly #folder: string;
	readonly #databaseUrl: string;
	readonly #key = makeToken();
	readonly #random: () => number;
	readonly #emails = Array.from({ length: CUSTOMERS }, (_, i) => `customer${i}@example.com`);
	#office: PostOffice | null = null;
	#process: Process | null = null;

	constructor(folder: string, databaseUrl: string, seed: number) {
		this.#folder = folder;
		this.#databaseUrl = databaseUrl;
		this.#random = seededRandom(seed);
	}

	async run(kills: number): Promise<void> {
		const office = await PostOffice.open();
		this.#office = office;
		let server = await this.#start(office);
		for (const email of this.#emails) await server.ask(SIGN_UP, { input: { email, password: PASSWORD } });
		await server.deliver();
		for (let kill = 0; kill < kills; kill++) {
			const moment = MOMENTS[kill % MOMENTS.length] ?? "anyTime";
			const from = office.letters.length;
			const unacknowledged = await this.#decideAndKill(office, server, moment, from);
			server = await this.#start(office);
			// Each process begins at the world's time: this one has to come to be later than the last one was.
			await server.advance(PAUSE_SECONDS * (kill + 1));
			await server.deliver();
			await this.#check(office, server, moment, from, unacknowledged);
		}
	}

	async end(): Promise<void> {
		await this.#process?.end("SIGKILL");
		await this.#office?.leave();
	}

	/** Gives the recipients whose letters were received and not acknowledged. */
	async #decideAndKill(
		office: PostOffice,
		server: Server,
		moment: Moment,
		from: number,
	): Promise<readonly string[]> {
		office.behave(MANNERS[moment]);
		for (const email of this.#emails) await askForLink(server, "reset", email);
		this.decided[moment] += this.#emails.length;
		const delivered = server.deliver().catch(() => undefined);
		if (moment === "beforeSending") await office.whenHeld(1);
		else if (moment === "beforeAcknowledgement")
			await office.whenHeld(1 + Math.floor(this.#random() * CONNECTIONS));
		else if (moment === "afterAcknowledgement") {
			await office.whenReceived(from + 1 + Math.floor(this.#random() * CUSTOMERS));
		} else await pass(this.#random() * 60);
		await this.#process?.end("SIGKILL");
		await delivered;
		await whenSessionsEnded(this.#databaseUrl);
		// What was under way is gone with its connections: the rest is the next process's.
		await office.leave();
		await office.arrive();
		office.behave("take");
		const received = office.letters.slice(from).flatMap(({ recipients }) => recipients);
		this.#expect(moment !== "beforeSending" || received.length === 0, "a letter came from nowhere");
		return moment === "beforeAcknowledgement" ? received : [];
	}

	async #check(
		office: PostOffice,
		server: Server,
		moment: Moment,
		from: number,
		unacknowledged: readonly string[],
	): Promise<void> {
		const letters = office.letters.slice(from).filter(({ link }) => link !== null);
		this.arrived[moment] += letters.length;
		for (const email of this.#emails) {
			const own = letters.filter(({ recipients }) => recipients.join() === email);
			const said = `${own.length} letters to ${email}, killed ${moment}`;
			this.#expect(own.length >= 1 && own.length <= 2, said);
			if (moment === "beforeSending") this.#expect(own.length === 1, said);
			if (unacknowledged.includes(email)) this.#expect(own.length === 2, said);
			for (const [index, { link }] of own.entries()) {
				const answer = await redeem(
					server,
					{ purpose: "reset", id: "", token: "", url: link ?? "" },
					PASSWORD,
					"url",
				);
				const isNewest = index === own.length - 1;
				const token = answer.data?.redeemed?.customerAccessToken?.accessToken;
				if (!isNewest)
					this.#expect(refusalOf(answer).join() === "TOKEN_INVALID", `an older link works: ${said}`);
				else this.#expect((await readerOf(server, token ?? "")) === email, `the newest link fails: ${said}`);
			}
		}
		await server.deliver();
		const store = await openEngine(this.#databaseUrl, { beside: true });
		const waiting = Number((await store.read(COUNT_WAITING, []))[0]?.["n"]);
		await store.close();
		this.#expect(waiting === 0, `${waiting} mails wait though nothing stands in their way, killed ${moment}`);
	}

	#expect(holds: boolean, otherwise: string): void {
		if (holds) return;
		const said = this.#process
			?.log()
			.split("\n")
			.filter((line) => line.includes('"err"'));
		this.violations.push([otherwise, ...(said ?? []).slice(-2)].join("\n"));
	}

	async #start(office: PostOffice): Promise<Server> {
		const process = await startProcess(
			["--database", this.#databaseUrl, "--shop-url", "https://shop.example"],
			{
				LATCHKEY_STOREFRONT_ACCESS_TOKEN: this.#key,
				LATCHKEY_SMTP_URL: office.url,
				LATCHKEY_PASSWORD_MEMORY_KIB: "8",
				LATCHKEY_PASSWORD_PASSES: "1",
			},
			this.#folder,
		);
		this.#process = process;
		return openServer(process);
	}
}

export interface Server extends Askable {
	/** Resolves when nothing is due any more. */
	deliver(): Promise<void>;
	advance(seconds: number): Promise<void>;
}

export function openServer({ url, storefrontAccessToken }: Process): Server {
	return {
		ask: async (query, variables = {}) => {
			const response = await fetch(`${url}/api/2026-04/graphql.json`, {
				method: "POST",
				headers: {
					"Content-Type": "application/json",
					"X-Shopify-Storefront-Access-Token": storefrontAccessToken,
				},
				body: JSON.stringify({ query, variables }),
			});
			return (await response.json()) as Body;
		},
		deliver: async () => {
			await (await fetch(`${url}/_dev/mail`)).text();
		},
		advance: async (seconds) => {
			const body = JSON.stringify({ advanceSeconds: seconds });
			await (await fetch(`${url}/_dev/clock`, { method: "POST", body })).text();
		},
	};
}
