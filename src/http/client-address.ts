// Where a request really comes from, as far as anyone who says so is believed: the connection, a proxy that the operator
// named, or a server with a private token.
import type { IncomingMessage } from "node:http";
import { BlockList, isIP, type Socket } from "node:net";
import type { Whereabouts } from "../accounts/limits.ts";
import type { ApiKeyKind } from "../model.ts";

/** What the operator said of the network. */
export interface Network {
	readonly trustedProxies: BlockList;
	/** False under `latchkey dev`: whoever tests there is not counted, but where a request names an address. */
	readonly countsPeers: boolean;
}

/** Throws a sentence for a text that is no list of addresses and networks, e.g. `10.0.0.0/8 ::1`. */
export function parseNetworks(text: string): BlockList {
	const list = new BlockList();
	for (const entry of text.split(/[\s,]/).filter((part) => part !== "")) {
		const [address = "", prefix, more] = entry.split("/");
		const family = isIP(address);
		const most = family === 6 ? 128 : 32;
		// An empty prefix is no number of bits: as 0 it would be every address there is.
		const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
		if (family === 0 || !(bits <= most) || more !== undefined) {
			throw new Error(`${entry} is neither an address nor a network such as 10.0.0.0/8.`);
		}
		list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
	}
	return list;
}

/**
 * `Shopify-Storefront-Buyer-IP` counts with a private token only; `X-Forwarded-For` only from a trusted proxy, read
 * from its end up to the first address that is none.
 */
export function clientAddress(
	{ socket, headers }: IncomingMessage,
	kind: ApiKeyKind | null,
	{ trustedProxies, countsPeers }: Network,
): Whereabouts {
	const peer = plain(socket.remoteAddress ?? "");
	const buyer = plain(String(headers["shopify-storefront-buyer-ip"] ?? "").trim());
	const isNamed = kind === "private" && isIP(buyer) !== 0;
	const address = isNamed ? buyer : behindProxies(peer, headers["x-forwarded-for"], trustedProxies);
	const isCounted = countsPeers || (address !== peer && !isIn(LOOPBACK, address));
	return {
		address: isCounted ? toKey(address) : null,
		fullAddress: isIP(address) === 0 ? null : spell(address),
	};
}

/** Who holds a connection; null for a proxy that is trusted, and for one who is not counted. */
export function peerAddress(
	{ remoteAddress }: Socket,
	{ trustedProxies, countsPeers }: Network,
): string | null {
	const peer = plain(remoteAddress ?? "");
	return !countsPeers || isIn(trustedProxies, peer) ? null : toKey(peer);
}

function behindProxies(peer: string, header: string | string[] | undefined, trusted: BlockList): string {
	const forwarded = String(header ?? "")
		.split(",")
		.slice(-MAX_HOPS);
	let address = peer;
	while (isIn(trusted, address)) {
		const before = plain((forwarded.pop() ?? "").trim());
		if (isIP(before) === 0) break;
		address = before;
	}
	return address;
}

const MAX_HOPS = 32;
const LOOPBACK = parseNetworks("127.0.0.0/8 ::1");

function isIn(list: BlockList, address: string): boolean {
	const family = isIP(address);
	return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** Without the interface that it came in by. An IPv4 address that arrives as IPv6 is found in lists as itself. */
function plain(address: string): string {
	return address.replace(/%.*/s, "");
}

/** IPv6 by its first 64 bits, which is what one customer of a provider is given. */
function toKey(address: string): string {
	const spelled = spell(address);
	if (isIP(spelled) !== 6) return spelled;
	const [before = [], after = []] = spelled.split("::").map((part) => part.split(":").filter(Boolean));
	const zeros = Array(8 - before.length - after.length).fill("0");
	return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}

/** In one spelling, whichever of the many it came in. */
function spell(address: string): string {
	if (isIP(address) !== 6) return address;
	const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
	const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(spelled);
	if (!mapped) return spelled;
	const bytes = Buffer.alloc(4);
	for (const index of [0, 1]) bytes.writeUInt16BE(Number.parseInt(String(mapped[index + 1]), 16), 2 * index);
	return bytes.join(".");
}
