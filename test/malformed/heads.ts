// Heads of requests that nobody should send: headers, methods, paths, and bytes that are hardly HTTP.
import fc from "fast-check";
import { PATH, type Request } from "./sending.ts";
import { VALID } from "./texts.ts";

/** Any that a client lets through: all but one of Latin-1's. */
function headerCharacter(code: number): string {
	return String.fromCharCode(code === 0x7f ? 0x20 : code);
}

const printable = fc.string({
	unit: fc.integer({ min: 0x20, max: 0xff }).map(headerCharacter),
});
const contentTypes = fc.constantFrom(
	...[
		"",
		"text/plain",
		"application/json;charset=utf-16",
		"application/json; charset=",
		"application/json;;;",
	],
	...[
		"multipart/form-data; boundary=x",
		"application/x-www-form-urlencoded",
		"application/graphql+json",
		";",
	],
	...['application/json; charset="utf-8', "APPLICATION/JSON", `application/json;${"a".repeat(8000)}`],
);
const header = fc.oneof(
	fc.record({ "Content-Type": fc.oneof(contentTypes, printable) }),
	fc.record({
		"Content-Encoding": fc.oneof(fc.constantFrom("gzip", "br", "identity", "deflate, gzip"), printable),
	}),
	fc.record({
		"X-Shopify-Storefront-Access-Token": fc.oneof(fc.constantFrom("", ",", "a".repeat(9000)), printable),
	}),
	fc.record({ "Shopify-Storefront-Private-Token": printable }),
	fc.record({ Host: printable.map((text) => text.trim() || "x"), "X-Forwarded-Host": printable }),
	fc.record({
		Accept: printable,
		Origin: printable,
		"Accept-Encoding": printable,
		"Accept-Language": printable,
	}),
	fc.record({ "X-Long": fc.integer({ min: 0, max: 20_000 }).map((length) => "y".repeat(length)) }),
	fc.record({
		Cookie: printable,
		Authorization: printable,
		Range: fc.constant("bytes=0-1"),
		TE: printable,
	}),
	fc.constant({ Expect: "100-continue" }),
	fc.constant({ Expect: "a miracle" }),
) as fc.Arbitrary<Record<string, string>>;
const paths = fc.oneof(
	fc.constantFrom(
		"/",
		"//",
		"/api",
		"/api/",
		"/api//graphql.json",
		"/api/%00/graphql.json",
		"/api/2026-13/graphql.json",
	),
	fc.constantFrom(
		"/api/__proto__/graphql",
		"/api/../etc/passwd",
		`/api/${"1".repeat(9000)}/graphql`,
		"/_dev/nothing",
	),
	fc.constantFrom(
		`${PATH}?query=%7Bshop%7Bid%7D%7D`,
		`${PATH}#x`,
		`${PATH}/`,
		"/API/2026-04/GRAPHQL.JSON",
		"/_dev/clock",
	),
	fc.webPath().map((path) => `/${path}`),
	fc.webPath().map((path) => `/api/${path}/graphql.json`),
);
const methods = fc.constantFrom(
	"POST",
	"PUT",
	"PATCH",
	"DELETE",
	"HEAD",
	"OPTIONS",
	"GET",
	"TRACE",
	"QUERY",
	"PROPFIND",
);
/** Requests whose head is odd and whose body is well. */
export const oddRequests: fc.Arbitrary<Request> = fc.oneof(
	fc.record({ headers: header, body: fc.constant(VALID) }),
	fc.record({
		method: methods,
		path: fc.oneof(paths, fc.constant(PATH)),
		body: fc.constantFrom(VALID, ""),
	}),
	fc.record({ path: paths, body: fc.constantFrom(VALID, "") }),
);

const oddLine = fc.constantFrom(
	...[
		"Content-Length: -1",
		"Content-Length: 99999999999999999999",
		"Content-Length: 5, 5",
		"Content-Length: 0x10",
	],
	...[
		"Content-Length: 5\r\nContent-Length: 6",
		"Transfer-Encoding: chunked, identity",
		"Transfer-Encoding: xchunked",
	],
	...[
		"transfer-encoding:\tchunked",
		"Transfer-Encoding: chunked\r\nContent-Length: 4",
		"X: a\r\n b",
		"X : a",
		": a",
	],
	...["X", "X: a\nY: b", "X: \0", "X: é", "Host: a\r\nHost: b", "Host: a b", `X: ${"z".repeat(17_000)}`],
	...["Connection: keep-alive", "Connection: Upgrade\r\nUpgrade: websocket", "Expect: 100-continue"],
	...["X-Shopify-Storefront-Access-Token: a\r\nSet-Cookie: b=c", "Content-Type: application/json"],
);
const firstLine = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(`POST ${PATH} HTTP/1.1`) },
	fc.constantFrom(
		...[
			`POST ${PATH} HTTP/1.0`,
			`POST ${PATH} HTTP/9.9`,
			`POST ${PATH}`,
			`post ${PATH} HTTP/1.1`,
			"POST * HTTP/1.1",
		],
		...[
			`POST http://a${PATH} HTTP/1.1`,
			"OPTIONS * HTTP/1.1",
			"CONNECT a:1 HTTP/1.1",
			"PRI * HTTP/2.0",
			"",
			"\r\n\r\n",
		],
		...[`POST ${PATH}\0 HTTP/1.1`, `POST  ${PATH}  HTTP/1.1`, "POST /api/é HTTP/1.1", "\x16\x03\x01\x02"],
		`POST /${"p".repeat(17_000)} HTTP/1.1`,
	),
);
/** A body, and the line that says how long it is, truly or not. */
const body = fc.constantFrom(
	...[
		`Content-Length: ${VALID.length}`,
		"Content-Length: 5",
		"Content-Length: 70000",
		"Content-Length: 0",
		"X: y",
	].map((line) => [line, VALID]),
	...[
		...[
			"5\r\nhello\r\n0\r\n\r\n",
			"fffffffffffffffff\r\n",
			"-1\r\n",
			"5\r\nhel",
			"0\r\nX: trailer\r\n\r\n",
			"\0".repeat(100),
		],
		...[`3;${"x".repeat(20_000)}\r\nabc\r\n`, `0\r\n\r\nPOST ${PATH} HTTP/1.1\r\nHost: a\r\n\r\n`],
		`${VALID.length.toString(16)}\r\n${VALID}\r\n0\r\n\r\n`,
	].map((chunks) => ["Transfer-Encoding: chunked", chunks]),
);

/** What is written to a socket as it is. */
export const oddBytes: fc.Arbitrary<string> = fc
	.tuple(firstLine, body, fc.array(oddLine, { maxLength: 2 }), fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"))
	.map(([first, [length, text], odd, end]) =>
		[first, "Host: localhost", "Content-Type: application/json", length, ...odd, "", text].join(end),
	);
