// How much processor time processes have used, as Linux tells it; NaN elsewhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Ticks of `/proc/PID/stat`, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;

/** Seconds since it began. */
export function processorSeconds(pid: number): number {
	return read(pid)?.seconds ?? Number.NaN;
}

/**
 * Each of a process's children whose command line is no one of these (what they do is for later, or was for before), and
 * its seconds.
 */
export function childrenSeconds(pid: number, left: RegExp): ReadonlyMap<number, number> {
	const seconds = new Map<number, number>();
	for (const child of listChildren(pid)) {
		const found = read(child);
		if (found && !left.test(found.command)) seconds.set(child, found.seconds);
	}
	return seconds;
}

/** What those have used that were there all the time, and those that came: one that ended cannot be asked any more. */
export function usedBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
	if (after.size === 0) return Number.NaN;
	let used = 0;
	for (const [pid, seconds] of after) used += seconds - (before.get(pid) ?? 0);
	return used;
}

/** None where there is no `/proc`. */
export function listChildren(pid: number): readonly number[] {
	if (!existsSync("/proc/self/stat")) return [];
	const processes = readdirSync("/proc").map(Number).filter(Boolean);
	return processes.filter((other) => read(other)?.parent === pid);
}

interface Read {
	readonly parent: number;
	readonly command: string;
	readonly seconds: number;
}

/** Null for one that is not there any more. */
function read(pid: number): Read | null {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, "utf8");
		// Behind the name, which may hold anything.
		const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
		return {
			parent: Number(fields[1]),
			command: readFileSync(`/proc/${pid}/cmdline`, "utf8"),
			seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
		};
	} catch {
		return null;
	}
}
