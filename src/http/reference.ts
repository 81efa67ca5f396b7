// The door to the reference pages: path → page, as HTML or Markdown. What makes them is loaded when the first reader
// comes, so that a server whose documentation nobody reads holds none of it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Endpoint } from "../storefront/reference/examples.ts";
import { NEWEST, PROVEN_VERSIONS, resolveVersion } from "../storefront/versions.ts";
import { HTML_TYPE, send } from "./reply.ts";

export interface ReferenceDoor {
	/**
	 * The public token that examples carry under `latchkey dev`, where the endpoint is GraphiQL for a browser, too.
	 * Null in production: a reader fills in the server's address and a token.
	 */
	readonly storefrontAccessToken: string | null;
}

/** What makes a page costs a millisecond, and in production it is the same for everybody: so many are kept. */
const KEPT_PAGES = 64;

const MARKDOWN_TYPE = "text/markdown; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";
/** Version, folder and name, suffix. */
const PATH = /^\/docs\/api\/storefront\/([\w-]+)((?:\/[\w-]+){2})?(\.md)?$/;

/** Whether the path is this door's. */
export function isReferencePath(path: string): boolean {
	return path === "/docs" || path.startsWith("/docs/") || path === "/llms.txt";
}

export async function serveReference(
	door: ReferenceDoor,
	path: string,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	if (request.method !== "GET" && request.method !== "HEAD") {
		return send(response, 405, TEXT_TYPE, "Pages are read with GET.\n", ["Allow", "GET, HEAD"]);
	}
	const [html, markdown, { PAGE_POLICY }, { indexPath, referenceOf }] = await Promise.all([
		import("../pages/reference.ts"),
		import("../storefront/reference/markdown.ts"),
		import("../pages/layout.ts"),
		import("../storefront/reference/reference.ts"),
	]);
	const answer = (status: number, type: string, body: string) =>
		send(response, status, type, body, ["Content-Security-Policy", PAGE_POLICY]);
	const endpoint = endpointOf(door, request);

	if (path === "/docs") return answer(200, HTML_TYPE, html.renderLanding(endpoint));
	if (path === "/llms.txt") {
		return answer(200, TEXT_TYPE, markdown.renderLlms(PROVEN_VERSIONS.toReversed().map(referenceOf)));
	}
	const [, asked, place = "", suffix = ""] = PATH.exec(path) ?? [];
	const version = asked === "latest" ? NEWEST : asked && resolveVersion(asked)?.served;
	const reference = version ? referenceOf(version) : null;
	const index = reference && indexPath(reference.version);
	const page = place && reference ? reference.findPage(`${index}${place}`) : null;
	const found = page?.path ?? (place === "" ? index : null);
	if (!reference || !found) return answer(404, HTML_TYPE, html.renderNotFound());

	const canonical = `${found}${suffix}`;
	if (canonical !== path) {
		return send(response, 302, TEXT_TYPE, `${canonical}\n`, ["Location", canonical]);
	}
	if (suffix === ".md") {
		const text = page
			? markdown.renderMarkdown(reference, page, endpoint)
			: markdown.renderIndexMarkdown(reference);
		return answer(200, MARKDOWN_TYPE, text);
	}
	const render = () =>
		page ? html.renderReferencePage(reference, page, endpoint) : html.renderIndex(reference);
	answer(200, HTML_TYPE, endpoint === PRODUCTION ? keep(path, render) : render());
}

/** By path, the one that was made first goes first. */
const kept = new Map<string, string>();

function keep(path: string, render: () => string): string {
	const found = kept.get(path);
	if (found !== undefined) return found;
	const made = render();
	for (const oldest of kept.keys()) {
		if (kept.size < KEPT_PAGES) break;
		kept.delete(oldest);
	}
	kept.set(path, made);
	return made;
}

const PRODUCTION: Endpoint = { origin: "$STORE", storefrontAccessToken: "$TOKEN", development: false };

/** How the reader's browser or shell reaches the API, as far as this server may know. */
function endpointOf({ storefrontAccessToken }: ReferenceDoor, request: IncomingMessage): Endpoint {
	if (storefrontAccessToken === null) return PRODUCTION;
	const host = /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?$/i.exec(request.headers.host ?? "")?.[0];
	const origin = `http://${host ?? `localhost:${request.socket.localPort}`}`;
	return { origin, storefrontAccessToken, development: true };
}
