// A process that does nothing and is more important than any other: when it stands still, so does the machine, whatever
// runs on it.
import { setPriority } from "node:os";

export interface Stall {
	/** In milliseconds since 1970. */
	readonly from: number;
	readonly to: number;
}

const MOST_IMPORTANT = -20;
const LOOK_MS = 2;
const STALL_MS = 10;

let stalls: Stall[] = [];
let last = now();

function now(): number {
	return performance.timeOrigin + performance.now();
}

try {
	setPriority(MOST_IMPORTANT);
	setInterval(() => {
		const seen = now();
		if (seen - last > STALL_MS) stalls.push({ from: last, to: seen });
		last = seen;
	}, LOOK_MS);
} catch {
	// Not allowed here: then it knows nothing.
}

process.on("message", () => {
	process.send?.(stalls);
	stalls = [];
});
