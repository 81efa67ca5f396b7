// What is said of variables that are not fit, and what becomes of those that are.
import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "graphql";
import { globalIdProblem, scalarProblem } from "../../src/storefront/scalars.ts";
import { validateDocument } from "../../src/storefront/validation-wording.ts";
import { compileVariables } from "../../src/storefront/variables.ts";
import { operationOf, read, rowsOf, schema } from "./table.ts";

const variables = rowsOf(`
query Q($t: String!) { customer(customerAccessToken: $t) { id } }
	with {}
	Variable $t of type String! was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}
query Q($t: String!) { customer(customerAccessToken: $t) { id } }
	with {"t":null}
	Variable $t of type String! was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}
query Q($t: String!, $n: Int) { customer(customerAccessToken: $t) { id } products(first: $n) { nodes { id } } }
	with {"t":1,"n":"1.5"}
	Variable $t of type String! was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":1,"problems":[{"path":[],"explanation":"Could not coerce value 1 to String"}]}
	Variable $n of type Int was provided invalid value
		at 1:22 {"code":"INVALID_VARIABLE","value":"1.5","problems":[{"path":[],"explanation":"Could not coerce value \\"1.5\\" to Int"}]}
mutation M(⏎  $input: CustomerAccessTokenCreateInput!⏎) { customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken } } }
	with {"input":{"email":"a@b.c"}}
	Variable $input of type CustomerAccessTokenCreateInput! was provided invalid value for password (Expected value to not be null)
		at 2:3 {"code":"INVALID_VARIABLE","value":{"email":"a@b.c"},"problems":[{"path":["password"],"explanation":"Expected value to not be null"}]}
mutation M($input: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken } } }
	with {"input":{"bogus":1,"password":null}}
	Variable $input of type CustomerAccessTokenCreateInput! was provided invalid value for bogus (Field is not defined on CustomerAccessTokenCreateInput), password (Expected value to not be null), email (Expected value to not be null)
		at 1:12 {"code":"INVALID_VARIABLE","value":{"bogus":1,"password":null},"problems":[{"path":["bogus"],"explanation":"Field is not defined on CustomerAccessTokenCreateInput"},{"path":["password"],"explanation":"Expected value to not be null"},{"path":["email"],"explanation":"Expected value to not be null"}]}
mutation M($input: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken } } }
	with {"input":[]}
	Variable $input of type CustomerAccessTokenCreateInput! was provided invalid value
		at 1:12 {"code":"INVALID_VARIABLE","value":[],"problems":[{"path":[],"explanation":"Expected [] to be a key-value object."}]}
query Q($m: [HasMetafieldsIdentifier!]!) { product(handle: "x") { metafields(identifiers: $m) { id } } }
	with {"m":[{"key":"a"},{"key":null},null]}
	Variable $m of type [HasMetafieldsIdentifier!]! was provided invalid value for 1.key (Expected value to not be null), 2 (Expected value to not be null)
		at 1:9 {"code":"INVALID_VARIABLE","value":[{"key":"a"},{"key":null},null],"problems":[{"path":[1,"key"],"explanation":"Expected value to not be null"},{"path":[2],"explanation":"Expected value to not be null"}]}
query Q($k: CropRegion) { product(handle: "x") { featuredImage { url(transform: {crop: $k}) } } }
	with {"k":"NOPE"}
	Variable $k of type CropRegion was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":"NOPE","problems":[{"path":[],"explanation":"Expected \\"NOPE\\" to be one of: BOTTOM, CENTER, LEFT, RIGHT, TOP"}]}
query Q($id: ID!) { node(id: $id) { id } }
	with {"id":"not-a-gid"}
	Variable $id of type ID! was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":"not-a-gid","problems":[{"path":[],"explanation":"Invalid global id 'not-a-gid'","message":"Invalid global id 'not-a-gid'"}]}
query Q($id: ID!) { node(id: $id) { id } }
	with {"id":5}
	Variable $id of type ID! was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":5,"problems":[{"path":[],"explanation":"Invalid global id '5'","message":"Invalid global id '5'"}]}
query Q($id: ID!) { node(id: $id) { id } }
	with {"id":true}
	Variable $id of type ID! was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to ID"}]}
mutation M($u: URL!) { customerActivateByUrl(activationUrl: $u, password: "x") { customer { id } } }
	with {"u":"not-a-url"}
	Variable $u of type URL! was provided invalid value
		at 1:12 {"code":"INVALID_VARIABLE","value":"not-a-url","problems":[{"path":[],"explanation":"Invalid url 'not-a-url', missing scheme","message":"Invalid url 'not-a-url', missing scheme"}]}
mutation M($m: MoneyInput!) { shopPayPaymentRequestSessionCreate(sourceIdentifier: "x", paymentRequest: {locale: "en", presentmentCurrency: CAD, subtotal: $m, total: $m}) { userErrors { field } } }
	with {"m":{"amount":"x","currencyCode":"CAD"}}
	Variable $m of type MoneyInput! was provided invalid value for amount (invalid decimal 'x')
		at 1:12 {"code":"INVALID_VARIABLE","value":{"amount":"x","currencyCode":"CAD"},"problems":[{"path":["amount"],"explanation":"invalid decimal 'x'","message":"invalid decimal 'x'"}]}
query Q($i: Pick) { pick(one: $i) }
	with {"i":{"a":1,"b":"x"}}
	Variable $i of type Pick was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":{"a":1,"b":"x"},"problems":[{"path":[],"explanation":"'Pick' requires exactly one argument, but 2 were provided."}]}
query Q($i: Pick) { pick(one: $i) }
	with {"i":{"a":null}}
	Variable $i of type Pick was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":{"a":null},"problems":[{"path":[],"explanation":"'Pick' requires exactly one argument, but 'a' was \`null\`."}]}
query Q($a: Int, $b: Float) { pick(json: {a: $a, b: $b}) }
	with {"a":2147483648,"b":"x"}
	Variable $a of type Int was provided invalid value
		at 1:9 {"code":"INVALID_VARIABLE","value":2147483648,"problems":[{"path":[],"explanation":"Could not coerce value 2147483648 to Int"}]}
	Variable $b of type Float was provided invalid value
		at 1:18 {"code":"INVALID_VARIABLE","value":"x","problems":[{"path":[],"explanation":"Could not coerce value \\"x\\" to Float"}]}
`);

