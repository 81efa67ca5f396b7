// The longest time for which one request of up to 64 KiB keeps the server from everyone else: worst cases of every
// kind, each sent while another connection asks `/healthz` again and again and times the answers.
import { connect, type Socket } from "node:net";

export interface LongestBlock {
	readonly name: string;
	readonly bytes: number;
	readonly blockMs: number;
}

/** The body of a request; of two turns never the same, so that none finds its document in the cache. */
type Case = (turn: number) => string;

const MAX_BYTES = 64 * 1024;
const REPEATS = 5;
/** Between two questions of the other connection. */
const PAUSE_MS = 1;
/** How long the idle server is watched. */
const IDLE_MS = 1000;
const ANSWER_TIMEOUT_MS = 60_000;

/** As often as it fits between the two ends, the body's own JSON escapes counted. */
function fill(open: string, write: (index: number) => string, close: string): string {
	const budget = MAX_BYTES - 400 - escapedLength(open) - escapedLength(close);
	let text = "";
	let length = 0;
	for (let index = 0; ; index++) {
		const next = write(index);
		length += escapedLength(next);
		if (length > budget) return open + text + close;
		text += next;
	}
}

function escapedLength(text: string): number {
	return JSON.stringify(text).length - 2;
}

function nest(open: string, inside: string, close: string, times: number): string {
	return open.repeat(times) + inside + close.repeat(times);
}

/** Fragments of which each spreads the next in some way, so many that they fit. */
function chain(head: string, type: string, write: (next: string) => string, last: string): string {
	const text = fill(head, (i) => `fragment f${i} on ${type}{${write(`...f${i + 1}`)}}`, "");
	return `${text}fragment f${text.split("fragment ").length - 1} on ${type}{${last}}`;
}

function pagesOfPages(depth: number): string {
	return nest("products(first:1){nodes{collections(first:1){nodes{", "id", "}}}}", depth);
}

const ID = '"gid://shopify/Page/1"';
const ALL_OF_A_TYPE = "name fields(includeDeprecated:true){name args{name type{name}}type{kind name}}";

const documents: Readonly<Record<string, () => string>> = {
	"a field under many aliases": () => fill("{shop{", (i) => `a${i}:id `, "}}"),
	"one field many times": () => fill("{shop{", () => "id ", "}}"),
	"one object many times": () => fill("{", () => "shop{id}", "}"),
	"an object under many aliases": () => fill("{", (i) => `a${i}:shop{id}`, "}"),
	"localization under many aliases": () => fill("{", (i) => `a${i}:localization{country{name}}`, "}"),
	"customers under many aliases": () => fill("{", (i) => `a${i}:customer(customerAccessToken:"x"){id}`, "}"),
	"renewals under many aliases": () =>
		fill("mutation{", (i) => `a${i}:customerAccessTokenRenew(customerAccessToken:"x"){__typename}`, "}"),
	"errors under many aliases": () => fill("mutation{", (i) => `a${i}:cartCreate{cart{id}}`, "}"),
	"pages under many aliases": () =>
		fill("{", (i) => `a${i}:products(first:250){nodes{id}edges{node{id}}}`, "}"),
	"inline fragments": () => fill("{shop{", () => "...{id}", "}}"),
	"inline fragments, nested": () => fill("{", () => nest("...{", "shop{id}", "}", 90), "}"),
	"pages of pages, nested": () => fill("{", (i) => `a${i}:collection{${pagesOfPages(20)}}`, "}"),
	"fragments in a chain": () => chain("{shop{...f0}}", "Shop", (next) => next, "id"),
	"fragments that spread the next twice": () =>
		chain("{shop{...f0}}", "Shop", (next) => `${next} ${next}`, "id"),
	"fragments that spread the next under two aliases": () =>
		chain('{menu(handle:"x"){items{...f0}}}', "MenuItem", (next) => `a:items{${next}}b:items{${next}}`, "id"),
	"fragments on a connection, twice each": () =>
		chain("{products(first:1){...f0}}", "ProductConnection", (next) => `${next} ${next}`, "nodes{id}"),
	"fragments on pages of pages": () =>
		chain(
			"{products(first:1){...f0}}",
			"ProductConnection",
			(next) =>
				`a:nodes{collections(first:1){nodes{products(first:1){${next}}}}}b:nodes{collections(first:1){nodes{products(first:1){${next}}}}}`,
			"nodes{id}",
		),
	"many fragments, all spread at one place": () => {
		const indexes = Array.from({ length: 1700 }, (_, i) => i);
		const spreads = indexes.map((i) => `...f${i}`).join(" ");
		return `{shop{${spreads}}}${indexes.map((i) => `fragment f${i} on Shop{id}`).join("")}`;
	},
	"many variables": () => {
		const count = 1500;
		const declared = Array.from({ length: count }, (_, i) => `$v${i}:String`).join(" ");
		return `query(${declared}){${Array.from({ length: count }, (_, i) => `a${i}:page(handle:$v${i}){id}`).join("")}}`;
	},
	"many conditions": () => {
		const count = 1200;
		const declared = Array.from({ length: count }, (_, i) => `$v${i}:Boolean=true`).join(" ");
		return `query(${declared}){shop{${Array.from({ length: count }, (_, i) => `a${i}:id@skip(if:$v${i})`).join(" ")}}}`;
	},
	"wide input objects": () =>
		fill("{", (i) => `a${i}:shop{metafields(identifiers:[${'{key:"a"}'.repeat(200)}]){id}}`, "}"),
	"lists of ids": () => fill("{", (i) => `a${i}:nodes(ids:[${`${ID},`.repeat(240)}]){id}`, "}"),
	"objects in lists in objects": () =>
		fill(
			"{",
			(i) =>
				`a${i}:product(handle:"x"){variantBySelectedOptions(selectedOptions:[${'{name:"a",value:"b"}'.repeat(200)}]){id}}`,
			"}",
		),
	"introspection of everything, once more and more": () =>
		fill("{", (i) => `a${i}:__schema{types{${ALL_OF_A_TYPE}}}`, "}"),
	"introspection of everything, one leaf under many aliases": () =>
		fill("{__schema{types{", (i) => `a${i}:name `, "}}}"),
	"introspection, nested as deep as allowed": () =>
		`{__schema{types{fields{type{fields{type{name ${nest("ofType{", "name", "}", 8)}}}}}}}}`,
	"introspection of one type, again and again": () =>
		fill("{", (i) => `a${i}:__type(name:"QueryRoot"){${ALL_OF_A_TYPE}}`, "}"),
	"fields in conflict": () => fill("{", (i) => `page(handle:"${i}"){id}`, "}"),
	"fields that only just are in no conflict": () =>
		fill(
			'{node(id:"gid://shopify/Page/1"){',
			(i) => `...on ${i % 2 ? "Page" : "Product"}{x:${i % 2 ? "title" : "handle"} y:metafield(key:"k"){id}}`,
			"}}",
		),
	"merged objects, nested": () => fill("{", () => `collection{${pagesOfPages(20)}}`, "}"),
	"fields that do not exist": () => fill("{shop{", (i) => `x${i} `, "}}"),
	"arguments that do not exist": () => fill("{shop{id(", (i) => `x${i}:1 `, ")}}"),
	"strings, many and short": () => fill("{", (i) => `a${i}:page(handle:"x"){id}`, "}"),
	"a string, long": () => fill('{page(handle:"', () => "x", '"){id}}'),
	"a string, long, of escapes": () => fill('{page(handle:"', () => "\\u0041", '"){id}}'),
	"a block string, long, of lines": () => fill('{page(handle:"""', () => "  x\n", '"""){id}}'),
	"an end that is missing": () => fill("{shop{", (i) => `a${i}:id `, "}"),
	"brackets that never close": () => fill("{a(b:", () => "[", ""),
	"a comment, with names that lifting might choose": () =>
		fill('{page(handle:""){id}} # literal', () => "_", ""),
	commas: () => fill("{shop{id", () => ",", "}}"),
	"operations, many": () => fill("", (i) => `query Q${i}{shop{id}}`, ""),
	"operations, many, that share many fragments": () => {
		const indexes = Array.from({ length: 1000 }, (_, i) => i);
		const fragments = indexes.map((i) => `fragment f${i} on QueryRoot{...f${i + 1}}`).join("");
		return `${indexes.map((i) => `query Q${i}{...f0}`).join("")}${fragments}fragment f1000 on QueryRoot{shop{id}}`;
	},
};

