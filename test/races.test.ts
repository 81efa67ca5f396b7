// Acts released together on one thing: whatever the order in which they happen, the replies must fit one order.
import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "./crash/random.ts";
import { DELETE, ENGINES, type House, IS_POSTGRES, openHouse, READ, SIGN_IN, SIGN_UP } from "./house.ts";
import {
	type Act,
	assertOneOrder,
	assertRenewalsGoForward,
	type Kind,
	openHistory,
} from "./races/history.ts";

const ROUNDS = IS_POSTGRES ? 9 : 30;
/** Rounds that run beside each other, each with a token of its own. */
const ROUNDS_AT_ONCE = 3;
const AT_ONCE = 200;
const PASSWORD = "correct horse";

async function signIn(house: House): Promise<string> {
	const answer = await house.ask(SIGN_IN, { input: { email: "ada@example.com", password: PASSWORD } });
	return answer.data.customerAccessTokenCreate.customerAccessToken.accessToken;
}

/** One round: everything released in one turn, and the history held against itself. */
async function raceOnOneToken(house: House, random: () => number): Promise<readonly Act[]> {
	const { acts, send } = openHistory(house, await signIn(house));
	// From one deletion to a hundred, each somewhere in the row; the rest renew, read, or come as a buyer.
	const deletions = 1 + Math.floor(random() ** 3 * 100);
	const others = Array.from({ length: AT_ONCE - deletions }, (): Kind => {
		const share = random();
		return share < 0.8 ? "renew" : share < 0.9 ? "read" : "buyer";
	});
	const kinds = shuffled([...others, ...Array<Kind>(deletions).fill("delete")], random);
	const released = kinds.map(async (kind) => {
		const act = await send(kind);
		if (act.kind !== "delete" || !act.accepted) return;
		// Who has seen the deletion tells others at once: they come while the rest is still under way.
		const followers = await Promise.all((["renew", "read", "delete", "buyer"] as const).map(send));
		for (const follower of followers) assert.equal(follower.accepted, false);
	});
	const meanwhile = signIn(house);
	await Promise.all(released);
	assertOneOrder(acts);
	assert.equal(acts.length, AT_ONCE + 4);

	// A token that was made meanwhile has nothing to do with it.
	const other = openHistory(house, await meanwhile);
	for (const kind of ["read", "renew", "delete"] as const) assert.ok((await other.send(kind)).accepted);
	return acts;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
	return items
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}

