// A link redeemed at the very moment at which something else ends it: whichever comes first, no two replies, and nothing
// that is there afterwards, contradict each other.
import assert from "node:assert/strict";
import test from "node:test";
import type { Purpose } from "../../src/model.ts";
import { deleteCustomer, disableCustomer } from "../../src/store/customer-states.ts";
import { statement } from "../../src/store/engine.ts";
import { seededRandom } from "../crash/random.ts";
import { type Body, ENGINES, type House, openHouse, RECOVER, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import {
	canSignIn,
	customerIdOf,
	DOCUMENTS,
	FORMS,
	type MailedLink,
	mailedLink,
	newestLink,
	PASSWORD,
	readerOf,
	redeem,
	refusalOf,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { afterTurns, openVolley, parse, type Shot } from "./volley.ts";

const ROUNDS = 25;
/** Redemptions in each round, all of one link: the rival comes somewhere among them. */
const AT_ONCE = 9;
const NEW = "new battery staple";

interface Race {
	readonly link: MailedLink;
	readonly rival: () => Promise<unknown>;
}

/** One round: gives the token of the redemption that succeeded, or null. */
type Run = (race: Race) => Promise<string | null>;

interface Runner {
	readonly email: string;
	readonly link: MailedLink;
	/** A customer access token from before. */
	readonly token: string;
}

let customers = 0;

async function newRunner(house: House, purpose: Purpose): Promise<Runner> {
	const email = `runner${++customers}@example.com`;
	const token = await house.signedIn(email, PASSWORD);
	if (purpose === "activation") await setState(house, email, "invited");
	return { email, token, link: await mailedLink(house, purpose, email) };
}

/** The customer access token of the one redemption that succeeded, or null; every other was refused. */
function winnerOf(answers: readonly Body[]): string | null {
	const winners = answers.filter(({ data }) => data.redeemed?.customerAccessToken);
	assert.ok(winners.length <= 1, `${winners.length} redemptions succeeded`);
	for (const answer of answers) {
		if (!winners.includes(answer)) assert.equal(refusalOf(answer).length, 1);
	}
	return winners[0] ? tokenOf(winners[0]) : null;
}

async function waysIn({ app }: House, link: MailedLink): Promise<readonly number[]> {
	const count = async (table: string) => {
		const find = statement(`SELECT count(*) AS n FROM ${table} WHERE customer_id = ?`);
		return Number((await app.store.read(find, [customerIdOf(link)]))[0]?.["n"]);
	};
	return Promise.all(["access_tokens", "one_time_tokens", "outbox"].map(count));
}

/**
 * Rounds in which the rival comes ever nearer to the redemptions: earlier where they were first, and later where it was.
 * `round` says whether they were.
 */
async function raceOften(house: House, round: (run: Run) => Promise<boolean>): Promise<void> {
	await using volley = await openVolley(house);
	const random = seededRandom(7);
	// Turns of the event loop that the rival waits; below 0, that the redemptions wait.
	let lead = 0;
	const run: Run = async ({ link: { purpose, id, token, url }, rival }) => {
		const shots: Shot[] = Array.from({ length: AT_ONCE }, () => ({
			query: DOCUMENTS[purpose][FORMS[random() < 0.5 ? 0 : 1]],
			variables: { id, token, url, password: NEW },
		}));
		const [answers] = await Promise.all([
			afterTurns(-lead).then(() => volley.fire(shots)),
			afterTurns(lead).then(rival),
		]);
		return winnerOf(answers.map(parse));
	};
	const seen = { redemptionFirst: 0, rivalFirst: 0 };
	for (let count = 0; count < ROUNDS; count++) {
		const isFirst = await round(run);
		seen[isFirst ? "redemptionFirst" : "rivalFirst"]++;
		const step = 1 + Math.floor(Math.abs(lead) / 3) + Math.floor(random() * 3);
		lead += isFirst ? -step : step;
	}
	assert.ok(seen.redemptionFirst > 0 && seen.rivalFirst > 0, JSON.stringify(seen));
}

for (const engine of ENGINES) {
	for (const purpose of ["reset", "activation"] as const) {
		test(`${engine}: a redemption for ${purpose} and a newer link: the newest that is mailed is the one that works`, async () => {
			await using house = await openHouse(engine);
			await raceOften(house, async (run) => {
				const { email, link, token } = await newRunner(house, purpose);
				let answer: Body = {};
				const rival = async () => {
					const input = { email, password: PASSWORD };
					answer = await (purpose === "reset"
						? house.ask(RECOVER, { email })
						: house.ask(SIGN_UP, { input }));
				};
				const entered = await run({ link, rival });
				assert.equal(answer.errors, undefined);
				if (entered !== null) assert.equal(await readerOf(house, entered), email);
				else if (purpose === "reset") assert.equal(await readerOf(house, token), email);
				if (purpose === "activation") {
					// Whoever signs up after the activation is told that the address is taken, and no link is mailed.
					const [{ code }] = answer.data.customerCreate.customerUserErrors;
					assert.equal(code, entered === null ? "CUSTOMER_DISABLED" : "TAKEN");
					if (entered !== null) return true;
				}
				const newer = await newestLink(house, purpose, email);
				assert.notEqual(newer.token, link.token);
				assert.equal(refusalOf(await redeem(house, link, NEW)).length, 1);
				const last = tokenOf(await redeem(house, newer, "the last password"));
				assert.equal(await readerOf(house, last), email);
				assert.ok(await canSignIn(house, "the last password", email));
				return entered !== null;
			});
		});

		test(`${engine}: a redemption for ${purpose} and a disabling: afterwards nothing opens the account`, async () => {
			await using house = await openHouse(engine);
			const { store, shop, clock } = house.app;
			await raceOften(house, async (run) => {
				const { email, link, token } = await newRunner(house, purpose);
				const customerId = customerIdOf(link);
				const rival = () => disableCustomer(store, { shopId: shop.id, customerId, now: clock.now() });
				const entered = await run({ link, rival });
				for (const t of [token, entered ?? ""]) assert.equal(await readerOf(house, t), null);
				for (const password of [PASSWORD, NEW]) assert.ok(!(await canSignIn(house, password, email)));
				for (const form of FORMS) {
					assert.deepEqual(refusalOf(await redeem(house, link, NEW, form)), ["TOKEN_INVALID"]);
				}
				assert.deepEqual((await waysIn(house, link)).slice(0, 2), [0, 0]);
				return entered !== null;
			});
		});

		test(`${engine}: a redemption for ${purpose} and a deletion: afterwards nothing is left`, async () => {
			await using house = await openHouse(engine);
			const { store, shop, clock } = house.app;
			await raceOften(house, async (run) => {
				const { email, link, token } = await newRunner(house, purpose);
				const customer = { shopId: shop.id, customerId: customerIdOf(link), now: clock.now() };
				const rival = () => deleteCustomer(store, customer);
				const entered = await run({ link, rival });
				for (const t of [token, entered ?? ""]) assert.equal(await readerOf(house, t), null);
				for (const password of [PASSWORD, NEW]) assert.ok(!(await canSignIn(house, password, email)));
				assert.deepEqual(refusalOf(await redeem(house, link, NEW, "url")), ["NOT_FOUND"]);
				assert.deepEqual(await waysIn(house, link), [0, 0, 0]);
				return entered !== null;
			});
		});
	}

	for (const change of [
		{ email: "" },
		{ password: "changed password" },
		{ email: "", password: "changed password" },
	]) {
		const says = Object.keys(change).join(" and ");
		test(`${engine}: a reset and a change of ${says} by the same customer: one of them happens`, async () => {
			await using house = await openHouse(engine);
			await raceOften(house, async (run) => {
				const { email, link, token } = await newRunner(house, "reset");
				const customer = { ...change, ...("email" in change && { email: `new.${email}` }) };
				let answer: Body = {};
				const rival = async () => {
					answer = await house.ask(UPDATE, { t: token, customer });
				};
				const entered = await run({ link, rival });
				const isChanged = Boolean(answer.data.customerUpdate?.customer);
				assert.equal(isChanged, entered === null, "both happened, or neither");
				if (!isChanged) assert.equal(answer.errors[0].extensions.code, "ACCESS_DENIED");
				const now = "email" in change && isChanged ? `new.${email}` : email;
				const right = isChanged ? (customer.password ?? PASSWORD) : NEW;
				for (const password of [PASSWORD, NEW, "changed password"]) {
					assert.equal(await canSignIn(house, password, now), password === right, password);
				}
				const live = entered ?? answer.data.customerUpdate.customerAccessToken?.accessToken ?? token;
				assert.equal(await readerOf(house, live), now);
				if (live !== token) assert.equal(await readerOf(house, token), null);
				assert.equal(refusalOf(await redeem(house, link, NEW)).length, 1);
				return entered !== null;
			});
		});
	}

	test(`${engine}: a reset and sign-ins by the old password: none of them outlives it`, async () => {
		await using house = await openHouse(engine);
		await raceOften(house, async (run) => {
			const { email, link } = await newRunner(house, "reset");
			const input = { email, password: PASSWORD };
			let answer: Body = {};
			const rival = async () => {
				answer = await house.ask(SIGN_IN, { input });
			};
			assert.notEqual(await run({ link, rival }), null);
			const { customerAccessToken } = answer.data.customerAccessTokenCreate;
			if (customerAccessToken) assert.equal(await readerOf(house, customerAccessToken.accessToken), null);
			assert.deepEqual((await waysIn(house, link)).slice(0, 2), [1, 0]);
			return customerAccessToken === null;
		});
	});
}
