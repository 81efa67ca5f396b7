// Sends answers. None of them is cached or sniffed.
import type { ServerResponse } from "node:http";

export const JSON_TYPE = "application/json; charset=utf-8";
export const HTML_TYPE = "text/html; charset=utf-8";

/** Headers as node takes them raw: name, value, name, value. */
export type RawHeaders = readonly string[];

export function send(
	response: ServerResponse,
	status: number,
	contentType: string,
	body: string,
	headers: RawHeaders = [],
): void {
	const length = Buffer.byteLength(body);
	if (response.headersSent || response.destroyed) return;
	response.writeHead(status, [
		"Content-Type",
		contentType,
		"Content-Length",
		String(length),
		"Cache-Control",
		"no-store",
		"X-Content-Type-Options",
		"nosniff",
		...headers,
	]);
	// As text, not bytes: node then writes head and body in one call, and ASCII without looking at it again.
	response.end(body, length === body.length ? "latin1" : "utf8");
}

/** 204: an answer without a body. */
export function sendNothing(response: ServerResponse, headers: RawHeaders): void {
	response.writeHead(204, ["Cache-Control", "no-store", ...headers]);
	response.end();
}

export function sendJson(
	response: ServerResponse,
	status: number,
	value: unknown,
	headers: RawHeaders = [],
): void {
	send(response, status, JSON_TYPE, JSON.stringify(value), headers);
}
