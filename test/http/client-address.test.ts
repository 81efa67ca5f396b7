// For which address a request counts: what the many spellings and chains come to, one by one. That limits go by it is
// shown in test/limits/addresses.test.ts.
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import test from "node:test";
import { clientAddress, parseNetworks, peerAddress } from "../../src/http/client-address.ts";
import type { ApiKeyKind } from "../../src/model.ts";

interface Asked {
	readonly peer?: string | undefined;
	readonly buyer?: string | undefined;
	readonly forwarded?: string;
	readonly kind?: ApiKeyKind | null;
	readonly proxies?: string;
	readonly countsPeers?: boolean;
}

function whereabouts({ peer, buyer, forwarded, kind = "private", proxies = "", countsPeers = true }: Asked) {
	const headers = { "shopify-storefront-buyer-ip": buyer, "x-forwarded-for": forwarded };
	const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
	return clientAddress(request, kind, { trustedProxies: parseNetworks(proxies), countsPeers });
}

const addressOf = (asked: Asked) => whereabouts(asked).address;

test("an IPv4 address counts as itself, however it arrives", () => {
	for (const peer of ["198.51.100.9", "::ffff:198.51.100.9", "::FFFF:198.51.100.9", "::ffff:c633:6409"]) {
		assert.equal(addressOf({ peer }), "198.51.100.9", peer);
	}
	assert.equal(addressOf({ peer: "0:0:0:0:0:ffff:1:203" }), "0.1.2.3");
});

test("an IPv6 address counts as the first half of it, in one spelling", () => {
	const networks: Record<string, string> = {
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:0DB8:0001:0002:0000:0000:0000:0001": "2001:db8:1:2::/64",
		"2001:db8:1:2::1%eth0": "2001:db8:1:2::/64",
		"2001:db8::1": "2001:db8:0:0::/64",
		"2001:db8::5:4:3:2:1": "2001:db8:0:5::/64",
		"2001::6:5:4:3:2:1": "2001:0:6:5::/64",
		"2001::5:4:3:2:1": "2001:0:0:5::/64",
		"::1": "0:0:0:0::/64",
		"1::": "1:0:0:0::/64",
		"::ffff:1:2:3:4": "0:0:0:ffff::/64",
		"64:ff9b::ffff:c633:6409": "64:ff9b:0:0::/64",
	};
	for (const [peer, network] of Object.entries(networks)) assert.equal(addressOf({ peer }), network, peer);
});

test("a connection that is gone already has one address, which is nobody's", () => {
	assert.deepEqual(whereabouts({}), { address: "", fullAddress: null });
});

test("the whole address is told in one spelling, counted or not", () => {
	const spellings: Record<string, string> = {
		"198.51.100.9": "198.51.100.9",
		"::ffff:198.51.100.9": "198.51.100.9",
		"::ffff:c633:6409": "198.51.100.9",
		"2001:0DB8:0001:0002:0000:0000:0000:0001": "2001:db8:1:2::1",
		"2001:db8:1:2::1%eth0": "2001:db8:1:2::1",
	};
	for (const [peer, fullAddress] of Object.entries(spellings)) {
		assert.equal(whereabouts({ peer }).fullAddress, fullAddress);
		assert.deepEqual(whereabouts({ peer, countsPeers: false }), { address: null, fullAddress });
	}
	assert.equal(whereabouts({ peer: "192.0.2.1", buyer: "::FFFF:203.0.113.7" }).fullAddress, "203.0.113.7");
});

test("a buyer's address is believed from a private token, where it is one", () => {
	const peer = "192.0.2.1";
	assert.equal(addressOf({ peer, buyer: " 203.0.113.7 " }), "203.0.113.7");
	assert.equal(addressOf({ peer, buyer: "::ffff:203.0.113.7" }), "203.0.113.7");
	assert.equal(addressOf({ peer, buyer: "2001:db8:1:2::3" }), "2001:db8:1:2::/64");
	for (const kind of ["public", "admin", null] as const) {
		assert.equal(addressOf({ peer, kind, buyer: "203.0.113.7" }), peer, String(kind));
	}
	for (const buyer of [undefined, "", "nobody", "203.0.113.7, 203.0.113.8", "x::ffff:203.0.113.7"]) {
		assert.equal(addressOf({ peer, buyer }), peer, String(buyer));
	}
});

