// The shapes of documents and bodies that real storefronts send: where comments, fragments, names, aliases and
// commas stand, what is sent beside the document, and `@inContext` on everything.
import assert from "node:assert/strict";
import test from "node:test";
import { type Body, ENGINES, type House, openHouse, VERSIONS } from "../house.ts";
import { endpoint, publicHeaders } from "./clients.ts";
import { RENEW, SIGN_IN } from "./life.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse";

/** Posts the members as the JSON body, whatever they are. */
async function post(house: House, version: string, members: Record<string, unknown>): Promise<Body> {
	const response = await fetch(endpoint(house, version), {
		method: "POST",
		headers: { "Content-Type": "application/json", ...publicHeaders(house) },
		body: JSON.stringify(members),
	});
	assert.equal(response.status, 200);
	return (await response.json()) as Body;
}

const FRAGMENT = "fragment CustomerParts on Customer { email defaultAddress { ...AddressParts } }";
const OTHER_FRAGMENT = "fragment AddressParts on MailingAddress { id formatted(withName: true) }";
const OPERATION =
	"query Whole($token: String!) { customer(customerAccessToken: $token) { ...CustomerParts } }";

/** Each reads the e-mail address of the customer behind `$token`, in the way of its name. */
const READING: Readonly<Record<string, Record<string, unknown>>> = {
	"a leading #graphql comment": {
		query: "#graphql\n  query Read($token: String!) { customer(customerAccessToken: $token) { email } }\n",
	},
	"a comment with quotes in it": {
		query:
			'# the "current" customer\nquery($token: String!) { customer(customerAccessToken: $token) { email } } # "',
	},
	"fragments before the operation": { query: `${FRAGMENT}\n${OTHER_FRAGMENT}\n${OPERATION}` },
	"fragments after the operation": { query: `${OPERATION}\n${FRAGMENT}\n${OTHER_FRAGMENT}` },
	"fragments around the operation": { query: `${OTHER_FRAGMENT} ${OPERATION} ${FRAGMENT}` },
	"inline fragments, with a type and without one": {
		query:
			"query($token: String!) { customer(customerAccessToken: $token) { ... on Customer { email } ... { email } } }",
	},
	"operationName among several operations": {
		query: `query Other { shop { name } } query Mine($token: String!) { customer(customerAccessToken: $token) { email } }`,
		operationName: "Mine",
	},
	"operationName for the only operation": {
		query: "query Mine($token: String!) { customer(customerAccessToken: $token) { email } }",
		operationName: "Mine",
	},
	"an operationName of null": {
		query: "query Mine($token: String!) { customer(customerAccessToken: $token) { email } }",
		operationName: null,
	},
	"an anonymous operation": {
		query: "query ($token: String!) { customer(customerAccessToken: $token) { email } }",
	},
	"a trailing comma after the closing brace": {
		query: "query ($token: String!,) { customer(customerAccessToken: $token,) { email, } },",
	},
	"carriage returns and tabs": {
		query:
			"query\r\n($token: String!)\r\n{\r\n\tcustomer(customerAccessToken: $token)\r\n\t{ email }\r\n}\r\n",
	},
	"what Apollo sends beside the document": {
		query: "query Read($token: String!) { customer(customerAccessToken: $token) { email } }",
		operationName: "Read",
		extensions: { clientLibrary: { name: "@apollo/client", version: "4.3.8" } },
	},
	"body keys that nobody knows": {
		query: "query Read($token: String!) { customer(customerAccessToken: $token) { email } }",
		id: "7",
		hash: null,
		documentId: "x",
	},
	"a field that is included or not": {
		query:
			"query($token: String!, $yes: Boolean = true) { customer(customerAccessToken: $token) { email @include(if: $yes) id @skip(if: $yes) } }",
	},
	"an alias for the payload and for a field": {
		query: "query($token: String!) { customer: customer(customerAccessToken: $token) { email: email } }",
	},
};

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		test(`every way of writing a read is understood on ${version}, ${engine}`, async (t) => {
			await using house = await openHouse(engine);
			const token = await house.signedIn(EMAIL, PASSWORD);
			for (const [way, members] of Object.entries(READING)) {
				await t.test(way, async () => {
					// Twice, because the second time the document is known already.
					for (const variables of [{ token }, { token, unused: 1 }]) {
						const { data, errors } = await post(house, version, { ...members, variables });
						assert.equal(errors, undefined);
						assert.equal(data.customer.email, EMAIL);
					}
				});
			}
		});
	}
}

