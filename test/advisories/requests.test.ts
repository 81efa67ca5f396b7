// Advisories on requests that were read in another way than they were checked in, and on documents that cost more than
// they look, each as an attack on this house.
import assert from "node:assert/strict";
import test from "node:test";
import { type House, openHouse, VERSIONS } from "../house.ts";
import { making, PATH, wasMade } from "../http/made.ts";
import { rawRequest, sendRaw } from "../http/raw.ts";
import { processorTimeOf } from "./attacks.ts";

/** Types that look like one of the two that are read, to those who look at a part. */
const FALSE_TYPES = [
	"",
	" ",
	";",
	"text/plain",
	"text/plain;application/json",
	"text/plain; charset=utf-8, application/json",
	"text/plain\t, application/json",
	"multipart/form-data;application/json",
	"application/x-www-form-urlencoded#application/json",
	"application/json/",
	"application /json",
	"application/ json",
	"application/json text/plain",
	"application/json,text/plain",
	"application/json\ta",
	"application/json\u00a0",
	"application/jsonp",
	"application/json5",
	"application/json+xml",
	"application/vnd.api+json",
	"xapplication/json",
	"\u00a0application/json",
	"application/json\u0085",
	"application/json\u00a0;charset=utf-8",
	"application\\json",
	"*/json",
	"application/*",
] as const;

/** Charsets whose reading is somebody else's trouble. */
const FALSE_CHARSETS = [
	"utf-7",
	"utf7",
	"x-utf-7",
	"utf-16",
	"utf-16le",
	"utf-16be",
	"utf-32",
	"ucs-2",
	"cesu-8",
	"utf-8-sig",
	"latin1",
	"iso-8859-1",
	"us-ascii",
	"shift_jis",
	"iso-2022-jp",
	"gb18030",
	"hz-gb-2312",
	"ibm037",
	"base64",
	"hex",
	"binary",
	"utf-8,utf-7",
	"__proto__",
	"",
] as const;

async function send(house: House, lines: readonly string[], body: string): Promise<number> {
	const head = [
		`POST ${PATH} HTTP/1.1`,
		`Host: ${new URL(house.app.url).host}`,
		`X-Shopify-Storefront-Access-Token: ${house.keys.storefrontAccessToken}`,
		...lines,
		`Content-Length: ${body.length}`,
		"Connection: close",
	];
	const [answer, ...more] = await sendRaw(house, rawRequest(head, body));
	assert.deepEqual(more, []);
	return answer?.status ?? 0;
}

/** The text in bytes of another encoding. */
function inUtf7(text: string): string {
	return text.replaceAll("{", "+AHs-").replaceAll("}", "+AH0-");
}

test("Fastify CVE-2022-41919, CVE-2026-3419; Apollo GHSA-9q82-xgwf-vj6h, CVE-2026-23897: a body is read as its type says, and only two types are read", async () => {
	await using house = await openHouse();
	let made = 0;
	/** That a request of these lines does nothing, and is told so. */
	const assertRefused = async (lines: readonly string[], write: (json: string) => string, status: number) => {
		const email = `refused${made++}@example.com`;
		const body = write(JSON.stringify({ query: making(email) }));
		assert.equal(await send(house, lines, body), status, lines.join());
		assert.equal(await wasMade(house, email), false, lines.join());
	};
	const asItIs = (json: string) => json;
	for (const type of FALSE_TYPES) {
		await assertRefused([`Content-Type: ${type}`], asItIs, 415);
	}
	await assertRefused([], asItIs, 415);
	await assertRefused(["Content-Type: text/plain", "Content-Type: application/json"], asItIs, 415);
	await assertRefused(["Content-Type: text/plain", "X-Content-Type: application/json"], asItIs, 415);
	await assertRefused(["Content-Type: application/json\u000b"], asItIs, 400);
	for (const charset of FALSE_CHARSETS) {
		for (const type of ["application/json", "application/graphql"]) {
			await assertRefused([`Content-Type: ${type}; charset=${charset}`], asItIs, 415);
		}
	}
	await assertRefused(["Content-Type: application/json; charset=utf-7"], inUtf7, 415);
	await assertRefused(["Content-Type: application/json; charset=utf-16; charset=utf-8"], asItIs, 415);
	// What is said to be UTF-8 is read as nothing else, whatever mark stands before it.
	const marked = (mark: string, encoding: BufferEncoding) => (json: string) =>
		`${mark}${Buffer.from(json, encoding).toString("latin1")}`;
	for (const type of ["application/json", "application/json; charset=utf-8"]) {
		const lines = [`Content-Type: ${type}`];
		await assertRefused(lines, marked("\xff\xfe", "utf16le"), 400);
		await assertRefused(lines, marked("", "utf16le"), 400);
		await assertRefused(lines, marked("+/v8-", "utf8"), 400);
		await assertRefused(lines, inUtf7, 400);
		await assertRefused(lines, (json) => `${json}\xff`, 400);
	}
	for (const encoding of ["gzip", "br", "identity", "deflate, gzip", "x"]) {
		const lines = ["Content-Type: application/json", `Content-Encoding: ${encoding}`];
		await assertRefused(lines, asItIs, 415);
	}
	for (const [index, type] of [
		"application/json",
		"application/json;charset=utf-8",
		'APPLICATION/JSON ; Charset="UTF-8"',
	].entries()) {
		const email = `asked${index}@example.com`;
		assert.equal(
			await send(house, [`Content-Type: ${type}`], JSON.stringify({ query: making(email) })),
			200,
			type,
		);
		assert.equal(await wasMade(house, email), true, type);
	}
});

