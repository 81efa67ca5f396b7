// How long a good client waits, which reads at a steady rate in a process of its own. A shared machine stands still now
// and then, whatever runs on it: what was waited for meanwhile says nothing of the server, and is left out.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Stall } from "./witness-process.ts";

export interface ReadOrder {
	readonly port: number;
	readonly perSecond: number;
}

export interface Reading {
	/** From when each read was due, in milliseconds. */
	waitsMs: number[];
	/** Reads under way while the machine stood still, which are not among the others. */
	leftOut: number;
	/** Answers that did not come, or were not the customer asked for. */
	faults: number;
}

/** What the process that reads tells. */
export interface Reads {
	/** When each read was due, in milliseconds since 1970, and how long it was waited for. */
	readonly all: (readonly [dueAt: number, waitMs: number])[];
	/** As in `Reading`. */
	faults: number;
}

export class Reader implements AsyncDisposable {
	readonly #order: ReadOrder;
	readonly #process: ChildProcess;
	readonly #witness: ChildProcess;

	constructor(order: ReadOrder) {
		this.#order = order;
		this.#process = fork(join(import.meta.dirname, "reader-process.ts"));
		this.#witness = fork(join(import.meta.dirname, "witness-process.ts"));
	}

	/** Reads until the work is done, and adds what it waited to `reading`. */
	async readDuring(work: Promise<unknown>, reading: Reading = newReading()): Promise<void> {
		this.#process.send(this.#order);
		await work;
		this.#process.send("stop");
		const [{ all, faults }] = (await once(this.#process, "message")) as [Reads];
		this.#witness.send("what did you see?");
		const [stalls] = (await once(this.#witness, "message")) as [readonly Stall[]];
		const told = all.filter(([dueAt, waitMs]) =>
			stalls.every(({ from, to }) => dueAt + waitMs < from || dueAt > to),
		);
		for (const [, waitMs] of told) reading.waitsMs.push(waitMs);
		reading.leftOut += all.length - told.length;
		reading.faults += faults;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#process.kill();
		this.#witness.kill();
	}
}

/** The wait that so large a share of all were not longer than. */
export function quantile(waitsMs: readonly number[], share: number): number {
	const sorted = waitsMs.toSorted((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function newReading(): Reading {
	return { waitsMs: [], leftOut: 0, faults: 0 };
}

export function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
