// No mutant of a good token opens anything, and none of them does the good one any harm.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, openHouse } from "../house.ts";
import { makeMutants } from "./mutants.ts";
import {
	encrypt,
	enter,
	entered,
	keysOf,
	momentOf,
	REFUSED,
	SECRET,
	SETTINGS,
	sign,
	toToken,
	whoIs,
} from "./passes.ts";

const MUTANTS = 10_000;
const AT_ONCE = 50;
const COUNT = statement(
	"SELECT (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM spent_multipasses) AS n",
);

for (const engine of ENGINES) {
	test(`10 000 mutants of a good token are refused alike, and it is still good (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const payload = {
			email: "ada@example.com",
			created_at: momentOf(house),
			first_name: "Ada",
			last_name: "L",
		};
		const keys = keysOf(SECRET);
		const bytes = sign(encrypt(JSON.stringify(payload), keys), keys);
		const mutants = makeMutants(payload, bytes, house.app.clock.now(), MUTANTS);
		assert.equal(mutants.length, MUTANTS);
		for (let start = 0; start < MUTANTS; start += AT_ONCE) {
			const group = mutants.slice(start, start + AT_ONCE);
			const answers = await Promise.all(group.map(({ token }) => enter(house, token)));
			for (const [index, answer] of answers.entries()) {
				assert.deepEqual(answer, REFUSED, `${group[index]?.kind}: ${group[index]?.token}`);
			}
		}
		assert.equal((await house.app.store.read(COUNT, []))[0]?.["n"], 0, "a refusal left something behind");
		assert.equal((await whoIs(house, await entered(house, toToken(bytes)))).email, "ada@example.com");
	});
}
