// Recoveries and sign-ups tell by contract who has an account, and send mail: both are limited.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse, UPDATE } from "../house.ts";
import { setState } from "../recovery/links.ts";
import {
	addressAt,
	assertChecked,
	assertFirst,
	CHECKED,
	comingFrom,
	EMAIL,
	outcomeOf,
	outcomes,
	outcomesAtOnce,
	THROTTLED,
	visitor,
} from "./visitors.ts";

/** How many mails with a link that opens the account went to the address. */
async function linksTo(house: House, email: string): Promise<number> {
	const opens = (link: string) => /\/account\/(?:reset|activate)\//.test(link);
	return (await house.mails()).filter(({ to, links }) => to === email && links.some(opens)).length;
}

for (const engine of ENGINES) {
	test(`an account is mailed five links an hour and ten a day, from wherever they are asked for (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL);
		let asked = 0;
		const ask = () => visitor(house, addressAt(++asked)).recover();
		const sent: number[] = [];
		for (let hour = 0; hour < 5; hour++) {
			const seen: string[] = [];
			for (let time = 0; time < 20; time++) {
				seen.push(await ask());
				// One that waits is replaced by the next: only what went out counts here.
				await house.mails();
			}
			sent.push(seen.filter((outcome) => outcome === "ok").length);
			await house.advance(3601);
		}
		assert.deepEqual(sent, [5, 5, 0, 0, 0]);
		assert.equal(await linksTo(house, EMAIL), 10);
		await house.advance(86_400);
		assertChecked(await outcomesAtOnce(1000, ask), 5, "ok");
	});

	test(`one address asks forty times an hour, whoever it asks for (${engine})`, async () => {
		await using house = await openHouse(engine);
		const probe = (index: number) => visitor(house, "192.0.2.1").recover(`nobody${index}@example.com`);
		assertFirst(await outcomes(45, probe), 40);
		await house.advance(3601);
		const seen = await outcomesAtOnce(200, (index) => probe(100 + index));
		assertChecked(seen, 40);
		assert.equal(await visitor(house, "192.0.2.2").recover(), CHECKED);
	});

	test(`one address signs twenty customers up in an hour, and is told of as many taken addresses (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL);
		const visit = visitor(house, "192.0.2.1");
		const seen = await outcomes(24, (index) => visit.signUp(index % 2 ? EMAIL : `new${index}@example.com`));
		assert.deepEqual(
			seen,
			seen.map((_, index) => (index >= 20 ? THROTTLED : index % 2 ? "TAKEN" : "ok")),
		);
		assert.equal(await visit.signUp("not an address"), "INVALID", "what tells nothing is not counted");
		assert.equal(await visitor(house, "192.0.2.2").signUp("new@example.com"), "ok");
		await house.advance(3601);
		const many = await outcomesAtOnce(100, (index) => visit.signUp(`many${index}@example.com`));
		assertChecked(many, 20, "ok");
	});

	test(`signing up with an invited address mails five links an hour, and answers the same (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL);
		await setState(house, EMAIL, "invited");
		const seen = await outcomes(12, async (index) => {
			const outcome = await visitor(house, addressAt(index)).signUp(EMAIL);
			await house.mails();
			return outcome;
		});
		assert.deepEqual(new Set(seen), new Set(["CUSTOMER_DISABLED"]));
		assert.equal(await linksTo(house, EMAIL), 5);
		assert.equal(
			await visitor(house, addressAt(50)).recover(),
			THROTTLED,
			"links of both kinds are counted together",
		);
	});

	test(`no mail is promised to an account that gets none, however often it is asked for (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL);
		await setState(house, EMAIL, "declined");
		const seen = await outcomes(8, (index) => visitor(house, addressAt(index)).signUp(EMAIL));
		assert.deepEqual(new Set(seen), new Set(["TAKEN"]));
	});

	test(`a customer asks for ten new e-mail addresses an hour, taken ones among them (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("grace@example.com");
		const t = await house.signedIn(EMAIL);
		const change = async (index: number, customer: Record<string, unknown>) =>
			outcomeOf(await house.ask(UPDATE, { t, customer }, { headers: comingFrom(house, addressAt(index)) }));
		const email = (index: number) => (index % 2 ? "grace@example.com" : `ada${index}@example.com`);
		const seen = await outcomes(13, (index) => change(index, { email: email(index) }));
		assert.deepEqual(
			seen,
			seen.map((_, index) => (index >= 10 ? THROTTLED : index % 2 ? "TAKEN" : "ok")),
		);
		assert.equal(
			await change(20, { firstName: "Ada", email: "ada8@example.com" }),
			"ok",
			"the same one again",
		);
		await house.advance(3601);
		assert.equal(await change(21, { email: EMAIL }), "ok");
	});
}
