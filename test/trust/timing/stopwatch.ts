// One keep-alive connection over which requests go one after the other, each timed from its first byte written to the
// last byte of its answer read. A bare socket, so that the client adds as little of its own as it can.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

interface Timed {
	readonly milliseconds: number;
	/** The answer's body. */
	readonly text: string;
}

export interface Question {
	readonly query: string;
	readonly variables: Readonly<Record<string, unknown>>;
}

export interface Stopwatch extends Disposable {
	ask(question: Question): Promise<Timed>;
}

/** The server ends a connection that goes on for ever: before it does, another takes its place. */
const MOST_REQUESTS = 5_000;

/** `headers` go with every request. Throws where the server cannot be reached, or ends the connection. */
export async function openStopwatch(
	url: string,
	headers: Readonly<Record<string, string>>,
): Promise<Stopwatch> {
	const { host } = new URL(url);
	const head = [
		"POST /api/2026-04/graphql.json HTTP/1.1",
		`Host: ${host}`,
		"Content-Type: application/json",
		...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
	].join("\r\n");
	let socket = await open(url);
	let asked = 0;
	return {
		ask: async (question) => {
			if (++asked % MOST_REQUESTS === 0) {
				socket.destroy();
				socket = await open(url);
			}
			const body = JSON.stringify(question);
			const bytes = Buffer.from(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
			const answered = readAnswer(socket);
			const start = performance.now();
			socket.write(bytes);
			const { text, end } = await answered;
			return { milliseconds: end - start, text };
		},
		[Symbol.dispose]: () => void socket.destroy(),
	};
}

async function open(url: string): Promise<Socket> {
	const { hostname, port } = new URL(url);
	const socket = connect({ host: hostname, port: Number(port), noDelay: true });
	await once(socket, "connect");
	return socket;
}

function readAnswer(socket: Socket): Promise<{ readonly text: string; readonly end: number }> {
	return new Promise((resolve, reject) => {
		let read = Buffer.alloc(0);
		const finish = () => {
			socket.off("data", take);
			socket.off("close", fail);
		};
		const fail = () => {
			finish();
			reject(new Error(`the server ended the connection after: ${read.toString("latin1")}`));
		};
		const take = (chunk: Buffer) => {
			read = Buffer.concat([read, chunk]);
			const headEnd = read.indexOf("\r\n\r\n");
			if (headEnd < 0) return;
			const length = /\r\ncontent-length: (\d+)/i.exec(read.toString("latin1", 0, headEnd))?.[1];
			const bodyStart = headEnd + 4;
			if (read.length < bodyStart + Number(length)) return;
			const end = performance.now();
			finish();
			resolve({ text: read.toString("utf8", bodyStart), end });
		};
		socket.on("data", take);
		socket.on("close", fail);
	});
}
