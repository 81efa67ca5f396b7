// Reads a request's body: bounded, uncompressed, UTF-8.
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";

const MAX_BODY_BYTES = 64 * 1024;

export type Body = { readonly text: string } | { readonly refused: "tooLarge" | "notUtf8" };

/** Never rejects. For a client that goes away it never resolves either: there is nobody to answer. */
export function readBody(request: IncomingMessage): Promise<Body> {
	return new Promise((resolve) => {
		if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
			resolve({ refused: "tooLarge" });
			return;
		}
		const chunks: Buffer[] = [];
		let size = 0;
		request.on("data", (chunk: Buffer) => {
			size += chunk.length;
			if (size > MAX_BODY_BYTES) {
				request.removeAllListeners("data");
				resolve({ refused: "tooLarge" });
			} else chunks.push(chunk);
		});
		request.on("end", () => {
			const [only] = chunks;
			const bytes = chunks.length === 1 && only ? only : Buffer.concat(chunks);
			resolve(isUtf8(bytes) ? { text: bytes.toString("utf8") } : { refused: "notUtf8" });
		});
	});
}

/** The media type in lower case, and whether its charset, if any, is UTF-8. */
export function parseContentType(header: string | undefined): {
	readonly type: string;
	readonly isUtf8: boolean;
} {
	const [type = "", ...parameters] = (header ?? "").toLowerCase().split(";");
	const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
	const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
	return { type: type.trim(), isUtf8 };
}
