// Sends malformed requests, over connections that are kept and over bare sockets, and says what an answer must be.
import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { House } from "../house.ts";

/** Requests on their way at the same time; also how many fast-check looks for the culprit among. */
export const TOGETHER = 25;
export const PATH = "/api/2026-04/graphql.json";
export const MAX_BODY_BYTES = 64 * 1024;

export interface Request {
	readonly method?: string;
	readonly path?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: Buffer | string;
}

interface Received {
	readonly status: number;
	readonly type: string;
	readonly body: Buffer;
}

export class Sender {
	sent = 0;
	readonly #house: House;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: TOGETHER });

	constructor(house: House) {
		this.#house = house;
	}

	/** Sends a request and looks at its answer, if one came before the connection ended. */
	async send(request: Request): Promise<void> {
		this.sent++;
		const received = await this.#receive(request);
		if (!received) return;
		const { status, type, body } = received;
		assert.ok(status >= 200 && status < 500, `${status} ${body}`);
		const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
		if (type.startsWith("application/json") && request.method !== "HEAD") JSON.parse(text);
		// Masked or not, an error of ours is one.
		assert.ok(!text.includes("INTERNAL_SERVER_ERROR"), text);
	}

	#receive({ method = "POST", path = PATH, headers = {}, body }: Request): Promise<Received | null> {
		const bytes = typeof body === "string" ? Buffer.from(body) : body;
		const { app, keys } = this.#house;
		const all = {
			"Content-Type": "application/json",
			"Content-Length": String(bytes.length),
			"X-Shopify-Storefront-Access-Token": keys.storefrontAccessToken,
			...headers,
		};
		const options = { method, headers: all, agent: this.#agent };
		return new Promise((resolve, reject) => {
			const outgoing = httpRequest(`${app.url}${path}`, options, (response) => {
				const chunks: Buffer[] = [];
				response.on("data", (chunk: Buffer) => chunks.push(chunk));
				response.on("error", reject);
				response.on("end", () => {
					const type = response.headers["content-type"] ?? "";
					resolve({ status: response.statusCode ?? 0, type, body: Buffer.concat(chunks) });
				});
			});
			outgoing.on("error", (error: NodeJS.ErrnoException) => {
				// A body that is too large is not read to its end; the answer may be lost on the way.
				if (isCut(error) && bytes.length > MAX_BODY_BYTES) resolve(null);
				else reject(error);
			});
			outgoing.end(bytes);
		});
	}

	/** Sends bytes as they are and looks at the status of every answer that came before the connection ended. */
	async sendBytes(bytes: string): Promise<void> {
		this.sent++;
		const { port } = new URL(this.#house.app.url);
		const received = await new Promise<string>((resolve, reject) => {
			let text = "";
			const socket = connect(Number(port), "127.0.0.1", () => socket.end(bytes, "latin1"));
			socket.setEncoding("latin1");
			socket.on("data", (chunk) => {
				text += chunk;
			});
			socket.on("error", (error: NodeJS.ErrnoException) => {
				if (!isCut(error)) reject(error);
			});
			socket.on("close", () => resolve(text));
		});
		for (const [line, status] of received.matchAll(/^HTTP\/1\.1 (\d+).*/gm)) {
			assert.ok(Number(status) < 500, line);
		}
	}

	close(): void {
		this.#agent.destroy();
	}
}

function isCut({ code }: NodeJS.ErrnoException): boolean {
	return code === "ECONNRESET" || code === "EPIPE";
}
