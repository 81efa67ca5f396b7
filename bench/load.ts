// The load: as many requests as so many connections can carry, or so many a second. Runs in a process of its own,
// over plain sockets, so that it costs as little as it can beside the server that it measures.
import { connect } from "node:net";
import { request } from "./operations.ts";

export interface LoadOrder {
	/** The connections take them in turn. */
	readonly ports: readonly number[];
	readonly connections: number;
	readonly seconds: number;
	/** Requests a second over all connections; null for as fast as they are answered. */
	readonly rate: number | null;
	readonly query: string;
	/** Variables of the requests, used in turn. */
	readonly variables: readonly unknown[];
}

export interface LoadResult {
	readonly requests: number;
	readonly requestsPerSecond: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	/** Answers that were not 200 or carried `"errors"`. */
	readonly failures: number;
}

async function load(order: LoadOrder): Promise<LoadResult> {
	const requests = order.variables.map((variables) => request(order.query, variables));
	const latencies: number[] = [];
	let failures = 0;
	let next = Math.floor(Math.random() * requests.length);
	const end = performance.now() + order.seconds * 1000;
	const pauseMs = order.rate === null ? 0 : (order.connections * 1000) / order.rate;

	const start = performance.now();
	await Promise.all(
		Array.from({ length: order.connections }, (_, index) => {
			return new Promise<void>((resolve, reject) => {
				const port = order.ports[index % order.ports.length] as number;
				const socket = connect({ port, host: "127.0.0.1", noDelay: true });
				let sentAt = 0;
				let missing = 0;
				const sendNext = () => {
					if (performance.now() >= end) {
						socket.end();
						resolve();
						return;
					}
					sentAt = performance.now();
					socket.write(requests[next++ % requests.length] as Buffer);
				};
				socket.on("error", reject);
				socket.on("connect", () => setTimeout(sendNext, (pauseMs * index) / order.connections));
				socket.on("data", (chunk: Buffer) => {
					if (missing > 0) missing -= chunk.length;
					else {
						const head = chunk.indexOf("\r\n\r\n") + 4;
						if (head < 4) throw new Error("an answer's head came in parts");
						missing = head + contentLength(chunk) - chunk.length;
						// HTTP/1.1 2.., and {"data" where a refusal has {"errors".
						if (chunk[9] !== TWO || chunk[head + 2] !== D) failures++;
					}
					if (missing > 0) return;
					const took = performance.now() - sentAt;
					latencies.push(took);
					if (pauseMs === 0) sendNext();
					else setTimeout(sendNext, Math.max(0, pauseMs - took));
				});
			});
		}),
	);
	const elapsed = (performance.now() - start) / 1000;
	latencies.sort((a, b) => a - b);
	const at = (share: number) =>
		latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
	return {
		requests: latencies.length,
		requestsPerSecond: latencies.length / elapsed,
		p50Ms: at(0.5),
		p99Ms: at(0.99),
		failures,
	};
}

const [TWO, ZERO, NINE, D] = [0x32, 0x30, 0x39, 0x64];

/** Read from the bytes, because the load shares the machine with what it measures. */
function contentLength(answer: Buffer): number {
	let at = answer.indexOf("ontent-");
	// Another header may begin as this one does.
	while (at >= 0 && answer[at + 8] !== 0x65) at = answer.indexOf("ontent-", at + 7);
	let length = 0;
	for (let digit = at + 15; ; digit++) {
		const code = answer[digit] ?? 0;
		if (code < ZERO || code > NINE) return length;
		length = length * 10 + code - ZERO;
	}
}

process.on("message", async (order: LoadOrder) => {
	process.send?.(await load(order));
});
