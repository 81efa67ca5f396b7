// The connections of one server: how many one address may hold, how many there are at most, and how long and how much
// of what is answered may wait for clients that do not read. Heads and bodies that do not come are node:http's to end.
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../log.ts";
import { MAX_BODY_BYTES } from "./body.ts";
import { type Network, peerAddress } from "./client-address.ts";

export interface ConnectionLimits {
	/** Connections of one address (an IPv4 address, or an IPv6 network of 64 bits); null for as many as it likes. */
	readonly perAddress: number | null;
	/** Connections of all addresses; beyond it none is taken until one ends. */
	readonly total: number;
	/** A request has to be there as a whole within this; its head within 5 seconds, or within this if it is less. */
	readonly requestSeconds: number;
	/** An answer has to be taken within this. */
	readonly answerSeconds: number;
	/** How long a connection may wait for its next request. */
	readonly keepAliveSeconds: number;
}

/** How often it is looked after answers that nobody takes. */
const LOOK_MS = 500;
/** Answers that all clients together leave waiting here; beyond it those that wait longest are given up. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Requests that one connection may send ahead (pipelined) of the answer that is under way: their bodies are held here. */
const MAX_AHEAD = 16;
const MAX_BYTES_AHEAD = 2 * MAX_BODY_BYTES;
/** How much of the room for connections may be taken before none is kept for a next request. */
const CROWDED_SHARE = 0.9;
/** Whoever runs the server is told of refused connections once in so many looks: a minute. */
const LOOKS_BETWEEN_WARNINGS = 120;

export interface Connections {
	/** Whether room is so scarce that an answer should be the last of its connection. */
	readonly isCrowded: boolean;
	/** Serves a request when its turn comes: one connection has one answer in the making, however much it sends ahead. */
	inTurn(response: ServerResponse, serve: () => void): void;
}

/** A connection, and what it last was seen to have taken. */
interface Reader {
	readonly socket: Socket;
	takenBytes: number;
	/** For how many looks something has been waiting and nothing was taken. */
	looks: number;
}

export function limitConnections(
	server: Server,
	limits: ConnectionLimits,
	network: Network,
	log: Log,
): Connections {
	const readers = new Set<Reader>();
	const heldBy = new Map<string, number>();
	const ahead = new WeakMap<Socket, { requests: number; bytes: number }>();
	let refused = 0;
	let looksUntilWarning = 0;
	server.maxConnections = limits.total;
	server.on("drop", () => refused++);
	server.on("connection", (socket: Socket) => {
		const address = limits.perAddress === null ? null : peerAddress(socket, network);
		if (address !== null) {
			const held = (heldBy.get(address) ?? 0) + 1;
			if (held > Number(limits.perAddress)) {
				refused++;
				socket.destroy();
				return;
			}
			heldBy.set(address, held);
		}
		const reader: Reader = { socket, takenBytes: 0, looks: 0 };
		readers.add(reader);
		socket.once("close", () => {
			readers.delete(reader);
			if (address === null) return;
			const held = Number(heldBy.get(address)) - 1;
			if (held > 0) heldBy.set(address, held);
			else heldBy.delete(address);
		});
	});

	const isCrowded = () => readers.size > limits.total * CROWDED_SHARE;
	const look = () => {
		// Whoever only keeps a place makes room for those who ask.
		if (isCrowded()) server.closeIdleConnections();
		let waitingBytes = 0;
		const waiting: Reader[] = [];
		for (const reader of readers) {
			const { socket } = reader;
			// One answer is one write, so that what is taken grows by whole answers.
			const taken = socket.bytesWritten - socket.writableLength;
			reader.looks = socket.writableLength === 0 || taken !== reader.takenBytes ? 0 : reader.looks + 1;
			reader.takenBytes = taken;
			if (reader.looks * LOOK_MS >= limits.answerSeconds * 1000) socket.destroy();
			else if (socket.writableLength > 0) {
				waiting.push(reader);
				waitingBytes += socket.writableLength;
			}
		}
		if (waitingBytes > MAX_WAITING_BYTES) {
			for (const { socket } of waiting.sort((one, other) => other.looks - one.looks)) {
				if (waitingBytes <= MAX_WAITING_BYTES) break;
				waitingBytes -= socket.writableLength;
				socket.destroy();
			}
		}
		looksUntilWarning--;
		if (refused > 0 && looksUntilWarning <= 0) {
			log.warn({ refused }, "connections were refused: one address held too many, or all together did");
			refused = 0;
			looksUntilWarning = LOOKS_BETWEEN_WARNINGS;
		}
	};
	const looking = setInterval(look, LOOK_MS).unref();
	server.on("close", () => clearInterval(looking));

	return {
		get isCrowded() {
			return isCrowded();
		},
		inTurn: (response, serve) => {
			// Node gives an answer its connection once every earlier answer has been handed over.
			if (response.socket) return serve();
			const { socket, headers } = response.req;
			const bytes = headers["transfer-encoding"] ? MAX_BODY_BYTES : Number(headers["content-length"] ?? 0);
			const sent = ahead.get(socket) ?? { requests: 0, bytes: 0 };
			ahead.set(socket, sent);
			sent.requests++;
			sent.bytes += bytes;
			if (sent.requests > MAX_AHEAD || sent.bytes > MAX_BYTES_AHEAD) {
				socket.destroy();
				return;
			}
			response.once("socket", () => {
				sent.requests--;
				sent.bytes -= bytes;
				// Others come in between, whatever one connection has sent ahead.
				setImmediate(serve);
			});
		},
	};
}
