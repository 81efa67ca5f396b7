// The longest time for which one request of up to 64 KiB keeps the server from everyone else: worst cases of every
// kind, each sent while another connection asks `/healthz` again and again and times the answers.
import { connect, type Socket } from "node:net";
import { CASES, MAX_BYTES } from "./worst-cases.ts";

export interface LongestBlock {
	readonly name: string;
	readonly bytes: number;
	readonly blockMs: number;
}

const REPEATS = 5;
/** Between two questions of the other connection. */
const PAUSE_MS = 1;
/** How long the idle server is watched. */
const IDLE_MS = 1000;
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * The medians over some repeats, the idle server's first. `url` is that of a server in another process, `token` its
 * storefront access token.
 */
export async function measureLongestBlock(url: string, token: string): Promise<LongestBlock[]> {
	const watch = await Watch.open(url);
	const results: LongestBlock[] = [];
	let turn = Math.floor(Math.random() * 1e9);
	const idle: number[] = [];
	for (let repeat = 0; repeat < REPEATS; repeat++) {
		idle.push(await watch.longestWhile(new Promise((resolve) => setTimeout(resolve, IDLE_MS / REPEATS))));
	}
	results.push({ name: "(idle)", bytes: 0, blockMs: median(idle) });
	for (const [name, write] of CASES) {
		const gaps: number[] = [];
		let bytes = 0;
		for (let repeat = 0; repeat < REPEATS; repeat++) {
			const body = write(turn++);
			bytes = Buffer.byteLength(body);
			if (bytes > MAX_BYTES) throw new Error(`${name} has ${bytes} bytes`);
			gaps.push(await watch.longestWhile(post(url, token, body)));
		}
		const blockMs = median(gaps);
		const other = results.at(-1);
		// Of the sizes of one document the one that blocks longer.
		if (other?.name !== name) results.push({ name, bytes, blockMs });
		else if (other.blockMs < blockMs) results[results.length - 1] = { name, bytes, blockMs };
	}
	watch.close();
	return results;
}

async function post(url: string, token: string, body: string): Promise<void> {
	const response = await fetch(`${url}/api/2026-04/graphql.json`, {
		method: "POST",
		headers: { "Content-Type": "application/json", "X-Shopify-Storefront-Access-Token": token },
		body,
		signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
	});
	await response.arrayBuffer();
	if (response.status >= 500) throw new Error(`${response.status} for ${body.slice(0, 80)}`);
}

/** Asks for `/healthz` over and over on one connection of its own. */
class Watch {
	readonly #socket: Socket;
	#askedAt = 0;
	#longest = 0;
	#answered: () => void = () => {};

	static async open(url: string): Promise<Watch> {
		const { hostname, port } = new URL(url);
		const socket = connect({ host: hostname, port: Number(port), noDelay: true });
		await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
		return new Watch(socket);
	}

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.on("data", () => {
			this.#longest = Math.max(this.#longest, performance.now() - this.#askedAt);
			this.#answered();
		});
	}

	/** The longest that an answer took from now until the work is done and one more answer has come. */
	async longestWhile(work: Promise<unknown>): Promise<number> {
		let isDone = false;
		const done = work.finally(() => {
			isDone = true;
		});
		this.#longest = 0;
		do {
			await this.#ask();
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		} while (!isDone);
		await this.#ask();
		await done;
		return this.#longest;
	}

	#ask(): Promise<void> {
		return new Promise((resolve) => {
			this.#answered = resolve;
			this.#askedAt = performance.now();
			this.#socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
		});
	}

	close(): void {
		this.#socket.destroy();
	}
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
