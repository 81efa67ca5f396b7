// P6 and P3: five hundred who sign in at once, right and wrong, and again as soon as they may, must not starve the
// readers beside them, nor fill the memory; and passwords of any length beyond the bounds are refused before anything is done with them.
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { median } from "../../bench/figures.ts";
import { emailOf, PASSWORD } from "../../bench/seed.ts";
import { SIGN_IN } from "../house.ts";
import type { Figure, Options } from "./figure.ts";
import { Client } from "./siege/client.ts";
import { newReading, quantile, Reader, sleep } from "./siege/reader.ts";
import { openSiegeServer, type SiegeServer } from "./siege/server.ts";

const AT_ONCE = 500;
const ROUNDS = 7;
const READS_PER_SECOND = 200;
const SEEDED = 10_000;
const WINDOW_MS = 20_000;
const LONG_WINDOW_MS = 5_000;
const QUEUE = 200;
const HASH_MIB = 19;
const ROOM_MIB = 64;
const MIB = 2 ** 20;
const PAGE_BYTES = 4096;
const LOOK_MS = 100;
/** Seldom: to tell its metrics keeps the server from its readers as well. */
const METRICS_MS = 1000;
/** A throttled sign-in is answered within this, though five hundred come at once. */
const QUICK_MS = 1000;

const LONG_AT_ONCE = 50;
const LONG_LENGTHS = [100_000, 1_000_000, 10_000_000];
/** Latin, letters with marks of their own, Arabic that grows to eighteen characters, Chinese, and what is no letter. */
const SCRIPTS = ["a", "e\u0323\u0302", "\ufdfa", "密", "🔑"];
const MOST_CPU_MS = 10;

/** `count`: rounds of sign-ins. */
export async function run({ count }: Options): Promise<readonly Figure[]> {
	await using server = await openSiegeServer(SEEDED);
	await using reader = new Reader({ port: server.port, perSecond: READS_PER_SECOND });
	const signIns = await measureSignIns(server, reader, count ?? ROUNDS);
	return [...signIns, ...(await measureLongPasswords(server, reader))];
}

async function measureSignIns(
	server: SiegeServer,
	reader: Reader,
	rounds: number,
): Promise<readonly Figure[]> {
	const crowd = new Client(server.port, "127.0.0.1", AT_ONCE);
	const waits = { idle: [] as number[], busy: [] as number[], reads: 0, leftOut: 0, faults: 0 };
	const seen = { ok: 0, wrong: 0, throttled: 0, other: 0 };
	const throttledMs: number[] = [];
	let [mostHashes, mostThreads, peakMib, fewestThrottled] = [0, 0, 0, Number.POSITIVE_INFINITY];
	let customer = 0;

	const look = () => {
		peakMib = Math.max(peakMib, residentMib(server.pid));
		mostThreads = Math.max(mostThreads, countQuietThreads(server.pid));
	};
	const askForMetrics = async () => {
		const metrics = await server.metrics();
		mostHashes = Math.max(mostHashes, metrics.get("latchkey_password_hashes") ?? Number.NaN);
	};
	/** Half of them right, half wrong; each of a customer, and from an address, that no other has. */
	const signIn = async (isRight: boolean): Promise<number> => {
		const number = customer++;
		const input = { email: emailOf(number % SEEDED), password: isRight ? PASSWORD : "wrong" };
		const forwardedFor = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
		const body = JSON.stringify({ query: SIGN_IN, variables: { input } });
		const from = performance.now();
		const { text, retryAfterSeconds } = await crowd.send({ body, forwardedFor });
		if (text.includes('"THROTTLED"')) {
			seen.throttled++;
			throttledMs.push(performance.now() - from);
		} else if (isRight && text.includes('"accessToken"')) seen.ok++;
		else if (!isRight && text.includes('"UNIDENTIFIED_CUSTOMER"')) seen.wrong++;
		else seen.other++;
		return retryAfterSeconds;
	};
	/** One after the other, and when throttled after the time that it is told to wait. */
	const signInUntil = async (end: number, isRight: boolean) => {
		while (performance.now() < end) {
			const waitMs = (await signIn(isRight)) * 1000;
			if (performance.now() + waitMs >= end) return;
			await sleep(waitMs);
		}
	};

	// What is loaded, started and cached with the first of them belongs to the memory that there is before.
	await reader.readDuring(sleep(LONG_WINDOW_MS));
	await Promise.all(Array.from({ length: 4 }, (_, index) => signIn(index % 2 === 0)));
	const baseMib = residentMib(server.pid);
	for (let round = 1; round <= rounds; round++) {
		const [idle, busy] = [newReading(), newReading()];
		await reader.readDuring(sleep(WINDOW_MS), idle);
		const before = seen.throttled;
		const timers = [setInterval(look, LOOK_MS), setInterval(() => void askForMetrics(), METRICS_MS)];
		const end = performance.now() + WINDOW_MS;
		const all = Array.from({ length: AT_ONCE }, (_, index) => signInUntil(end, index % 2 === 0));
		await reader.readDuring(Promise.all(all), busy);
		for (const timer of timers) clearInterval(timer);
		fewestThrottled = Math.min(fewestThrottled, seen.throttled - before);
		const [busyMs, idleMs] = [quantile(busy.waitsMs, 0.99), quantile(idle.waitsMs, 0.99)];
		waits.busy.push(busyMs);
		waits.idle.push(idleMs);
		waits.reads += busy.waitsMs.length;
		waits.leftOut += busy.leftOut;
		waits.faults += busy.faults + idle.faults;
		process.stderr.write(
			`round ${round} of ${rounds}: reads' p99 ${busyMs.toFixed(1)} ms, idle ${idleMs.toFixed(1)} ms (${busy.leftOut}, ${idle.leftOut} left out); ${seen.throttled - before} throttled; ${peakMib.toFixed(0)} MiB\n`,
		);
	}
	crowd.close();

	const cores = availableParallelism();
	// Of windows by turns: the machine stands still now and then, whatever runs on it.
	const [busyMs, idleMs] = [median(waits.busy), median(waits.idle)];
	const quickMs = quantile(throttledMs, 0.99);
	const allowedMib = baseMib + cores * HASH_MIB + ROOM_MIB;
	return [
		{
			promise: "P6",
			figure: `${AT_ONCE} who sign in at once, and again as soon as they may: reads' p99 ${busyMs.toFixed(1)} ms, idle ${idleMs.toFixed(1)} ms, medians of ${rounds} windows each, by turns: ${(busyMs / idleMs).toFixed(2)} times, at most 3 allowed; ${waits.reads} reads among them (${waits.leftOut} more while the machine itself stood still), ${waits.faults} not answered well`,
			isMet: busyMs <= 3 * idleMs && waits.faults === 0,
		},
		{
			promise: "P6",
			figure: `at most ${mostThreads} hashes running on ${cores} cores, ${mostHashes} running and waiting`,
			isMet: mostThreads >= 1 && mostThreads <= cores && mostHashes <= QUEUE + cores,
		},
		{
			promise: "P6",
			figure: `${seen.ok} signed in, ${seen.wrong} refused, ${seen.throttled} throttled (99 % of them within ${quickMs.toFixed(0)} ms), ${seen.other} answered otherwise`,
			isMet: seen.other === 0 && fewestThrottled > 0 && quickMs <= QUICK_MS,
		},
		{
			promise: "P6",
			figure: `resident memory ${peakMib.toFixed(0)} MiB at most, ${baseMib.toFixed(0)} MiB before; ${allowedMib.toFixed(0)} allowed`,
			isMet: peakMib <= allowedMib,
		},
	];
}

