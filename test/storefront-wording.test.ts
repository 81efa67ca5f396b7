// What a client is told about a document or a variable that is not fit, held against what is known of Shopify: every
// row is one document and the errors it gets, in the exact order of their keys. And against graphql-js: what is valid
// there is valid here, and a variable that it takes comes to the same value.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import fc from "fast-check";
import {
	buildSchema,
	type DocumentNode,
	extendSchema,
	type GraphQLInputType,
	type GraphQLSchema,
	getVariableValues,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
	isRequiredInputField,
	Kind,
	type OperationDefinitionNode,
	parse,
	typeFromAST,
	validate,
} from "graphql";
import { attachScalars, globalIdProblem, scalarProblem } from "../src/storefront/scalars.ts";
import { parseDocument, validateDocument } from "../src/storefront/validation-wording.ts";
import { compileVariables } from "../src/storefront/variables.ts";
import type { WireError } from "../src/storefront/wire-error.ts";

function publishedSchema(): GraphQLSchema {
	const read = (name: string) =>
		readFileSync(new URL(`../src/storefront/schema/${name}.graphql`, import.meta.url), "utf8");
	const published = buildSchema(read("customer") + read("catalogue"), { assumeValid: true });
	// The published schema has no oneOf input, no list in a list and takes no JSON.
	const more = `
		extend type QueryRoot { pick(one: Pick, json: JSON, grid: [[Int!]]): String }
		input Pick @oneOf { a: Int b: String }`;
	return extendSchema(published, parse(more), { assumeValid: true });
}

const schema = publishedSchema();
attachScalars(schema);

function read(text: string): DocumentNode {
	const parsed = parseDocument(text);
	if ("errors" in parsed) assert.fail(`${text}: ${JSON.stringify(parsed.errors)}`);
	return parsed.document;
}

function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
	const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
	assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
	return operation;
}

/** A row of the tables below: a document, what is sent with it, and the errors. */
interface Row {
	readonly document: string;
	readonly given: Record<string, unknown>;
	readonly errors: readonly WireError[];
}

