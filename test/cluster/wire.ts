// A client that costs next to nothing: connections that are kept, requests written out by hand. It says of each act
// how it turned out: only a whole answer of the contract accepts or refuses.
import { connect, type Socket } from "node:net";
import { KEY } from "./node.ts";

export type Outcome = "accepted" | "refused" | "unknown";

export interface Reply {
	readonly outcome: Outcome;
	/** False where nobody took the connection: then it did not happen. */
	readonly isSent: boolean;
	/** By `performance.now()`, right before the request is written. */
	readonly sentAt: number;
	/** Right after the last byte of the answer has come. */
	readonly answeredAt: number;
	/** What was answered, parsed; null for no answer. */
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
	readonly body: any;
}

interface Waiting {
	readonly resolve: (body: string | null) => void;
}

/** One at a time on each connection; as many connections as are needed at once. */
export class Wire {
	readonly #port: number;
	readonly #idle: Socket[] = [];
	readonly #connected = new WeakSet<Socket>();
	readonly #waiting = new Map<Socket, Waiting>();

	constructor(port: number) {
		this.#port = port;
	}

	/** `understand` says whether the data accepts (true) or refuses (false); undefined is an answer of neither. */
	ask(
		query: string,
		variables: Readonly<Record<string, unknown>>,
		// biome-ignore lint/suspicious/noExplicitAny: as above.
		understand: (body: any) => boolean | undefined,
	): Promise<Reply> {
		const body = JSON.stringify({ query, variables });
		const text = `POST /api/2026-04/graphql.json HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Shopify-Storefront-Access-Token: ${KEY}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
		const socket = this.#idle.pop() ?? this.#open();
		const sentAt = performance.now();
		// No promise between the last byte and the clock.
		return new Promise((resolve) => {
			this.#waiting.set(socket, {
				resolve: (answer) => {
					const answeredAt = performance.now();
					const parsed = answer === null ? null : JSON.parse(answer);
					const isAccepted = parsed === null ? undefined : understand(parsed);
					const outcome = isAccepted === undefined ? "unknown" : isAccepted ? "accepted" : "refused";
					resolve({ outcome, isSent: this.#connected.has(socket), sentAt, answeredAt, body: parsed });
				},
			});
			socket.write(text);
		});
	}

	close(): void {
		for (const socket of [...this.#idle, ...this.#waiting.keys()]) socket.destroy();
	}

	#open(): Socket {
		const socket = connect(this.#port, "127.0.0.1").setNoDelay();
		let received = "";
		const settle = (answer: string | null) => {
			const waiting = this.#waiting.get(socket);
			this.#waiting.delete(socket);
			waiting?.resolve(answer);
		};
		// All answers of these acts are ASCII.
		socket.setEncoding("latin1").on("data", (chunk: string) => {
			received += chunk;
			const end = received.indexOf("\r\n\r\n");
			if (end < 0) return;
			const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
			if (received.length < end + 4 + length) return;
			const answer = received.slice(end + 4, end + 4 + length);
			received = "";
			this.#idle.push(socket);
			settle(answer);
		});
		socket.once("connect", () => this.#connected.add(socket));
		socket.on("error", () => {});
		socket.on("close", () => {
			const at = this.#idle.indexOf(socket);
			if (at >= 0) this.#idle.splice(at, 1);
			settle(null);
		});
		return socket;
	}
}