const TOKEN = "query($t:String!){customer(customerAccessToken:$t){id}}";
const SIGN_UP = "mutation($i:CustomerCreateInput!){customerCreate(input:$i){customer{id}}}";
const IDENTIFIERS = "query($i:[HasMetafieldsIdentifier!]!){shop{metafields(identifiers:$i){id}}}";

const variables: Readonly<Record<string, { readonly query: string; readonly json: () => string }>> = {
	"variables: a long string": { query: TOKEN, json: () => fill('{"t":"', () => "x", '"}') },
	"variables: a list of numbers for a string": {
		query: TOKEN,
		json: () => fill('{"t":[0', () => ",1", "]}"),
	},
	"variables: lists in lists": { query: TOKEN, json: () => `{"t":${nest("[", "1", "]", 32_000)}}` },
	"variables: members that do not exist": {
		query: SIGN_UP,
		json: () => fill('{"i":{"a":1', (i) => `,"b${i}":1`, "}}"),
	},
	"variables: a list of objects": {
		query: IDENTIFIERS,
		json: () => `{"i":[${'{"key":"a"},'.repeat(249)}{"key":"a"}]}`,
	},
	"variables: a list of wrong objects": {
		query: IDENTIFIERS,
		json: () => fill('{"i":[{}', () => ",{}", "]}"),
	},
	"variables: many that are not declared": {
		query: TOKEN,
		json: () => fill('{"t":"x"', (i) => `,"b${i}":1`, "}"),
	},
};

const CASES: readonly (readonly [string, Case])[] = [
	...Object.entries(documents).map(([name, write]): [string, Case] => {
		const query = write();
		return [name, (turn) => JSON.stringify({ query: `${query} # ${turn}` })];
	}),
	...Object.entries(variables).map(([name, { query, json }]): [string, Case] => {
		const given = json();
		return [name, (turn) => `{"query":${JSON.stringify(`${query} # ${turn}`)},"variables":${given}}`];
	}),
];

/**
 * The medians over some repeats, of the idle server first. `url` is that of a server in another process, `token` its
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
		results.push({ name, bytes, blockMs: median(gaps) });
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
