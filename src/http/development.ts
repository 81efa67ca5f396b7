// Doors that only `latchkey dev` opens: the mailbox, the clock, a fresh start, and GraphiQL.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Mail } from "../mail/mail.ts";
import type { Seconds } from "../model.ts";
import { readBody } from "./body.ts";
import { HTML_TYPE, send, sendJson } from "./reply.ts";

export interface DevelopmentDoor {
	/** Newest first; what is due is sent before. */
	readonly listMails: () => Promise<readonly Mail[]>;
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
		const mails = await door.listMails();
		if (!request.headers.accept?.includes("text/html")) return sendJson(response, 200, mails);
		const { MAILBOX_HEADERS, renderMailbox } = await import("../pages/mailbox.ts");
		return send(response, 200, HTML_TYPE, renderMailbox(mails), MAILBOX_HEADERS);
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
