// Guessing one account's password: ten are looked at in 15 minutes, fifty in a day, a hundred in a row, from however many
// addresses and in however many forms they come. What is not answered THROTTLED was looked at.
import assert from "node:assert/strict";
import test from "node:test";
import { ensureApiKey } from "../../src/accounts/administration.ts";
import { makeToken } from "../../src/secrets/token.ts";
import { ALL_SCOPES } from "../../src/storefront/scopes.ts";
import { ENGINES, type House, openHouse, SIGN_IN } from "../house.ts";
import { exchange } from "../wire/wire.ts";
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
	PASSWORD,
	THROTTLED,
	visitor,
} from "./visitors.ts";

const ERRORS = "{ customerAccessToken { accessToken } customerUserErrors { code } }";

/** The outcomes of one document, by alias. */
async function guessIn(house: House, query: string, aliases: readonly string[]): Promise<readonly string[]> {
	const body = await house.ask(query);
	return aliases.map((alias) => outcomeOf(body, alias));
}

function literalGuess(alias: string): string {
	return `${alias}: customerAccessTokenCreate(input: { email: "${EMAIL}", password: "guess ${alias}" }) ${ERRORS}`;
}

for (const engine of ENGINES) {
	test(`one at a time: the right password is found among ten guesses, and not after them (${engine})`, async () => {
		for (const [place, found] of [
			[10, "ok"],
			[11, THROTTLED],
			[30, THROTTLED],
		] as const) {
			await using house = await openHouse(engine);
			await house.signedIn(EMAIL, PASSWORD);
			const seen = await outcomes(place, (index) =>
				visitor(house, addressAt(index)).signIn(index === place - 1 ? PASSWORD : `guess ${index}`),
			);
			assert.equal(seen.at(-1), found, `guess ${place}`);
			assertFirst(seen.slice(0, -1), Math.min(place - 1, 10));
		}
	});

	test(`of a thousand at once from a thousand addresses ten are looked at (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const guess = (index: number) => visitor(house, addressAt(index)).signIn(`guess ${index}`);
		assertChecked(await outcomesAtOnce(1000, guess), 10);
		const right = (index: number) => visitor(house, addressAt(5000 + index)).signIn(PASSWORD);
		assertChecked(await outcomesAtOnce(100, right), 0);
	});

	test(`at once and with the right one among them, at most ten are looked at (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const seen = await outcomesAtOnce(400, (index) =>
			visitor(house, addressAt(index)).signIn(index === 200 ? PASSWORD : `guess ${index}`),
		);
		assert.equal(seen[200], THROTTLED, "it came two hundredth");
		assertChecked(seen, 10);
	});

	test(`two hundred right sign-ins at once all come in, and leave no trace (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const guesses = await outcomes(9, () => visitor(house, addressAt(1)).signIn("guess"));
		assertChecked(guesses, 9);
		const right = (index: number) => visitor(house, addressAt(index % 50)).signIn(PASSWORD);
		const seen = await outcomesAtOnce(200, right);
		assert.deepEqual(new Set(seen), new Set(["ok"]));
		assert.deepEqual(await outcomes(2, () => visitor(house, "192.0.2.1").signIn("guess")), [
			CHECKED,
			THROTTLED,
		]);
	});

	test(`documents, fragments, versions, paths, spellings and tokens share the ten (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const { app, keys } = house;
		const both = [literalGuess("a"), literalGuess("b")].join(" ");
		assertFirst(await guessIn(house, `mutation { ${both} }`, ["a", "b"]), 2);
		const spread = `mutation { ...all ...all } fragment all on Mutation { ...one ... { ${literalGuess("d")} } }
			fragment one on Mutation { ${literalGuess("c")} ${literalGuess("c")} }`;
		assertFirst(await guessIn(house, spread, ["c", "d"]), 2);

		const token = makeToken();
		const key = { kind: "public", title: "other", scopes: new Set(ALL_SCOPES) } as const;
		await ensureApiKey(app.store, app.shop, key, token, app.clock.now());
		const paths = [
			"/api/2026-01/graphql.json",
			"/api/2026-04/graphql",
			"/api/unstable/graphql",
			"/api/graphql",
		];
		const spellings = [`  ${EMAIL}`, EMAIL.toUpperCase(), "\uff41da@example.com", "ada@EXAMPLE.com\t"];
		const sent = paths.map((path, index) => ({
			path,
			email: spellings[index],
			token: keys.storefrontAccessToken,
		}));
		const seen: string[] = [];
		for (const { path, email, ...used } of [...sent, ...sent.map((one) => ({ ...one, token }))]) {
			const { body } = await exchange(app.url, {
				path,
				headers: { "X-Shopify-Storefront-Access-Token": used.token, "X-Unknown": "1", Cookie: "a=b" },
				body: { query: SIGN_IN, variables: { input: { email, password: "guess" } }, extensions: { a: 1 } },
			});
			seen.push(outcomeOf(body));
		}
		assertFirst(seen, 6);
		assert.equal(await visitor(house, addressAt(9)).signIn(PASSWORD), THROTTLED);
	});

	test(`neither thirty aliases nor a batch get one more looked at (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const aliases = Array.from({ length: 30 }, (_, index) => `a${index}`);
		const { data, errors } = await house.ask(`mutation { ${aliases.map(literalGuess).join(" ")} }`);
		assert.equal(data, undefined);
		assert.equal(errors[0].extensions.code, "MAX_COMPLEXITY_EXCEEDED");
		const operation = { query: SIGN_IN, variables: { input: { email: EMAIL, password: "guess" } } };
		const headers = comingFrom(house, addressAt(1));
		const batch = await exchange(house.app.url, {
			path: "/api/2026-04/graphql.json",
			headers,
			body: Array(20).fill(operation),
		});
		assert.equal(batch.status, 400);
		// Nothing of either was looked at: all ten are left, in twos, and at once.
		const five = aliases.slice(0, 5);
		const documents = await Promise.all(
			Array.from({ length: 40 }, () =>
				guessIn(house, `mutation { ${five.map(literalGuess).join(" ")} }`, five),
			),
		);
		assertChecked(documents.flat(), 10);
	});

	test(`fifty in a day and a hundred in a row, until the owner comes in (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const known = visitor(house, "192.0.2.7");
		assert.equal(await known.signIn(PASSWORD), "ok");
		let address = 0;
		const guess = (password: string) => visitor(house, addressAt(++address)).signIn(password);
		/** How many of a quarter of an hour's guesses are looked at, round after round. */
		const rounds = async (count: number) => {
			const seen: number[] = [];
			for (let round = 0; round < count; round++) {
				const tries = await outcomes(12, (index) => guess(`guess ${index}`));
				seen.push(tries.filter((outcome) => outcome !== THROTTLED).length);
				await house.advance(900);
			}
			return seen;
		};
		assert.deepEqual(await rounds(7), [10, 10, 10, 10, 10, 0, 0], "the first day");
		await house.advance(86_400);
		assert.deepEqual(await rounds(7), [10, 10, 10, 10, 10, 0, 0], "the second day");
		await house.advance(7 * 86_400);
		assert.deepEqual(await rounds(2), [0, 0], "a week later");
		assert.equal(await guess(PASSWORD), THROTTLED);
		await house.advance(30 * 86_400);
		assert.deepEqual(await rounds(1), [0], "a month later");

		// The owner's own address is known for 90 days.
		assert.equal(await known.signIn(PASSWORD), "ok");
		assert.deepEqual(await rounds(1), [10], "the owner has been here");
	});
}
