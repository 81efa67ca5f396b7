// Whether a document is valid is as graphql-js has it: only the words are others.
import assert from "node:assert/strict";
import test from "node:test";
import { parse, validate } from "graphql";
import { validateDocument } from "../../src/storefront/validation-wording.ts";
import { read, schema } from "./table.ts";

const valid = `
{ shop { name } }
{ shop { id name description moneyFormat paymentSettings { currencyCode } } }
query Q { shop { name } }
query A { shop { name } } query B { shop { id } }
query Q($t: String!) { customer(customerAccessToken: $t) { id firstName lastName email phone acceptsMarketing createdAt defaultAddress { id } addresses(first: 5) { nodes { id address1 city } } } }
mutation M($t: String!) { customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { accessToken expiresAt } userErrors { field message } } }
mutation { customerCreate(input: {email: "a@b.c", password: "secret"}) { customer { id } customerUserErrors { field message code } } }
mutation M($input: CustomerCreateInput!) { customerCreate(input: $input) { customer { id } } }
mutation M($email: String!, $password: String!) { customerCreate(input: {email: $email, password: $password}) { customer { id } } }
mutation M($a: MailingAddressInput!, $t: String!) { customerAddressCreate(customerAccessToken: $t, address: $a) { customerAddress { id } } }
query Q($first: Int = 5) { products(first: $first) { nodes { id } } }
query Q($first: Int! = 5) { products(first: $first) { nodes { id } } }
query Q($key: ProductSortKeys = TITLE) { products(first: 1, sortKey: $key) { nodes { id } } }
query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }
query Q($id: ID!) { nodes(ids: [$id, $id]) { id } }
query Q($a: Boolean!, $b: Boolean = true) { shop { name @include(if: $a) @skip(if: $b) } }
query Q($c: CountryCode) @inContext(country: $c) { shop { name } }
query Q @inContext(country: CA, language: EN) { shop { name } }
query Q($t: String!) @inContext(buyer: {customerAccessToken: $t}) { shop { name } }
{ shop { ...F } } fragment F on Shop { name ...G } fragment G on Shop { id }
{ shop { ... { name } ... on Shop { id } } }
{ node(id: "gid://shopify/Product/1") { id ... on Product { title } ... on Collection { title } } }
{ node(id: "gid://shopify/Product/1") { ... on HasMetafields { metafield(key: "a") { id } } } }
{ search(query: "x", first: 1) { nodes { __typename ... on Product { title } ... on Page { body } ... on Node { id } } } }
{ shop { name name } }
{ shop { a: name b: name } }
{ a: products(first: 1) { nodes { id } } b: products(first: 2) { nodes { id } } }
{ products(first: 1) { nodes { id } } products(first: 1) { nodes { title } } }
{ node(id: "gid://shopify/P/1") { ... on Product { a: title } ... on Collection { a: handle } } }
{ node(id: "gid://shopify/P/1") { ... on Product { metafield(key: "a") { id } } ... on Collection { metafield(key: "b") { id } } } }
{ products(first: 1, query: null) { nodes { id } } }
{ products(first: 1, reverse: true) { nodes { id } } }
{ collection(handle: "x") { products(first: 1, filters: {available: true}) { nodes { id } } } }
{ collection(handle: "x") { products(first: 1, filters: [{price: {min: 1, max: 2.5}}, {tag: "x"}]) { nodes { id } } } }
{ product(handle: "x") { metafields(identifiers: []) { id } } }
{ product(handle: "x") { metafields(identifiers: {key: "a"}) { id } } }
{ product(handle: "x") { metafields(identifiers: [{key: "a", namespace: "b"}]) { id } } }
{ product(handle: "x") { featuredImage { url(transform: {crop: TOP, maxWidth: 10}) } } }
query Q($n: String) { product(handle: "x") { metafield(key: "a", namespace: $n) { id } } }
query Q($n: String) { product(handle: "x") { metafields(identifiers: [{key: "a", namespace: $n}]) { id } } }
query Q($k: String!) { product(handle: "x") { metafields(identifiers: [{key: $k}]) { id } } }
query Q($c: CropRegion) { product(handle: "x") { featuredImage { url(transform: {crop: $c}) } } }
query Q($s: Int) { product(handle: "x") { featuredImage { url(transform: {scale: $s}) } } }
query Q($t: String!) { ...F } fragment F on QueryRoot { customer(customerAccessToken: $t) { ...C } } fragment C on Customer { id }
query A($t: String!) { ...F } query B($t: String!) { ...F } fragment F on QueryRoot { customer(customerAccessToken: $t) { id } }
{ __typename }
{ __schema { queryType { name } types { name kind fields { name type { name ofType { name } } } } } }
{ __type(name: "Customer") { name fields(includeDeprecated: true) { name } } }
{ shop { ... @defer { name } } }
{ shop { ...F @defer(label: "a") } } fragment F on Shop { name }
query Q($d: Boolean = false) { shop { ... @defer(if: $d, label: "x") { name } } }
mutation M { cartCreate(input: {lines: [{merchandiseId: "gid://shopify/ProductVariant/1", quantity: 2}]}) { cart { id } } }
mutation M($l: [CartLineInput!]!) { cartLinesAdd(cartId: "gid://shopify/Cart/a?key=b", lines: $l) { cart { id totalQuantity } userErrors { field } } }
mutation M($u: URL!) { customerResetByUrl(resetUrl: $u, password: "x") { customer { id } } }
mutation M { customerActivateByUrl(activationUrl: "https://shop.example/account/activate/1/abc", password: "x") { customer { id } } }
mutation M { a: customerRecover(email: "a") { userErrors { field } } b: customerRecover(email: "b") { userErrors { field } } }
{ shop { name @include(if: true) @skip(if: false) } }
{ localization { country { isoCode } availableLanguages { isoCode } } }
{ menu(handle: "main") { items { title items { title resource { ... on Collection { id } } } } } }
{ cart(id: "gid://shopify/Cart/a") { lines(first: 1) { nodes { ... on CartLine { id } ... on BaseCartLine { quantity } } } } }
query Q($t: String!, $f: Int, $a: String) { customer(customerAccessToken: $t) { orders(first: $f, after: $a, sortKey: PROCESSED_AT, reverse: true) { nodes { id name } pageInfo { hasNextPage } } } }
{ pick(one: {a: 1}) }
query Q($a: Int!) { pick(one: {a: $a}) }
query Q($p: Pick!) { pick(one: $p) }
{ pick(json: {a: [1, "x", {b: null}], c: FOO}) }
{ pick(grid: [[1, 2], [3]]) }
{ pick(grid: 1) }
query Q($r: [Int!]) { pick(grid: [$r, [1]]) }
`;

