// The PostgreSQL bench: our server on a real one beside the same operations by hand, two processes beside one, and what
// an operation costs in databases of several sizes.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { PostgresServer } from "../test/postgres/server.ts";
import { median, printTable, sample } from "./figures.ts";
import type { LoadResult } from "./load.ts";
import { READ, RENEW } from "./operations.ts";
import { endAll, Loader, type Server, startOther, startOurs } from "./processes.ts";
import { childrenSeconds, processorSeconds, usedBetween } from "./processor-time.ts";
import { tokenSecret } from "./seed.ts";
import { seedPostgres, sizesOf } from "./seed-postgres.ts";

const CONNECTIONS = 64;
const SECRETS = 20_000;
/** For each of the secrets to have been asked for. */
const WARM_UP_SECONDS = 4;
const MIB = 2 ** 20;
/** Their work cannot be told apart by what it is for: it comes seconds or minutes later. */
const IN_THE_BACKGROUND = /checkpointer|background writer|walwriter|autovacuum/;

/** As one would set it, where the tests have it quick: what is answered is on the disk. */
const SETTINGS = {
	fsync: "on",
	full_page_writes: "on",
	synchronous_commit: "on",
	shared_buffers: `${Math.floor(totalmem() / 4 / MIB)}MB`,
	max_wal_size: "8GB",
	autovacuum_naptime: "1min",
};

interface Size {
	readonly tokens: number;
	readonly rounds: number;
	readonly seconds: number;
	/** In tokens, of the databases in which the cost of an operation is compared. */
	readonly sizes: readonly number[];
}

/** What is measured in turns with all others: one operation, at one server or several. */
interface Line {
	readonly name: string;
	readonly servers: readonly Server[];
	readonly query: string;
	readonly tokens: number;
	readonly runs: Run[];
}

interface Run extends LoadResult {
	/** Processor milliseconds of the server for a request, and of the database but for what it does in the background. */
	readonly serverMs: number;
	readonly databaseMs: number;
	/** What the database logged for it. */
	readonly logBytes: number;
}

const FIGURES: readonly { readonly head: string; readonly figure: keyof Run; readonly digits: number }[] = [
	{ head: "req/s", figure: "requestsPerSecond", digits: 0 },
	{ head: "p50 ms", figure: "p50Ms", digits: 2 },
	{ head: "p99 ms", figure: "p99Ms", digits: 2 },
	{ head: "server, ms/req", figure: "serverMs", digits: 3 },
	{ head: "database, ms/req", figure: "databaseMs", digits: 3 },
	{ head: "log, bytes/req", figure: "logBytes", digits: 0 },
];

export async function benchPostgres(size: Size): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
	await using database = await PostgresServer.start(SETTINGS);
	try {
		await measure(database, folder, size);
	} finally {
		endAll();
		rmSync(folder, { recursive: true });
	}
}

async function measure(
	database: PostgresServer,
	folder: string,
	{ tokens, rounds, seconds, sizes }: Size,
): Promise<void> {
	const urls = new Map<number, string>();
	for (const count of new Set([tokens, ...sizes])) {
		process.stderr.write(`filling a database with ${count} tokens …\n`);
		urls.set(count, await seedPostgres(database, count));
	}
	const url = String(urls.get(tokens));
	const ours = await startOurs(url, folder);
	const lines: Line[] = [];
	const add: Add = (name, servers, query, inTokens = tokens) => {
		const line = { name, servers, query, tokens: inTokens, runs: [] };
		lines.push(line);
		return line;
	};
	const tellServers = await compareServers(add, ours, url, folder);
	const start = async (count: number) =>
		count === tokens ? ours : startOurs(String(urls.get(count)), folder);
	const tellSizes = await compareSizes(add, sizes, start);

	const loader = new Loader();
	for (const line of lines) await run(database, loader, line, WARM_UP_SECONDS);
	for (const line of lines) line.runs.length = 0;
	for (let round = 0; round < rounds; round++) {
		process.stderr.write(`round ${round + 1} of ${rounds}\n`);
		for (const line of lines) await run(database, loader, line, seconds);
	}

	const cores = availableParallelism();
	process.stdout.write(
		`\n${tokens} tokens, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s, medians; ${cores} cores\n`,
	);
	printTable(
		["what", ...FIGURES.map(({ head }) => head)],
		lines.map((line) => [
			line.name,
			...FIGURES.map(({ figure, digits }) => median(line.runs.map((one) => one[figure])).toFixed(digits)),
		]),
	);
	printTable(["ratio", "measured", "goal"], [...tellServers(), ...tellSizes()]);
	printTable(
		["table", "rows", "bytes a row", "of its indexes"],
		(await sizesOf(url)).map(({ table, rows, bytes, indexBytes }) => [
			...[table, String(rows), (bytes / rows).toFixed(0), (indexBytes / rows).toFixed(0)],
		]),
	);
}

