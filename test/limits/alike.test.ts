// While guesses are counted and throttled, no answer tells whether there is an account: bytes, headers and numbers are
// the same for a name that nobody has, a wrong password, and accounts that may not sign in.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, type House, openHouse, RECOVER, SIGN_IN, SIGN_UP } from "../house.ts";
import { setState } from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";
import { addressAt, comingFrom, PASSWORD } from "./visitors.ts";

const SET_NO_PASSWORD = statement("UPDATE customers SET password_hash = NULL WHERE email = ?");

/** An account in each state that there is, and one name that nobody has. */
async function peopleOf(house: House): Promise<readonly string[]> {
	const states = ["disabled", "invited", "declined"] as const;
	const emails = ["enabled", ...states, "passwordless"].map((name) => `${name}@example.com`);
	for (const email of emails) await house.ask(SIGN_UP, { input: { email, password: PASSWORD } });
	for (const state of states) await setState(house, `${state}@example.com`, state);
	await house.app.store.change(SET_NO_PASSWORD, ["passwordless@example.com"]);
	return [...emails, "nobody@example.com"];
}

/** All that an answer says, but for what is drawn or told of the clock. */
async function send(house: House, query: string, variables: unknown, address: string): Promise<string> {
	const headers = { ...comingFrom(house, address), Connection: "close" };
	const path = "/api/2026-04/graphql.json";
	const answer = await exchange(house.app.url, { path, headers, body: { query, variables } });
	const { "x-request-id": _, date: __, "retry-after": retryAfter, ...told } = answer.headers;
	return JSON.stringify([answer.status, told, retryAfter !== undefined, answer.text]);
}

for (const engine of ENGINES) {
	test(`sign-ins are answered and throttled alike for every name (${engine})`, async () => {
		await using house = await openHouse(engine);
		const people = await peopleOf(house);
		let address = 0;
		const distinct = async (password: (email: string) => string) => {
			const seen = new Set<string>();
			for (const email of people) {
				const input = { email, password: password(email) };
				seen.add(await send(house, SIGN_IN, { input }, addressAt(++address)));
			}
			return [...seen];
		};
		const answered: string[] = [];
		for (let day = 0; day < 3; day++) {
			for (let round = 0; round < 6; round++) {
				for (let time = 0; time < 12; time++) {
					const [first = "", ...others] = await distinct(() => `guess ${time}`);
					assert.deepEqual(others, [], `day ${day}, round ${round}, guess ${time}`);
					answered.push(first.includes("THROTTLED") ? "t" : "c");
				}
				await house.advance(900);
			}
			await house.advance(86_400);
		}
		const round = `${"c".repeat(10)}tt`;
		const day = `${round.repeat(5)}${"t".repeat(12)}`;
		assert.equal(answered.join(""), `${day}${day}${"t".repeat(72)}`);
		// The right password, where there is one, looks like a wrong one.
		const [first = "", ...others] = await distinct((email) =>
			email.startsWith("enabled") ? PASSWORD : "guess",
		);
		assert.deepEqual(others, []);
		assert.match(first, /THROTTLED/);
	});

	test(`the seconds to wait are the same for a wrong password and for a name that nobody has (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.ask(SIGN_UP, { input: { email: "ada@example.com", password: PASSWORD } });
		const waits = async (email: string) => {
			const seen: number[] = [];
			for (let time = 0; time < 11; time++) {
				const body = { query: SIGN_IN, variables: { input: { email, password: "guess" } } };
				const headers = comingFrom(house, addressAt(time));
				const { headers: told } = await exchange(house.app.url, {
					path: "/api/2026-04/graphql.json",
					headers,
					body,
				});
				if (told["retry-after"]) seen.push(Number(told["retry-after"]));
			}
			return seen;
		};
		for (const email of ["ada@example.com", "nobody@example.com"]) {
			const [wait = 0, ...others] = await waits(email);
			assert.deepEqual(others, []);
			assert.ok(wait > 880 && wait <= 900, `${email}: ${wait}`);
		}
	});

	test(`recoveries are throttled alike for a known and an unknown name (${engine})`, async () => {
		await using house = await openHouse(engine);
		const people = await peopleOf(house);
		for (let time = 1; time <= 7; time++) {
			const answers = new Set<boolean>();
			for (const [index, email] of people.entries()) {
				const answer = await send(house, RECOVER, { email }, addressAt(100 * time + index));
				answers.add(answer.includes("THROTTLED"));
			}
			assert.deepEqual([...answers], [time > 5], `recovery ${time}`);
		}
	});

	test(`which names share a row cannot be worked out from outside (${engine})`, async () => {
		const rows = async () => {
			await using house = await openHouse(engine);
			const input = { email: "nobody@example.com", password: "guess" };
			await house.ask(SIGN_IN, { input }, { headers: comingFrom(house, "192.0.2.1") });
			const found = await house.app.store.read(statement("SELECT subject FROM attempts ORDER BY 1"), []);
			return found.map(({ subject }) => String(subject));
		};
		const [one, other] = [await rows(), await rows()];
		assert.equal(one.length, 2);
		for (const subject of one) {
			assert.match(subject, /^(?:failure|sign-in) slot \d{1,6}$/);
			assert.ok(!other.includes(subject), "another database has other rows");
		}
	});
}
