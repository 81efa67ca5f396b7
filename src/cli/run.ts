// Keeps a server running until the system asks it to stop.
import type { App } from "../app.ts";

/** Whatever hangs, the process has ended 30 seconds after it was told to: no system waits much longer. */
const LONGEST_STOP_MS = 28_000;

/**
 * SIGTERM and SIGINT stop it cleanly, with exit code 0; a second one ends it at once. From before it serves anybody: one
 * that is still starting is stopped when it has started.
 */
export async function runUntilSignal(starting: Promise<App>): Promise<App> {
	let stopping = false;
	const stop = async () => {
		if (stopping) process.exit(1);
		stopping = true;
		// What was acknowledged is durable, and a mail under way is sent by the next start.
		setTimeout(() => process.exit(0), LONGEST_STOP_MS).unref();
		// Why it did not start is said where it was started.
		const app = await starting.catch(() => null);
		await app?.close();
	};
	process.on("SIGTERM", stop);
	process.on("SIGINT", stop);
	return starting;
}