/** Adds what is to be measured. */
type Add = (name: string, servers: readonly Server[], query: string, inTokens?: number) => Line;
/** The rows of the table of ratios, once everything has been measured. */
type Tell = () => readonly (readonly string[])[];

async function compareServers(add: Add, ours: Server, url: string, folder: string): Promise<Tell> {
	const second = await startOurs(url, folder);
	const hand = await startOther("hand-postgres", { BENCH_DATABASE: url });
	const each = await startOther("hand-postgres", { BENCH_DATABASE: url, BENCH_COMMIT: "each" });
	const read = add("read: Latchkey", [ours], READ);
	const readByHand = add("read: by hand", [hand], READ);
	const readOfTwo = add("read: Latchkey, two processes", [ours, second], READ);
	const renew = add("renew: Latchkey", [ours], RENEW);
	const renewByHand = add("renew: by hand, a statement each", [each], RENEW);
	const renewGrouped = add("renew: by hand, grouped", [hand], RENEW);
	const renewOfTwo = add("renew: Latchkey, two processes", [ours, second], RENEW);
	const scaling = "≥ 1.6, with cores to run them";
	return () => [
		["read / by hand", ratio(read, readByHand), "≥ 0.60"],
		["renew / by hand, a statement each", ratio(renew, renewByHand), "≥ 0.60"],
		["renew / by hand, grouped", ratio(renew, renewGrouped), "≥ 0.60"],
		["read, two processes / one", ratio(readOfTwo, read), scaling],
		["renew, two processes / one", ratio(renewOfTwo, renew), scaling],
		["processor time of a read, two processes / one", ratio(readOfTwo, read, cost), ""],
		["processor time of a renewal, two processes / one", ratio(renewOfTwo, renew, cost), ""],
	];
}

/** `start` gives a server of ours on a database of so many tokens. */
async function compareSizes(
	add: Add,
	sizes: readonly number[],
	start: (tokens: number) => Promise<Server>,
): Promise<Tell> {
	const measured: { readonly count: number; readonly read: Line; readonly renew: Line }[] = [];
	for (const count of sizes) {
		const server = await start(count);
		const read = add(`read: Latchkey, ${count} tokens`, [server], READ, count);
		const renew = add(`renew: Latchkey, ${count} tokens`, [server], RENEW, count);
		measured.push({ count, read, renew });
	}
	const [least, ...others] = measured;
	return () =>
		others.flatMap(({ count, read, renew }) => {
			if (!least) return [];
			const name = `${count} tokens / ${least.count}`;
			return [
				[`processor time of a read, ${name}`, ratio(read, least.read, cost), "≤ 1.5"],
				[`processor time of a renewal, ${name}`, ratio(renew, least.renew, cost), "≤ 1.5"],
			];
		});
}

/** Measures once, and keeps it. */
async function run(
	database: PostgresServer,
	loader: Loader,
	{ servers, query, tokens, runs }: Line,
	seconds: number,
): Promise<void> {
	const used = () => servers.reduce((sum, { process }) => sum + processorSeconds(Number(process.pid)), 0);
	const usedByDatabase = () => childrenSeconds(database.pid, IN_THE_BACKGROUND);
	const before = { server: used(), database: usedByDatabase(), log: await logEnd(database) };
	const result = await loader.run({
		ports: servers.map(({ port }) => port),
		connections: CONNECTIONS * servers.length,
		seconds,
		rate: null,
		query,
		variables: sample(SECRETS, tokens).map((index) => ({ t: tokenSecret(index) })),
	});
	const { requests } = result;
	runs.push({
		...result,
		serverMs: (1000 * (used() - before.server)) / requests,
		databaseMs: (1000 * usedBetween(before.database, usedByDatabase())) / requests,
		logBytes: ((await logEnd(database)) - before.log) / requests,
	});
}

async function logEnd(database: PostgresServer): Promise<number> {
	const [row] = await database.ask("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes");
	return Number(row?.["bytes"]);
}

function cost(run: Run): number {
	return run.serverMs + run.databaseMs;
}

/** Of runs that followed one another, so that a machine whose speed drifts drifts for both. */
function ratio(one: Line, other: Line, figure = (run: Run) => run.requestsPerSecond): string {
	return median(one.runs.map((run, round) => figure(run) / figure(other.runs[round] as Run))).toFixed(2);
}
