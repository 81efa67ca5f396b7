// What is said of documents that are not valid, case by case, on the published schema.
import assert from "node:assert/strict";
import test from "node:test";
import { validateDocument } from "../../src/storefront/validation-wording.ts";
import { read, rowsOf, schema } from "./table.ts";

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
