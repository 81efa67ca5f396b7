// What the servers beside ours share: they listen on a free port and tell it, and send as many headers as we do.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export const HEADERS: readonly string[] = [
	"Content-Type",
	"application/json; charset=utf-8",
	"Cache-Control",
	"no-store",
	"X-Content-Type-Options",
	"nosniff",
	"X-Request-ID",
	"00000000-0000-0000-0000-000000000000",
	"X-Shopify-API-Version",
	"2026-04",
];

export function listen(server: Server): void {
	server.listen(0, "127.0.0.1", () => {
		process.send?.({ port: (server.address() as AddressInfo).port });
	});
}
