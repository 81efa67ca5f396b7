// A load balancer as operators have them: it asks every server now and then whether it is ready, gives each request to
// one that was, in turn, over connections that are kept, and tries none a second time.
import { Agent, get, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pass } from "node:timers/promises";
import type { Body } from "../house.ts";

interface Backend {
	readonly url: string;
	/** Its kept connections. */
	readonly agent: Agent;
	isReady: boolean;
}

export class Balancer implements AsyncDisposable {
	readonly #token: string;
	readonly #backends = new Set<Backend>();
	#turn = 0;
	#isOver = false;
	readonly #asking: Promise<void>;

	constructor(token: string, pollMs: number) {
		this.#token = token;
		this.#asking = this.#askAgain(pollMs);
	}

	/** Resolves when it was found ready. */
	async add(url: string): Promise<void> {
		const backend = { url, agent: new Agent({ keepAlive: true }), isReady: false };
		this.#backends.add(backend);
		while (!backend.isReady) await pass(10);
	}

	/** What is gone is not asked any more. */
	remove(url: string): void {
		for (const backend of this.#backends) {
			if (backend.url !== url) continue;
			this.#backends.delete(backend);
			backend.agent.destroy();
		}
	}

	/** Rejects when the answer is not there as a whole, or is not a 200. */
	async ask(query: string, variables: Readonly<Record<string, unknown>>): Promise<Body> {
		const ready = [...this.#backends].filter(({ isReady }) => isReady);
		const backend = ready[this.#turn++ % ready.length];
		if (!backend) throw new Error("no server is ready");
		const body = JSON.stringify({ query, variables });
		return new Promise((resolve, reject) => {
			const headers = {
				"Content-Type": "application/json",
				"Content-Length": Buffer.byteLength(body),
				"X-Shopify-Storefront-Access-Token": this.#token,
			};
			const options = { method: "POST", agent: backend.agent, headers };
			request(`${backend.url}/api/2026-04/graphql.json`, options, (response) => {
				text(response).then((answer) => {
					if (response.statusCode === 200) resolve(JSON.parse(answer));
					else reject(new Error(`${response.statusCode} ${answer}`));
				}, reject);
			})
				.once("error", reject)
				.end(body);
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isOver = true;
		await this.#asking;
		for (const { agent } of this.#backends) agent.destroy();
	}

	async #askAgain(pollMs: number): Promise<void> {
		while (!this.#isOver) {
			await Promise.all(
				[...this.#backends].map(async (backend) => {
					backend.isReady = await isReady(backend.url);
				}),
			);
			await pass(pollMs);
		}
	}
}

function isReady(url: string): Promise<boolean> {
	return new Promise((resolve) => {
		get(`${url}/readyz`, { agent: false }, (response) => {
			response.resume();
			resolve(response.statusCode === 200);
		}).once("error", () => resolve(false));
	});
}
