// F8: two thousand half-open and dripping connections, and readers that do not read, against a server that good clients
// read from meanwhile. Windows with and without them take turns, so that whatever else the machine does falls on both.
import type { Figure, Options } from "./figure.ts";
import { newReading, quantile, Reader, type Reading, sleep } from "./siege/reader.ts";
import { openSiegeServer, type SiegeServer } from "./siege/server.ts";
import { SlowSockets } from "./siege/slow-sockets.ts";

const CONNECTIONS = 2000;
const ADDRESSES = 500;
const MINUTES = 8;
const WINDOW_MS = 20_000;
const SETTLING_MS = 3_000;
const READS_PER_SECOND = 200;
const SEEDED = 10_000;
const MOST_RATIO = 2;
const MIB = 2 ** 20;
/** What the server allows, and what it, and a busy machine, may be late. */
const ALLOWED_MS = { head: 5_000, body: 15_000 } as const;
const LATE_MS = 1500;

/** `count`: connections. */
export async function run({ minutes, count }: Options): Promise<readonly Figure[]> {
	const connections = count ?? CONNECTIONS;
	const rounds = Math.max(1, Math.round(((minutes ?? MINUTES) * 60_000) / (4 * WINDOW_MS)));
	await using server = await openSiegeServer(SEEDED);
	await using reader = new Reader({ port: server.port, perSecond: READS_PER_SECOND });
	await reader.readDuring(sleep(3000));

	const fromMany = new Siege(server, { connections, addresses: ADDRESSES });
	const fromOne = new Siege(server, { connections, addresses: 1 });
	// The first time, what such clients are answered with is compiled.
	await new Siege(server, { connections, addresses: ADDRESSES }).layOn(() => sleep(WINDOW_MS));
	for (let round = 1; round <= rounds; round++) {
		for (const siege of [fromMany, fromOne]) {
			await reader.readDuring(sleep(WINDOW_MS), siege.idle);
			await siege.layOn(() => reader.readDuring(sleep(WINDOW_MS), siege.attacked));
		}
		process.stderr.write(`round ${round} of ${rounds}: ${fromMany.describe()}; ${fromOne.describe()}\n`);
	}

	return [
		fromMany.toFigure(
			`${connections} half-open, dripping and deaf connections from ${ADDRESSES} addresses`,
			connections,
		),
		fromOne.toFigure(`the same from one address, of which the server keeps 100`, 100),
		...fromMany.describeTimes(),
		{
			promise: "F9",
			figure: `resident memory of the server meanwhile: at most ${fromMany.peakMib.toFixed(0)} MiB`,
			isMet: fromMany.peakMib <= 512,
		},
	];
}

class Siege {
	readonly idle: Reading = newReading();
	readonly attacked: Reading = newReading();
	readonly longestMs = { head: 0, body: 0, answer: 0 };
	peakMib = 0;
	/** Of one core, that the server used in the last window. */
	cpuShare = 0;
	/** The fewest and the most connections that stood at the beginning and at the end of a window. */
	fewest = Number.POSITIVE_INFINITY;
	most = 0;
	readonly #server: SiegeServer;
	readonly #connections: number;
	readonly #addresses: number;

	constructor(
		server: SiegeServer,
		{ connections, addresses }: { readonly connections: number; readonly addresses: number },
	) {
		this.#server = server;
		this.#connections = connections;
		this.#addresses = addresses;
	}

	/** Lets the slow connections come, does the work among them, and has them go. */
	async layOn(work: () => Promise<void>): Promise<void> {
		const slow = new SlowSockets(this.#server.port, this.#connections, (index) =>
			addressAt(index % this.#addresses),
		);
		try {
			// The first answers to the deaf are work like any other; what is measured begins when they stop reading.
			await sleep(SETTLING_MS);
			const before = await this.#cpuSeconds();
			const from = performance.now();
			await work();
			this.cpuShare = (((await this.#cpuSeconds()) - before) * 1000) / (performance.now() - from);
			this.fewest = Math.min(this.fewest, slow.standing);
			this.most = Math.max(this.most, slow.standing);
			for (const part of ["head", "body", "answer"] as const) {
				this.longestMs[part] = Math.max(this.longestMs[part], slow.report.longestMs[part]);
			}
			const resident = (await this.#server.metrics()).get("process_resident_memory_bytes");
			this.peakMib = Math.max(this.peakMib, Number(resident) / MIB);
		} finally {
			slow.stop();
		}
		await sleep(1000);
	}

	async #cpuSeconds(): Promise<number> {
		return Number((await this.#server.metrics()).get("process_cpu_seconds_total"));
	}

	get #ratio(): number {
		return quantile(this.attacked.waitsMs, 0.99) / quantile(this.idle.waitsMs, 0.99);
	}

	describe(): string {
		const [attacked, idle] = [this.attacked, this.idle].map(({ waitsMs }) =>
			quantile(waitsMs, 0.99).toFixed(1),
		);
		return `p99 ${attacked} ms beside ${this.fewest} to ${this.most} connections, ${idle} ms without (${this.#ratio.toFixed(2)} times); the server used ${(100 * this.cpuShare).toFixed(0)} % of a core`;
	}

	toFigure(what: string, expected: number): Figure {
		const faults = this.idle.faults + this.attacked.faults;
		const { length } = this.attacked.waitsMs;
		// Those that were just ended are on their way back.
		const stood = this.fewest >= expected * 0.7;
		return {
			promise: "F8",
			figure: `${what}: good clients' ${this.describe()}, at most ${MOST_RATIO} times allowed; ${length} reads among them, ${faults} not answered well`,
			isMet: this.#ratio <= MOST_RATIO && faults === 0 && stood,
		};
	}

	describeTimes(): readonly Figure[] {
		return (["head", "body"] as const).map((part) => ({
			promise: "F8",
			figure: `a ${part} that does not come, or drips, is waited for ${(this.longestMs[part] / 1000).toFixed(1)} s at most`,
			isMet: this.longestMs[part] > 0 && this.longestMs[part] <= ALLOWED_MS[part] + LATE_MS,
		}));
	}
}

function addressAt(index: number): string {
	return `127.7.${Math.floor(index / 250)}.${1 + (index % 250)}`;
}
