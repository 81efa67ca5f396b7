// Doors that only `latchkey dev` opens: the mailbox, the clock, a fresh start, and GraphiQL.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import type { Mail } from "../mail/mail.ts";
import type { Seconds } from "../model.ts";
import { readBody } from "./body.ts";
import { HTML_TYPE, type RawHeaders, send, sendJson } from "./reply.ts";

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
	if (isForeign(request))
		return sendJson(response, 403, { error: "Other websites may not use these doors." });
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

/**
 * A page of another website in the developer's browser: it says so, or its origin does, or it has had a name of its own
 * point at this machine. A link that the developer follows from elsewhere shows a page to nobody but the developer.
 */
function isForeign({ method, headers }: IncomingMessage): boolean {
	const isFollowed = method === "GET" && headers["sec-fetch-dest"] === "document";
	if (headers["sec-fetch-site"] === "cross-site" && !isFollowed) return true;
	const host = URL.parse(`http://${headers.host}`);
	const origin = headers.origin === undefined ? host : URL.parse(headers.origin);
	return !host || origin?.host !== host.host || !isOfNobody(host.hostname);
}

/** Whether no stranger can own the name: an address, a name without dots, or one under an end that is not for sale. */
function isOfNobody(hostname: string): boolean {
	const name = hostname.replace(/\.$/, "");
	return isIP(name.replace(/^\[|\]$/g, "")) !== 0 || !name.includes(".") || OWN_ENDS.test(name);
}

const OWN_ENDS = /\.(?:localhost|local|internal|test)$/;

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

/** A page, and the headers that its answer has beside the usual ones. */
export interface Graphiql {
	readonly page: string;
	readonly headers: RawHeaders;
}

/** GraphiQL as one page with everything in it: no other host is asked for anything. */
export async function renderGraphiql(endpoint: string, storefrontAccessToken: string): Promise<Graphiql> {
	const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
	const page = renderGraphiQL({
		title: "GraphiQL · Latchkey",
		endpoint,
		headers: JSON.stringify({ "X-Shopify-Storefront-Access-Token": storefrontAccessToken }),
		defaultQuery: "# Ctrl+Enter runs this.\n{\n  shop {\n    name\n  }\n}\n",
	});
	return { page, headers: ["Content-Security-Policy", policyOf(page)] };
}

/**
 * The page's own script and no other. Its editor writes styles and starts workers as it goes, which no hash can name
 * beforehand.
 */
function policyOf(page: string): string {
	const scripts = Array.from(page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g), ([, script = ""]) => {
		return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
	});
	return [
		"default-src 'none'",
		`script-src ${scripts.join(" ")}`,
		"style-src 'unsafe-inline'",
		"font-src data:",
		"img-src data:",
		"worker-src blob:",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; ");
}
