// ApostropheCMS waited two seconds on one branch of its sign-in, and so told the branches apart. Here every branch does
// the same work, and none waits for a clock.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, openHouse } from "../house.ts";
import { addressAt, comingFrom, THROTTLED } from "../limits/visitors.ts";
import { mailedLink, newcomerWithLink } from "../recovery/links.ts";
import { type Act, actOfPassword, actsOfLink, isDone } from "./attacks.ts";
import { emailOf, makePeople, STATES } from "./people.ts";
import { watchWork } from "./work.ts";

const NEW = "new battery staple";

/** Every way in which a sign-in fails; of each state there is one account. */
function failures(): readonly Act[] {
	const typed = [
		"wrong",
		"",
		" ",
		"x".repeat(256),
		"x".repeat(60_000),
		"lone \ud800",
		"\u0000",
		"\u{1f5dd}".repeat(300),
	];
	const strange = [
		"",
		" ",
		"@",
		"no address",
		`${"x".repeat(2000)}@example.com`,
		"lone\ud800@example.com",
		"a@b@c",
	];
	return [
		...STATES.flatMap((who) => typed.map((password) => actOfPassword(emailOf(who), password))),
		...strange.map((email) => actOfPassword(email, "wrong")),
	];
}

for (const engine of ENGINES) {
	test(`ApostropheCMS CVE-2026-33877: every failing branch does the same work, and none waits (${engine})`, async (t) => {
		await using house = await openHouse(engine, { limitFailures: "off" });
		await makePeople(house);
		const links = await Promise.all(
			["one@example.com", "two@example.com"].map((email) => newcomerWithLink(house, "reset", email)),
		);
		const [old, used] = links;
		assert.ok(old && used);
		const replaced = { ...old };
		const current = await mailedLink(house, "reset", "one@example.com");
		for (const act of actsOfLink(used, NEW).slice(0, 1)) {
			assert.ok(isDone(await house.ask(act.query, act.variables)));
		}
		await house.mails();
		const work = watchWork(t, house);
		const waits: string[] = [];
		const { setTimeout } = globalThis;
		t.mock.method(globalThis, "setTimeout", (...given: Parameters<typeof setTimeout>) => {
			// The delivery of mails waits, and nobody for it; an engine sees to it that nobody waits for ever; the parts of
			// Node are not ours.
			const from = new Error().stack?.split("\n").filter((line) => line.includes("/src/")) ?? [];
			if (from[0] && !/\/src\/(?:accounts\/delivery|store\/postgres)/.test(from[0])) waits.push(...from);
			return setTimeout(...given);
		});
		let address = 0;
		const workOf = async ({ query, variables }: Act) => {
			const headers = comingFrom(house, addressAt(++address));
			let answer = "";
			const done = await work.of(async () => {
				answer = JSON.stringify(await house.ask(query, variables, { headers }));
			});
			return { done: JSON.stringify(done), hashes: done.filter((step) => step.startsWith("hash ")), answer };
		};
		const assertAlike = async (acts: readonly Act[], hashes: number) => {
			const [first, ...others] = acts;
			assert.ok(first);
			const expected = await workOf(first);
			assert.equal(expected.hashes.length, hashes, expected.done);
			for (const act of others) assert.deepEqual(await workOf(act), expected, JSON.stringify(act.variables));
			return expected.answer;
		};
		await assertAlike(failures(), 1);
		// Throttled, they do less, and all of them the same.
		for (const who of STATES) {
			for (let time = 0; time < 10; time++) await workOf(actOfPassword(emailOf(who), "wrong"));
		}
		const throttled = await assertAlike(
			STATES.map((who) => actOfPassword(emailOf(who), "wrong")),
			0,
		);
		assert.match(throttled, new RegExp(String(THROTTLED)));
		// A reset fails for many reasons, too, and hashes for none of them.
		const bad = [replaced, used, { ...current, token: "0", url: current.url.replace(current.token, "0") }];
		for (const form of [0, 1] as const) {
			await assertAlike(
				bad.map((link) => actsOfLink(link, NEW)[form] ?? assert.fail()),
				0,
			);
		}
		assert.deepEqual(waits, []);
	});
}
