// What the runs of `npm run trust` measured last, each with its day and machine: measured.json, beside this file.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Figure } from "./figure.ts";

const FILE = join(import.meta.dirname, "measured.json");

/** One run at its official size. */
export interface Measured {
	/** The day, as `2026-01-31`. */
	readonly date: string;
	readonly machine: Machine;
	readonly figures: readonly Figure[];
}

/** What a figure depends on, and nothing that says whose machine it is. */
export interface Machine {
	readonly cores: number;
	readonly memoryGib: number;
	readonly processor: string;
	readonly node: string;
	readonly platform: string;
}

/** Run name → what it measured last. */
export function readMeasured(): Readonly<Record<string, Measured>> {
	return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
}

/** Puts a run's figures in the place of what it measured before; what other runs measured stays. */
export function keepMeasured(run: string, figures: readonly Figure[]): void {
	const measured: Measured = {
		date: new Date().toISOString().slice(0, 10),
		machine: describeMachine(),
		figures,
	};
	const all = Object.entries({ ...readMeasured(), [run]: measured });
	const sorted = Object.fromEntries(all.toSorted(([one], [other]) => (one < other ? -1 : 1)));
	writeFileSync(FILE, `${JSON.stringify(sorted, null, "\t")}\n`);
}

function describeMachine(): Machine {
	return {
		cores: cpus().length,
		memoryGib: Math.round(totalmem() / 2 ** 30),
		processor: cpus()[0]?.model.trim() ?? "unknown",
		node: process.version,
		platform: `${process.platform} ${process.arch}`,
	};
}
