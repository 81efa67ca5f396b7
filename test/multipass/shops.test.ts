// Each shop has a Multipass secret of its own, or none, and it is never readable where it is kept.
import assert from "node:assert/strict";
import test from "node:test";
import { setShop } from "../../src/accounts/administration.ts";
import { MULTIPASS_SECRET } from "../../src/accounts/shop-policy.ts";
import { listChoices } from "../../src/store/shop-choices.ts";
import { findShopByHost } from "../../src/store/shops.ts";
import { ENGINES, openDatabase, openHouse } from "../house.ts";
import { readKept } from "../kept.ts";
import { openSecondShop } from "../second-shop.ts";
import { enter, entered, giveSecret, passFor, REFUSED, SECRET, SETTINGS, whoIs } from "./passes.ts";

const OTHER_SECRET = "the secret of the second shop";
const EMAIL = "ada@example.com";

for (const engine of ENGINES) {
	test(`a token opens the shop whose secret it was made with, and no other (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const options = { headers: await openSecondShop(house) };
		const second = await findShopByHost(house.app.store, "second.example");
		assert.ok(second);

		// Without a secret of its own the second shop lets nobody in.
		const first = passFor(house, { email: EMAIL });
		assert.deepEqual(await enter(house, first, options), REFUSED);
		assert.deepEqual(await enter(house, passFor(house, { email: EMAIL }, ""), options), REFUSED);
		await giveSecret(house, second.id, OTHER_SECRET);
		assert.deepEqual(await enter(house, first, options), REFUSED);
		const other = passFor(house, { email: EMAIL }, OTHER_SECRET);
		assert.deepEqual(await enter(house, other), REFUSED);

		// The refusals burnt neither.
		const [here, there] = [await entered(house, first), await entered(house, other, options)];
		const [ada, otherAda] = [await whoIs(house, here), await whoIs(house, there, options)];
		assert.equal(ada.email, otherAda.email);
		assert.notEqual(ada.id, otherAda.id);
		assert.equal(await whoIs(house, here, options), null);
		assert.equal(await whoIs(house, there), null);
	});

	test(`a shop that has no Multipass secret refuses every token alike (${engine})`, async () => {
		await using house = await openHouse(engine);
		for (const token of [
			"",
			"token",
			...["", SECRET].map((secret) => passFor(house, { email: EMAIL }, secret)),
		]) {
			assert.deepEqual(await enter(house, token), REFUSED);
		}
	});
}

test("a new secret ends the old one's tokens, and one that is taken away ends all", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const { id } = house.app.shop;
	const [old, fresh] = [SECRET, OTHER_SECRET].map((secret) => passFor(house, { email: EMAIL }, secret));
	await giveSecret(house, id, OTHER_SECRET);
	assert.deepEqual(await enter(house, String(old)), REFUSED);
	await entered(house, String(fresh));
	await giveSecret(house, id, null);
	assert.deepEqual(await enter(house, passFor(house, { email: EMAIL }, OTHER_SECRET)), REFUSED);
});

test("the sealed secret of one shop, copied to another, lets nobody in there", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const { store, shop, clock } = house.app;
	const options = { headers: await openSecondShop(house) };
	const second = await findShopByHost(store, "second.example");
	const sealed = (await listChoices(store, shop.id)).get(MULTIPASS_SECRET);
	assert.ok(second && sealed);
	const choices = { [MULTIPASS_SECRET]: sealed };
	await setShop(store, { shopId: second.id, profile: {}, choices, now: clock.now() });
	const pass = passFor(house, { email: EMAIL });
	assert.deepEqual(await enter(house, pass, options), REFUSED);
	await entered(house, pass);
});

test("neither the secret nor a token is readable in the files of the database", async () => {
	await using database = await openDatabase();
	const house = await openHouse(ENGINES[0], { ...SETTINGS, databaseUrl: database.url });
	const pass = passFor(house, { email: EMAIL, identifier: "visible-identifier" });
	const canaries = [
		SECRET,
		SETTINGS.encryptionKey,
		pass,
		pass.replace(/=+$/, ""),
		await entered(house, pass),
	];
	const forms = canaries.flatMap((text) => {
		const bytes = Buffer.from(text);
		const reversed = [...text].reverse().join("");
		return [text, reversed, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, "")];
	});
	const search = async () => {
		const bytes = await readKept(database.url);
		assert.ok(bytes.includes("visible-identifier"), "the search does not find what is there");
		for (const form of forms) assert.equal(bytes.includes(form), false, form);
	};
	await search();
	await house[Symbol.asyncDispose]();
	await search();
});