const times = (count: number, write: (index: number) => string) =>
	Array.from({ length: count }, (_, index) => write(index)).join(" ");

/** Documents whose cost a validator finds by comparing everything with everything, as large as they are wanted. */
const COSTLY: Readonly<Record<string, (size: number) => string>> = {
	"equal fields": (size) => `{ ${times(size / 4, () => "shop { name }")} }`,
	"equal fields with arguments": (size) =>
		`{ ${times(size / 10, (i) => `products(first: ${i % 250}) { nodes { id } }`)} }`,
	"equal keys": (size) => `{ shop { ${times(size / 3, (i) => `a: ${i % 2 ? "id" : "name"}`)} } }`,
	"a fragment that doubles": (size) => {
		const count = Math.floor(size / 14);
		const doubling = times(
			count,
			(i) => `fragment f${i} on QueryRoot { shop { id } ...f${i + 1} ...f${i + 1} }`,
		);
		return `{ ...f0 } ${doubling} fragment f${count} on QueryRoot { shop { id } }`;
	},
	"fragments of all fragments": (size) => {
		const count = Math.floor(Math.sqrt(size / 2));
		return `{ ...f0 } ${times(count, (i) => `fragment f${i} on QueryRoot { shop { id } ${times(count - i - 1, (other) => `...f${i + 1 + other}`)} }`)}`;
	},
	"fragments in a circle": (size) =>
		`{ ...f0 } ${times(size / 8, (i) => `fragment f${i} on QueryRoot { ...f${(i + 1) % Math.floor(size / 8)} }`)}`,
	"spreads of one fragment": (size) =>
		`{ ${times(size / 2, () => "...f")} } fragment f on QueryRoot { shop { id } }`,
	"inline fragments": (size) => `{ ${times(size / 9, () => "... on QueryRoot { shop { id } }")} }`,
	"one in another": (size) => `{ ${"... { ".repeat(size / 4)} shop { id } ${"} ".repeat(size / 4)} }`,
	"unknown fields": (size) => `{ ${times(size, (i) => `x${i}`)} }`,
	"directives of one field": (size) => `{ shop { id ${times(size / 6, () => "@skip(if: false)")} } }`,
	"unknown directives": (size) => `{ shop { id ${times(size / 2, (i) => `@x${i}`)} } }`,
	"equal arguments": (size) => `{ products(${times(size / 3, () => "first: 1")}) { nodes { id } } }`,
	"variables that nobody uses": (size) =>
		`query(${times(size / 4, (i) => `$x${i}: String`)}) { shop { id } }`,
	"members that nobody knows": (size) =>
		`mutation { customerCreate(input: { ${times(size / 3, (i) => `x${i}: 1`)} }) { customer { id } } }`,
	"a list of lists": (size) => `{ nodes(ids: ${"[".repeat(size / 2)}${"]".repeat(size / 2)}) { id } }`,
};
/** Of the processor, for one document of either size. */
const MOST_MS = 300;

for (const version of VERSIONS) {
	test(`graphql-js CVE-2023-26144: no document costs more than its length (${version})`, async () => {
		await using house = await openHouse();
		await house.ask("{ shop { id } }", {}, { version });
		for (const [shape, write] of Object.entries(COSTLY)) {
			// As large as is still looked at, and as large as a body can be.
			const [looked, whole] = [write(2400), write(20_000).slice(0, 64_000)];
			for (const query of [looked, whole]) {
				let told = "";
				const took = await processorTimeOf(async () => {
					const { data, errors } = await house.ask(query, {}, { version });
					assert.ok(data ?? errors, shape);
					told = JSON.stringify(errors?.[0] ?? "");
				});
				assert.ok(took < MOST_MS, `${shape}, ${query.length} characters: ${took} ms`);
				// Too large a document is refused for its size, before anything compares it with itself.
				const isBounded = /too large|max depth|MAX_COMPLEXITY_EXCEEDED/.test(told);
				if (query === whole) assert.ok(isBounded, `${shape}: ${told.slice(0, 200)}`);
			}
		}
	});
}