for (const version of VERSIONS) {
	test(`literals in place of variables, and no variables at all, on ${version}`, async () => {
		await using house = await openHouse();
		const token = await house.signedIn(EMAIL, PASSWORD);
		for (const members of [{}, { variables: null }, { variables: {} }]) {
			const query = `{ customer(customerAccessToken: ${JSON.stringify(token)}) { email } }`;
			const { data, errors } = await post(house, version, { query, ...members });
			assert.deepEqual([data, errors], [{ customer: { email: EMAIL } }, undefined]);
		}
	});

	test(`two literals of one shape are two questions on ${version}`, async () => {
		await using house = await openHouse();
		for (const email of [EMAIL, "grace@example.com"]) {
			const token = await house.signedIn(email, PASSWORD);
			const query = `{ customer(customerAccessToken: "${token}") { email } }`;
			assert.deepEqual((await post(house, version, { query })).data, { customer: { email } });
		}
		const query = `{ customer(customerAccessToken: "nobody's") { email } }`;
		assert.deepEqual((await post(house, version, { query })).data, { customer: null });
	});

	test(`aliases name the answer's keys on ${version}`, async () => {
		await using house = await openHouse();
		await house.signedIn(EMAIL, PASSWORD);
		const query = `mutation {
			result: customerAccessTokenCreate(input: { email: "${EMAIL}", password: "${PASSWORD}" }) {
				token: customerAccessToken { value: accessToken until: expiresAt }
				errors: customerUserErrors { reason: code }
			}
		}`;
		const { data } = await post(house, version, { query });
		const { value, until } = data.result.token;
		assert.deepEqual(data, { result: { token: { value, until }, errors: [] } });
		const both = `query($a: String!, $b: String!) {
			mine: customer(customerAccessToken: $a) { email }
			nobodys: customer(customerAccessToken: $b) { email }
		}`;
		const answer = await post(house, version, { query: both, variables: { a: value, b: "none" } });
		assert.deepEqual(answer.data, { mine: { email: EMAIL }, nobodys: null });
	});

	test(`the account page's combined query is answered on ${version}`, async () => {
		await using house = await openHouse();
		const token = await house.signedIn(EMAIL, PASSWORD);
		const query = `query Account($token: String!, $country: CountryCode, $language: LanguageCode)
			@inContext(country: $country, language: $language) {
			customer(customerAccessToken: $token) { email orders(first: 250, sortKey: PROCESSED_AT, reverse: true) { edges { node { id lineItems(first: 250) { edges { node { title variant { image { url } } } } } } } } }
			featuredCollections: collections(first: 3, sortKey: UPDATED_AT) { nodes { id title } }
			featuredProducts: products(first: 12) { nodes { id title variants(first: 1) { nodes { id } } } }
			shop { name }
		}`;
		const { data, errors } = await post(house, version, { query, variables: { token, country: "CA" } });
		assert.equal(errors, undefined);
		assert.deepEqual(data, {
			customer: { email: EMAIL, orders: { edges: [] } },
			featuredCollections: { nodes: [] },
			featuredProducts: { nodes: [] },
			shop: { name: "Latchkey" },
		});
	});

	test(`@inContext is taken on every mutation, and the answer names what it chose, on ${version}`, async () => {
		await using house = await openHouse();
		await house.signedIn(EMAIL, PASSWORD);
		const parameters = "$country: CountryCode, $language: LanguageCode";
		const directive = "@inContext(country: $country, language: $language)";
		const inContext = (document: string) =>
			document.replace(/\((.*?)\) \{/, `($1, ${parameters}) ${directive} {`);
		const context = { country: "CA", language: "FR" };

		const input = { email: EMAIL, password: PASSWORD };
		const signedIn = await post(house, version, {
			query: inContext(SIGN_IN),
			variables: { input, ...context },
		});
		assert.equal(signedIn.errors, undefined);
		assert.deepEqual(signedIn.extensions.context, context);
		assert.deepEqual(Object.keys(signedIn.extensions), ["context", "cost"]);
		const token = signedIn.data.customerAccessTokenCreate.customerAccessToken.accessToken;

		const renewed = await post(house, version, { query: inContext(RENEW), variables: { token, ...context } });
		assert.equal(renewed.data.customerAccessTokenRenew.customerAccessToken.accessToken, token);
		assert.deepEqual(renewed.extensions.context, context);

		const alone = `mutation($token: String!) @inContext(language: FR) {
			customerAccessTokenDelete(customerAccessToken: $token) { deletedAccessToken }
		}`;
		const deleted = await post(house, version, { query: alone, variables: { token } });
		assert.equal(deleted.data.customerAccessTokenDelete.deletedAccessToken, token);
		assert.deepEqual(deleted.extensions.context, { country: "US", language: "FR" });

		const refused = await post(house, version, { query: inContext(RENEW), variables: { token, ...context } });
		assert.equal(refused.errors[0].extensions.code, "ACCESS_DENIED");
		assert.deepEqual(refused.extensions.context, context);
	});

	test(`several operations without a name, or with a wrong one, are refused on ${version}`, async () => {
		await using house = await openHouse();
		const query = "query A { shop { name } } query B { shop { id } }";
		for (const operationName of [undefined, null, "", "C"]) {
			const { data, errors } = await post(house, version, { query, operationName });
			assert.equal(data, undefined);
			assert.equal(errors.length, 1);
		}
		assert.deepEqual((await post(house, version, { query, operationName: "A" })).data, {
			shop: { name: "Latchkey" },
		});
	});
}
