// Nobody is locked out by an attack: the owner comes in from a known address, and by a reset, while it runs.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse } from "../house.ts";
import { askForLink, mailedLink, newestLink, redeem, setState, tokenOf } from "../recovery/links.ts";
import {
	addressAt,
	assertFirst,
	CHECKED,
	comingFrom,
	countRows,
	EMAIL,
	outcomes,
	outcomesAtOnce,
	PASSWORD,
	THROTTLED,
	visitor,
} from "./visitors.ts";

const HOME = "198.51.100.7";
const HOTEL = "203.0.113.80";
const NEW_PASSWORD = "new battery staple";

let attackers = 0;

/** So many guesses at once, each from another address. */
function attack(house: House, count: number): Promise<readonly string[]> {
	return outcomesAtOnce(count, () => visitor(house, addressAt(++attackers)).signIn("guess"));
}

for (const engine of ENGINES) {
	test(`the owner comes in from a known address while a thousand others guess (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const home = visitor(house, HOME);
		assert.equal(await home.signIn(PASSWORD), "ok");
		const attacking = attack(house, 1000);
		const owner = await outcomes(100, () => home.signIn(PASSWORD));
		assert.deepEqual(new Set(owner), new Set(["ok"]));
		const seen = await attacking;
		assert.equal(seen.filter((outcome) => outcome === CHECKED).length, 10);
		assert.equal(await visitor(house, HOTEL).signIn(PASSWORD), THROTTLED, "from anywhere else");
		assert.equal(await home.signIn(PASSWORD), "ok");
		await house.advance(89 * 86_400);
		await attack(house, 10);
		assert.equal(await home.signIn(PASSWORD), "ok", "after 89 days");
	});

	test(`an address is known for 90 days from the last sign-in there (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		assert.equal(await visitor(house, HOME).signIn(PASSWORD), "ok");
		await house.advance(90 * 86_400);
		await attack(house, 10);
		assert.equal(await visitor(house, HOME).signIn(PASSWORD), THROTTLED);
	});

	test(`a known address has ten guesses of its own, and no more (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const home = visitor(house, HOME);
		assert.equal(await home.signIn(PASSWORD), "ok");
		assertFirst(await outcomes(15, () => home.signIn("guess")), 10);
		assert.equal(await home.signIn(PASSWORD), THROTTLED);
		assert.equal(await visitor(house, HOTEL).signIn(PASSWORD), "ok", "and takes nobody else's");
	});

	test(`a wrong password makes no address known, and a right one not for another account (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		await house.signedIn("eve@example.com", PASSWORD);
		const eve = visitor(house, HOTEL);
		assert.equal(await eve.signIn("guess"), CHECKED);
		assert.equal(await eve.signIn(PASSWORD, "eve@example.com"), "ok");
		await attack(house, 20);
		assert.equal(await eve.signIn(PASSWORD), THROTTLED);
	});

	test(`the sixteen newest addresses are known (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		for (let index = 1; index <= 20; index++) {
			assert.equal(await visitor(house, `198.51.100.${index}`).signIn(PASSWORD), "ok");
			await house.advance(60);
		}
		assert.equal(await countRows(house, "known_addresses"), 16);
		await attack(house, 10);
		assert.equal(await visitor(house, "198.51.100.4").signIn(PASSWORD), THROTTLED);
		assert.equal(await visitor(house, "198.51.100.5").signIn(PASSWORD), "ok");
	});

	for (const purpose of ["reset", "activation"] as const) {
		test(`the owner comes in by a mailed link while the attack runs: ${purpose} (${engine})`, async () => {
			await using house = await openHouse(engine);
			await house.signedIn(EMAIL, PASSWORD);
			if (purpose === "activation") await setState(house, EMAIL, "invited");
			const headers = comingFrom(house, HOTEL);
			const hotel = visitor(house, HOTEL);
			await attack(house, 20);
			assert.equal(await hotel.signIn(PASSWORD), THROTTLED);
			const attacking = attack(house, 300);
			await askForLink(house, purpose, EMAIL, { headers });
			const link = await newestLink(house, purpose, EMAIL);
			tokenOf(await redeem(house, link, NEW_PASSWORD, "url", { headers }));
			await attacking;
			// The count begins anew, and the address of whoever had the link is known.
			await attack(house, 20);
			assert.equal(await visitor(house, "203.0.113.99").signIn(NEW_PASSWORD), THROTTLED);
			assert.equal(await hotel.signIn(NEW_PASSWORD), "ok");
		});
	}

	test(`a reset clears what was counted, a hundred in a row as well (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const home = visitor(house, HOME);
		assert.equal(await home.signIn(PASSWORD), "ok");
		for (let round = 0; round < 10; round++) {
			assertFirst(await outcomes(10, (index) => visitor(house, addressAt(index)).signIn("guess")), 10);
			await house.advance(round === 4 ? 86_400 : 900);
		}
		await house.advance(7 * 86_400);
		assertFirst(await outcomes(11, () => home.signIn("guess")), 10);
		assert.equal(await visitor(house, addressAt(1)).signIn(PASSWORD), THROTTLED);
		assert.equal(await home.signIn(PASSWORD), THROTTLED, "at home, too, whoever was here");
		const headers = comingFrom(house, HOME);
		const link = await mailedLink(house, "reset", EMAIL, { headers });
		tokenOf(await redeem(house, link, NEW_PASSWORD, "id", { headers }));
		assert.equal(await home.signIn(NEW_PASSWORD), "ok");
		assertFirst(await outcomes(11, () => home.signIn("guess")), 10);
		assertFirst(await outcomes(11, (index) => visitor(house, addressAt(50 + index)).signIn("guess")), 10);
	});
}
