// Reads a request's body: bounded, uncompressed, UTF-8.
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";

export const MAX_BODY_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export type Body = { readonly text: string } | { readonly refused: "tooLarge" | "notUtf8" };

/** Never rejects. For a client that goes away it never resolves either: there is nobody to answer. */
export function readBody(request: IncomingMessage): Promise<Body> {
	return new Promise((resolve) => {
		if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
			resolve({ refused: "tooLarge" });
			return;
		}
		let body: Buffer = NOTHING;
		let size = 0;
		request.on("data", (chunk: Buffer) => {
			const before = size;
			size += chunk.length;
			if (size > MAX_BODY_BYTES) {
				request.removeAllListeners("data");
				resolve({ refused: "tooLarge" });
				return;
			}
			if (before === 0) {
				body = chunk;
				return;
			}
			// In one piece: a body that came byte by byte would take a hundred times its length as a list of pieces.
			if (size > body.length) body = Buffer.concat([body], Math.min(2 * size, MAX_BODY_BYTES));
			chunk.copy(body, before);
		});
		request.on("end", () => {
			const bytes = body.subarray(0, size);
			resolve(isUtf8(bytes) ? { text: bytes.toString("utf8") } : { refused: "notUtf8" });
		});
	});
}

/** The media type in lower case, and whether its charset, if any, is UTF-8. */
export function parseContentType(header: string | undefined): {
	readonly type: string;
	readonly isUtf8: boolean;
} {
	// Blanks of other alphabets are none to HTTP, and `trim` would take them for such.
	const text = /[^\t -~]/.test(header ?? "") ? "" : (header ?? "");
	const [type = "", ...parameters] = text.toLowerCase().split(";");
	const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
	const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
	return { type: type.trim(), isUtf8 };
}
