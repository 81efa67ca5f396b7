// A server as an operator would run it, in a process of its own: for production, with its hashes at their full cost,
// behind a proxy on 127.0.0.1 that is trusted, with metrics, and customers in the database already.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STOREFRONT_TOKEN } from "../../../bench/operations.ts";
import { seed } from "../../../bench/seed.ts";
import { startProcess } from "../../house.ts";

/** As `bench/seed.ts` makes them. */
export const TOKENS_PER_CUSTOMER = 5;

export interface SiegeServer extends AsyncDisposable {
	readonly port: number;
	readonly pid: number;
	/** The file of the database. */
	readonly database: string;
	/** The values of `/metrics` by name, with their labels. */
	metrics(): Promise<ReadonlyMap<string, number>>;
	/** What it has logged so far. */
	log(): string;
	/** Stops it in the orderly way; gives the exit code. */
	stop(): Promise<number | null>;
}

export async function openSiegeServer(
	customers: number,
	env: Readonly<Record<string, string>> = {},
): Promise<SiegeServer> {
	await using opened = new AsyncDisposableStack();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-siege-"));
	opened.defer(() => rmSync(folder, { recursive: true }));
	const database = join(folder, "siege.db");
	process.stderr.write(`filling a database with ${customers} customers …\n`);
	await seed(database, customers * TOKENS_PER_CUSTOMER);
	const server = await startProcess(
		["--database", `sqlite:${database}`],
		{
			LATCHKEY_SHOP_URL: "https://shop.example",
			LATCHKEY_STOREFRONT_ACCESS_TOKEN: STOREFRONT_TOKEN,
			LATCHKEY_TRUSTED_PROXIES: "127.0.0.1",
			LATCHKEY_METRICS: "true",
			...env,
		},
		folder,
		"start",
	);
	opened.use(server);
	const { url, pid } = server;
	const kept = opened.move();
	return {
		port: Number(new URL(url).port),
		pid,
		database,
		metrics: async () => {
			const text = await (await fetch(`${url}/metrics`)).text();
			const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
			return new Map(
				lines.map((line) => {
					const at = line.lastIndexOf(" ");
					return [line.slice(0, at), Number(line.slice(at + 1))];
				}),
			);
		},
		log: server.log,
		stop: () => server.end("SIGTERM"),
		[Symbol.asyncDispose]: () => kept.disposeAsync(),
	};
}