for (const { document, given, errors } of variables) {
	test(`says what is wrong with ${JSON.stringify(given)} sent for ${document}`, () => {
		const parsed = read(document);
		assert.deepEqual(validateDocument(schema, parsed), []);
		const answer = compileVariables(schema, operationOf(parsed))(given);
		assert.equal(JSON.stringify(answer), JSON.stringify({ errors }));
	});
}

test("refuses a list of more than 250 items, in a document and in a variable", () => {
	const gids = Array.from({ length: 251 }, (_, index) => `gid://shopify/Product/${index}`);
	const message = "The input array size of 251 is greater than the maximum allowed of 250.";
	const extensions = { code: "MAX_INPUT_SIZE_EXCEEDED" };
	const written = read(`query Q { p: nodes(ids: ${JSON.stringify(gids)}) { id } }`);
	assert.deepEqual(validateDocument(schema, written), [
		{ message, locations: [{ line: 1, column: 11 }], path: ["p", "ids"], extensions },
	]);
	const open = compileVariables(
		schema,
		operationOf(read("query Q($ids: [ID!]!) { p: nodes(ids: $ids) { id } }")),
	);
	assert.deepEqual(open({ ids: gids }), {
		errors: [{ message, locations: [{ line: 1, column: 25 }], path: ["p", "ids"], extensions }],
	});
	assert.ok("values" in open({ ids: gids.slice(1) }));
	const nested = operationOf(read("mutation M($i: CartInput!) { cartCreate(input: $i) { cart { id } } }"));
	const codes = gids.map(() => "x");
	assert.deepEqual(compileVariables(schema, nested)({ i: { discountCodes: codes } }), {
		errors: [
			{
				message,
				locations: [{ line: 1, column: 30 }],
				path: ["cartCreate", "input", "discountCodes"],
				extensions,
			},
		],
	});
});

