// F12: many customers moved to PostgreSQL and back, and restored from a backup, by the commands that an operator gives.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { emailOf, PASSWORD, seed, TOKENS_PER_CUSTOMER, tokenSecret } from "../../bench/seed.ts";
import { askAt, READ, SIGN_IN, startProcess } from "../house.ts";
import { PostgresServer } from "../postgres/server.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_CUSTOMERS = 100_000;
const RESTORED_WITHIN_SECONDS = 300;
/** Of all customers, so many are looked at on each side. */
const LOOKED_AT = 20;

interface Contents {
	readonly table: string;
	readonly rows: number;
	readonly digest: string;
}

interface Done {
	readonly tables: readonly Contents[];
	readonly seconds: number;
}

export async function run({ count }: Options): Promise<readonly Figure[]> {
	const customers = count ?? OFFICIAL_CUSTOMERS;
	const folder = mkdtempSync(join(tmpdir(), "latchkey-copy-"));
	// What is written is synced, as anyone's is.
	const server = await PostgresServer.start({ fsync: "on", full_page_writes: "on" });
	try {
		await server.ask("CREATE DATABASE restored");
		const first = `sqlite:${join(folder, "first.db")}`;
		await seed(join(folder, "first.db"), customers * TOKENS_PER_CUSTOMER);
		return await measure(customers, folder, {
			first,
			postgres: server.url,
			last: `sqlite:${join(folder, "last.db")}`,
			restored: [`sqlite:${join(folder, "restored.db")}`, `postgres://${server.authority}/restored`],
		});
	} finally {
		await server[Symbol.asyncDispose]();
		rmSync(folder, { recursive: true });
	}
}

interface Places {
	readonly first: string;
	readonly postgres: string;
	readonly last: string;
	readonly restored: readonly [sqlite: string, postgres: string];
}

async function measure(customers: number, folder: string, places: Places): Promise<readonly Figure[]> {
	const { first, postgres, last, restored } = places;
	const there = await latchkey("copy", "--from", first, "--to", postgres);
	const back = await latchkey("copy", "--from", postgres, "--to", last);
	const isSame = JSON.stringify(there.tables) === JSON.stringify(back.tables);
	const rows = there.tables.reduce((sum, table) => sum + table.rows, 0);
	const lives = [await look(postgres, customers, folder), await look(last, customers, folder)];
	const [signedIn, read] = [sum(lives, "signedIn"), sum(lives, "read")];

	const file = join(folder, "house.backup");
	const backup = await latchkey("backup", "--database", postgres, "--to", file);
	const restores: Done[] = [];
	for (const url of restored) restores.push(await latchkey("restore", "--from", file, "--database", url));
	const after = [await look(restored[0], customers, folder), await look(restored[1], customers, folder)];
	const slowest = Math.max(...restores.map(({ seconds }) => seconds));
	const looked = 2 * LOOKED_AT;
	return [
		{
			promise: "F12",
			figure: `${customers} customers, ${rows} rows, from SQLite to PostgreSQL in ${there.seconds} s and back in ${back.seconds} s: ${isSame ? "the same" : "OTHER"} digests of ${there.tables.length} tables; ${signedIn} of ${looked} sign-ins and ${read} of ${looked} earlier tokens work`,
			isMet: isSame && rows > customers && signedIn === looked && read === looked,
		},
		{
			promise: "F12",
			figure: `a backup of them from PostgreSQL in ${backup.seconds} s, restored into SQLite in ${restores[0]?.seconds} s and into PostgreSQL in ${restores[1]?.seconds} s; ${sum(after, "signedIn")} of ${looked} sign-ins work, ${sum(after, "read")} of ${looked} earlier tokens do`,
			isMet:
				slowest <= RESTORED_WITHIN_SECONDS && sum(after, "signedIn") === looked && sum(after, "read") === 0,
		},
	];
}

async function latchkey(...args: readonly string[]): Promise<Done> {
	const entry = join(import.meta.dirname, "../../bin/latchkey.js");
	const startedAt = performance.now();
	const { stdout } = await promisify(execFile)(process.execPath, [entry, ...args, "--json"]);
	const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
	return { tables: JSON.parse(stdout).tables, seconds };
}

interface Looked {
	/** How many customers can sign in. */
	readonly signedIn: number;
	/** How many of their earlier tokens are let in. */
	readonly read: number;
}

/** Customers here and there among all, at a server of its own. */
async function look(databaseUrl: string, customers: number, folder: string): Promise<Looked> {
	await using server = await startProcess(["--database", databaseUrl], {}, folder);
	let [signedIn, read] = [0, 0];
	for (let i = 0; i < LOOKED_AT; i++) {
		const customer = Math.floor((i * customers) / LOOKED_AT);
		const input = { email: emailOf(customer), password: PASSWORD };
		const { data } = await askAt(server, SIGN_IN, { input });
		if (data.customerAccessTokenCreate.customerAccessToken) signedIn++;
		const known = await askAt(server, READ, { t: tokenSecret(customer) });
		if (known.data.customer?.email === emailOf(customer)) read++;
	}
	return { signedIn, read };
}

function sum(all: readonly Looked[], what: keyof Looked): number {
	return all.reduce((total, one) => total + one[what], 0);
}
