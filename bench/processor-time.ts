// How much processor time processes have used, as Linux tells it; NaN elsewhere.
import { readdirSync, readFileSync } from "node:fs";

/** Ticks of `/proc/PID/stat`, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;

/** Seconds since it began. */
export function processorSeconds(pid: number): number {
	return read(pid)?.seconds ?? Number.NaN;
}

/** Those of a process's children whose command line is no one of these: what they do is for later, or was for before. */
export function childrenSeconds(pid: number, left: RegExp): number {
	if (!read(pid)) return Number.NaN;
	let seconds = 0;
	for (const name of readdirSync("/proc")) {
		const child = /^\d+$/.test(name) ? read(Number(name)) : null;
		if (child?.parent === pid && !left.test(child.command)) seconds += child.seconds;
	}
	return seconds;
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
