// Keeps a server running until the system asks it to stop.
import type { App } from "../app.ts";

/** SIGTERM and SIGINT stop it cleanly, with exit code 0; a second one ends it at once. */
export function stopOnSignal(app: App): void {
	let stopping = false;
	const stop = async () => {
		if (stopping) process.exit(1);
		stopping = true;
		await app.close();
	};
	process.on("SIGTERM", stop);
	process.on("SIGINT", stop);
}
