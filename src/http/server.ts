// The HTTP server: path → door, limits on slow clients, a graceful stop.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "../log.ts";
import type { Engine } from "../store/engine.ts";
import { type ConnectionLimits, limitConnections } from "./connections.ts";
import { type DevelopmentDoor, serveDevelopment } from "./development.ts";
import { serveAlive, serveReady } from "./health.ts";
import type { Metrics } from "./metrics.ts";
import { isReferencePath, type ReferenceDoor, serveReference } from "./reference.ts";
import { sendJson } from "./reply.ts";
import { isStorefrontPath, type StorefrontDoor, serveStorefront } from "./storefront.ts";

export interface Doors {
	readonly storefront: StorefrontDoor;
	readonly development: DevelopmentDoor | null;
	readonly reference: ReferenceDoor;
	readonly metrics: Metrics | null;
	readonly store: Engine;
	readonly log: Log;
}

/** How long requests under way may take to finish once nothing new is taken. */
const STOP_MS = 10_000;
const SWEEP_MS = 20;
const HEAD_TIMEOUT_MS = 5_000;
/** How often node looks after heads and bodies that do not come: more seldom, more of them at once would keep others waiting. */
const OVERDUE_MS = 10;
const MAX_REQUESTS_OF_A_CONNECTION = 10_000;

export interface HttpServer {
	/** Gives the port that it listens on. Rejects with `CannotListen`. */
	listen(host: string, port: number): Promise<number>;
	/**
	 * Is not ready from now on, and serves for so long whoever still comes; then takes nothing new, lets requests under way
	 * finish, and ends what is left.
	 */
	stop(delaySeconds: number): Promise<void>;
}

export function createHttpServer(doors: Doors, limits: ConnectionLimits): HttpServer {
	let isStopping = false;
	const requestTimeout = limits.requestSeconds * 1000;
	const server = createServer(
		{
			headersTimeout: Math.min(HEAD_TIMEOUT_MS, requestTimeout),
			requestTimeout,
			connectionsCheckingInterval: OVERDUE_MS,
			keepAliveTimeout: limits.keepAliveSeconds * 1000,
			maxHeaderSize: 16_384,
		},
		(request, response) => {
			if (doors.metrics) response.on("finish", () => doors.metrics?.countAnswer(response.statusCode));
			connections.inTurn(response, () => {
				// Once the server stops, or has hardly any room left, an answer is the last of its connection. So those that are
				// in use end by themselves, and no request crosses the closing of its connection.
				if (isStopping || connections.isCrowded) response.shouldKeepAlive = false;
				serve(doors, request, response, isStopping)?.catch((error) => {
					const requestId = randomUUID();
					doors.log.error({ requestId, err: error }, "a request failed");
					sendJson(response, 500, { errors: "An unexpected error occurred" }, ["X-Request-ID", requestId]);
				});
			});
		},
	);
	server.maxRequestsPerSocket = MAX_REQUESTS_OF_A_CONNECTION;
	const connections = limitConnections(server, limits, doors.storefront.network, doors.log);
	return {
		listen: (host, port) => listen(server, host, port),
		stop: async (delaySeconds) => {
			isStopping = true;
			await new Promise((resolve) => setTimeout(resolve, delaySeconds * 1000));
			await stopListening(server);
		},
	};
}

function serve(
	doors: Doors,
	request: IncomingMessage,
	response: ServerResponse,
	isStopping: boolean,
): Promise<void> | undefined {
	const path = pathOf(request.url ?? "/");
	if (isStorefrontPath(path)) return serveStorefront(doors.storefront, path, request, response);
	if (path === "/healthz") return void serveAlive(response);
	if (path === "/readyz") return serveReady(doors.store, isStopping, response);
	if (path === "/metrics" && doors.metrics) return doors.metrics.serve(response);
	if (isReferencePath(path)) return serveReference(doors.reference, path, request, response);
	if (path.startsWith("/_dev/") && doors.development) {
		return serveDevelopment(doors.development, path, request, response);
	}
	sendJson(response, 404, { errors: [{ message: "Not Found", extensions: { code: "NOT_FOUND" } }] });
	return undefined;
}

/** Without the query; a request line may also name the whole URL (RFC 9112, 3.2.2), whose host says nothing here. */
function pathOf(target: string): string {
	const path = target.startsWith("/") ? target : (URL.parse(target)?.pathname ?? target);
	const mark = path.indexOf("?");
	return mark < 0 ? path : path.slice(0, mark);
}

/** The address cannot be listened on; the message is the sentence for the operator. */
export class CannotListen extends Error {
	override readonly name = "CannotListen";
}

function listen(server: Server, host: string, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException) => {
			const why = error.code === "EADDRINUSE" ? "another process has it" : error.code;
			reject(
				new CannotListen(`Cannot listen on ${host}:${port}: ${why}. Choose another with LATCHKEY_PORT.`),
			);
		};
		server.once("error", fail);
		server.listen(port, host, () => {
			server.off("error", fail);
			resolve((server.address() as AddressInfo).port);
		});
	});
}

/** Takes no new connections, lets requests under way finish, then ends what is left. */
function stopListening(server: Server): Promise<void> {
	return new Promise((resolve) => {
		const cut = setTimeout(() => server.closeAllConnections(), STOP_MS);
		// Connections whose request was under way when the server was told to stop become idle one by one.
		const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
		server.close(() => {
			clearTimeout(cut);
			clearInterval(sweep);
			resolve();
		});
		server.closeIdleConnections();
	});
}
