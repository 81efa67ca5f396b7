// Requests of up to 64 KiB that ask for as much work as requests of their kind can: for the longest block.

/** As large as a body may be. */
export const MAX_BYTES = 64 * 1024;

/** The body of a request; of two turns never the same, so that none finds its document in the cache. */
type Case = (turn: number) => string;

/** How much a document may hold. */
interface Room {
	readonly bytes: number;
	readonly tokens: number;
}

/** As large as a body may be, and as large as a document may be that is not refused for its number of tokens. */
const ROOMS: readonly Room[] = [
	{ bytes: MAX_BYTES - 400, tokens: Number.POSITIVE_INFINITY },
	{ bytes: MAX_BYTES - 400, tokens: 2990 },
];

/** As often as it fits between the two ends, the body's own JSON escapes counted. */
function fill(room: Room, open: string, write: (index: number) => string, close: string): string {
	let bytes = room.bytes - escapedLength(open + close);
	let tokens = room.tokens - countTokens(open + close);
	let text = "";
	for (let index = 0; ; index++) {
		const next = write(index);
		bytes -= escapedLength(next);
		tokens -= countTokens(next);
		if (bytes < 0 || tokens < 0) return open + text + close;
		text += next;
	}
}

function countTokens(text: string): number {
	return text.match(/"""[\s\S]*?"""|"[^"]*"|\.\.\.|\w+|[^\s\w,]/g)?.length ?? 0;
}

/** Numbers from 0: so many, or fewer where things of so many tokens would not fit. */
function upTo(room: Room, most: number, tokensEach: number): number[] {
	return Array.from({ length: Math.min(most, Math.floor(room.tokens / tokensEach)) }, (_, index) => index);
}

function escapedLength(text: string): number {
	return Buffer.byteLength(JSON.stringify(text)) - 2;
}

function nest(open: string, inside: string, close: string, times: number): string {
	return open.repeat(times) + inside + close.repeat(times);
}

/** Fragments of which each spreads the next in some way, so many that they fit. */
function chain(
	room: Room,
	head: string,
	type: string,
	write: (next: string) => string,
	last: string,
): string {
	const text = fill(room, head, (i) => `fragment f${i} on ${type}{${write(`...f${i + 1}`)}}`, "");
	return `${text}fragment f${text.split("fragment ").length - 1} on ${type}{${last}}`;
}

function pagesOfPages(depth: number): string {
	return nest("products(first:1){nodes{collections(first:1){nodes{", "id", "}}}}", depth);
}

const ID = '"gid://shopify/Page/1"';
const ALL_OF_A_TYPE = "name fields(includeDeprecated:true){name args{name type{name}}type{kind name}}";