/** Found on Linux alone. */
function residentMib(pid: number): number {
	const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ").map(Number);
	return ((pages ?? Number.NaN) * PAGE_BYTES) / MIB;
}

/** Threads of a lower priority than usual, which are those that hash; found on Linux alone. */
function countQuietThreads(pid: number): number {
	const folder = `/proc/${pid}/task`;
	return readdirSync(folder).filter((thread) => {
		const stat = readFileSync(`${folder}/${thread}/stat`, "utf8");
		// After the name, which may hold anything: the 19th field is how nice it is.
		return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]) > 0;
	}).length;
}

async function measureLongPasswords(server: SiegeServer, reader: Reader): Promise<readonly Figure[]> {
	const figures: Figure[] = [];
	for (const length of LONG_LENGTHS) {
		const bodies = SCRIPTS.map((script) => {
			const password = script.repeat(Math.ceil(length / script.length)).slice(0, length);
			return JSON.stringify({ query: SIGN_IN, variables: { input: { email: emailOf(1), password } } });
		});
		const send = (isChunked: boolean) => sendLong(server.port, bodies, isChunked);
		const [idle, busy] = [newReading(), newReading()];
		await reader.readDuring(sleep(LONG_WINDOW_MS), idle);
		const before = await cpuMs(server);
		const seen = [await send(false), await send(true)].flat();
		const each = ((await cpuMs(server)) - before) / seen.length;
		for (let round = 0; round < 3; round++) {
			await reader.readDuring(send(round % 2 === 0), busy);
		}
		const refused = seen.filter((outcome) => outcome === "413").length;
		const cut = seen.filter((outcome) => outcome === "cut").length;
		const [busyMs, idleMs] = [quantile(busy.waitsMs, 0.99), quantile(idle.waitsMs, 0.99)];
		figures.push({
			promise: "P3",
			figure: `passwords of ${length} characters, ${LONG_AT_ONCE} at once, in ${SCRIPTS.length} scripts: ${each.toFixed(1)} ms of processor time each, at most ${MOST_CPU_MS} allowed; ${refused} refused with 413, ${cut} cut off while they sent; reads' p99 beside them ${busyMs.toFixed(1)} ms, idle ${idleMs.toFixed(1)} ms`,
			isMet: each < MOST_CPU_MS && refused + cut === seen.length && refused > 0,
		});
	}
	return figures;
}

/** The status of each answer, or `cut` where the connection was ended before. */
async function sendLong(
	port: number,
	bodies: readonly string[],
	isChunked: boolean,
): Promise<readonly string[]> {
	const client = new Client(port, "127.0.0.1", LONG_AT_ONCE);
	const all = Array.from({ length: LONG_AT_ONCE }, async (_, index) => {
		try {
			const { status } = await client.send({ body: String(bodies[index % bodies.length]), isChunked });
			return String(status);
		} catch {
			return "cut";
		}
	});
	const seen = await Promise.all(all);
	client.close();
	return seen;
}

async function cpuMs(server: SiegeServer): Promise<number> {
	return Number((await server.metrics()).get("process_cpu_seconds_total")) * 1000;
}
