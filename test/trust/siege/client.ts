// Requests of good and bad clients: good ones come through the proxy that the server trusts, over connections that are
// kept; bad ones from an address of their own, each over a connection of its own.
import { Agent, request } from "node:http";
import { STOREFRONT_TOKEN } from "../../../bench/operations.ts";

export const PATH = "/api/2026-04/graphql.json";

export interface Sent {
	readonly body: string | Buffer;
	/** Where it comes from, as the proxy says; null for one that says nothing. */
	readonly forwardedFor?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly method?: string;
	readonly path?: string;
	/** Does not say beforehand how long it is. */
	readonly isChunked?: boolean;
}

export interface Received {
	readonly status: number;
	readonly text: string;
	/** What `Retry-After` says; 0 where it is not said. */
	readonly retryAfterSeconds: number;
}

/** A client at 127.0.0.1 keeps its connections; one at another address of the loopback network makes a new one each. */
export class Client {
	readonly #port: number;
	readonly #localAddress: string;
	readonly #agent: Agent | false;

	constructor(port: number, localAddress = "127.0.0.1", connections = 48) {
		this.#port = port;
		this.#localAddress = localAddress;
		this.#agent =
			localAddress === "127.0.0.1" ? new Agent({ keepAlive: true, maxSockets: connections }) : false;
	}

	/** Rejects when the connection ends before the answer has. */
	send({
		body,
		forwardedFor,
		headers = {},
		method = "POST",
		path = PATH,
		isChunked,
	}: Sent): Promise<Received> {
		return new Promise((resolve, reject) => {
			const outgoing = request(
				{
					host: "127.0.0.1",
					port: this.#port,
					localAddress: this.#localAddress,
					agent: this.#agent,
					method,
					path,
					headers: {
						"Content-Type": "application/json",
						...(isChunked
							? { "Transfer-Encoding": "chunked" }
							: { "Content-Length": Buffer.byteLength(body) }),
						"X-Shopify-Storefront-Access-Token": STOREFRONT_TOKEN,
						...(forwardedFor === undefined ? {} : { "X-Forwarded-For": forwardedFor }),
						...headers,
					},
				},
				(response) => {
					let text = "";
					response.setEncoding("utf8");
					response.on("data", (chunk) => {
						text += chunk;
					});
					response.on("end", () => {
						const { statusCode = 0, headers: told } = response;
						resolve({ status: statusCode, text, retryAfterSeconds: Number(told["retry-after"] ?? 0) });
					});
					response.on("error", reject);
				},
			);
			outgoing.on("error", reject);
			outgoing.end(body);
		});
	}

	close(): void {
		if (this.#agent) this.#agent.destroy();
	}
}
