// Connections that cost their owner nearly nothing and would like to cost the server much: heads, bodies and readers
// that do not come, or come byte by byte, from many addresses. Each that the server ends is opened again.
import { connect, type Socket } from "node:net";
import { STOREFRONT_TOKEN } from "../../../bench/operations.ts";
import { PATH } from "./client.ts";

const HEAD = [
	`POST ${PATH} HTTP/1.1`,
	"Host: shop.example",
	"Content-Type: application/json",
	`X-Shopify-Storefront-Access-Token: ${STOREFRONT_TOKEN}`,
].join("\r\n");
/** Its answer is the largest that costs the server little: what is asked here is what waiting costs, not working. */
const PAGE = "GET /docs/api/storefront/2026-04 HTTP/1.1\r\nHost: shop.example\r\n\r\n";
const LONG = "x".repeat(59_000);

interface Kind {
	/** What the server waits for. */
	readonly keepsBack: "head" | "body" | "answer";
	/** What is written as soon as it is connected. */
	readonly first: string;
	/** What is written then, one after the other, over and over. */
	readonly drips: readonly string[];
	/** Whether answers are left where they are. */
	readonly isDeaf: boolean;
}

const KINDS: readonly Kind[] = [
	{ keepsBack: "head", first: "", drips: [], isDeaf: false },
	{ keepsBack: "head", first: HEAD, drips: [], isDeaf: false },
	{ keepsBack: "head", first: `${HEAD}\r\nX: `, drips: [..."slowly"], isDeaf: false },
	{ keepsBack: "head", first: `${HEAD}\r\n`, drips: [..."X: y\r\n"], isDeaf: false },
	{ keepsBack: "body", first: `${HEAD}\r\nContent-Length: 60000\r\n\r\n{`, drips: [], isDeaf: false },
	{
		keepsBack: "body",
		first: `${HEAD}\r\nContent-Length: 60000\r\n\r\n${LONG}`,
		drips: [..." "],
		isDeaf: false,
	},
	{
		keepsBack: "body",
		first: `${HEAD}\r\nTransfer-Encoding: chunked\r\n\r\n`,
		drips: [..."1\r\nx\r\n"],
		isDeaf: false,
	},
];
/** Asks for more and more, and reads nothing of it. */
const DEAF: Kind = { keepsBack: "answer", first: PAGE.repeat(16), drips: [PAGE], isDeaf: true };
/** One in so many is deaf. */
const DEAF_SHARE = 100;

/** They are of many machines, which neither begin nor write in one moment: each has its own time within these. */
const DRIP_MS = 500;
const OPENING_MS = 2500;
const DRIP_SLOTS = 50;
/** Before one that was ended at once is opened again. */
const REOPEN_MS = 1000;

export interface SlowReport {
	/** Connections that were made, and those of them that the server ended. */
	opened: number;
	ended: number;
	/** Connections that could not be made at all. */
	failed: number;
	/** The longest that one stood, by what it kept back, in milliseconds. */
	readonly longestMs: { head: number; body: number; answer: number };
}

export class SlowSockets {
	readonly report: SlowReport = {
		opened: 0,
		ended: 0,
		failed: 0,
		longestMs: { head: 0, body: 0, answer: 0 },
	};
	readonly #port: number;
	readonly #addressOf: (index: number) => string;
	readonly #sockets = new Map<Socket, { readonly kind: Kind; readonly slot: number; dripped: number }>();
	readonly #dripping: NodeJS.Timeout;
	#slot = 0;
	#isOver = false;

	/** As many as `count`, of all kinds in turn; the one with the index `i` comes from `addressOf(i)`. */
	constructor(port: number, count: number, addressOf: (index: number) => string) {
		this.#port = port;
		this.#addressOf = addressOf;
		for (let index = 0; index < count; index++) {
			setTimeout(() => this.#open(index), (OPENING_MS * index) / count);
		}
		this.#dripping = setInterval(() => this.#drip(), DRIP_MS / DRIP_SLOTS);
	}

	/** Connections that stand now. */
	get standing(): number {
		return this.#sockets.size;
	}

	#open(index: number): void {
		if (this.#isOver) return;
		const kind = index % DEAF_SHARE === 0 ? DEAF : (KINDS[index % KINDS.length] as Kind);
		const socket = connect({ port: this.#port, host: "127.0.0.1", localAddress: this.#addressOf(index) });
		let madeAt: number | null = null;
		socket.on("connect", () => {
			madeAt = performance.now();
			this.report.opened++;
			this.#sockets.set(socket, {
				kind,
				slot: (index + Math.floor(index / DEAF_SHARE)) % DRIP_SLOTS,
				dripped: 0,
			});
			if (kind.first !== "") socket.write(kind.first, "latin1");
			if (kind.isDeaf) socket.pause();
			else socket.resume();
		});
		socket.on("error", () => socket.destroy());
		// The end that the server says is seen only by one who reads.
		socket.on("end", () => socket.destroy());
		socket.on("close", () => {
			this.#sockets.delete(socket);
			if (this.#isOver) return;
			if (madeAt === null) this.report.failed++;
			else {
				this.report.ended++;
				const { longestMs } = this.report;
				longestMs[kind.keepsBack] = Math.max(longestMs[kind.keepsBack], performance.now() - madeAt);
			}
			setTimeout(() => this.#open(index), REOPEN_MS);
		});
	}

	#drip(): void {
		this.#slot = (this.#slot + 1) % DRIP_SLOTS;
		for (const [socket, state] of this.#sockets) {
			if (state.slot !== this.#slot) continue;
			const { drips } = state.kind;
			const next = drips[state.dripped++ % drips.length];
			if (next !== undefined && socket.writable) socket.write(next, "latin1");
		}
	}

	stop(): void {
		this.#isOver = true;
		clearInterval(this.#dripping);
		for (const socket of this.#sockets.keys()) socket.destroy();
	}
}
