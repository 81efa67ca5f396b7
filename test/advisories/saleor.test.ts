// What went wrong in Saleor, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import { readLog } from "../audit/log.ts";
import { type Body, ENGINES, type House, openHouse, UPDATE } from "../house.ts";
import { making, PATH, wasMade } from "../http/made.ts";
import { addressAt, assertFirst, comingFrom, outcomeOf, outcomes } from "../limits/visitors.ts";
import {
	FORMS,
	newcomerWithLink,
	PASSWORD,
	readerOf,
	redeem,
	refusalOf,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";
import { watchWork } from "./work.ts";

const NEW = "new battery staple";

for (const engine of ENGINES) {
	test(`Saleor CVE-2026-35407: a mailed token is bound to its customer and its purpose (${engine})`, async () => {
		await using house = await openHouse(engine);
		for (const purpose of ["reset", "activation"] as const) {
			const [ada, eve] = [
				await newcomerWithLink(house, purpose, `ada.${purpose}@example.com`),
				await newcomerWithLink(house, purpose, `eve.${purpose}@example.com`),
			];
			const other = purpose === "reset" ? "activation" : "reset";
			const path = purpose === "reset" ? "activate" : "reset";
			const crossed = [
				// Eve's token for Ada, taken apart and whole, and for the other purpose.
				{ ...ada, token: eve.token, url: ada.url.replace(ada.token, eve.token) },
				{ ...eve, id: ada.id, url: eve.url.replace(/\/\d+\//, `/${ada.id.split("/").at(-1)}/`) },
				{ ...eve, purpose: other, url: eve.url.replace(/\/account\/\w+\//, `/account/${path}/`) } as const,
			];
			for (const link of crossed) {
				for (const form of FORMS) {
					const [code] = refusalOf(await redeem(house, link, NEW, form));
					assert.match(String(code), /^(?:TOKEN_INVALID|ALREADY_ENABLED)$/);
				}
			}
			// None was spent by it, and each lets its own customer in.
			for (const [link, email] of [
				[ada, `ada.${purpose}@example.com`],
				[eve, `eve.${purpose}@example.com`],
			] as const) {
				assert.equal(await readerOf(house, tokenOf(await redeem(house, link, NEW))), email);
			}
		}
	});

	test(`Saleor CVE-2026-39851: asking for a taken e-mail address is throttled and recorded, and tells what the contract has and no more (${engine})`, async (t) => {
		await using house = await openHouse(engine);
		const states = ["enabled", "disabled", "invited", "declined"] as const;
		for (const state of states) {
			await house.signedIn(`${state}@example.com`, PASSWORD);
			await setState(house, `${state}@example.com`, state);
		}
		const token = await house.signedIn("eve@example.com", PASSWORD);
		await house.mails();
		const work = watchWork(t, house);
		let address = 0;
		const change = (email: string): Promise<Body> => {
			const headers = comingFrom(house, addressAt(++address));
			return house.ask(UPDATE, { t: token, customer: { email } }, { headers });
		};
		const message = "Email has already been taken";
		const field = ["customer", "email"];
		const told = {
			customer: null,
			customerAccessToken: null,
			customerUserErrors: [{ code: "TAKEN", field, message }],
			userErrors: [{ field, message }],
		};
		const acts = new Set<string>();
		for (const state of states) {
			let body: Body = {};
			const done = await work.of(async () => {
				body = await change(`${state}@example.com`);
			});
			assert.deepEqual([body.errors, body.data.customerUpdate], [undefined, told], state);
			acts.add(done.join("\n"));
		}
		assert.equal(acts.size, 1, "it is the same work whatever state the holder is in");
		const waiting = await house.app.store.read(statement("SELECT id FROM outbox"), []);
		assert.deepEqual(waiting, [], "nobody is mailed");

		// Ten in an hour, and four of them were above; whatever address they come from.
		const probes = await outcomes(10, async (index) =>
			outcomeOf(await change(`${states[index % 4]}@example.com`)),
		);
		assertFirst(probes, 6, "TAKEN");
		const recorded = (await readLog(house)).filter(({ act }) => act === "profile-refused");
		assert.deepEqual(
			new Set(recorded.map(({ actor, detail }) => `${actor} ${detail}`)),
			new Set(["customer email"]),
		);
		assert.equal(recorded.length, 10, "each time that it was told");
		const seen = await house.ask(UPDATE, { t: token, customer: { email: "ENABLED@example.com" } });
		assert.equal(outcomeOf(seen), "TAKEN", "and whoever is not counted is told of every spelling");
	});

	test(`Saleor CVE-2026-33756: a list of operations is not run, however long it is (${engine})`, async (t) => {
		await using house = await openHouse(engine);
		const work = watchWork(t, house);
		const one = JSON.stringify({ query: making("batched@example.com") });
		const short = '{"query":"{shop{id}}"}';
		const bodies = [
			"[]",
			`[${one}]`,
			`[${one},${one}]`,
			`[[${one}]]`,
			`{"queries":[${one}]}`,
			`${one}\n${one}\n`,
			`${one}${one}`,
			`[${Array(2000).fill(short).join(",")}]`,
			`[${one},${Array(10_000).fill("0").join(",")}]`,
		];
		for (const body of bodies) {
			const acts = await work.of(() => assertRefused(house, body, 400));
			assert.ok(acts.length <= 1, `${acts}: only the storefront access token is looked up`);
		}
		await assertRefused(house, `[${Array(10_000).fill(short).join(",")}]`, 413);
		assert.equal(await wasMade(house, "batched@example.com"), false);
	});
}

async function assertRefused(house: House, body: string, status: number): Promise<void> {
	const headers = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	const answer = await exchange(house.app.url, { path: PATH, headers, body });
	assert.deepEqual([answer.status, answer.body.data], [status, undefined], body.slice(0, 60));
}