const documents: Readonly<Record<string, (room: Room) => string>> = {
	"a field under many aliases": (room) => fill(room, "{shop{", (i) => `a${i}:id `, "}}"),
	"one field many times": (room) => fill(room, "{shop{", () => "id ", "}}"),
	"one object many times": (room) => fill(room, "{", () => "shop{id}", "}"),
	"an object under many aliases": (room) => fill(room, "{", (i) => `a${i}:shop{id}`, "}"),
	"localization under many aliases": (room) =>
		fill(room, "{", (i) => `a${i}:localization{country{name}}`, "}"),
	"customers under many aliases": (room) =>
		fill(room, "{", (i) => `a${i}:customer(customerAccessToken:"x"){id}`, "}"),
	"renewals under many aliases": (room) =>
		fill(
			room,
			"mutation{",
			(i) => `a${i}:customerAccessTokenRenew(customerAccessToken:"x"){__typename}`,
			"}",
		),
	"errors under many aliases": (room) => fill(room, "mutation{", (i) => `a${i}:cartCreate{cart{id}}`, "}"),
	"pages under many aliases": (room) =>
		fill(room, "{", (i) => `a${i}:products(first:250){nodes{id}edges{node{id}}}`, "}"),
	"inline fragments": (room) => fill(room, "{shop{", () => "...{id}", "}}"),
	"inline fragments, nested": (room) => fill(room, "{", () => nest("...{", "shop{id}", "}", 90), "}"),
	"pages of pages, nested": (room) => fill(room, "{", (i) => `a${i}:collection{${pagesOfPages(20)}}`, "}"),
	"fragments in a chain": (room) => chain(room, "{shop{...f0}}", "Shop", (next) => next, "id"),
	"fragments that spread the next twice": (room) =>
		chain(room, "{shop{...f0}}", "Shop", (next) => `${next} ${next}`, "id"),
	"fragments that spread the next under two aliases": (room) =>
		chain(
			room,
			'{menu(handle:"x"){items{...f0}}}',
			"MenuItem",
			(next) => `a:items{${next}}b:items{${next}}`,
			"id",
		),
	"fragments on a connection, twice each": (room) =>
		chain(room, "{products(first:1){...f0}}", "ProductConnection", (next) => `${next} ${next}`, "nodes{id}"),
	"fragments on pages of pages": (room) =>
		chain(
			room,
			"{products(first:1){...f0}}",
			"ProductConnection",
			(next) =>
				`a:nodes{collections(first:1){nodes{products(first:1){${next}}}}}b:nodes{collections(first:1){nodes{products(first:1){${next}}}}}`,
			"nodes{id}",
		),
	"many fragments, all spread at one place": (room) => {
		const indexes = upTo(room, 1700, 9);
		return `{shop{${indexes.map((i) => `...f${i}`).join(" ")}}}${indexes.map((i) => `fragment f${i} on Shop{id}`).join("")}`;
	},
	"many variables": (room) => {
		const indexes = upTo(room, 1500, 16);
		const declared = indexes.map((i) => `$v${i}:String`).join(" ");
		return `query(${declared}){${indexes.map((i) => `a${i}:page(handle:$v${i}){id}`).join("")}}`;
	},
	"directives under many aliases": (room) => fill(room, "{shop{", (i) => `a${i}:id@skip(if:false)`, "}}"),
	"one directive many times": (room) => fill(room, "{shop{id", () => "@skip(if:false)", "}}"),
	"many conditions": (room) => {
		const indexes = upTo(room, 1200, 18);
		const declared = indexes.map((i) => `$v${i}:Boolean=true`).join(" ");
		return `query(${declared}){shop{${indexes.map((i) => `a${i}:id@skip(if:$v${i})`).join(" ")}}}`;
	},
	"wide input objects": (room) =>
		fill(room, "{", (i) => `a${i}:shop{metafields(identifiers:[${'{key:"a"}'.repeat(200)}]){id}}`, "}"),
	"lists of ids": (room) => fill(room, "{", (i) => `a${i}:nodes(ids:[${`${ID},`.repeat(240)}]){id}`, "}"),
	"objects in lists in objects": (room) =>
		fill(
			room,
			"{",
			(i) =>
				`a${i}:product(handle:"x"){variantBySelectedOptions(selectedOptions:[${'{name:"a",value:"b"}'.repeat(200)}]){id}}`,
			"}",
		),
	"introspection of everything, once more and more": (room) =>
		fill(room, "{", (i) => `a${i}:__schema{types{${ALL_OF_A_TYPE}}}`, "}"),
	"introspection of everything, one leaf under many aliases": (room) =>
		fill(room, "{__schema{types{", (i) => `a${i}:name `, "}}}"),
	"introspection of everything, leaves under 200 aliases": () =>
		`{__schema{types{${Array.from({ length: 200 }, (_, i) => `a${i}:name`).join(" ")}}}}`,
	"introspection, nested as deep as allowed": () =>
		`{__schema{types{fields{type{fields{type{name ${nest("ofType{", "name", "}", 8)}}}}}}}}`,
	"introspection of one type, again and again": (room) =>
		fill(room, "{", (i) => `a${i}:__type(name:"QueryRoot"){${ALL_OF_A_TYPE}}`, "}"),
	"fields in conflict": (room) => fill(room, "{", (i) => `page(handle:"${i}"){id}`, "}"),
	"fields that only just are in no conflict": (room) =>
		fill(
			room,
			'{node(id:"gid://shopify/Page/1"){',
			(i) => `...on ${i % 2 ? "Page" : "Product"}{x:${i % 2 ? "title" : "handle"} y:metafield(key:"k"){id}}`,
			"}}",
		),
	"merged objects, nested": (room) => fill(room, "{", () => `collection{${pagesOfPages(20)}}`, "}"),
	"fields that do not exist": (room) => fill(room, "{shop{", (i) => `x${i} `, "}}"),
	"arguments that do not exist": (room) => fill(room, "{shop{id(", (i) => `x${i}:1 `, ")}}"),
	"strings, many and short": (room) => fill(room, "{", (i) => `a${i}:page(handle:"x"){id}`, "}"),
	"a string, long": (room) => fill(room, '{page(handle:"', () => "x", '"){id}}'),
	"a string, long, of escapes": (room) => fill(room, '{page(handle:"', () => "\\u0041", '"){id}}'),
	"a block string, long, of lines": (room) => fill(room, '{page(handle:"""', () => "  x\n", '"""){id}}'),
	"an end that is missing": (room) => fill(room, "{shop{", (i) => `a${i}:id `, "}"),
	"brackets that never close": (room) => fill(room, "{a(b:", () => "[", ""),
	"a comment, with names that lifting might choose": (room) =>
		fill(room, '{page(handle:""){id}} # literal', () => "_", ""),
	commas: (room) => fill(room, "{shop{id", () => ",", "}}"),
	"operations, many": (room) => fill(room, "", (i) => `query Q${i}{shop{id}}`, ""),
	"operations, many, that share many fragments": (room) => {
		const indexes = upTo(room, 1000, 14);
		const fragments = indexes.map((i) => `fragment f${i} on QueryRoot{...f${i + 1}}`).join("");
		const last = `fragment f${indexes.length} on QueryRoot{shop{id}}`;
		return `${indexes.map((i) => `query Q${i}{...f0}`).join("")}${fragments}${last}`;
	},
};

