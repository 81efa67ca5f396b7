// (a) The ceiling: node:http, the body parsed, the same bytes sent back every time.
import { createServer } from "node:http";
import { HEADERS, listen } from "./listen.ts";

const body = process.env["BENCH_BODY"] ?? "";
const length = String(Buffer.byteLength(body));

listen(
	createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk) => chunks.push(chunk));
		request.on("end", () => {
			JSON.parse(Buffer.concat(chunks).toString("utf8"));
			response.writeHead(200, ["Content-Length", length, ...HEADERS]);
			response.end(body, "latin1");
		});
	}),
);
