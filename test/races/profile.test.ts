// Changes of one profile, password or address at the same moment as others: the replies fit one order.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { seededRandom } from "../crash/random.ts";
import {
	type Body,
	ENGINES,
	type House,
	IS_POSTGRES,
	openHouse,
	READ,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { canSignIn, EMAIL, PASSWORD, readerOf } from "../recovery/links.ts";
import { openVolley, parse, type Shot } from "./volley.ts";

const ROUNDS = IS_POSTGRES ? 16 : 60;
const AT_ONCE = 12;

async function countTokens({ app }: House): Promise<number> {
	const rows = await app.store.read(statement("SELECT count(*) AS n FROM access_tokens"), []);
	return Number(rows[0]?.["n"]);
}

function codeOf(payload: Body["data"]): string | undefined {
	return payload.customerUserErrors[0]?.code;
}

for (const engine of ENGINES) {
	test(`${engine}: a sign-in that was verifying the old password while it changed gets nothing that lasts`, async () => {
		// Dear enough for a password to change while others wait to be verified.
		const hashes = { passwordQueue: "1000", passwordMemoryKib: "2048" };
		await using house = await openHouse(engine, { ...hashes, limitSignIns: "off" });
		await using volley = await openVolley(house);
		await using second = await openVolley(house);
		const random = seededRandom(2026);
		let [token, before] = [await house.signedIn(EMAIL, PASSWORD), PASSWORD];
		const seen = { issued: 0, refused: 0 };
		for (let round = 0; round < ROUNDS; round++) {
			const password = `password of round ${round}`;
			const signIn: Shot = { query: SIGN_IN, variables: { input: { email: EMAIL, password: before } } };
			const others: Shot[] = [RENEW, READ].map((query) => ({ query, variables: { t: token } }));
			const shots = Array.from({ length: AT_ONCE }, () => [signIn, ...others]).flat();
			const change: Shot = { query: UPDATE, variables: { t: token, customer: { password } } };
			const place = Math.floor(random() * (shots.length + 1));
			const early = volley.fire(shots.slice(0, place));
			// The change comes at once, or some moments later, when passwords are being verified already.
			for (let moment = 0; moment < round % 8; moment++) await readerOf(house, token);
			const late = second.fire([change, ...shots.slice(place)]);
			const answers = (await Promise.all([early, late])).flat().map(parse);
			const issued = answers.flatMap(({ data }) => {
				const made = data.customerAccessTokenCreate;
				if (made === undefined) return [];
				if (made?.customerAccessToken === null) assert.equal(codeOf(made), "UNIDENTIFIED_CUSTOMER");
				return [made?.customerAccessToken?.accessToken as string | undefined];
			});
			assert.equal(issued.length, AT_ONCE);
			const tokens = issued.filter((made) => made !== undefined);
			seen.issued += tokens.length;
			seen.refused += issued.length - tokens.length;
			// What was issued before the change ended with it.
			for (const old of [token, ...tokens]) assert.equal(await readerOf(house, old), null);
			assert.equal(await countTokens(house), 1);
			token = answers[place]?.data.customerUpdate.customerAccessToken.accessToken;
			assert.equal(await readerOf(house, token), EMAIL);
			before = password;
		}
		assert.ok(seen.issued > 0 && seen.refused > 0, JSON.stringify(seen));
	});

	test(`${engine}: of several changes of one password by one token at once, one happens`, async () => {
		await using house = await openHouse(engine, { passwordQueue: "1000", limitSignIns: "off" });
		await using volley = await openVolley(house);
		let token = await house.signedIn(EMAIL, PASSWORD);
		for (let round = 0; round < ROUNDS / 2; round++) {
			const passwords = Array.from({ length: AT_ONCE }, (_, i) => `password ${round} of ${i}`);
			const answers = (
				await volley.fire(
					passwords.map((password) => ({ query: UPDATE, variables: { t: token, customer: { password } } })),
				)
			).map(parse);
			const winners = answers.flatMap(({ data }, i) => (data.customerUpdate ? [i] : []));
			assert.equal(winners.length, 1);
			for (const [i, { errors }] of answers.entries()) {
				if (i !== winners[0]) assert.equal(errors[0].extensions.code, "ACCESS_DENIED");
			}
			token = answers[winners[0] ?? 0]?.data.customerUpdate.customerAccessToken.accessToken;
			for (const [i, password] of passwords.entries()) {
				if (i < 3 || i === winners[0]) assert.equal(await canSignIn(house, password), i === winners[0]);
			}
		}
	});

	for (const wanted of [{ email: "wanted@example.com" }, { phone: "+16135550142" }] as const) {
		const [field] = Object.keys(wanted);
		test(`${engine}: of customers and newcomers who want one ${field} at once, one gets it`, async () => {
			await using house = await openHouse(engine, { passwordQueue: "1000", limitSignIns: "off" });
			await using volley = await openVolley(house);
			const tokens = await Promise.all(
				Array.from({ length: AT_ONCE }, (_, i) => house.signedIn(`customer${i}@example.com`, PASSWORD)),
			);
			for (let round = 0; round < 10; round++) {
				const value =
					"email" in wanted ? { email: `${round}.${wanted.email}` } : { phone: `+161355501${10 + round}` };
				const shots = tokens.flatMap((t, i): Shot[] => {
					const input = { email: `new.${round}.${i}@example.com`, password: PASSWORD, ...value };
					const customer = { firstName: `Round ${round}`, ...value };
					return [
						{ query: UPDATE, variables: { t, customer } },
						{ query: SIGN_UP, variables: { input } },
					];
				});
				const payloads = (await volley.fire(shots)).map((text) => {
					const { data, errors } = parse(text);
					assert.equal(errors, undefined, text);
					return data.customerUpdate ?? data.customerCreate;
				});
				const winners = payloads.filter(({ customer }) => customer !== null);
				assert.equal(winners.length, 1);
				assert.equal(winners[0].customer[String(field)], Object.values(value)[0]);
				for (const payload of payloads) {
					if (!winners.includes(payload)) assert.equal(codeOf(payload), "TAKEN");
				}
				// Who did not get it has changed nothing else either.
				const named = statement("SELECT id FROM customers WHERE first_name = ?");
				const isUpdate = payloads.indexOf(winners[0]) % 2 === 0;
				const rows = await house.app.store.read(named, [`Round ${round}`]);
				assert.equal(rows.length, isUpdate ? 1 : 0);
			}
		});
	}
}
