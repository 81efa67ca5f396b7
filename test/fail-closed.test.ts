// The database fails in the middle: whoever would have been counted is not let in, what was under way has not happened,
// reading goes on, and all of it works again once the database does.
import assert from "node:assert/strict";
import test from "node:test";
import { breakTable } from "./broken-tables.ts";
import { ENGINES, type House, openHouse, READ, SIGN_IN } from "./house.ts";
import { addressAt, EMAIL, outcomeOf, PASSWORD, visitor } from "./limits/visitors.ts";
import { canSignIn, newcomerWithLink, readerOf, redeem, tokenOf } from "./recovery/links.ts";

const NEW = "new battery staple";
const BROKEN = "INTERNAL_SERVER_ERROR";

/** Does it while no statement can change the table. */
async function whileBroken(house: House, table: string, act: () => Promise<void>): Promise<void> {
	await using _ = await breakTable(house.app.store, table, ["INSERT", "UPDATE", "DELETE"]);
	await act();
}

for (const engine of ENGINES) {
	test(`an attempt that cannot be counted is not made, and reading goes on (${engine})`, async () => {
		await using house = await openHouse(engine);
		const token = await house.signedIn(EMAIL, PASSWORD);
		const stranger = visitor(house, addressAt(1));
		await whileBroken(house, "attempts", async () => {
			assert.equal(await stranger.signIn(PASSWORD), BROKEN);
			assert.equal(await stranger.signIn("wrong"), BROKEN);
			assert.equal(await stranger.recover(), BROKEN);
			assert.equal(await stranger.signUp("new@example.com"), BROKEN);
			assert.equal(await readerOf(house, token), EMAIL);
		});
		assert.equal(
			await stranger.signIn(PASSWORD, "new@example.com"),
			"UNIDENTIFIED_CUSTOMER",
			"nobody was made",
		);
		assert.equal(await stranger.signIn(PASSWORD), "ok");
	});

	for (const purpose of ["reset", "activation"] as const) {
		for (const table of ["access_tokens", "customers", "one_time_tokens"]) {
			test(`a link for ${purpose} is as good as before when ${table} failed (${engine})`, async () => {
				await using house = await openHouse(engine);
				const link = await newcomerWithLink(house, purpose);
				await whileBroken(house, table, async () => {
					for (const form of ["id", "url"] as const) {
						assert.equal(outcomeOf(await redeem(house, link, NEW, form)), BROKEN);
					}
				});
				assert.equal(await canSignIn(house, NEW), false, "no half of it has happened");
				assert.equal(await canSignIn(house, PASSWORD), purpose === "reset");
				assert.equal(await readerOf(house, tokenOf(await redeem(house, link, NEW))), EMAIL);
			});
		}
	}

	test(`a token that could not be deleted is told to be none the less alive (${engine})`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		await whileBroken(house, "access_tokens", async () => {
			const { data, errors } = await house.ask(
				"mutation($t: String!) { customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken } }",
				{ t },
			);
			assert.deepEqual([data.customerAccessTokenDelete, errors[0].extensions.code], [null, BROKEN]);
			const input = { email: EMAIL, password: PASSWORD };
			assert.equal(outcomeOf(await house.ask(SIGN_IN, { input })), BROKEN, "no token without its row");
			assert.equal((await house.ask(READ, { t })).data.customer.email, EMAIL);
		});
	});
}