const ADDRESS =
	'mutation($a:MailingAddressInput!){customerAddressCreate(customerAccessToken:"x",address:$a){customerAddress{id}}}';
const TOKEN = "query($t:String!){customer(customerAccessToken:$t){id}}";
const SIGN_UP = "mutation($i:CustomerCreateInput!){customerCreate(input:$i){customer{id}}}";
const IDENTIFIERS = "query($i:[HasMetafieldsIdentifier!]!){shop{metafields(identifiers:$i){id}}}";

const BODY: Room = { bytes: MAX_BYTES - 400, tokens: Number.POSITIVE_INFINITY };

const variables: Readonly<Record<string, { readonly query: string; readonly json: () => string }>> = {
	"variables: a long string": { query: TOKEN, json: () => fill(BODY, '{"t":"', () => "x", '"}') },
	"variables: an address of letters with marks": {
		query: ADDRESS,
		json: () => fill(BODY, '{"a":{"address1":"', () => "a\u0301\u0328", '"}}'),
	},
	"variables: an address of almost tags": {
		query: ADDRESS,
		json: () => fill(BODY, '{"a":{"address1":"', () => "<a<", '"}}'),
	},
	"variables: an address of almost URLs": {
		query: ADDRESS,
		json: () => fill(BODY, '{"a":{"city":"', () => "http:/www.", '"}}'),
	},
	"variables: a list of numbers for a string": {
		query: TOKEN,
		json: () => fill(BODY, '{"t":[0', () => ",1", "]}"),
	},
	"variables: lists in lists": { query: TOKEN, json: () => `{"t":${nest("[", "1", "]", 32_000)}}` },
	"variables: members that do not exist": {
		query: SIGN_UP,
		json: () => fill(BODY, '{"i":{"a":1', (i) => `,"b${i}":1`, "}}"),
	},
	"variables: a list of objects": {
		query: IDENTIFIERS,
		json: () => `{"i":[${'{"key":"a"},'.repeat(249)}{"key":"a"}]}`,
	},
	"variables: a list of ids, under many aliases": {
		query: `query($i:[ID!]!){${Array.from({ length: 240 }, (_, i) => `a${i}:nodes(ids:$i){id}`).join("")}}`,
		json: () => `{"i":[${Array(250).fill(ID).join(",")}]}`,
	},
	"variables: a list of wrong objects": {
		query: IDENTIFIERS,
		json: () => fill(BODY, '{"i":[{}', () => ",{}", "]}"),
	},
	"variables: many that are not declared": {
		query: TOKEN,
		json: () => fill(BODY, '{"t":"x"', (i) => `,"b${i}":1`, "}"),
	},
};

export const CASES: readonly (readonly [string, Case])[] = [
	...Object.entries(documents).flatMap(([name, write]) =>
		[...new Set(ROOMS.map(write))].map((query): [string, Case] => [
			name,
			(turn) => JSON.stringify({ query: `${query} # ${turn}` }),
		]),
	),
	...Object.entries(variables).map(([name, { query, json }]): [string, Case] => {
		const given = json();
		return [name, (turn) => `{"query":${JSON.stringify(`${query} # ${turn}`)},"variables":${given}}`];
	}),
];