for (const engine of ENGINES) {
	test(`${engine}: ${AT_ONCE} renewals and deletions of one token fit one order`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", PASSWORD);
		const random = seededRandom(7);
		const acts: Act[] = [];
		for (let round = 0; round < ROUNDS; round += ROUNDS_AT_ONCE) {
			const moved = house.advance(1 + round);
			const races = Array.from({ length: ROUNDS_AT_ONCE }, () => raceOnOneToken(house, random));
			acts.push(...(await Promise.all(races)).flat());
			await moved;
		}
		// That they raced: on both sides of the deletions there were renewals.
		const renewals = acts.filter(({ kind }) => kind === "renew");
		const accepted = renewals.filter((act) => act.accepted).length;
		const refused = renewals.length - accepted;
		assert.ok(accepted > 10 * ROUNDS && refused > 10 * ROUNDS, `${accepted} accepted and ${refused} refused`);
	});

	test(`${engine}: of several deletions at once, one succeeds and the others are denied`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", PASSWORD);
		const race = async () => {
			const { acts, send } = openHistory(house, await signIn(house));
			await Promise.all(Array.from({ length: 20 }, () => send("delete")));
			assert.equal(acts.filter(({ accepted }) => accepted).length, 1);
			for (const kind of ["read", "renew", "delete", "buyer"] as const) {
				assert.equal((await send(kind)).accepted, false);
			}
		};
		await Promise.all(Array.from({ length: ROUNDS }, race));
	});

	test(`${engine}: renewing at once is harmless: the same token, and the life never gets shorter`, async () => {
		await using house = await openHouse(engine);
		const { acts, send } = openHistory(house, await house.signedIn("ada@example.com", PASSWORD));
		for (let round = 0; round < ROUNDS; round++) {
			const moved = house.advance(3600);
			// The first finish while the others are being sent.
			const waves = Array.from({ length: 20 }, async () => {
				await send("renew");
				await send("renew");
			});
			await Promise.all([...waves, moved]);
		}
		assert.ok(acts.every(({ accepted }) => accepted));
		assertRenewalsGoForward(acts);
		const { expiresAt } = await send("renew");
		assert.equal(expiresAt, Math.max(...acts.map((act) => act.expiresAt)));
		assert.ok((await send("read")).accepted);
	});

	test(`${engine}: of sign-ups for one address at once, however it is typed, one makes the customer`, async () => {
		await using house = await openHouse(engine, { limitSignIns: "off" });
		for (let round = 0; round < 5; round++) {
			const name = `ad${round}k`;
			const typed = [
				`${name}@example.com`,
				`${name.toUpperCase()}@Example.COM`,
				` ${name}@example.com\t`,
				`${name.split("").join(" ")} @ example . com`,
				`${toFullWidth(name)}@example.com`,
				`${name}@${toFullWidth("example")}.${toFullWidth("COM")}`,
				`${name.replace("k", "\u212A")}@example.com`,
				`\u00A0${name}@example.com\u3000`,
				`${name}@EXAMPLE.com\n`,
				`${toFullWidth(name.toUpperCase())}@\u2003example.com`,
			];
			const inputs = Array.from({ length: 50 }, (_, i) => {
				return { email: typed[i % typed.length], password: `pass word ${i}` };
			});
			const answers = await Promise.all(inputs.map((input) => house.ask(SIGN_UP, { input })));
			const payloads = answers.map(({ data, errors }) => {
				assert.equal(errors, undefined);
				return data.customerCreate;
			});
			const made = payloads.flatMap(({ customer }, i) => (customer ? [i] : []));
			assert.equal(made.length, 1, `one customer for ${name}`);
			const taken = { code: "TAKEN", field: ["input", "email"], message: "Email has already been taken" };
			for (const { customer, customerUserErrors } of payloads) {
				if (!customer) assert.deepEqual(customerUserErrors, [taken]);
			}

			// Only the winner's password signs in, under every spelling; the others left nothing behind.
			const winner = inputs[made[0] ?? 0];
			const tries = inputs.map((input) => house.ask(SIGN_IN, { input }));
			for (const [i, { data }] of (await Promise.all(tries)).entries()) {
				assert.equal(data.customerAccessTokenCreate.customerAccessToken !== null, inputs[i] === winner);
			}
			for (const email of typed) {
				const { data } = await house.ask(SIGN_IN, { input: { ...winner, email } });
				assert.notEqual(data.customerAccessTokenCreate.customerAccessToken, null, JSON.stringify(email));
			}
		}
	});

	test(`${engine}: mutations of one token in one operation happen one after the other, as written`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", PASSWORD);
		const renew = "customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { accessToken } }";
		const remove = "customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken }";
		const document = `mutation($t: String!) {
			a: ${renew} b: ${renew} c: ${remove} d: ${renew} e: ${remove}
		}`;
		const race = async () => {
			const t = await signIn(house);
			const { data, errors } = await house.ask(document, { t });
			assert.deepEqual(Object.keys(data), ["a", "b", "c", "d", "e"]);
			assert.equal(data.a.customerAccessToken.accessToken, t);
			assert.equal(data.b.customerAccessToken.accessToken, t);
			assert.equal(data.c.deletedAccessToken, t);
			assert.deepEqual([data.d, data.e], [null, null]);
			assert.deepEqual(
				errors.map((error: { path: unknown }) => error.path),
				[["d"], ["e"]],
			);
		};
		// Many at once, each with a token of its own, so that others' writes lie between.
		await Promise.all(Array.from({ length: 50 }, race));
	});

	test(`${engine}: an operation that signs up, then in, finds the customer that it made`, async () => {
		await using house = await openHouse(engine);
		// The later ones would be quicker: they come second only because they wait.
		const document = `mutation($made: CustomerCreateInput!, $same: CustomerCreateInput!, $typed: CustomerAccessTokenCreateInput!) {
			a: customerCreate(input: $made) { customer { id } }
			b: customerCreate(input: $same) { customerUserErrors { code } }
			c: customerAccessTokenCreate(input: $typed) { customerAccessToken { accessToken } }
		}`;
		const signUpAndIn = async (_: unknown, i: number) => {
			const typed = { email: `new${i}@example.com`, password: PASSWORD };
			const { data } = await house.ask(document, {
				made: typed,
				same: { ...typed, firstName: "Eve" },
				typed,
			});
			assert.notEqual(data.a.customer, null);
			assert.deepEqual(data.b.customerUserErrors, [{ code: "TAKEN" }]);
			assert.notEqual(data.c.customerAccessToken, null);
		};
		await Promise.all(Array.from({ length: 30 }, signUpAndIn));
	});

	test(`${engine}: two operations on one token at once take turns between their steps, and one deletes`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", PASSWORD);
		const document = `mutation($t: String!) {
			a: customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { accessToken } }
			b: customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken }
			c: customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { accessToken } }
		}`;
		const race = async () => {
			const t = await signIn(house);
			const answers = await Promise.all(Array.from({ length: 10 }, () => house.ask(document, { t })));
			assert.equal(answers.filter(({ data }) => data.b !== null).length, 1);
			assert.ok(answers.every(({ data }) => data.c === null));
			const winner = answers.find(({ data }) => data.b !== null);
			assert.notEqual(winner?.data.a, null);
		};
		await Promise.all(Array.from({ length: ROUNDS }, race));
	});

	test(`${engine}: sign-ins at once each give a token of their own`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", PASSWORD);
		const tokens = await Promise.all(Array.from({ length: 100 }, () => signIn(house)));
		assert.equal(new Set(tokens).size, 100);
		const [kept, ...others] = tokens as [string, ...string[]];
		await Promise.all(others.map((t) => house.ask(DELETE, { t })));
		const reads = await Promise.all(tokens.map((t) => house.ask(READ, { t })));
		const alive = reads.flatMap(({ data }, i) => (data.customer ? [tokens[i]] : []));
		assert.deepEqual(alive, [kept]);
	});
}

/** ASCII letters and digits as their full-width forms, which NFKC folds back. */
function toFullWidth(text: string): string {
	return text.replace(/[!-~]/g, (character) =>
		String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0),
	);
}
