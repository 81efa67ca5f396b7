// `npm run bench`: starts everything itself, measures in turns, prints one table. See bench/README.md.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hash as argon2 } from "@node-rs/argon2";
import type { LoadOrder, LoadResult } from "./load.ts";
import { measureLongestBlock } from "./longest-block.ts";
import { READ, RENEW, request, SIGN_IN, STOREFRONT_TOKEN } from "./operations.ts";
import { emailOf, PASSWORD, seed, tokenSecret } from "./seed.ts";

const { values: options } = parseArgs({
	options: {
		tokens: { type: "string", default: "1000000" },
		rounds: { type: "string", default: "5" },
		seconds: { type: "string", default: "3" },
	},
});
const tokens = Number(options.tokens);
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const CONNECTIONS = 64;

interface Server {
	readonly port: number;
	readonly process: ChildProcess;
}

const folder = join(tmpdir(), "latchkey-bench");
const children: ChildProcess[] = [];

try {
	await main();
} finally {
	for (const child of children) child.kill("SIGKILL");
	for (const name of ["ours", "hand", "each", "yoga"]) {
		for (const suffix of ["", "-wal", "-shm", "-lock"])
			rmSync(join(folder, `${name}.db${suffix}`), { force: true });
	}
}

async function main(): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const seeded = join(folder, `seeded-with-addresses-${tokens}.db`);
	process.stderr.write(`filling a database with ${tokens} tokens …\n`);
	await seed(seeded, tokens);

	const ours = await startOurs(copyOf(seeded, "ours"));
	const readVariables = sample(20_000).map((index) => ({ t: tokenSecret(index) }));
	const sampleBody = await firstAnswer(ours.port, readVariables[0]);
	const bare = await startOther("bare", { BENCH_BODY: sampleBody });
	const hand = await startOther("hand", { BENCH_DATABASE: copyOf(seeded, "hand") });
	const each = await startOther("hand", { BENCH_DATABASE: copyOf(seeded, "each"), BENCH_COMMIT: "each" });
	const yoga = await startOther("yoga", { BENCH_DATABASE: copyOf(seeded, "yoga") });
	const loader = fork(join(import.meta.dirname, "load.ts"));
	children.push(loader);

	const run = async (
		server: Server,
		query: string,
		changes: Partial<LoadOrder> = {},
	): Promise<LoadResult> => {
		const order: LoadOrder = {
			port: server.port,
			connections: CONNECTIONS,
			seconds,
			rate: null,
			query,
			variables: readVariables,
			...changes,
		};
		loader.send(order);
		const [result] = (await once(loader, "message")) as [LoadResult];
		if (result.failures > 0) throw new Error(`${result.failures} answers were errors`);
		return result;
	};

	const lines: readonly (readonly [string, Server, string])[] = [
		["read: Latchkey", ours, READ],
		["read: (a) bare node:http", bare, READ],
		["read: (b) by hand, no GraphQL", hand, READ],
		["read: (c) GraphQL Yoga", yoga, READ],
		["renew: Latchkey", ours, RENEW],
		["renew: (b) by hand, grouped", hand, RENEW],
		["renew: by hand, one commit each", each, RENEW],
		["renew: (c) GraphQL Yoga", yoga, RENEW],
	];
	const results = new Map<string, LoadResult[]>(lines.map(([name]) => [name, []]));
	for (const [, server, query] of lines) await run(server, query, { seconds: 1 });
	for (let round = 0; round < rounds; round++) {
		process.stderr.write(`round ${round + 1} of ${rounds}\n`);
		for (const [name, server, query] of lines) results.get(name)?.push(await run(server, query));
	}

	process.stdout.write(
		`\n${tokens} tokens, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s, medians\n\n`,
	);
	process.stdout.write("| what | req/s | p50 ms | p99 ms |\n|---|---|---|---|\n");
	for (const [name, runs] of results) {
		const cell = (pick: (run: LoadResult) => number, digits: number) =>
			median(runs.map(pick)).toFixed(digits);
		const cells = [cell((r) => r.requestsPerSecond, 0), cell((r) => r.p50Ms, 2), cell((r) => r.p99Ms, 2)];
		process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
	}
	const ratio = (a: string, b: string) => {
		const [left = [], right = []] = [results.get(a), results.get(b)];
		return median(left.map((run, i) => run.requestsPerSecond / (right[i]?.requestsPerSecond ?? Number.NaN)));
	};
	const ratios: (readonly [string, number, string])[] = [
		["read / by hand", ratio("read: Latchkey", "read: (b) by hand, no GraphQL"), "≥ 0.65"],
		["renew / by hand", ratio("renew: Latchkey", "renew: (b) by hand, grouped"), "≥ 0.65"],
		["read / Yoga", ratio("read: Latchkey", "read: (c) GraphQL Yoga"), "≥ 4"],
		["renew / Yoga", ratio("renew: Latchkey", "renew: (c) GraphQL Yoga"), "≥ 4"],
		["read / bare", ratio("read: Latchkey", "read: (a) bare node:http"), "≥ 0.30"],
		["renew / one commit each", ratio("renew: Latchkey", "renew: by hand, one commit each"), "≥ 4"],
	];
	ratios.push(...(await measureSignIns(run, ours)));
	ratios.push(["peak memory under load, MiB", peakMemoryMib(ours), "≤ 400"]);
	process.stdout.write("\n| ratio or figure | measured | goal |\n|---|---|---|\n");
	for (const [name, value, goal] of ratios)
		process.stdout.write(`| ${name} | ${value.toFixed(2)} | ${goal} |\n`);

	process.stdout.write(
		"\n| request of up to 64 KiB | bytes | longest block, ms (goal 50) |\n|---|---|---|\n",
	);
	for (const { name, bytes, blockMs } of await measureLongestBlock(
		`http://127.0.0.1:${ours.port}`,
		STOREFRONT_TOKEN,
	)) {
		process.stdout.write(`| ${name} | ${bytes} | ${blockMs.toFixed(1)} |\n`);
	}
}

