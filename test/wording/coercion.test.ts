// Generated values are taken and refused as graphql-js does.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
	type GraphQLInputType,
	getVariableValues,
	isEnumType,
	isInputObjectType,
	isListType,
	isNonNullType,
	isRequiredInputField,
	parse,
	typeFromAST,
} from "graphql";
import { compileVariables } from "../../src/storefront/variables.ts";
import { operationOf, schema } from "./table.ts";

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
