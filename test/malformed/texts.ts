// Bodies and documents that somebody thought of, for all that chance would not come upon.
import { READ } from "../house.ts";
import { MAX_BODY_BYTES } from "./sending.ts";

export const VALID = JSON.stringify({ query: READ, variables: { t: "x" }, operationName: null });
const DEEP = 20_000;

export const HOSTILE_BODIES: readonly string[] = [
	...[
		"",
		"null",
		"true",
		"0",
		'"{shop{id}}"',
		"[]",
		"{}",
		`[${VALID}]`,
		"NaN",
		"undefined",
		"'x'",
		"{query:1}",
	],
	...[
		`\uFEFF${VALID}`,
		`${VALID}\uFEFF`,
		`\uFEFF\uFEFF${VALID}`,
		`${VALID}${VALID}`,
		`${VALID},`,
		`/**/${VALID}`,
	],
	...["[".repeat(DEEP), `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`, '{"a":'.repeat(9000)],
	`{"query":"{shop{id}}","variables":${'{"a":'.repeat(9000)}1${"}".repeat(9000)}}`,
	`{"query":${JSON.stringify(READ)},"variables":{"t":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}}`,
	'{"query":"{shop{id}}","query":1}',
	'{"query":1,"query":"{shop{id}}","variables":[],"variables":{}}',
	'{"__proto__":{"query":"{shop{id}}"}}',
	'{"query":"{shop{id}}","__proto__":null,"constructor":{"prototype":{"x":1}},"variables":{"__proto__":{"t":1}}}',
	`{"query":${JSON.stringify(READ)},"variables":{"t":1e999}}`,
	`{"query":${JSON.stringify(READ)},"variables":{"t":${"9".repeat(5000)}}}`,
	`{"query":${JSON.stringify(READ)},"variables":{"t":"\\ud800"}}`,
	`{"query":${JSON.stringify(READ)},"variables":{"t":"\\u0000"}}`,
	'{"query":"{shop{id}} # \\ud800"}',
	'{"query":"{page(handle:\\"\\udfff\\"){id}}"}',
	'{"query":"{shop{id}}","operationName":{"a":1}}',
	'{"query":"{shop{id}}","operationName":"__proto__"}',
	'{"query":"query constructor{shop{id}}","operationName":"toString"}',
	'{"query":"{shop{id}}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}',
	`{"query":"${"\\n".repeat(30_000)}"}`,
	"x".repeat(MAX_BODY_BYTES + 1),
	`{"query":"${" ".repeat(200_000)}"}`,
];

const repeat = (count: number, write: (index: number) => string) =>
	Array.from({ length: count }, (_, i) => write(i)).join("");
/** Documents that ask for much work in few characters. */
export const BOMBS: readonly string[] = [
	`{shop{${repeat(6000, (i) => `a${i}:id `)}}}`,
	`{${repeat(10_000, () => "a:shop{id}").slice(0, 60_000)}`,
	`{${"shop{".repeat(10_000)}`,
	`{${"...{".repeat(12_000)}shop{id}${"}".repeat(12_001)}`,
	`{${"...{".repeat(2000)}shop{id}${"}".repeat(2001)}`,
	`{menu(handle:"x"){${"items{".repeat(5000)}id${"}".repeat(5002)}`,
	`{shop{...f0}}${repeat(900, (i) => `fragment f${i} on Shop{a:brand{slogan}...f${i + 1} ...f${i + 1}}`)}fragment f900 on Shop{id}`,
	`{menu(handle:"x"){...f0}}fragment f0 on Menu{items{...g0}}${repeat(900, (i) => `fragment g${i} on MenuItem{a:items{...g${i + 1}}b:items{...g${i + 1}}}`)}fragment g900 on MenuItem{id}`,
	`{products(first:1){...f0}}${repeat(800, (i) => `fragment f${i} on ProductConnection{...f${i + 1} ...f${i + 1}}`)}fragment f800 on ProductConnection{nodes{id}}`,
	"{shop{...f}}fragment f on Shop{...g}fragment g on Shop{...f}",
	'"described" query Q{shop{...f}} """described""" fragment f on Shop{id}',
	`{__schema{types{${"ofType{".repeat(3)}name${"}".repeat(3)}fields{type{fields{type{name}}}}}}}`,
	`{${repeat(25, (i) => `a${i}:__schema{types{name fields(includeDeprecated:true){name args{name type{name}} type{name}}}}`)}}`,
	`query(${repeat(3000, (i) => `$v${i}:String `)}){shop{id}}`,
	`{shop{${repeat(3000, () => "id @skip(if:true) ")}}}`,
	`{node(id:"${"x".repeat(60_000)}"){id}}`,
	`{shop{metafields(identifiers:[${repeat(2000, () => '{key:"a"}')}]){id}}}`,
	`{products(first:1,filters:${"[".repeat(9000)}${"]".repeat(9000)}){nodes{id}}}`,
	`{shop{id}}${"#\n".repeat(30_000)}`,
	`"""${"\\".repeat(60_000)}`,
	`${'"'.repeat(60_000)}`,
];