type Run = (server: Server, query: string, changes?: Partial<LoadOrder>) => Promise<LoadResult>;

/** Sign-ins against raw hashes of the same cost and number at once, in turns; and what they do to reads. */
async function measureSignIns(run: Run, ours: Server): Promise<(readonly [string, number, string])[]> {
	const variables = sample(2000, tokens / 5).map((customer) => ({
		i: { email: emailOf(customer), password: PASSWORD },
	}));
	const shares: number[] = [];
	const slowdowns: number[] = [];
	const reads = { connections: 20, rate: 200 };
	for (let round = 0; round < rounds; round++) {
		const raw = await rawHashesPerSecond(seconds);
		const signIns = await run(ours, SIGN_IN, { connections: 8, variables });
		shares.push(signIns.requestsPerSecond / raw);
		const idle = await run(ours, READ, reads);
		const second = fork(join(import.meta.dirname, "load.ts"));
		children.push(second);
		second.send({
			port: ours.port,
			connections: 150,
			seconds: seconds + 2,
			rate: null,
			query: SIGN_IN,
			variables,
		});
		await new Promise((resolve) => setTimeout(resolve, 500));
		const busy = await run(ours, READ, reads);
		second.kill("SIGKILL");
		slowdowns.push(busy.p99Ms / idle.p99Ms);
		// The hashes that are queued by then are finished before the next round.
		await run(ours, SIGN_IN, { connections: 1, seconds: 0.1, variables });
	}
	return [
		["sign-ins / raw hashes", median(shares), "≥ 0.55"],
		["reads' p99 beside sign-ins / idle", median(slowdowns), "≤ 3"],
	];
}

async function rawHashesPerSecond(forSeconds: number): Promise<number> {
	const end = performance.now() + forSeconds * 1000;
	const start = performance.now();
	let hashes = 0;
	while (performance.now() < end) {
		await argon2("bench password", { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
		hashes++;
	}
	return (hashes * 1000) / (performance.now() - start);
}

function copyOf(seeded: string, name: string): string {
	const path = join(folder, `${name}.db`);
	for (const suffix of ["-wal", "-shm", "-lock"]) rmSync(path + suffix, { force: true });
	copyFileSync(seeded, path);
	return path;
}

async function startOurs(database: string): Promise<Server> {
	const entry = join(import.meta.dirname, "../bin/latchkey.js");
	const child = spawn(
		process.execPath,
		[entry, "dev", "--json", "--port", "0", "--database", `sqlite:${database}`],
		{
			cwd: folder,
			env: { ...process.env, LATCHKEY_STOREFRONT_ACCESS_TOKEN: STOREFRONT_TOKEN, LATCHKEY_LOG_LEVEL: "warn" },
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	children.push(child);
	const [line] = (await once(child.stdout, "data")) as [Buffer];
	const { url } = JSON.parse(line.toString()) as { url: string };
	return { port: Number(new URL(url).port), process: child };
}

async function startOther(name: string, env: Record<string, string>): Promise<Server> {
	const child = fork(join(import.meta.dirname, `servers/${name}.ts`), { env: { ...process.env, ...env } });
	children.push(child);
	const [{ port }] = (await once(child, "message")) as [{ port: number }];
	return { port, process: child };
}

async function firstAnswer(port: number, variables: unknown): Promise<string> {
	const [, body = ""] = request(READ, variables).toString().split("\r\n\r\n");
	const headers = {
		"Content-Type": "application/json",
		"X-Shopify-Storefront-Access-Token": STOREFRONT_TOKEN,
	};
	const response = await fetch(`http://127.0.0.1:${port}/api/2026-04/graphql.json`, {
		method: "POST",
		headers,
		body,
	});
	return response.text();
}

/** So many different numbers below a bound, spread evenly. */
function sample(count: number, below: number = tokens): readonly number[] {
	return Array.from({ length: Math.min(count, below) }, (_, i) =>
		Math.floor((i * below) / Math.min(count, below)),
	);
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The most that the process has held at once, as Linux tells it; NaN elsewhere. */
function peakMemoryMib(server: Server): number {
	try {
		const status = readFileSync(`/proc/${server.process.pid}/status`, "utf8");
		return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
	} catch {
		return Number.NaN;
	}
}
