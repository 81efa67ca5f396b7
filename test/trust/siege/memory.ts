// The memory of the server while it is under attack: sampled every few seconds, taken together by the minute.
import type { SiegeServer } from "./server.ts";

export interface Minute {
	/** The median of the resident memory, and the least of the heap: what the collector has not got to yet is no leak. */
	readonly residentMib: number;
	readonly heapMib: number;
}

const SAMPLE_MS = 3000;
const MIB = 2 ** 20;

export class MemoryWatch {
	readonly minutes: Minute[] = [];
	peakMib = 0;
	/** What was asked for and did not come. */
	faults = 0;
	readonly #server: SiegeServer;
	readonly #sampling: NodeJS.Timeout;
	#resident: number[] = [];
	#heap: number[] = [];

	constructor(server: SiegeServer) {
		this.#server = server;
		this.#sampling = setInterval(() => this.#sample(), SAMPLE_MS);
	}

	async #sample(): Promise<void> {
		try {
			const metrics = await this.#server.metrics();
			const resident = (metrics.get("process_resident_memory_bytes") ?? Number.NaN) / MIB;
			this.#resident.push(resident);
			this.#heap.push((metrics.get("nodejs_heap_size_used_bytes") ?? Number.NaN) / MIB);
			this.peakMib = Math.max(this.peakMib, resident);
		} catch {
			this.faults++;
		}
	}

	/** Closes a minute. */
	closeMinute(): Minute {
		const sorted = this.#resident.toSorted((one, other) => one - other);
		const minute = {
			residentMib: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
			heapMib: Math.min(...this.#heap),
		};
		this.#resident = [];
		this.#heap = [];
		this.minutes.push(minute);
		return minute;
	}

	stop(): void {
		clearInterval(this.#sampling);
	}
}

/** By least squares, in percent of the mean an hour. */
export function slopePercentAnHour(byMinute: readonly number[]): number {
	const middle = (byMinute.length - 1) / 2;
	const mean = byMinute.reduce((sum, value) => sum + value, 0) / byMinute.length;
	let [above, below] = [0, 0];
	for (const [minute, value] of byMinute.entries()) {
		above += (minute - middle) * (value - mean);
		below += (minute - middle) ** 2;
	}
	return ((above / below) * 60 * 100) / mean;
}
