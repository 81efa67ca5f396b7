// One view of where a request ends: whatever a proxy in front might read otherwise is refused by Node's strict parser,
// and the connection with it, so that what follows is never taken for a request of its own.
import assert from "node:assert/strict";
import test from "node:test";
import { type House, openHouse } from "../house.ts";
import { making, PATH, wasMade } from "./made.ts";
import { rawRequest, sendRaw } from "./raw.ts";

/** A whole request, as the second on a connection. */
function smuggled(house: House, email: string): string {
	const body = JSON.stringify({ query: making(email) });
	return rawRequest(
		[
			`POST ${PATH} HTTP/1.1`,
			"Host: localhost",
			"Content-Type: application/json",
			`X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`,
			`Content-Length: ${body.length}`,
			"Connection: close",
		],
		body,
	);
}

const START = [`POST ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: application/json"];
const CHUNKED = "Transfer-Encoding: chunked";
const LAST_CHUNK = "0\r\n\r\n";

/** Name → the first request, up to where another reader might think that the second begins. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
	"a length, and chunks": rawRequest([...START, "Content-Length: 5", CHUNKED], LAST_CHUNK),
	"chunks, and a length": rawRequest([...START, CHUNKED, "Content-Length: 5"], LAST_CHUNK),
	"a length of nothing, and chunks": rawRequest([...START, "Content-Length: 0", CHUNKED], LAST_CHUNK),
	"two lengths": rawRequest([...START, "Content-Length: 0", "Content-Length: 5"]),
	"the same length twice": rawRequest([...START, "Content-Length: 0", "Content-Length: 0"]),
	"two lengths in one line": rawRequest([...START, "Content-Length: 0, 5"]),
	"a length with a sign": rawRequest([...START, "Content-Length: +0"]),
	"a length below nothing": rawRequest([...START, "Content-Length: -1"]),
	"a length in base sixteen": rawRequest([...START, "Content-Length: 0x0"]),
	"a length with a comma": rawRequest([...START, "Content-Length: 0,"]),
	"a length without end": rawRequest([...START, `Content-Length: ${"9".repeat(40)}`]),
	"a coding that is none": rawRequest([...START, "Transfer-Encoding: xchunked"], LAST_CHUNK),
	"chunks that are not the last coding": rawRequest(
		[...START, "Transfer-Encoding: chunked, identity"],
		LAST_CHUNK,
	),
	"chunks twice": rawRequest([...START, "Transfer-Encoding: chunked, chunked"], LAST_CHUNK),
	"chunks in two lines, the second none": rawRequest([...START, CHUNKED, "Transfer-Encoding: x"], LAST_CHUNK),
	"a header that goes on in the next line": rawRequest([...START, "X: a", " b", "Content-Length: 0"]),
	"a coding in the next line": rawRequest([...START, "Transfer-Encoding:", " chunked"], LAST_CHUNK),
	"a blank before the colon": rawRequest([...START, "Transfer-Encoding : chunked"], LAST_CHUNK),
	"a header without a name": rawRequest([...START, ": a", "Content-Length: 0"]),
	"a header without a colon": rawRequest([...START, "X", "Content-Length: 0"]),
	"lines that end in LF": `${START.join("\n")}\nContent-Length: 0\n\n`,
	"one line that ends in LF": `${START.join("\r\n")}\r\nX: a\nContent-Length: 0\r\n\r\n`,
	"a CR within a header": rawRequest([...START, "X: a\rContent-Length: 5", "Content-Length: 0"]),
	"a NUL within a header": rawRequest([...START, "X: a\0b", "Content-Length: 0"]),
	"a chunk of a size that is none": rawRequest([...START, CHUNKED], "g\r\n\r\n0\r\n\r\n"),
	"a chunk below nothing": rawRequest([...START, CHUNKED], "-1\r\n\r\n0\r\n\r\n"),
	"a chunk of a size in C": rawRequest([...START, CHUNKED], "0x1\r\na\r\n0\r\n\r\n"),
	"a chunk of a size beyond 64 bits": rawRequest([...START, CHUNKED], "fffffffffffffffff\r\na\r\n0\r\n\r\n"),
	"a chunk longer than it says": rawRequest([...START, CHUNKED], "1\r\nab\r\n0\r\n\r\n"),
	"a chunk whose size ends in LF": rawRequest([...START, CHUNKED], "1\na\r\n0\r\n\r\n"),
	"a chunk extension with an LF": rawRequest([...START, CHUNKED], "1;a\nb\r\na\r\n0\r\n\r\n"),
	"no host": rawRequest([`POST ${PATH} HTTP/1.1`, "Content-Length: 0"]),
	"a protocol that is none": rawRequest([`POST ${PATH} HTTP/9.9`, "Host: localhost", "Content-Length: 0"]),
	"blanks within the first line": rawRequest([
		`POST ${PATH} x HTTP/1.1`,
		"Host: localhost",
		"Content-Length: 0",
	]),
};

test("a request that could be read in two ways is refused, and what follows it with it", async () => {
	await using house = await openHouse();
	for (const [index, [name, bytes]] of Object.entries(AMBIGUOUS).entries()) {
		const email = `smuggled${index}@example.com`;
		const answers = await sendRaw(house, bytes + smuggled(house, email));
		assert.deepEqual(
			answers.map(({ status }) => status),
			[400],
			`${name}: ${answers.map(({ head }) => head)}`,
		);
		assert.equal(await wasMade(house, email), false, name);
	}
});

test("a request of the oldest HTTP is the only one of its connection", async () => {
	await using house = await openHouse();
	for (const first of [`POST ${PATH}\r\n\r\n`, rawRequest([`GET /docs HTTP/1.0`, "Host: localhost"])]) {
		assert.equal((await sendRaw(house, first + smuggled(house, "oldest@example.com"))).length, 1);
		assert.equal(await wasMade(house, "oldest@example.com"), false);
	}
});

test("requests that are well follow each other on one connection", async () => {
	await using house = await openHouse();
	const chunked = rawRequest([...START, CHUNKED], "2\r\n{}\r\n0\r\n\r\n");
	const answers = await sendRaw(house, chunked + smuggled(house, "second@example.com"));
	assert.deepEqual(
		answers.map(({ status }) => status),
		[400, 200],
	);
	assert.match(answers[0]?.body ?? "", /Required parameter missing or invalid/);
	assert.equal(await wasMade(house, "second@example.com"), true);
});

test("a refusal that leaves a body unread ends the connection", async () => {
	await using house = await openHouse();
	const email = "inside@example.com";
	const inside = smuggled(house, email);
	const plain = [`POST ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: text/plain"];
	// The second request is the body of the first, by its length, and by the length of a body that is too large.
	for (const [length, status] of [
		[inside.length, 415],
		[1_000_000, 415],
	] as const) {
		const answers = await sendRaw(house, rawRequest([...plain, `Content-Length: ${length}`], inside));
		assert.deepEqual(
			answers.map((answer) => answer.status),
			[status],
		);
		assert.equal(await wasMade(house, email), false);
	}
	const large = await sendRaw(house, rawRequest([...START, "Content-Length: 70000"], inside));
	assert.deepEqual(
		large.map(({ status }) => status),
		[413],
	);
	assert.match(large[0]?.head ?? "", /^Connection: close$/im);
	assert.equal(await wasMade(house, email), false);
});

test("heads without end are refused before anything reads them", async () => {
	await using house = await openHouse();
	const long = "x".repeat(17_000);
	const heads: Readonly<Record<string, readonly string[]>> = {
		"one header": [...START, `X: ${long}`],
		"a name": [...START, `${long}: x`],
		"a token": [...START, `X-Shopify-Storefront-Access-Token: ${long}`],
		"an address": [`GET /${long} HTTP/1.1`, "Host: localhost"],
		"many headers": [...START, ...Array.from({ length: 3000 }, (_, index) => `X-${index}: y`)],
	};
	for (const [name, lines] of Object.entries(heads)) {
		const [answer, ...more] = await sendRaw(house, rawRequest([...lines, "Content-Length: 0"]));
		assert.deepEqual(more, [], name);
		assert.ok(
			answer === undefined || answer.status === 431 || answer.status === 400,
			`${name}: ${answer?.head}`,
		);
	}
	// Still a good server, and headers of some thousand letters are no attack.
	const email = "after@example.com";
	await sendRaw(house, smuggled(house, email).replace("Host:", `X: ${"x".repeat(8000)}\r\nHost:`));
	assert.equal(await wasMade(house, email), true);
});
