// What documents say that the generated ones never do: one question asked twice, a mutation that is refused, and several
// operations of which none is meant. See generated.test.ts for all ways of writing a document.
import assert from "node:assert/strict";
import test from "node:test";
import { type Body, type House, openHouse, VERSIONS } from "../house.ts";
import { endpoint, publicHeaders } from "./clients.ts";
import { RENEW } from "./life.ts";

const EMAIL = "ada@example.com";

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

for (const version of VERSIONS) {
	test(`one question asked twice in a document has two answers on ${version}`, async () => {
		await using house = await openHouse();
		const token = await house.signedIn(EMAIL);
		const query = `query($a: String!, $b: String!) {
			mine: customer(customerAccessToken: $a) { email }
			nobodys: customer(customerAccessToken: $b) { email }
		}`;
		const { data } = await post(house, version, { query, variables: { a: token, b: "none" } });
		assert.deepEqual(data, { mine: { email: EMAIL }, nobodys: null });
	});

	test(`a refused mutation names its context, too, on ${version}`, async () => {
		await using house = await openHouse();
		const query = RENEW.replace(
			"($token: String!)",
			"($token: String!) @inContext(country: CA, language: FR)",
		);
		const { data, errors, extensions } = await post(house, version, { query, variables: { token: "none" } });
		assert.deepEqual(data, { customerAccessTokenRenew: null });
		assert.equal(errors[0].extensions.code, "ACCESS_DENIED");
		assert.deepEqual(extensions.context, { country: "CA", language: "FR" });
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
