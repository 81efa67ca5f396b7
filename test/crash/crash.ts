// Kills the server with SIGKILL in the midst of its work, starts it again on the same database, and holds it to every
// answer that it gave; again and again. `npm run crash` does it at length, crash.test.ts a few times.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pass } from "node:timers/promises";
import { makeToken } from "../../src/secrets/token.ts";
import { openDatabase, type Process, startProcess } from "../house.ts";
import { withSessionName } from "../postgres/sessions.ts";
import { checkAccounts, checkRenewals, checkTokens } from "./check.ts";
import { openDoor } from "./door.ts";
import { type Account, Ledger, type Token } from "./ledger.ts";
import { inspectLeftovers, type Leftovers } from "./leftovers.ts";
import { runClient } from "./load.ts";
import { seededRandom } from "./random.ts";

export interface CrashPlan {
	readonly kills: number;
	readonly seed: number;
	/** The load runs for a random time up to this before the process is killed. */
	readonly longestLoadMs: number;
	readonly clients: number;
}

export interface CrashReport {
	readonly ledger: Ledger;
	/** From the start of the process to its line and a 200 of `/readyz`, after each kill. */
	readonly readyMs: readonly number[];
	readonly largestWalBytes: number;
	/** Sign-ins without an answer whose token was made all the same: nobody knows its secret. */
	readonly strayTokens: number;
}

/** Of each client, on average, before the process is killed. */
const LEAST_ACTS = 6;
const HOUR = 3600;
const LIFETIME = 24 * HOUR;
/** How far the clock is moved while the load runs, in turn: what a long step renewed can be used in a short one. */
const STEPS = [8 * HOUR, 2 * HOUR] as const;
/** Between the end of what was made before the step and the end of what was renewed after it. */
const CUT = LIFETIME + HOUR;
/** Of what earlier rounds have left, this many are asked for after each kill, and all of it at the end. */
const OLDER_SAMPLE = 300;

export async function crashRepeatedly(
	plan: CrashPlan,
	tell: (text: string) => void = () => {},
): Promise<CrashReport> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-crash-"));
	await using database = await openDatabase();
	const crashes = new Crashes(plan, folder, withSessionName(database.url));
	try {
		return await crashes.run(tell);
	} finally {
		await crashes.end();
		rmSync(folder, { recursive: true });
	}
}

/** One server process and what the harness keeps of it. */
interface Served {
	readonly process: Process;
	/** The server's time now, as far as it was moved. */
	readonly now: () => number;
	readonly advanceTo: (time: number) => Promise<void>;
}

class Crashes {
	readonly #plan: CrashPlan;
	readonly #databaseUrl: string;
	readonly #folder: string;
	readonly #key = makeToken();
	readonly #random: () => number;
	readonly #ledger: Ledger;
	readonly #readyMs: number[] = [];
	#process: Process | null = null;
	#round = 0;
	#largestWalBytes = 0;
	#strayTokens = 0;

	constructor(plan: CrashPlan, folder: string, databaseUrl: string) {
		this.#plan = plan;
		this.#folder = folder;
		this.#databaseUrl = databaseUrl;
		this.#random = seededRandom(plan.seed);
		this.#ledger = new Ledger(plan.clients);
	}

	/** A server that does not start, or ends by itself, breaks a promise too: the run ends early and says so. */
	async run(tell: (text: string) => void): Promise<CrashReport> {
		try {
			await this.#runRounds(tell);
		} catch (error) {
			const said = this.#process?.log().slice(-500) ?? "";
			this.#ledger.violate(`the run ended early: ${error}\nthe last process said: ${said}`);
		}
		return {
			ledger: this.#ledger,
			readyMs: this.#readyMs,
			largestWalBytes: this.#largestWalBytes,
			strayTokens: this.#strayTokens,
		};
	}