test("forwarded addresses are read from the end, as far as proxies of ours wrote them", () => {
	const proxies = "10.0.0.0/8, 2001:db8:f::/48 192.0.2.1";
	const from = (forwarded: string, peer = "192.0.2.1") => addressOf({ peer, proxies, forwarded });
	assert.equal(from("203.0.113.7"), "203.0.113.7");
	assert.equal(from("6.6.6.6, 203.0.113.7"), "203.0.113.7");
	assert.equal(from("6.6.6.6,203.0.113.7 , 10.1.2.3,2001:db8:f::1"), "203.0.113.7");
	assert.equal(from("6.6.6.6, 203.0.113.7, ::ffff:10.1.2.3"), "203.0.113.7");
	assert.equal(from("6.6.6.6, hidden, 10.1.2.3"), "10.1.2.3");
	assert.equal(from("10.1.2.3, 10.1.2.4"), "10.1.2.3", "where all are ours, the first");
	assert.equal(from("203.0.113.7", "::FFFF:192.0.2.1"), "203.0.113.7", "a proxy in another spelling");
	assert.equal(from(""), "192.0.2.1");
	assert.equal(from("203.0.113.7", "192.0.2.2"), "192.0.2.2", "a stranger is believed nothing");
	assert.equal(addressOf({ peer: "192.0.2.1", proxies }), "192.0.2.1");
	const ours = (count: number) => `203.0.113.7${", 10.1.2.3".repeat(count)}`;
	assert.equal(from(ours(31)), "203.0.113.7");
	assert.equal(from(ours(32)), "10.1.2.3", "longer chains are not read to their end");
});

test("under development only an address that a request names is counted", () => {
	const countsPeers = false;
	const proxies = "192.0.2.1";
	for (const peer of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "198.51.100.9"]) {
		assert.equal(addressOf({ peer, countsPeers }), null, peer);
	}
	const peer = "192.0.2.1";
	assert.equal(addressOf({ peer, countsPeers, buyer: "203.0.113.7" }), "203.0.113.7");
	assert.equal(addressOf({ peer, countsPeers, buyer: "127.0.0.1" }), null);
	assert.equal(addressOf({ peer, countsPeers, buyer: "::1" }), null);
	assert.equal(addressOf({ peer, countsPeers, proxies, forwarded: "203.0.113.7" }), "203.0.113.7");
	assert.equal(addressOf({ peer: "127.0.0.1" }), "127.0.0.1", "in production the machine itself counts");
	assert.equal(addressOf({ peer: "::1" }), "0:0:0:0::/64");
});

test("a connection is held by its peer, unless that is a proxy of ours or nobody is counted", () => {
	const holder = (remoteAddress: string | undefined, countsPeers = true) =>
		peerAddress({ remoteAddress } as Socket, {
			trustedProxies: parseNetworks("10.0.0.0/8, 2001:db8:f::/48"),
			countsPeers,
		});
	assert.equal(holder("198.51.100.9"), "198.51.100.9");
	assert.equal(holder("::ffff:198.51.100.9"), "198.51.100.9");
	assert.equal(holder("2001:db8:1:2::3"), "2001:db8:1:2::/64");
	assert.equal(holder(undefined), "");
	for (const proxy of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:f::1"]) assert.equal(holder(proxy), null);
	assert.equal(holder("198.51.100.9", false), null);
});

test("a list of networks is read whole or refused", () => {
	const list = parseNetworks(" 10.0.0.0/8,\n2001:db8::/32 , 192.0.2.1\t::1/128 0.0.0.0/32 ");
	const has = (address: string) => list.check(address, address.includes(":") ? "ipv6" : "ipv4");
	for (const address of ["10.255.0.1", "2001:db8:ffff::1", "192.0.2.1", "::1", "0.0.0.0"]) {
		assert.ok(has(address), address);
	}
	for (const address of ["11.0.0.1", "2001:db9::1", "192.0.2.2", "192.0.2.0", "::2"]) {
		assert.ok(!has(address), address);
	}
	assert.ok(parseNetworks("0.0.0.0/0").check("203.0.113.7"));
	assert.ok(parseNetworks("::/0").check("2001:db8::1", "ipv6"));
	assert.ok(!parseNetworks("").check("203.0.113.7"));
	for (const entry of [
		"nobody",
		"10.0.0.0/33",
		"10.0.0.0/",
		"10.0.0.0/-1",
		"10.0.0.0/x8",
		"10.0.0.0/8x",
		"10.0.0.0/0008",
		"10.0.0.0/8/8",
		"10.0.0.0/8/",
		"/8",
		"2001:db8::/129",
		"2001:db8::%eth0/64x",
		"10.0.0",
	]) {
		assert.throws(
			() => parseNetworks(`10.0.0.0/8 ${entry}`),
			{ message: `${entry} is neither an address nor a network such as 10.0.0.0/8.` },
			entry,
		);
	}
});
