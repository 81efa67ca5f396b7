// How long a good client waits, which reads at a steady rate in a process of its own.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface ReadOrder {
	readonly port: number;
	readonly perSecond: number;
}

export interface Reading {
	/** From when each read was due, in milliseconds. */
	waitsMs: number[];
	/** Answers that did not come, or were not the customer asked for. */
	faults: number;
}

export class Reader implements AsyncDisposable {
	readonly #order: ReadOrder;
	readonly #process: ChildProcess;

	constructor(order: ReadOrder) {
		this.#order = order;
		this.#process = fork(join(import.meta.dirname, "reader-process.ts"));
	}

	/** Reads until the work is done, and adds what it waited to `reading`. */
	async readDuring(work: Promise<unknown>, reading: Reading = newReading()): Promise<void> {
		this.#process.send(this.#order);
		await work;
		this.#process.send("stop");
		const [{ waitsMs, faults }] = (await once(this.#process, "message")) as [Reading];
		reading.waitsMs = reading.waitsMs.concat(waitsMs);
		reading.faults += faults;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#process.kill();
	}
}

/** The wait that so large a share of all were not longer than. */
export function quantile(waitsMs: readonly number[], share: number): number {
	const sorted = waitsMs.toSorted((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function newReading(): Reading {
	return { waitsMs: [], faults: 0 };
}

export function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
