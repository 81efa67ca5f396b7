// Tokens of the programs that shops make them with.
import assert from "node:assert/strict";
import test from "node:test";
import { Multipass } from "multipass-js";
import Multipassify from "multipassify";
import { ENGINES, openHouse, VERSIONS } from "../house.ts";
import { enter, entered, momentOf, passFor, REFUSED, SECRET, SETTINGS, whoIs } from "./passes.ts";

const PROGRAMS: Readonly<Record<string, (customer: object) => string>> = {
	multipassify: (customer) => new Multipassify(SECRET).encode({ ...customer }),
	"multipass-js": (customer) => new Multipass(SECRET).withCustomerData(customer).token(),
};

for (const engine of ENGINES) {
	for (const [program, encode] of Object.entries(PROGRAMS)) {
		test(`a token of ${program} signs in, with its padding and without (${engine})`, async () => {
			await using house = await openHouse(engine, SETTINGS);
			const paddings = new Set<string>();
			// Longer by one letter each: every length that padding can have is among them.
			for (const [index, version] of [...VERSIONS, ...VERSIONS, ...VERSIONS].entries()) {
				for (const strip of [false, true]) {
					const email = `ada${index}${strip}@example.com`;
					const token = encode({ email, first_name: "A".repeat(1 + 16 * index), last_name: "Lovelace" });
					paddings.add(token.replace(/^[^=]*/, ""));
					const sent = strip ? token.replace(/=+$/, "") : token;
					const customer = await whoIs(house, await entered(house, sent, { version }), { version });
					assert.equal(customer.email, email);
					assert.equal(customer.lastName, "Lovelace");
				}
			}
			assert.deepEqual([...paddings].toSorted(), ["", "=", "=="]);
		});
	}
}

test("the access token lives as long as any other", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const from = house.app.clock.now();
	const { data } = await enter(house, passFor(house, { email: "ada@example.com" }));
	const { expiresAt } = data.customerAccessTokenCreateWithMultipass.customerAccessToken;
	const life = Date.parse(expiresAt) / 1000 - 42 * 86_400;
	assert.ok(life >= from && life <= house.app.clock.now(), expiresAt);
});

test("a token may carry a good deal: 12 KiB of what we do not read do no harm", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const token = passFor(house, { email: "ada@example.com", data: "x".repeat(12_000) });
	assert.equal((await whoIs(house, await entered(house, token))).email, "ada@example.com");
});

test("takes the moment as the languages write it", async () => {
	await using house = await openHouse(ENGINES[0], SETTINGS);
	const seconds = house.app.clock.now();
	const at = (offset: number) => new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
	const moments = [
		momentOf(house),
		`${at(0)}Z`,
		`${at(0)}+00:00`,
		`${at(60)}+01:00`,
		`${at(-300)}-05:00`,
		`${at(330)}+0530`,
		`${at(60)}+01`,
		`${at(0)}.123456+00:00`,
		`${at(-300)}.1234567-05:00`,
		`${at(0)}.123456`,
		`${at(0)}`,
		`${at(60).replace("T", " ")} +0100`,
	];
	for (const [index, created_at] of moments.entries()) {
		await entered(house, passFor(house, { email: `ada${index}@example.com`, created_at }));
	}
	const others = ["", "now", String(seconds), seconds, `${at(0)}+25:99`, `${at(0)} CET`, at(0).slice(0, 10)];
	for (const created_at of [...others, null, {}, [momentOf(house)], `${at(60)}Z`, `${at(0)}+01:00`]) {
		const email = "grace@example.com";
		assert.deepEqual(await enter(house, passFor(house, { email, created_at })), REFUSED, String(created_at));
	}
});