const invalid = `
query Q($id: ID!) { nodes(ids: $id) { id } }
{ shop }
{ nope }
{ shop { name { x } } }
{ shop { nope } }
{ shop { ...F } }
{ shop { name } } fragment F on Shop { name }
{ shop { ...F } } fragment F on Shop { ...F }
{ shop { ...F } } fragment F on Shop { ...G } fragment G on Shop { ...F }
{ shop { name } } fragment F on Shop { ...G } fragment G on Shop { name }
{ shop { ...F } } fragment F on Product { id }
{ shop { ... on Product { id } } }
{ shop { ... on Nope { id } } }
{ shop { ... on String { id } } }
{ shop { ... on CustomerCreateInput { email } } }
{ customer { id } }
{ customer(customerAccessToken: null) { id } }
{ customer(customerAccessToken: 1) { id } }
{ customer(customerAccessToken: "x", nope: 1) { id } }
{ customer(customerAccessToken: "x", customerAccessToken: "y") { id } }
{ products(first: "1") { nodes { id } } }
{ products(first: 1.0) { nodes { id } } }
{ products(first: 2147483648) { nodes { id } } }
{ products(first: 1, sortKey: "TITLE") { nodes { id } } }
{ products(first: 1, sortKey: NOPE) { nodes { id } } }
{ products(first: 1, reverse: 1) { nodes { id } } }
{ products(first: [1]) { nodes { id } } }
{ product(handle: "x") { metafields(identifiers: [null]) { id } } }
{ product(handle: "x") { metafields(identifiers: [{namespace: "a"}]) { id } } }
{ product(handle: "x") { metafields(identifiers: [{key: "a", nope: 1}]) { id } } }
{ product(handle: "x") { metafields(identifiers: "a") { id } } }
{ product(handle: "x") { metafields(identifiers: [[{key: "a"}]]) { id } } }
mutation { customerCreate(input: {email: "a"}) { customer { id } } }
mutation { customerCreate(input: {email: "a", password: null}) { customer { id } } }
mutation { customerCreate(input: {email: "a", email: "b", password: "x"}) { customer { id } } }
mutation { customerCreate(input: null) { customer { id } } }
mutation { nope { id } }
subscription { shop { name } }
query Q($a: Int) { shop { name } }
query Q { products(first: $a) { nodes { id } } }
query Q { ...F } fragment F on QueryRoot { products(first: $a) { nodes { id } } }
query A($a: Int) { ...F } query B { ...F } fragment F on QueryRoot { products(first: $a) { nodes { id } } }
query Q($t: String) { customer(customerAccessToken: $t) { id } }
query Q($t: String = null) { customer(customerAccessToken: $t) { id } }
query Q($t: Int!) { customer(customerAccessToken: $t) { id } }
query Q($t: [String!]!) { customer(customerAccessToken: $t) { id } }
query Q($t: Nope) { products(first: $t) { nodes { id } } }
query Q($t: Shop) { products(first: $t) { nodes { id } } }
query Q($a: Int = "x") { products(first: $a) { nodes { id } } }
query Q($a: Int! = null) { products(first: $a) { nodes { id } } }
query Q($a: Int, $a: Int) { products(first: $a) { nodes { id } } }
query Q($a: [ID] = []) { nodes(ids: $a) { id } }
query Q($a: Boolean) { shop { name @include(if: $a) } }
query A { shop { name } } query A { shop { id } }
{ shop { name } } { shop { id } }
{ shop { name } } query A { shop { id } }
{ shop { ...F } } fragment F on Shop { name } fragment F on Shop { id }
{ shop { a: name a: id } }
{ shop { ...F a: name } } fragment F on Shop { a: id }
{ products(first: 1) { nodes { id } } products(first: 2) { nodes { id } } }
{ a: shop { x: name } ...F } fragment F on QueryRoot { a: shop { x: id } }
{ node(id: "gid://shopify/P/1") { ... on Product { a: title } ... on Shop { a: id } } }
{ node(id: "gid://shopify/P/1") { a: id ... on Product { a: title } } }
{ shop { name @nope } }
{ shop { name @include } }
{ shop { name @include(if: 1) } }
{ shop { name @include(if: true, nope: 1) } }
{ shop { name @skip(if: true) @skip(if: false) } }
{ shop @inContext(country: CA) { name } }
query Q($a: Int @include(if: true)) { products(first: $a) { nodes { id } } }
{ search(query: "x", first: 1) { nodes { title } } }
{ search(query: "x", first: 1) { nodes } }
{ shop { ... @defer(label: "a") { name } ... @defer(label: "a") { id } } }
query Q($l: String) { shop { ... @defer(label: $l) { name } } }
mutation { ... @defer { customerRecover(email: "x") { userErrors { field } } } }
{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }
type T { a: Int }
{ shop { name } } type T { a: Int }
{ pick(one: {}) }
{ pick(one: {a: 1, b: "x"}) }
{ pick(one: {a: null}) }
query Q($a: Int) { pick(one: {a: $a}) }
{ pick(json: {a: 1, a: 2}) }
{ pick(grid: [[1, null]]) }
{ pick(grid: ["x"]) }
`;

test("calls valid what graphql-js calls valid", () => {
	for (const text of valid.trim().split("\n")) {
		assert.deepEqual(validate(schema, parse(text)), [], text);
		assert.deepEqual(validateDocument(schema, read(text)), [], text);
	}
});

test("calls invalid what graphql-js calls invalid", () => {
	for (const text of invalid.trim().split("\n")) {
		assert.notDeepEqual(validate(schema, parse(text)), [], text);
		assert.notDeepEqual(validateDocument(schema, read(text)), [], text);
	}
});
