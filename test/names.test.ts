// Names and addresses that are made to be taken for others: each stays what it is, or is refused.
import assert from "node:assert/strict";
import test from "node:test";
import { openHouse, SIGN_IN, SIGN_UP } from "./house.ts";

const PASSWORD = "correct horse";

test("an address with more behind its domain is none, and blocks nobody's", async () => {
	await using house = await openHouse();
	for (const end of ["/evil", "?a", "#b", "%2e", ":80", "\\x", "\uff0fevil", "\u2100evil"]) {
		const email = `victim@shop.example${end}`;
		const { data } = await house.ask(SIGN_UP, { input: { email, password: "the attacker's" } });
		assert.equal(data.customerCreate.customer, null, email);
	}
	const { data } = await house.ask(SIGN_UP, { input: { email: "victim@shop.example", password: PASSWORD } });
	assert.equal(data.customerCreate.customer.email, "victim@shop.example");
	for (const end of ["", "/evil", "#b"]) {
		const input = { email: `victim@shop.example${end}`, password: "the attacker's" };
		const answer = await house.ask(SIGN_IN, { input });
		assert.equal(answer.data.customerAccessTokenCreate.customerAccessToken, null);
	}
});

test("one address has one account, however it is written", async () => {
	await using house = await openHouse();
	await house.signedIn("Zo\u00eb@caf\u00e9.example", PASSWORD);
	for (const email of [
		"zo\u00eb@caf\u00e9.example",
		"ZOE\u0308@CAFE\u0301.EXAMPLE",
		"zo\u00eb@xn--caf-dma.example",
		" zo\u00eb @ caf\u00e9.example ",
		"\uff5ao\u00eb@caf\u00e9.example",
	]) {
		const { data } = await house.ask(SIGN_UP, { input: { email, password: PASSWORD } });
		assert.equal(data.customerCreate.customerUserErrors[0].code, "TAKEN", email);
		const answer = await house.ask(SIGN_IN, { input: { email, password: PASSWORD } });
		assert.ok(answer.data.customerAccessTokenCreate.customerAccessToken, email);
	}
	const other = await house.ask(SIGN_UP, { input: { email: "zoe@caf\u00e9.example", password: PASSWORD } });
	assert.equal(other.data.customerCreate.customer.email, "zoe@caf\u00e9.example");
});

test("variables named as every object's members are only variables", async () => {
	await using house = await openHouse();
	for (const [index, name] of ["constructor", "toString", "hasOwnProperty", "__proto__"].entries()) {
		const query = `mutation($${name}: String) { customerCreate(input: {
			email: "n${index}@example.com", password: "${PASSWORD}", firstName: $${name}
		}) { customer { firstName } } }`;
		const { data, errors } = await house.ask(query);
		assert.equal(errors, undefined, name);
		assert.deepEqual(data, { customerCreate: { customer: { firstName: null } } });
	}
});

test("introspection is bounded, whatever stands beside it", async () => {
	await using house = await openHouse();
	const twice = "{ a: __schema { types { name } } b: __schema { types { name } } }";
	for (const query of [twice, `${twice} # \u0000 "x`, `${twice} # "`]) {
		const { data, errors } = await house.ask(query);
		assert.equal(data, undefined);
		assert.equal(errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
	}
});
