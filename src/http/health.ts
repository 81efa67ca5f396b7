// Whether the process lives, and whether it can serve.
import type { ServerResponse } from "node:http";
import type { Engine } from "../store/engine.ts";
import { listPending } from "../store/migrate.ts";
import { sendJson } from "./reply.ts";

export function serveAlive(response: ServerResponse): void {
	sendJson(response, 200, { status: "ok" });
}

/**
 * 200 when the database answers and has every migration; 503 with the reason when not, and as soon as the server is told
 * to stop: whoever shares requests out asks here, and sends the next ones elsewhere.
 */
export async function serveReady(
	store: Engine,
	isStopping: boolean,
	response: ServerResponse,
): Promise<void> {
	if (isStopping) {
		sendJson(response, 503, { status: "unavailable", reason: "the server is stopping" });
		return;
	}
	try {
		const pending = await listPending(store);
		if (pending.length === 0) sendJson(response, 200, { status: "ok" });
		else
			sendJson(response, 503, { status: "unavailable", reason: `migrations missing: ${pending.join(", ")}` });
	} catch {
		sendJson(response, 503, { status: "unavailable", reason: "the database does not answer" });
	}
}
