// Three servers on one PostgreSQL behind a load balancer, stopped and started again one after the other while clients go
// on asking. `npm run trust -- rolling` does it twenty times, rolling.test.ts a few.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { type Process, READ, RENEW, SIGN_IN, SIGN_UP, startProcess } from "../house.ts";
import { Balancer } from "./balancer.ts";

const SERVERS = 3;
const CUSTOMERS = 12;
const TOKEN = "a public token of the rolling restarts";
/** Of so many requests one renews, the others read. */
const RENEWS_ONE_OF = 4;

export interface Course {
	readonly databaseUrl: string;
	readonly restarts: number;
	/** What the servers are told to wait before they stop; it must be more than twice `pollMs`. */
	readonly delaySeconds: number;
	/** How often the balancer asks who is ready. */
	readonly pollMs: number;
	readonly perSecond: number;
}

export interface Outcome {
	readonly reads: number;
	readonly renewals: number;
	/** Of each request that was not answered well, why. */
	readonly failures: readonly string[];
	/** Of each server that was stopped. */
	readonly exitCodes: readonly (number | null)[];
	/** From the signal to the end of the process. */
	readonly longestStopMs: number;
}

export async function restartOneByOne(course: Course): Promise<Outcome> {
	await using opened = new AsyncDisposableStack();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-rolling-"));
	opened.defer(() => rmSync(folder, { recursive: true }));
	const start = async () => {
		const settings = {
			LATCHKEY_DATABASE_URL: course.databaseUrl,
			LATCHKEY_SHOP_URL: "https://shop.example",
			LATCHKEY_STOREFRONT_ACCESS_TOKEN: TOKEN,
			LATCHKEY_STOP_DELAY_SECONDS: String(course.delaySeconds),
			// All requests come from the balancer, which may hold as many connections as it needs.
			LATCHKEY_TRUSTED_PROXIES: "127.0.0.1",
		};
		return opened.use(await startProcess([], settings, folder, "start"));
	};
	const balancer = opened.use(new Balancer(TOKEN, course.pollMs));
	const servers = await Promise.all(Array.from({ length: SERVERS }, start));
	await Promise.all(servers.map(({ url }) => balancer.add(url)));

	const load = new Load(balancer, await makeTokens(balancer));
	const loading = load.run(course.perSecond);
	const exitCodes: (number | null)[] = [];
	let longestStopMs = 0;
	for (let restart = 0; restart < course.restarts; restart++) {
		const oldest = servers.shift() as Process;
		const toldAt = performance.now();
		exitCodes.push(await oldest.end("SIGTERM"));
		longestStopMs = Math.max(longestStopMs, performance.now() - toldAt);
		balancer.remove(oldest.url);
		const next = await start();
		servers.push(next);
		await balancer.add(next.url);
	}
	load.end();
	await loading;
	const { reads, renewals, failures } = load;
	return { reads, renewals, failures, exitCodes, longestStopMs };
}

async function makeTokens(balancer: Balancer): Promise<readonly string[]> {
	return Promise.all(
		Array.from({ length: CUSTOMERS }, async (_, index) => {
			const input = { email: `customer${index}@example.com`, password: "correct horse" };
			await balancer.ask(SIGN_UP, { input });
			const { data } = await balancer.ask(SIGN_IN, { input });
			return data.customerAccessTokenCreate.customerAccessToken.accessToken;
		}),
	);
}

/** So many requests a second, whether or not those before them were answered. */
class Load {
	reads = 0;
	renewals = 0;
	readonly failures: string[] = [];
	readonly #balancer: Balancer;
	readonly #tokens: readonly string[];
	readonly #underWay = new Set<Promise<void>>();
	#isOver = false;

	constructor(balancer: Balancer, tokens: readonly string[]) {
		this.#balancer = balancer;
		this.#tokens = tokens;
	}

	async run(perSecond: number): Promise<void> {
		const startedAt = performance.now();
		for (let sent = 0; !this.#isOver; ) {
			for (const due = ((performance.now() - startedAt) / 1000) * perSecond; sent < due; sent++) {
				const asking: Promise<void> = this.#ask(sent).finally(() => this.#underWay.delete(asking));
				this.#underWay.add(asking);
			}
			await pass(1);
		}
		await Promise.all(this.#underWay);
	}

	end(): void {
		this.#isOver = true;
	}

	async #ask(index: number): Promise<void> {
		const t = this.#tokens[index % this.#tokens.length];
		const renews = index % RENEWS_ONE_OF === 0;
		try {
			const { data } = await this.#balancer.ask(renews ? RENEW : READ, { t });
			const isWell = renews ? data?.customerAccessTokenRenew?.customerAccessToken : data?.customer;
			if (!isWell)
				this.failures.push(`${renews ? "a renewal" : "a read"} was answered ${JSON.stringify(data)}`);
			else if (renews) this.renewals++;
			else this.reads++;
		} catch (error) {
			this.failures.push(String(error));
		}
	}
}