	async #runRounds(tell: (text: string) => void): Promise<void> {
		let served = await this.#start();
		let loadedAt = served.now();
		while (this.#round < this.#plan.kills) {
			this.#round++;
			const step = STEPS[this.#round % 2] ?? HOUR;
			const signInsBefore = this.#ledger.outcomes.signIn.unknown;
			await this.#loadAndKill(served, step);
			const leftovers = await inspectLeftovers(this.#databaseUrl);
			for (const fault of leftovers.faults) this.#ledger.violate(`the database is damaged: ${fault}`);
			const unanswered = this.#ledger.outcomes.signIn.unknown - signInsBefore;

			served = await this.#start();
			await this.#checkNow(served, leftovers, unanswered);
			await served.advanceTo(loadedAt + CUT);
			await checkRenewals(this.#check(served), this.#ledger.tokens.filter(this.#isRecent));
			loadedAt = served.now();
			tell(`kill ${this.#round}: ${this.#ledger.checks} checks, ${this.#ledger.violationCount} violations`);
		}
		await this.#checkAll(served);
	}

	/** Leaves no process behind, whatever happened. */
	async end(): Promise<void> {
		await this.#process?.end("SIGKILL");
	}

	async #start(): Promise<Served> {
		const startedAt = performance.now();
		const process = await startProcess(
			["--database", this.#databaseUrl],
			{
				LATCHKEY_STOREFRONT_ACCESS_TOKEN: this.#key,
				LATCHKEY_TOKEN_LIFETIME_SECONDS: String(LIFETIME),
				// Cheap hashes put the load on the store.
				LATCHKEY_PASSWORD_MEMORY_KIB: "8",
				LATCHKEY_PASSWORD_PASSES: "1",
				// Wrong passwords are part of the load, more of them than anyone may try: counted, and let through.
				LATCHKEY_LIMIT_SIGN_INS: "999/60",
			},
			this.#folder,
		);
		this.#process = process;
		const ready = await fetch(`${process.url}/readyz`);
		await ready.text();
		if (this.#round > 0) this.#readyMs.push(performance.now() - startedAt);
		this.#ledger.expect(ready.status === 200, `/readyz answered ${ready.status} after a restart`);
		let ahead = 0;
		const now = () => Math.floor(Date.now() / 1000) + ahead;
		const advanceTo = async (time: number) => {
			const seconds = time - now();
			const body = JSON.stringify({ advanceSeconds: seconds });
			await (await fetch(`${process.url}/_dev/clock`, { method: "POST", body })).text();
			ahead += seconds;
		};
		return { process, now, advanceTo };
	}

	async #loadAndKill({ process, now, advanceTo }: Served, step: number): Promise<void> {
		let killed = false;
		const load = {
			ledger: this.#ledger,
			door: openDoor(process.url, this.#key),
			random: this.#random,
			round: this.#round,
			usableUntil: now() + step + HOUR / 2,
			killed: () => killed,
		};
		const running = this.#ledger.clients.map((client) => runClient(load, client));
		const loadMs = this.#random() * this.#plan.longestLoadMs;
		const enough = this.#ledger.acknowledged + LEAST_ACTS * this.#plan.clients;
		await pass(loadMs / 2);
		await advanceTo(now() + step);
		await pass(loadMs / 2);
		// On a busy machine it takes longer until there is something to lose.
		while (this.#ledger.acknowledged < enough && this.#ledger.violationCount === 0) await pass(5);
		killed = true;
		await process.end("SIGKILL");
		await Promise.all(running);
	}

	/** Right after a restart, when the clock stands where the world's does. */
	async #checkNow(served: Served, leftovers: Leftovers, unansweredSignIns: number): Promise<void> {
		const ledger = this.#ledger;
		const { accounts, tokens } = ledger;
		this.#largestWalBytes = Math.max(this.#largestWalBytes, leftovers.walBytes);
		const absent = accounts.filter(({ state }) => state === "absent");
		const doubted = accounts.filter(({ state }) => state === "inDoubt");
		await checkAccounts(this.#check(served), this.#choose(accounts));
		await checkTokens(this.#check(served), this.#choose(tokens));

		// Every row is somebody's: what was acknowledged, what was in doubt and happened, and nothing else.
		const there = accounts.filter((a) => a.state === "there" && !absent.includes(a)).length;
		ledger.expect(leftovers.customers === there, `${leftovers.customers} customers for ${there} accounts`);
		const live = tokens.filter(({ state }) => state !== "deleted").length;
		const stray = leftovers.accessTokens - live - this.#strayTokens;
		ledger.expect(
			stray >= 0 && stray <= unansweredSignIns,
			`${stray} tokens of ${unansweredSignIns} sign-ins`,
		);
		this.#strayTokens += stray;
		ledger.settled.happened += stray;
		ledger.settled.didNot += unansweredSignIns - stray;
		ledger.expect(
			doubted.every(({ state }) => state !== "inDoubt"),
			"a doubt was left unsettled",
		);
	}

	/** Once more everything that ever happened, then a clean stop and a last look at the database itself. */
	async #checkAll(served: Served): Promise<void> {
		await served.process.end("SIGKILL");
		const last = await this.#start();
		this.#round++;
		await checkAccounts(this.#check(last), this.#ledger.accounts);
		await checkTokens(this.#check(last), this.#ledger.tokens);
		this.#ledger.expect((await last.process.end("SIGTERM")) === 0, "SIGTERM did not end it cleanly");
		for (const fault of (await inspectLeftovers(this.#databaseUrl)).faults)
			this.#ledger.violate(`the database is damaged: ${fault}`);
	}

	#check({ process, now }: Served) {
		return { ledger: this.#ledger, door: openDoor(process.url, this.#key), round: this.#round, now: now() };
	}

	/** What the last two rounds touched, and some of the rest. */
	#choose<T extends Account | Token>(records: readonly T[]): readonly T[] {
		const older = records.filter((record) => !this.#isRecent(record));
		const share = OLDER_SAMPLE / Math.max(older.length, 1);
		return [...records.filter(this.#isRecent), ...older.filter(() => this.#random() < share)];
	}

	readonly #isRecent = ({ touchedIn }: Account | Token): boolean => touchedIn >= this.#round - 1;
}