/** Reads a table: a document on a line by itself, under it `with` variables and, two lines each, its errors. */
function rowsOf(table: string): Row[] {
	const rows: (Row & { errors: WireError[] })[] = [];
	let message = "";
	for (const line of table.split("\n")) {
		const row = rows.at(-1);
		const [, at = "", path, extensions = ""] = /^\t\tat ([\d: ]+)(?: in (\[.*?\]))? (\{.*)$/.exec(line) ?? [];
		if (line === "" || line.startsWith("#")) continue;
		if (!line.startsWith("\t")) rows.push({ document: line.replaceAll("⏎", "\n"), given: {}, errors: [] });
		else if (line.startsWith("\twith ")) Object.assign(row?.given ?? {}, JSON.parse(line.slice(6)));
		else if (!line.startsWith("\t\t")) message = line.slice(1);
		else {
			const locations = at.split(" ").map((place) => {
				const [first, second] = place.split(":");
				return { line: Number(first), column: Number(second) };
			});
			const error = path ? { message, locations, path: JSON.parse(path) } : { message, locations };
			row?.errors.push({ ...error, extensions: JSON.parse(extensions) });
		}
	}
	return rows;
}

const documents = rowsOf(`
# unknown names
query Q { shop { nope } }
	Field 'nope' doesn't exist on type 'Shop'
		at 1:18 in ["query Q","shop","nope"] {"code":"undefinedField","typeName":"Shop","fieldName":"nope"}
query Q { shop { n: nope } customer { nope } }
	Field 'nope' doesn't exist on type 'Shop'
		at 1:18 in ["query Q","shop","n"] {"code":"undefinedField","typeName":"Shop","fieldName":"nope"}
	Field 'customer' is missing required arguments: customerAccessToken
		at 1:28 in ["query Q","customer"] {"code":"missingRequiredArguments","className":"Field","name":"customer","arguments":"customerAccessToken"}
	Field 'nope' doesn't exist on type 'Customer'
		at 1:39 in ["query Q","customer","nope"] {"code":"undefinedField","typeName":"Customer","fieldName":"nope"}
{ node(id: "gid://shopify/Product/1") { ... on Product { nope } } }
	Field 'nope' doesn't exist on type 'Product'
		at 1:58 in ["query","node","... on Product","nope"] {"code":"undefinedField","typeName":"Product","fieldName":"nope"}
query Q { a: shop(x: 1) { name } }
	Field 'a' doesn't accept argument 'x'
		at 1:19 in ["query Q","a","x"] {"code":"argumentNotAccepted","name":"a","typeName":"Field","argumentName":"x"}
mutation M { customerCreate(input: {email: "a@b.c", password: "x", bogus: 1}) { customer { id } } }
	InputObject 'CustomerCreateInput' doesn't accept argument 'bogus'
		at 1:68 in ["mutation M","customerCreate","input","bogus"] {"code":"argumentNotAccepted","name":"CustomerCreateInput","typeName":"InputObject","argumentName":"bogus"}
{ shop { name @include(if: true, x: 1) } }
	Directive 'include' doesn't accept argument 'x'
		at 1:34 in ["query","shop","name","x"] {"code":"argumentNotAccepted","name":"include","typeName":"Directive","argumentName":"x"}
{ node(id: "gid://shopify/Product/1") { ... on Nope { id } } }
	No such type Nope, so it can't be a fragment condition
		at 1:41 in ["query","node","... on Nope"] {"code":"undefinedType","typeName":"Nope"}
query Q($a: Nope) { products(first: $a) { nodes { id } } }
	Nope isn't a defined input type (on $a)
		at 1:9 in ["query Q"] {"code":"variableRequiresValidType","typeName":"Nope","variableName":"a"}
query Q($a: Shop) { products(first: 1) { nodes { id } } }
	Shop isn't a valid input type (on $a)
		at 1:9 in ["query Q"] {"code":"variableRequiresValidType","typeName":"Shop","variableName":"a"}
	Variable $a is declared by Q but not used
		at 1:1 in ["query Q"] {"code":"variableNotUsed","variableName":"a"}
{ shop { name @nope } }
	Directive @nope is not defined
		at 1:15 in ["query","shop","name"] {"code":"undefinedDirective","directiveName":"nope"}
query Q { shop { ...F } }
	Fragment F was used, but not defined
		at 1:18 in ["query Q","shop","... F"] {"code":"useAndDefineFragment","fragmentName":"F"}
{ shop { constructor __proto__ } }
	Field 'constructor' doesn't exist on type 'Shop'
		at 1:10 in ["query","shop","constructor"] {"code":"undefinedField","typeName":"Shop","fieldName":"constructor"}
	Field '__proto__' doesn't exist on type 'Shop'
		at 1:22 in ["query","shop","__proto__"] {"code":"undefinedField","typeName":"Shop","fieldName":"__proto__"}
# what is missing
query Q { c: customer { id } }
	Field 'customer' is missing required arguments: customerAccessToken
		at 1:11 in ["query Q","c"] {"code":"missingRequiredArguments","className":"Field","name":"customer","arguments":"customerAccessToken"}
{ shop { name @include } }
	Directive 'include' is missing required arguments: if
		at 1:15 in ["query","shop","name"] {"code":"missingRequiredArguments","className":"Directive","name":"include","arguments":"if"}
mutation M { customerCreate(input: {email: "a@b.c"}) { customer { id } } }
	Argument 'password' on InputObject 'CustomerCreateInput' is required. Expected type String!
		at 1:36 in ["mutation M","customerCreate","input","password"] {"code":"missingRequiredInputObjectAttribute","argumentName":"password","argumentType":"String!","inputObjectType":"CustomerCreateInput"}
{ product(handle: "x") { metafields(identifiers: [{key: "a"}, {}]) { id } } }
	Argument 'key' on InputObject 'HasMetafieldsIdentifier' is required. Expected type String!
		at 1:63 in ["query","product","metafields","identifiers",1,"key"] {"code":"missingRequiredInputObjectAttribute","argumentName":"key","argumentType":"String!","inputObjectType":"HasMetafieldsIdentifier"}
{ product(handle: "x") { metafields(identifiers: {}) { id } } }
	Argument 'key' on InputObject 'HasMetafieldsIdentifier' is required. Expected type String!
		at 1:50 in ["query","product","metafields","identifiers",0,"key"] {"code":"missingRequiredInputObjectAttribute","argumentName":"key","argumentType":"String!","inputObjectType":"HasMetafieldsIdentifier"}
# literals
mutation M { r: customerRecover(email: null) { userErrors { field } } }
	Argument 'email' on Field 'r' has an invalid value (null). Expected type 'String!'.
		at 1:14 in ["mutation M","r","email"] {"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"email"}
mutation M { customerCreate(input: {email: 42, password: "x"}) { customer { id } } }
	Argument 'email' on InputObject 'CustomerCreateInput' has an invalid value (42). Expected type 'String!'.
		at 1:36 in ["mutation M","customerCreate","input","email"] {"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"email"}
{ products(first: 1, sortKey: NOPE) { nodes { id } } }
	Argument 'sortKey' on Field 'products' has an invalid value (NOPE). Expected type 'ProductSortKeys'.
		at 1:3 in ["query","products","sortKey"] {"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"sortKey"}
{ products(first: 99999999999) { nodes { id } } }
	Argument 'first' on Field 'products' has an invalid value (99999999999). Expected type 'Int'.
		at 1:3 in ["query","products","first"] {"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"first"}
{ shop { name @include(if: "x") } }
	Argument 'if' on Directive 'include' has an invalid value ("x"). Expected type 'Boolean!'.
		at 1:15 in ["query","shop","name","if"] {"code":"argumentLiteralsIncompatible","typeName":"Directive","argumentName":"if"}
{ nodes(ids: ["gid://shopify/Product/1", true]) { id } }
	Argument 'ids' on Field 'nodes' has an invalid value (["gid://shopify/Product/1", true]). Expected type '[ID!]!'.
		at 1:3 in ["query","nodes","ids"] {"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"ids"}
query Q { node(id: "not-a-gid") { id } }
	Invalid global id 'not-a-gid'
		at 1:11 in ["query Q","node","id"] {"code":"argumentLiteralsIncompatible","typeName":"CoercionError"}
query Q { node(id: 5) { id } }
	Invalid global id '5'
		at 1:11 in ["query Q","node","id"] {"code":"argumentLiteralsIncompatible","typeName":"CoercionError"}
mutation M { customerActivateByUrl(activationUrl: "not-a-url", password: "x") { customer { id } } }
	Invalid url 'not-a-url', missing scheme
		at 1:14 in ["mutation M","customerActivateByUrl","activationUrl"] {"code":"argumentLiteralsIncompatible","typeName":"CoercionError"}
mutation M { customerResetByUrl(resetUrl: "https:///reset", password: "x") { customer { id } } }
	Invalid url 'https:///reset', missing host
		at 1:14 in ["mutation M","customerResetByUrl","resetUrl"] {"code":"argumentLiteralsIncompatible","typeName":"CoercionError"}
mutation M { shopPayPaymentRequestSessionCreate(sourceIdentifier: "x", paymentRequest: {locale: "en", presentmentCurrency: CAD, subtotal: {amount: "x", currencyCode: CAD}, total: {amount: 1, currencyCode: CAD}}) { userErrors { field } } }
	invalid decimal 'x'
		at 1:139 in ["mutation M","shopPayPaymentRequestSessionCreate","paymentRequest","subtotal","amount"] {"code":"argumentLiteralsIncompatible","typeName":"CoercionError"}
query Q($a: Int = "x") { products(first: $a) { nodes { id } } }
	Could not coerce value "x" to Int
		at 1:9 in ["query Q"] {"code":"defaultValueInvalidType","variableName":"a","typeName":"Int"}
query Q($a: CropRegion = XX) { product(handle: "x") { featuredImage { url(transform: {crop: $a}) } } }
	Expected "XX" to be one of: BOTTOM, CENTER, LEFT, RIGHT, TOP
		at 1:9 in ["query Q"] {"code":"defaultValueInvalidType","variableName":"a","typeName":"CropRegion"}
query Q($a: CustomerCreateInput = {email: "x"}) { shop { name } pick(json: $a) }
	Default value for $a doesn't match type CustomerCreateInput
		at 1:9 in ["query Q"] {"code":"defaultValueInvalidType","variableName":"a","typeName":"CustomerCreateInput"}
	Type mismatch on variable $a and argument json (CustomerCreateInput! / JSON)
		at 1:70 in ["query Q","pick","json"] {"code":"variableMismatch","variableName":"a","typeName":"CustomerCreateInput!","argumentName":"json","errorMessage":"Type mismatch"}
# selections
query Q { s: shop }
	Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)
		at 1:11 in ["query Q","s"] {"code":"selectionMismatch","nodeName":"field 'shop'","typeName":"Shop"}
{ shop { name { x ... on Shop { id } ...F } } }
	Selections can't be made on scalars (field 'name' returns String but has selections ["x", "... on Shop { ... }", "F"])
		at 1:10 in ["query","shop","name"] {"code":"selectionMismatch","nodeName":"field 'name'","typeName":"String"}
{ product(handle: "x") { variants(first: 1) { nodes { weightUnit { x } } } } }
	Selections can't be made on enums (field 'weightUnit' returns WeightUnit but has selections ["x"])
		at 1:55 in ["query","product","variants","nodes","weightUnit"] {"code":"selectionMismatch","nodeName":"field 'weightUnit'","typeName":"WeightUnit"}
{ search(query: "x", first: 1) { nodes { title } } }
	Selections can't be made directly on unions (see selections on SearchResultItem)
		at 1:34 in ["query","search","nodes","title"] {"code":"selectionMismatch","nodeName":"SearchResultItem"}
{ shop { ... on Product { id } } }
	Fragment on Product can't be spread inside Shop
		at 1:10 in ["query","shop","... on Product"] {"code":"cannotSpreadFragment","typeName":"Product","fragmentName":"unknown","parentName":"Shop"}
{ shop { ...F } } fragment F on Product { id }
	Fragment F on Product can't be spread inside Shop
		at 1:10 in ["query","shop","... F"] {"code":"cannotSpreadFragment","typeName":"Product","fragmentName":" F","parentName":"Shop"}
{ shop { ... on CountryCode { id } } }
	Invalid fragment on type CountryCode (must be Union, Interface or Object)
		at 1:10 in ["query","shop","... on CountryCode"] {"code":"fragmentOnNonCompositeType","typeName":"CountryCode"}
{ shop { a: name a: id } }
	Field 'a' has a field conflict: name or id?
		at 1:10 1:18 in [] {"code":"fieldConflict","fieldName":"a","conflicts":"name or id"}
{ products(first: 1) { nodes { id } } products(first: 2) { nodes { id } } }
	Field 'products' has an argument conflict: {first:"1"} or {first:"2"}?
		at 1:3 1:39 in [] {"code":"fieldConflict","fieldName":"products","conflicts":"{first:\\"1\\"} or {first:\\"2\\"}"}
{ node(id: "gid://shopify/P/1") { ... on Product { a: title } ... on Shop { a: id } } }
	Field 'a' has a return_type conflict: \`String!\` or \`ID!\`?
		at 1:52 1:77 in [] {"code":"fieldConflict","fieldName":"a","conflicts":"\`String!\` or \`ID!\`"}
# variables
query Q($a: String) { shop { name } }
	Variable $a is declared by Q but not used
		at 1:1 in ["query Q"] {"code":"variableNotUsed","variableName":"a"}
mutation($a: String) { customerRecover(email: "x") { userErrors { field } } }
	Variable $a is declared by anonymous mutation but not used
		at 1:1 in ["mutation"] {"code":"variableNotUsed","variableName":"a"}
query Q { customer(customerAccessToken: $t) { id } }
	Variable $t is used by Q but not declared
		at 1:41 in ["query Q","customer","customerAccessToken"] {"code":"variableNotDefined","variableName":"t"}
{ ...F } fragment F on QueryRoot { customer(customerAccessToken: $t) { id } }
	Variable $t is used by F but not declared
		at 1:66 in ["fragment F","customer","customerAccessToken"] {"code":"variableNotDefined","variableName":"t"}
query Q($t: String) { customer(customerAccessToken: $t) { id } }
	Nullability mismatch on variable $t and argument customerAccessToken (String / String!)
		at 1:32 in ["query Q","customer","customerAccessToken"] {"code":"variableMismatch","variableName":"t","typeName":"String","argumentName":"customerAccessToken","errorMessage":"Nullability mismatch"}
query Q($t: Int!) { customer(customerAccessToken: $t) { id } }
	Type mismatch on variable $t and argument customerAccessToken (Int! / String!)
		at 1:30 in ["query Q","customer","customerAccessToken"] {"code":"variableMismatch","variableName":"t","typeName":"Int!","argumentName":"customerAccessToken","errorMessage":"Type mismatch"}
query Q($id: [ID!]!) { node(id: $id) { id } }
	List dimension mismatch on variable $id and argument id ([ID!]! / ID!)
		at 1:29 in ["query Q","node","id"] {"code":"variableMismatch","variableName":"id","typeName":"[ID!]!","argumentName":"id","errorMessage":"List dimension mismatch"}
query Q($id: String!) { nodes(ids: [$id]) { id } }
	Type mismatch on variable $id and argument ids ([String!]! / [ID!]!)
		at 1:31 in ["query Q","nodes","ids"] {"code":"variableMismatch","variableName":"id","typeName":"[String!]!","argumentName":"ids","errorMessage":"Type mismatch"}
query Q($t: String) { ...F } fragment F on QueryRoot { customer(customerAccessToken: $t) { id } }
	Nullability mismatch on variable $t and argument customerAccessToken (String / String!)
		at 1:65 in ["fragment F","customer","customerAccessToken"] {"code":"variableMismatch","variableName":"t","typeName":"String","argumentName":"customerAccessToken","errorMessage":"Nullability mismatch"}
query Q($a: Int, $a: Int) { products(first: $a) { nodes { id } } }
	There can only be one variable named "a"
		at 1:9 1:18 in ["query Q"] {"code":"variableNotUnique","variableName":"a"}
# fragments, names and directives
{ shop { name } } fragment F on Shop { name }
	Fragment F was defined, but not used
		at 1:19 in ["fragment F"] {"code":"useAndDefineFragment","fragmentName":"F"}
{ shop { ...F } } fragment F on Shop { ...G } fragment G on Shop { ...F }
	Fragment F contains an infinite loop
		at 1:19 in ["fragment F"] {"code":"infiniteLoop","fragmentName":"F"}
	Fragment G contains an infinite loop
		at 1:47 in ["fragment G"] {"code":"infiniteLoop","fragmentName":"G"}
{ shop { ...F } } fragment F on Shop { name } fragment F on Shop { id }
	Fragment name "F" must be unique
		at 1:19 1:47 in [] {"code":"fragmentNotUnique","fragmentName":"F"}
query A { shop { name } } query A { shop { id } }
	Operation name "A" must be unique
		at 1:1 1:27 in [] {"code":"uniquelyNamedOperations","operationName":"A"}
{ shop { name } } query A { shop { id } }
	Operation name is required when multiple operations are present
		at 1:1 in [] {"code":"uniquelyNamedOperations"}
{ products(first: 1, first: 2) { nodes { id } } }
	There can be only one argument named "first"
		at 1:12 1:22 in ["query","products"] {"code":"argumentNotUnique","name":"first"}
mutation M { customerCreate(input: {email: "a", email: "b", password: "x"}) { customer { id } } }
	There can be only one input field named "email"
		at 1:37 1:49 in ["mutation M","customerCreate","input"] {"code":"inputFieldNotUnique","name":"email"}
{ shop { name @include(if: true) @include(if: true) } }
	The directive "include" can only be used once at this location.
		at 1:15 1:34 in ["query","shop","name"] {"code":"directiveNotUniqueForLocation","directiveName":"include"}
{ shop @inContext(country: CA) { name } }
	'@inContext' can't be applied to fields (allowed: mutations, queries)
		at 1:8 in ["query","shop"] {"code":"directiveCannotBeApplied","targetName":"fields","name":"inContext"}
subscription S { shop { name } }
	Schema is not configured for subscriptions
		at 1:1 in ["subscription S"] {"code":"missingSubscriptionConfiguration"}
type T { a: Int }
	Query cannot contain schema definitions
		at 1:1 in [] {"code":"queryContainsSchemaDefinitions"}
# oneOf and scalars of any shape
{ pick(one: {a: 1, b: "x"}) }
	OneOf Input Object 'Pick' must specify exactly one key.
		at 1:13 in ["query","pick","one"] {"code":"invalidOneOfInputObject","inputObjectType":"Pick"}
{ pick(one: {a: null}) }
	Argument 'Pick.a' must be non-null.
		at 1:14 in ["query","pick","one","a"] {"code":"invalidOneOfInputObject","inputObjectType":"Pick"}
query Q($a: Int) { pick(one: {a: $a}) }
	Variable 'a' must be non-nullable to be used for OneOf Input Object 'Pick'.
		at 1:30 in ["query Q","pick","one","a"] {"code":"invalidOneOfInputObject","inputObjectType":"Pick"}
query Q($a: Pick = {a: 1, b: "x"}) { pick(one: $a) }
	\`Pick\` is a OneOf type, so only one argument may be given (instead of 2)
		at 1:9 in ["query Q"] {"code":"defaultValueInvalidType","variableName":"a","typeName":"Pick"}
{ pick(json: {a: {b: 1, b: 2}}) }
	There can be only one input field named "b"
		at 1:19 1:25 in ["query","pick","json"] {"code":"inputFieldNotUnique","name":"b"}
# what graphql-js words
mutation M { ... @defer { customerRecover(email: "x") { userErrors { field } } } }
	Defer directive cannot be used on root mutation type "Mutation".
		at 1:18 in ["mutation M","..."] {"code":"directiveCannotBeApplied","name":"defer"}
{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }
	Maximum introspection depth exceeded
		at 1:3 in ["query","__schema"] {"code":"maxIntrospectionDepthExceeded"}
`);

for (const { document, errors } of documents) {
	test(`says what is wrong with ${document}`, () => {
		assert.equal(JSON.stringify(validateDocument(schema, read(document))), JSON.stringify(errors));
	});
}

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

const unreadable: readonly (readonly [document: string, message: string])[] = [
	["", "syntax error, unexpected end of file at [1, 1]"],
	[" { ", "syntax error, unexpected end of file at [1, 2]"],
	["{\n  shop {\n    name", "syntax error, unexpected end of file at [3, 5]"],
	["{ media {{ id } }", 'syntax error, unexpected LCURLY ("{") at [1, 10]'],
	["{ pe-ople { name } }", 'syntax error, unexpected invalid token ("-") at [1, 5]'],
	['{ search(term: "abc) { id } }', 'syntax error, unexpected invalid token ("\\"") at [1, 16]'],
	["quory Q { a }", 'syntax error, unexpected IDENTIFIER ("quory") at [1, 1]'],
	[
		"mutation (: CustomerInput!) { a }",
		'syntax error, unexpected COLON (":"), expecting VAR_SIGN at [1, 11]',
	],
	["query Q($a: ,) { a }", 'syntax error, unexpected RPAREN (")") at [1, 14]'],
	[
		"query Q($n: Float = 1 e5) { a }",
		'syntax error, unexpected IDENTIFIER ("e5"), expecting RPAREN or VAR_SIGN at [1, 23]',
	],
	["{ a(b: {c: 1 -}) }", 'syntax error, unexpected invalid token ("-"), expecting RCURLY at [1, 14]'],
	["{ a } }", 'syntax error, unexpected RCURLY ("}"), expecting end of file at [1, 7]'],
	["query Q foo { a }", 'syntax error, unexpected IDENTIFIER ("foo"), expecting LCURLY at [1, 9]'],
	["fragment F { a }", 'syntax error, unexpected LCURLY ("{"), expecting ON at [1, 12]'],
	["{ a(b 1) }", 'syntax error, unexpected INT ("1"), expecting COLON at [1, 7]'],
	["{ ... on T 5 }", 'syntax error, unexpected INT ("5"), expecting LCURLY at [1, 12]'],
	["{ a { } }", 'syntax error, unexpected RCURLY ("}") at [1, 7]'],
];

for (const [document, message] of unreadable) {
	test(`says where ${JSON.stringify(document)} stops being GraphQL`, () => {
		const [, line, column] = /\[(\d+), (\d+)\]$/.exec(message) ?? [];
		const locations = [{ line: Number(line), column: Number(column) }];
		const errors = [{ message, locations, extensions: { code: "PARSE_ERROR" } }];
		assert.equal(JSON.stringify(parseDocument(document)), JSON.stringify({ errors }));
	});
}

test("refuses a document of too many tokens, and one nested without end", () => {
	const tooLarge = { message: "This query is too large to execute." };
	const extensions = { code: "PARSE_ERROR" };
	const locations = [{ line: 1, column: 7 }];
	assert.deepEqual(parseDocument("{ a b c }", 3), { errors: [{ ...tooLarge, locations, extensions }] });
	const endless = parseDocument("{ a ".repeat(100_000));
	assert.deepEqual(endless, { errors: [{ ...tooLarge, extensions }] });
});

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

test("answers hostile documents of 64 KiB, with at most a hundred errors", () => {
	const fill = (start: string, part: (index: number) => string, end: string) => {
		let text = start;
		for (let index = 0; text.length < 65_000; index++) text += part(index);
		return text + end;
	};
	const hostile = [
		fill("{ shop {", () => "name ", "} }"),
		fill("{ shop { a: name a: id ", () => "name ", "} }"),
		fill("{", (index) => `p: product(handle: "${index}") { id } `, "}"),
		fill("{", (index) => `f${index} `, "}"),
		fill(
			"{ ...F0 }",
			(index) => `fragment F${index} on QueryRoot { ...F${index + 1} shop { a: name } } `,
			"",
		),
		fill("{ nodes(ids: [", () => "1 ", "]) { id } }"),
		fill("query Q(", (index) => `$v${index}: Int `, ") { shop { name } }"),
		`{ products(query: ${"{a: ".repeat(1000)}1${"}".repeat(1000)}) { nodes { id } } }`,
		`${"{ ... ".repeat(1000)} { shop { name } } ${"}".repeat(1000)}`,
	];
	for (const text of hostile) {
		const started = performance.now();
		assert.ok(validateDocument(schema, read(text)).length <= 100);
		// Some milliseconds; the bound is for what is not linear, on machines that do other things too.
		assert.ok(performance.now() - started < 2000, text.slice(0, 40));
	}
});

/** Values for a type: mostly of its kind, sometimes anything that JSON can hold. */
function valuesFor(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
	if (isNonNullType(type)) return valuesFor(type.ofType, depth);
	const fitting = fittingValues(type, depth);
	const other = fc.oneof(fc.constant(null), fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.double());
	return fc.oneof({ weight: 60, arbitrary: fitting }, { weight: 1, arbitrary: other });
}

function fittingValues(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
	if (isListType(type)) return fc.array(valuesFor(type.ofType, depth + 1), { maxLength: 3 });
	if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
	if (isInputObjectType(type)) {
		const fields = Object.values(type.getFields());
		const required = fields.filter(isRequiredInputField).map(({ name }) => name);
		const members = fields.map(({ name, type: inner }) => [name, valuesFor(inner, depth + 1)] as const);
		const whole = fc.record(Object.fromEntries(members), { requiredKeys: depth > 3 ? [] : required });
		return fc.oneof({ weight: 30, arbitrary: whole }, { weight: 1, arbitrary: fc.constant({ unknown: 1 }) });
	}
	const byName: Record<string, fc.Arbitrary<unknown>> = {
		Int: fc.oneof({ weight: 20, arbitrary: fc.integer() }, fc.maxSafeInteger()),
		Float: fc.double(),
		Boolean: fc.boolean(),
		ID: fc.constant("gid://shopify/Product/1"),
		URL: fc.webUrl(),
		Decimal: fc.constantFrom("1.5", "-2", "3e4", 5, 6.5, "1", "x"),
	};
	return byName[String(type)] ?? fc.string();
}

const inputs = [
	..."String! Int [Int!]! [[Int]] Float Boolean! ID! URL JSON CountryCode [CountryCode!] Pick [Pick!]".split(
		" ",
	),
	..."CartInput! [CartLineInput!]! CustomerCreateInput! MailingAddressInput [ProductFilter!]".split(" "),
	..."DeliveryAddressInput ShopPayPaymentRequestInput! CartBuyerIdentityInput".split(" "),
];

for (const input of inputs) {
	test(`takes for ${input} what graphql-js takes`, () => {
		const text = `query Q($v: ${input}, $d: ${input.replace(/!$/, "")} = null) { pick(json: [$v, $d]) }`;
		const operation = operationOf(parse(text));
		const [declared] = operation.variableDefinitions ?? [];
		assert.ok(declared);
		const coerce = compileVariables(schema, operation);
		const type = typeFromAST(schema, declared.type) as GraphQLInputType;
		const given = fc.record({ v: valuesFor(type), d: valuesFor(type) }, { requiredKeys: [] });
		fc.assert(
			fc.property(given, (values) => {
				const sent = JSON.parse(JSON.stringify(values));
				const theirs = getVariableValues(schema, operation.variableDefinitions ?? [], sent);
				const ours = coerce(sent);
				if ("errors" in ours && JSON.stringify(ours.errors).includes("Invalid global id")) return;
				assert.equal("errors" in ours, theirs.errors !== undefined, JSON.stringify(ours));
				if ("errors" in ours || theirs.errors) return;
				const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
				assert.deepEqual(plain(ours.values), plain(theirs.variableValues.coerced));
			}),
			{ numRuns: 300 },
		);
	});
}
