// A thread that hashes passwords, one at a time, at a lower priority than the thread that serves: where cores are
// few, a hash gives way to a read.
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { hashSync, verifySync } from "@node-rs/argon2";

export type HashJob =
	| { readonly password: string; readonly memoryKib: number; readonly passes: number }
	| { readonly password: string; readonly stored: string };

export type HashOutcome = { readonly value: string | boolean } | { readonly error: unknown };

const NICE = 10;

try {
	// Of this thread alone: on Linux, 0 names the calling thread.
	if (process.platform === "linux") setPriority(0, NICE);
} catch {
	// Not allowed here: then it is as important as the rest.
}

function run(job: HashJob): string | boolean {
	if ("stored" in job) return verifySync(job.stored, job.password);
	const { password, memoryKib, passes } = job;
	return hashSync(password, { memoryCost: memoryKib, timeCost: passes, parallelism: 1 });
}

parentPort?.on("message", (job: HashJob) => {
	let outcome: HashOutcome;
	try {
		outcome = { value: run(job) };
	} catch (error) {
		outcome = { error };
	}
	parentPort?.postMessage(outcome);
});
