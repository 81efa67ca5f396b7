// Many operations released in one moment: each is written out before, and all of them leave in one turn, over
// connections that are open already.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Body, House } from "../house.ts";

/** One for each shot: of one connection, the server has one request under way at a time. */
const CONNECTIONS = 200;

export interface Shot {
	readonly query: string;
	readonly variables: Readonly<Record<string, unknown>>;
}

export interface Volley extends AsyncDisposable {
	/** The bodies of the answers, letter by letter, in the order of the shots. */
	fire(shots: readonly Shot[]): Promise<readonly string[]>;
}

export async function openVolley({ app, keys }: House): Promise<Volley> {
	const { port } = new URL(app.url);
	const sockets = await Promise.all(
		Array.from({ length: CONNECTIONS }, async () => {
			const socket = connect(Number(port), "127.0.0.1");
			await once(socket, "connect");
			return socket.setNoDelay();
		}),
	);
	const write = ({ query, variables }: Shot) => {
		const body = JSON.stringify({ query, variables });
		const head = [
			"POST /api/2026-04/graphql.json HTTP/1.1",
			"Host: localhost",
			"Content-Type: application/json",
			`X-Shopify-Storefront-Access-Token: ${keys.storefrontAccessToken}`,
			`Content-Length: ${Buffer.byteLength(body)}`,
		];
		return `${head.join("\r\n")}\r\n\r\n${body}`;
	};
	return {
		fire: async (shots) => {
			const written = shots.map(write);
			// The first shots are the first of each connection, and so on: the server sees them in about this order.
			const received = sockets.map((socket, place) => {
				const own = written.filter((_, index) => index % CONNECTIONS === place);
				const bodies = readBodies(socket, own.length);
				socket.write(own.join(""));
				return bodies;
			});
			const bodies = await Promise.all(received);
			return shots.map((_, index) => bodies[index % CONNECTIONS]?.[Math.floor(index / CONNECTIONS)] ?? "");
		},
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) socket.destroy();
		},
	};
}

/** So many answers, one after the other, as a connection brings them. */
function readBodies(socket: Socket, count: number): Promise<readonly string[]> {
	const bodies: string[] = [];
	let rest = Buffer.alloc(0);
	return new Promise((resolve, reject) => {
		const stop = () => {
			socket.off("data", read);
			socket.off("error", reject);
			socket.off("close", lose);
		};
		const lose = () => reject(new Error("the server has ended a connection"));
		const read = (chunk: Buffer) => {
			rest = Buffer.concat([rest, chunk]);
			for (;;) {
				const end = rest.indexOf("\r\n\r\n");
				if (end < 0) break;
				const length = Number(/^content-length: (\d+)/im.exec(rest.toString("latin1", 0, end))?.[1]);
				if (Number.isNaN(length)) {
					stop();
					reject(new Error(`an answer without a length: ${rest.toString("latin1", 0, end)}`));
					return;
				}
				if (rest.length < end + 4 + length) break;
				bodies.push(rest.toString("utf8", end + 4, end + 4 + length));
				rest = rest.subarray(end + 4 + length);
			}
			if (bodies.length < count) return;
			stop();
			resolve(bodies);
		};
		if (count === 0) {
			resolve(bodies);
			return;
		}
		socket.on("data", read);
		socket.on("error", reject);
		socket.on("close", lose);
		if (socket.destroyed) lose();
	});
}

export function parse(body: string): Body {
	return JSON.parse(body) as Body;
}

/** Resolves after so many turns of the event loop; at once for none. */
export async function afterTurns(turns: number): Promise<void> {
	for (let left = turns; left > 0; left--) await new Promise((next) => setImmediate(next));
}
