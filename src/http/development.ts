// Doors that only `latchkey dev` opens: the mailbox, the clock, a fresh start, and GraphiQL.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Seconds } from "../model.ts";
import { readBody } from "./body.ts";
import { HTML_TYPE, send, sendJson } from "./reply.ts";

export interface DevelopmentDoor {
	/** Moves the time of the whole process; returns the new one, or null for one that is too far to be written. */
	readonly advanceClock: (seconds: Seconds) => Seconds | null;
	/** Forgets every customer and token, and sets the clock right; the shop and its keys stay. */
	readonly reset: () => Promise<void>;
}

export async function serveDevelopment(
	door: DevelopmentDoor,
	path: string,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const asked = `${request.method} ${path}`;
	if (asked === "GET /_dev/mail") {
		if (request.headers.accept?.includes("text/html")) return send(response, 200, HTML_TYPE, MAILBOX_PAGE);
		return sendJson(response, 200, []);
	}
	if (asked === "POST /_dev/reset") {
		await door.reset();
		return sendJson(response, 200, { reset: true });
	}
	if (asked === "POST /_dev/clock") {
		const seconds = await readAdvance(request);
		const now = seconds === null ? null : door.advanceClock(seconds);
		if (now === null) {
			const error = 'Send {"advanceSeconds": n}: whole seconds, 0 or more, to a time before the year 9000.';
			return sendJson(response, 400, { error });
		}
		return sendJson(response, 200, { now: new Date(now * 1000).toISOString() });
	}
	sendJson(response, 404, { error: "No such door: GET /_dev/mail, POST /_dev/clock, POST /_dev/reset." });
}

async function readAdvance(request: IncomingMessage): Promise<number | null> {
	const body = await readBody(request);
	if (!("text" in body)) return null;
	try {
		const seconds = (JSON.parse(body.text) as { readonly advanceSeconds?: unknown } | null)?.advanceSeconds;
		return Number.isSafeInteger(seconds) && Number(seconds) >= 0 ? Number(seconds) : null;
	} catch {
		return null;
	}
}

/** GraphiQL as one page with everything in it: no other host is asked for anything. */
export async function renderGraphiql(endpoint: string, storefrontAccessToken: string): Promise<string> {
	const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
	return renderGraphiQL({
		title: "GraphiQL · Latchkey",
		endpoint,
		headers: JSON.stringify({ "X-Shopify-Storefront-Access-Token": storefrontAccessToken }),
		defaultQuery: "# Ctrl+Enter runs this.\n{\n  shop {\n    name\n  }\n}\n",
	});
}

const MAILBOX_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mailbox · Latchkey</title>
<style>
body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
p { color: color-mix(in srgb, currentColor 70%, transparent); }
</style>
<h1>Mailbox</h1>
<p>No mail has been sent.</p>
</html>
`;
