// The SQLite bench: our server beside a bare one, the same operations by hand, and GraphQL Yoga.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hash as argon2 } from "@node-rs/argon2";
import { median, sample } from "./figures.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import { measureLongestBlock } from "./longest-block.ts";
import { READ, RENEW, request, SIGN_IN, STOREFRONT_TOKEN } from "./operations.ts";
import { endAll, Loader, type Server, startOther, startOurs } from "./processes.ts";
import { emailOf, PASSWORD, seed, tokenSecret } from "./seed.ts";

const CONNECTIONS = 64;

interface Size {
	readonly tokens: number;
	readonly rounds: number;
	readonly seconds: number;
}

const folder = join(tmpdir(), "latchkey-bench");

export async function benchSqlite(size: Size): Promise<void> {
	try {
		await measure(size);
	} finally {
		endAll();
		for (const name of ["ours", "hand", "each", "yoga"]) {
			for (const suffix of ["", "-wal", "-shm", "-lock"])
				rmSync(join(folder, `${name}.db${suffix}`), { force: true });
		}
	}
}

async function measure({ tokens, rounds, seconds }: Size): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const seeded = join(folder, `seeded-with-addresses-${tokens}.db`);
	process.stderr.write(`filling a database with ${tokens} tokens …\n`);
	await seed(seeded, tokens);

	const ours = await startOurs(`sqlite:${copyOf(seeded, "ours")}`, folder);
	const readVariables = sample(20_000, tokens).map((index) => ({ t: tokenSecret(index) }));
	const sampleBody = await firstAnswer(ours.port, readVariables[0]);
	const bare = await startOther("bare", { BENCH_BODY: sampleBody });
	const hand = await startOther("hand", { BENCH_DATABASE: copyOf(seeded, "hand") });
	const each = await startOther("hand", { BENCH_DATABASE: copyOf(seeded, "each"), BENCH_COMMIT: "each" });
	const yoga = await startOther("yoga", { BENCH_DATABASE: copyOf(seeded, "yoga") });
	const loader = new Loader();
	const run: Run = (server, query, changes = {}) =>
		loader.run({
			ports: [server.port],
			connections: CONNECTIONS,
			seconds,
			rate: null,
			query,
			variables: readVariables,
			...changes,
		});

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
	ratios.push(...(await measureSignIns(run, ours, { tokens, rounds, seconds })));
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
async function measureSignIns(
	run: Run,
	ours: Server,
	{ tokens, rounds, seconds }: Size,
): Promise<(readonly [string, number, string])[]> {
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
		const second = new Loader();
		second.start({
			ports: [ours.port],
			connections: 150,
			seconds: seconds + 2,
			rate: null,
			query: SIGN_IN,
			variables,
		});
		await new Promise((resolve) => setTimeout(resolve, 500));
		const busy = await run(ours, READ, reads);
		second.end();
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

/** The most that the process has held at once, as Linux tells it; NaN elsewhere. */
function peakMemoryMib(server: Server): number {
	try {
		const status = readFileSync(`/proc/${server.process.pid}/status`, "utf8");
		return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
	} catch {
		return Number.NaN;
	}
}
