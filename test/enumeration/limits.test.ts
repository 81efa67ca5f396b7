// Limits tell no more than answers do: they are used up alike for every address, and an account that was just made does
// not begin anew. What an answer must tell can be asked only so often.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, RECOVER, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import { addressAt } from "../limits/visitors.ts";
import { newestLink, PASSWORD, redeem, tokenOf } from "../recovery/links.ts";
import { activated, assertAlike, mailedSince, openQuietHouse, PEOPLE, PHONE, told } from "./people.ts";

const signUp = (email: string) => ({ input: { email, password: "typed at sign-up" } });

/** Each request from an address of its own. */
function visitors(): () => { readonly from: string } {
	let count = 0;
	return () => ({ from: addressAt(++count) });
}

for (const engine of ENGINES) {
	test(`recoveries and sign-ups share one budget of mails, alike for every address (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		await house.advance(86_400);
		const before = (await house.mails()).length;
		const next = visitors();
		const outcomes: string[] = [];
		for (const step of ["recover", "sign up", "recover", "recover", "sign up", "recover", "sign up"]) {
			const answer = await assertAlike((email) => {
				return step === "recover"
					? told(house, RECOVER, { email }, next())
					: told(house, SIGN_UP, signUp(email), next());
			});
			outcomes.push(answer.includes("THROTTLED") ? "throttled" : "done");
			// Whoever was made meanwhile is there.
			await house.mails();
		}
		assert.deepEqual(outcomes, [...Array(5).fill("done"), "throttled", "throttled"]);
		for (const [state, mails] of Object.entries(await mailedSince(house, before))) {
			assert.ok(mails.length <= 5, `${state}: ${mails}`);
		}
	});

	test(`guesses at a name are not forgotten because it has an account now (${engine})`, async () => {
		await using house = await openQuietHouse(engine);
		await house.advance(86_400);
		const next = visitors();
		const guess = () => {
			return assertAlike((email) => told(house, SIGN_IN, { input: { email, password: "guess" } }, next()));
		};
		for (let time = 1; time <= 10; time++) assert.match(await guess(), /UNIDENTIFIED_CUSTOMER/);
		assert.match(await guess(), /THROTTLED/);
		await assertAlike((email) => told(house, SIGN_UP, signUp(email), next()));
		assert.ok((await mailedSince(house, 0))["nobody"]?.includes("activate"));
		assert.match(await guess(), /THROTTLED/);
		// But for whoever reads the mail.
		tokenOf(await redeem(house, await newestLink(house, "activation", PEOPLE.nobody), PASSWORD));
		const input = { email: PEOPLE.nobody, password: PASSWORD };
		assert.match(await told(house, SIGN_IN, { input }, next()), /accessToken\\":\\"\w+/);
	});
}

test("phone numbers cannot be asked for without end", async () => {
	await using house = await openQuietHouse(ENGINES[0]);
	const t = await activated(house, "ada@example.com");
	const next = visitors();
	const change = async (customer: object) => {
		const answer = await told(house, UPDATE, { t, customer }, next());
		return /THROTTLED|TAKEN/.exec(answer)?.[0] ?? "done";
	};
	assert.equal(await change({ phone: "+16134505295" }), "done");
	for (let time = 2; time <= 10; time++) assert.equal(await change({ phone: PHONE }), "TAKEN");
	assert.equal(await change({ phone: PHONE }), "THROTTLED");
	assert.equal(await change({ phone: "+16134505295", firstName: "Ada" }), "done", "one's own is no question");
	await house.advance(3_600);
	assert.equal(await change({ phone: PHONE }), "TAKEN");
});