test("coerces variables as the specification says", () => {
	const text = `query Q($a: Int = 5, $b: Int, $c: [[Int!]], $d: Pick, $f: Float) { pick(json: [$a, $b, $c, $d, $f]) }`;
	const coerce = compileVariables(schema, operationOf(parse(text)));
	const values = (given: Record<string, unknown>) => JSON.parse(JSON.stringify(coerce(given)));
	assert.deepEqual(values({}), { values: { a: 5 } });
	assert.deepEqual(values({ a: null, b: null, other: 1 }), { values: { a: null, b: null } });
	assert.deepEqual(values({ c: 1, d: { a: 1 }, f: 2 }), { values: { a: 5, c: [[1]], d: { a: 1 }, f: 2 } });
	assert.deepEqual(values({ c: [1, null] }), { values: { a: 5, c: [[1], null] } });
	const defaults = operationOf(parse("query Q($l: [CartLineInput!]) { pick(json: $l) }"));
	const line = { merchandiseId: "gid://shopify/ProductVariant/1" };
	assert.deepEqual(JSON.parse(JSON.stringify(compileVariables(schema, defaults)({ l: line }))), {
		values: { l: [{ ...line, quantity: 1 }] },
	});
});

function problemsOf(answer: ReturnType<ReturnType<typeof compileVariables>>): { explanation: string }[] {
	assert.ok("errors" in answer);
	return answer.errors.flatMap(({ extensions }) => extensions?.["problems"] as { explanation: string }[]);
}

test("touches no prototype and breaks on no value", () => {
	const create =
		"mutation M($input: CustomerCreateInput!) { customerCreate(input: $input) { customer { id } } }";
	const coerce = compileVariables(schema, operationOf(read(create)));
	const hostile = JSON.parse('{"email":"a","password":"b","__proto__":{"x":1},"constructor":2,"toString":3}');
	const answer = coerce({ input: hostile });
	assert.deepEqual(
		problemsOf(answer).map(({ explanation }) => explanation),
		Array(3).fill("Field is not defined on CustomerCreateInput"),
	);
	assert.equal(Object.hasOwn(Object.prototype, "x"), false);
	for (const input of ["\ud800", JSON.parse("[".repeat(50_000) + "]".repeat(50_000)), { email: "\udfff" }]) {
		assert.equal(typeof JSON.stringify(coerce({ input })), "string");
	}
	const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1]));
	assert.equal(problemsOf(coerce({ input: many })).length, 50);
});

test("takes the scalars' published forms and no others", () => {
	const good: Record<string, unknown[]> = {
		ID: ["gid://shopify/Customer/1", "gid://shopify/Cart/a?key=b", "gid://shopify/A/1/2"],
		URL: ["https://a.example/b?c#d", "http://u:p@h:1/x", "ftp://h"],
		DateTime: ["2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123+02:00", "2024-01-01"],
		Decimal: ["1", "-1.50", "1e3", 2.5],
		UnsignedInt64: ["0", "18446744073709551615", 5],
	};
	const bad: Record<string, unknown[]> = {
		ID: [
			"",
			"5",
			"gid://",
			"gid://shopify",
			"gid://shopify/Customer",
			"gid://shopify/Customer/",
			"gid:///C/1",
			5,
		],
		URL: [
			"",
			"x",
			"//h/p",
			"https:",
			"https:x",
			"https://",
			"https:///p",
			"https://:80",
			"https://u@/p",
			"https://[",
		],
		DateTime: ["", "now", "2024-02-30", "2024-13-01", "2024-01-01T24:00:00Z", "20240101"],
		Decimal: ["", "x", "1.", ".5", "1,5"],
		UnsignedInt64: ["", "-1", "1.5", "x", "18446744073709551616", -1],
	};
	for (const [name, values] of Object.entries(good)) {
		for (const value of values) assert.equal(scalarProblem(name, value), null, `${name} ${value}`);
	}
	for (const [name, values] of Object.entries(bad)) {
		for (const value of values) assert.notEqual(scalarProblem(name, value), null, `${name} ${value}`);
	}
	assert.equal(globalIdProblem(true), null);
});
