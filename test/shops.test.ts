// Several shops in one process: each with its own customers, told apart by the storefront access token.
import assert from "node:assert/strict";
import test from "node:test";
import { DELETE, ENGINES, openHouse, READ, RENEW, SIGN_IN, SIGN_UP } from "./house.ts";
import { openSecondShop } from "./second-shop.ts";

for (const engine of ENGINES) {
	test(`one address is two customers in two shops, and a token opens only its own (${engine})`, async () => {
		await using house = await openHouse(engine);
		const headers = await openSecondShop(house);
		const token = await house.signedIn("ada@example.com", "first password");
		const input = { email: "ada@example.com", password: "second password" };
		const unknown = await house.ask(SIGN_IN, { input }, { headers });
		assert.equal(unknown.data.customerAccessTokenCreate.customerAccessToken, null);
		const created = await house.ask(SIGN_UP, { input }, { headers });
		assert.equal(created.data.customerCreate.customer.email, "ada@example.com");
		assert.equal(
			(await house.ask(SIGN_IN, { input })).data.customerAccessTokenCreate.customerAccessToken,
			null,
		);

		assert.deepEqual((await house.ask(READ, { t: token }, { headers })).data, { customer: null });
		for (const mutation of [RENEW, DELETE]) {
			const denied = await house.ask(mutation, { t: token }, { headers });
			assert.equal(denied.errors[0].extensions.code, "ACCESS_DENIED");
		}
		assert.equal((await house.ask(READ, { t: token })).data.customer.email, "ada@example.com");
	});

	test(`a call without a token is for the shop whose host it names (${engine})`, async () => {
		await using house = await openHouse(engine);
		await openSecondShop(house);
		const { port, host } = new URL(house.app.url);
		const ask = async (name: string) => {
			const { request } = await import("node:http");
			return new Promise<string>((resolve, reject) => {
				const headers = { Host: name, "Content-Type": "application/json" };
				const sent = request(
					{ port, method: "POST", path: "/api/2026-04/graphql.json", headers },
					(response) => {
						let text = "";
						response.on("data", (chunk) => {
							text += chunk;
						});
						response.on("end", () => resolve(`${response.statusCode} ${text}`));
					},
				);
				sent.on("error", reject);
				sent.end(JSON.stringify({ query: "{ shop { name } }" }));
			});
		};
		assert.match(await ask(host), /^200 .*"name":"Latchkey"/);
		assert.match(await ask("second.example"), /^200 .*"name":"Second"/);
		const unknown = { errors: [{ message: "Not Found", extensions: { code: "NOT_FOUND" } }] };
		assert.equal(await ask("third.example"), `404 ${JSON.stringify(unknown)}`);
	});
}
