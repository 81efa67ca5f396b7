// Bytes as they are over one connection, for what no client would send.
import { connect } from "node:net";
import type { House } from "../house.ts";

export interface RawAnswer {
	readonly status: number;
	readonly head: string;
	readonly body: string;
}

/** A server that neither answers nor ends the connection is found out after this. */
const PATIENCE_MS = 5000;

/** Writes the bytes and gives every answer that came before the server ended the connection, which it must do. */
export function sendRaw(house: House, bytes: string): Promise<readonly RawAnswer[]> {
	const { hostname, port } = new URL(house.app.url);
	return new Promise((resolve, reject) => {
		let text = "";
		const host = hostname.replace(/^\[|\]$/g, "");
		const socket = connect({ host, port: Number(port) }, () => socket.write(bytes, "latin1"));
		// Ending our side would have the server drop the answers that it is still working on.
		socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`not ended after: ${text}`)));
		socket.setEncoding("latin1");
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.on("error", (error: NodeJS.ErrnoException) => {
			// The server may end the connection while the rest is still on its way.
			if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
		});
		socket.on("close", () => resolve(split(text)));
	});
}

function split(text: string): RawAnswer[] {
	return text
		.split(/(?=HTTP\/1\.1 \d{3} )/)
		.filter((part) => part !== "")
		.map((part) => {
			const [head = "", ...body] = part.split("\r\n\r\n");
			return { status: Number(part.slice(9, 12)), head, body: body.join("\r\n\r\n") };
		});
}

/** The lines of one request, and its body. */
export function rawRequest(lines: readonly string[], body = ""): string {
	return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
