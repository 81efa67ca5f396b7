// What really leaves the process: every request that the built-in fetch makes, as it announces them itself, so
// that nothing has to stand between a client and the server.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { House } from "../house.ts";

interface Sent {
	readonly method: string;
	readonly path: string;
	/** By name in lower case. */
	readonly headers: Readonly<Record<string, string>>;
}

interface Announced {
	readonly request: {
		readonly method: string;
		readonly origin: string;
		readonly path: string;
		/** Name, value, name, value. */
		readonly headers: readonly string[];
	};
}

/** Does the work, and gives what was sent to this house meanwhile. */
export async function watchSent(house: House, work: () => Promise<unknown>): Promise<readonly Sent[]> {
	const sent: Sent[] = [];
	const listener = (message: unknown) => {
		const { method, origin, path, headers } = (message as Announced).request;
		if (origin !== house.app.url) return;
		const named: Record<string, string> = {};
		for (let at = 0; at < headers.length; at += 2) {
			named[String(headers[at]).toLowerCase()] = String(headers[at + 1]);
		}
		sent.push({ method, path, headers: named });
	};
	subscribe("undici:request:create", listener);
	try {
		await work();
	} finally {
		unsubscribe("undici:request:create", listener);
	}
	return sent;
}
