// What a Multipass token makes of the customer that it names.
import assert from "node:assert/strict";
import test from "node:test";
import { setShop } from "../../src/accounts/administration.ts";
import { ENGINES, type House, openHouse, SIGN_IN, SIGN_UP } from "../house.ts";
import { setState } from "../recovery/links.ts";
import { enter, entered, passFor, REFUSED, SETTINGS, whoIs } from "./passes.ts";

const EMAIL = "ada@example.com";

/** Enters with what the shop's system says of Ada, and gives her as she then is. */
async function enterAs(house: House, said: object) {
	return whoIs(house, await entered(house, passFor(house, { email: EMAIL, ...said })));
}

for (const engine of ENGINES) {
	test(`an address that nobody has becomes a customer (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const { id, updatedAt, ...ada } = await enterAs(house, {
			first_name: " Ada ",
			last_name: "Lovelace",
			phone: "+1 (613) 555-0142",
			tag_string: "vip, Newsletter ,,VIP, b2b",
			return_to: "https://elsewhere.example",
			remote_ip: "203.0.113.7",
		});
		assert.deepEqual(ada, {
			email: EMAIL,
			firstName: "Ada",
			lastName: "Lovelace",
			phone: "+16135550142",
			tags: ["b2b", "Newsletter", "vip"],
		});
		assert.match(id, /^gid:\/\/shopify\/Customer\/\d+$/);
		assert.ok(Date.parse(updatedAt) <= house.app.clock.now() * 1000);
		assert.deepEqual(await house.mails(), []);
	});

	test(`a customer who is there is found by the address, and changed by what is said (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const before = await house.signedIn("Ada@Example.com");
		const first = await enterAs(house, { first_name: "Ada", tag_string: "one,two" });
		assert.equal(first.email, "Ada@Example.com");
		assert.equal(first.id, (await whoIs(house, before)).id);
		await house.advance(60);
		const same = { first_name: "", last_name: null, tag_string: undefined };
		assert.deepEqual(await enterAs(house, same), first, "what is not said has changed something");
		assert.deepEqual(await enterAs(house, { first_name: "Ada", tag_string: "Two,one" }), {
			...first,
			tags: ["one", "Two"],
			updatedAt: (await whoIs(house, before)).updatedAt,
		});
		const renamed = await enterAs(house, { first_name: "Augusta", last_name: "King", tag_string: "" });
		assert.deepEqual([renamed.firstName, renamed.lastName, renamed.tags], ["Augusta", "King", []]);
		assert.ok(renamed.updatedAt > first.updatedAt);
	});

	test(`what breaks our rules is left out, and lets its customer in (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await house.ask(SIGN_UP, {
			input: { email: "taken@example.com", password: "secret", phone: "+16135550142" },
		});
		const good = { first_name: "Ada", last_name: "Lovelace", phone: "+16135550199", tag_string: "vip" };
		const ada = await enterAs(house, good);
		const names = ["<b>Ada</b>", "see https://example.com", "a".repeat(256), "\ud800", 7, {}, ["Ada"], true];
		for (const name of names) {
			assert.deepEqual(await enterAs(house, { first_name: name, last_name: name }), ada, String(name));
		}
		for (const phone of [
			"613 555 0199",
			"not a phone",
			"+16135550142",
			`+1${"6".repeat(300)}`,
			16135550199,
		]) {
			assert.deepEqual(await enterAs(house, { phone }), ada, String(phone));
		}
		for (const tag_string of [null, 7, ["other"], {}]) {
			assert.deepEqual(await enterAs(house, { tag_string }), ada, String(tag_string));
		}
		for (const addresses of [null, 7, "Main Street", { address1: "Main Street" }, [null, 7, []]]) {
			assert.deepEqual(await enterAs(house, { addresses }), ada, JSON.stringify(addresses));
		}
		const tags = Array.from({ length: 300 }, (_, index) => `tag ${String(index).padStart(3, "0")}`);
		const tagged = await enterAs(house, {
			tag_string: ["x".repeat(256), "\ud800", "a\u0000b", ...tags].join(),
		});
		assert.deepEqual(tagged.tags, tags.slice(0, 250));
		const odd = '{"nested":{"__proto__":{"email":"x"}},"constructor":"x","email ":"x"}';
		assert.equal((await enterAs(house, JSON.parse(odd))).email, EMAIL);
	});

	test(`another identifier for the same address is refused and burns nothing (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await house.signedIn(EMAIL);
		await enterAs(house, {});
		// The first that is said is kept, as a text or as a number.
		await enterAs(house, { identifier: "4711" });
		await enterAs(house, { identifier: 4711 });
		const ada = await enterAs(house, { identifier: " 4711 " });
		for (const identifier of ["4712", "04711", 4712, "ada"]) {
			const other = passFor(house, { email: EMAIL, identifier, first_name: "Eve" });
			assert.deepEqual(await enter(house, other), REFUSED);
			assert.deepEqual(await enter(house, other), REFUSED);
		}
		// A token that names none says nothing against the one that is known.
		assert.deepEqual(await enterAs(house, {}), ada);
		assert.deepEqual(await enterAs(house, { identifier: "" }), ada);
		// One identifier may stand for several addresses: the address is the key.
		const grace = passFor(house, { email: "grace@example.com", identifier: "4711" });
		assert.equal((await whoIs(house, await entered(house, grace))).email, "grace@example.com");
	});

	for (const state of ["disabled", "invited", "declined"] as const) {
		test(`a customer who is ${state} becomes enabled, and what was open before stays shut (${engine})`, async () => {
			await using house = await openHouse(engine, SETTINGS);
			const input = { email: EMAIL, password: "correct horse" };
			const old = await house.signedIn(input.email, input.password);
			await setState(house, EMAIL, state);
			assert.equal(await whoIs(house, old), null);
			const token = await entered(house, passFor(house, { email: EMAIL }));
			assert.equal((await whoIs(house, token)).email, EMAIL);
			assert.equal(await whoIs(house, old), null);
			const { data } = await house.ask(SIGN_IN, { input });
			assert.ok(data.customerAccessTokenCreate.customerAccessToken, "the password is as good as before");
		});

		test(`unless the shop forbids it: one who is ${state} stays so, and the token is not burnt (${engine})`, async () => {
			await using house = await openHouse(engine, { ...SETTINGS, multipassEnables: "false" });
			const { store, shop, clock } = house.app;
			const choose = (multipassEnables: string) =>
				setShop(store, { shopId: shop.id, profile: {}, choices: { multipassEnables }, now: clock.now() });
			await house.signedIn(EMAIL);
			const pass = passFor(house, { email: EMAIL, first_name: "Ada" });
			const enabled = await entered(house, passFor(house, { email: EMAIL }));
			assert.equal((await whoIs(house, enabled)).firstName, null);
			await setState(house, EMAIL, state);
			assert.deepEqual(await enter(house, pass), REFUSED);
			// A shop's own choice stands over the setting, both ways.
			await choose("true");
			assert.equal((await whoIs(house, await entered(house, pass))).firstName, "Ada");
			await choose("false");
			await setState(house, EMAIL, state);
			assert.deepEqual(await enter(house, passFor(house, { email: EMAIL })), REFUSED);
		});
	}
}
