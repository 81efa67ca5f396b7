// Advisories of Keycloak, each as an attack on this house: resets without the mail, revocations that a restart forgets,
// a lock that one flow ignores, tokens that come back.
import assert from "node:assert/strict";
import test from "node:test";
import { digestToken } from "../../src/secrets/token.ts";
import { statement } from "../../src/store/engine.ts";
import { seededRandom } from "../crash/random.ts";
import { DELETE, ENGINES, type House, openHouse, READ, RENEW, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import { addressAt, CHECKED, comingFrom, outcomeOf, THROTTLED } from "../limits/visitors.ts";
import { passFor, SETTINGS } from "../multipass/passes.ts";
import { openVolley, parse } from "../races/volley.ts";
import {
	askForLink,
	canSignIn,
	EMAIL,
	FORMS,
	type MailedLink,
	mailedLink,
	newcomerWithLink,
	newestLink,
	PASSWORD,
	readerOf,
	redeem,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { actOfPass, actOfPassword, actsOfLink, actsOfToken, askAt, isDone, PATHS } from "./attacks.ts";

const NEW = "new battery staple";
const EVIL = "evil battery staple";

/** Whatever Eve has or guesses, put where the mailed token belongs; none of it sets Ada's password. */
async function assertNothingRedeems(house: House, id: string, guesses: readonly unknown[]): Promise<void> {
	const number = id.split("/").at(-1);
	for (const purpose of ["reset", "activation"] as const) {
		const path = purpose === "reset" ? "reset" : "activate";
		for (const guess of guesses) {
			for (const form of FORMS) {
				const url = `https://shop.example/account/${path}/${number}/${guess}`;
				const answer = await redeem(house, { purpose, id, url, token: guess as string }, EVIL, form);
				assert.equal(isDone(answer), false, `${purpose} by ${form} with ${guess}`);
			}
		}
	}
	const input = { email: EMAIL, password: EVIL };
	assert.equal(isDone(await house.ask(SIGN_UP, { input })), false, "signing up again");
	assert.equal(await canSignIn(house, EVIL), false);
}

for (const engine of ENGINES) {
	test(`Keycloak CVE-2026-18963: no order or skipping of steps sets a password without the mailed token (${engine})`, async () => {
		await using house = await openHouse(engine);
		const token = await house.signedIn(EMAIL, PASSWORD);
		const { id } = (await house.ask(READ, { t: token })).data.customer;
		const own = await newcomerWithLink(house, "reset", "eve@example.com");
		const eve = await house.signedIn("eve2@example.com", PASSWORD);
		const now = house.app.clock.now();
		const zeros = "0".repeat(48);
		const guesses = [
			"",
			" ",
			"null",
			null,
			"undefined",
			"0",
			id,
			own.token,
			eve,
			`${zeros}-${now}`,
			`-${now}`,
		];
		await assertNothingRedeems(house, id, guesses);

		// Asked for, and not mailed yet; then mailed, with what a reader of the database or of another mail would know.
		await askForLink(house, "reset");
		await assertNothingRedeems(house, id, guesses);
		const first = await newestLink(house, "reset");
		const second = await mailedLink(house, "reset");
		const digest = digestToken(second.token);
		const [kept] = await house.app.store.read(statement("SELECT digest FROM one_time_tokens"), []);
		assert.ok(kept);
		const near = [digest, first.token, second.token.split("-")[0], second.token.toUpperCase()];
		await assertNothingRedeems(house, id, [...guesses, ...near, second.token.slice(1)]);
		// The steps of another purpose, in both directions.
		assert.equal(isDone(await redeem(house, { ...second, purpose: "activation" }, EVIL)), false);
		await setState(house, EMAIL, "invited");
		const activation = await mailedLink(house, "activation");
		assert.equal(isDone(await redeem(house, { ...activation, purpose: "reset" }, EVIL)), false);
		assert.equal(isDone(await redeem(house, second, EVIL)), false, "the reset of an account that waits");
		await assertNothingRedeems(house, id, guesses);
		assert.equal(await canSignIn(house, PASSWORD), false, "it waits for its activation");
		await setState(house, EMAIL, "enabled");
		assert.equal(await canSignIn(house, PASSWORD), true, "the password is the one from before");
		assert.equal(await readerOf(house, token), EMAIL, "and nobody was signed out");
		tokenOf(await redeem(house, second, NEW));
	});

	test(`Keycloak CVE-2026-1035, GHSA-m2w5-7xhv-w6fh: a renewal is checked and done in one step (${engine})`, async () => {
		await using house = await openHouse(engine, { tokenLifetimeSeconds: "60" });
		await using volley = await openVolley(house);
		const count = statement("SELECT count(*) AS n FROM access_tokens");
		for (let round = 0; round < 6; round++) {
			const email = `ada${round}@example.com`;
			const t = await house.signedIn(email, PASSWORD);
			const renew = { query: RENEW, variables: { t } };
			const end =
				round % 2 === 0
					? { query: UPDATE, variables: { t, customer: { password: NEW } } }
					: { query: DELETE, variables: { t } };
			const before = Number((await house.app.store.read(count, []))[0]?.["n"]);
			const shots = [...Array(30).fill(renew), end, ...Array(69).fill(renew)];
			const answers = (await volley.fire(shots)).map(parse);
			for (const { data } of answers) {
				const renewed = data.customerAccessTokenRenew?.customerAccessToken;
				if (renewed) assert.equal(renewed.accessToken, t, "there is no second successor");
			}
			const successor = answers[30]?.data.customerUpdate?.customerAccessToken.accessToken;
			assert.equal(answers.some(isDone), true);
			for (const act of actsOfToken(t)) {
				assert.equal(isDone(await house.ask(act.query, act.variables)), false, act.says);
			}
			const after = Number((await house.app.store.read(count, []))[0]?.["n"]);
			assert.equal(after - before, successor ? 0 : -1);
			if (successor) assert.equal(await readerOf(house, successor), email);
		}
		// Against the end of its life: whatever was renewed before it is over by then, too.
		const t = await house.signedIn("grace@example.com", PASSWORD);
		const renewals = () => Array.from({ length: 30 }, () => house.ask(RENEW, { t }));
		await Promise.all([...renewals(), house.advance(61), ...renewals()]);
		for (const { query, variables } of actsOfToken(t)) {
			assert.equal(isDone(await house.ask(query, variables)), false);
		}
	});

	test(`Keycloak CVE-2026-9798: the lock holds in every flow and by every path (${engine})`, async () => {
		await using house = await openHouse(engine, { ...SETTINGS, multipassEnables: "false" });
		const token = await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		const pass = passFor(house, { email: EMAIL });
		const acts = [
			...actsOfToken(token),
			actOfPassword(EMAIL, PASSWORD),
			actOfPass(pass),
			...actsOfLink(link, NEW),
			...actsOfLink({ ...link, purpose: "activation" }, NEW),
		];
		// As little as an operator can do: only the state changes, and every secret is still where it was.
		for (const state of ["disabled", "declined"] as const) {
			await setState(house, EMAIL, state);
			for (const path of PATHS) {
				for (const { says, query, variables } of acts) {
					assert.equal(isDone(await askAt(house, path, query, variables)), false, `${says} at ${path}`);
				}
			}
		}
		await setState(house, EMAIL, "enabled");
		assert.equal(await readerOf(house, token), EMAIL);
		assert.equal(isDone(await house.ask(actOfPass(pass).query, actOfPass(pass).variables)), true);
		tokenOf(await redeem(house, link, NEW));
	});

	test(`the same of limits: who is throttled is so in every flow and by every path (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		await house.signedIn(EMAIL, PASSWORD);
		const link = await mailedLink(house, "reset");
		const waiting = await newcomerWithLink(house, "activation", "ivy@example.com");
		const spoil = (one: MailedLink) => ({ ...one, token: "0", url: one.url.replace(one.token, "0") });
		const bad = [
			actOfPassword("nobody@example.com", "guess"),
			actOfPass("guess"),
			...actsOfLink(spoil(link), NEW),
			...actsOfLink(spoil(waiting), NEW),
		];
		const good = [
			actOfPassword(EMAIL, PASSWORD),
			actOfPass(passFor(house, { email: EMAIL })),
			...actsOfLink(link, NEW),
			...actsOfLink(waiting, NEW),
		];
		const from = (address: string) => ({ headers: comingFrom(house, address) });
		let tries = 0;
		// The flows take turns on one address, each by another path.
		for (; tries < 30; tries++) {
			const { query, variables } = bad[tries % bad.length] ?? bad[0] ?? assert.fail();
			const path = PATHS[tries % PATHS.length] ?? "";
			const answer = await askAt(house, path, query, variables, from("192.0.2.1"));
			assert.notEqual(outcomeOf(answer), THROTTLED, `try ${tries}`);
		}
		for (const path of PATHS) {
			for (const { says, query, variables } of [...bad, ...good]) {
				const answer = await askAt(house, path, query, variables, from("192.0.2.1"));
				assert.equal(outcomeOf(answer), THROTTLED, `${says} at ${path}`);
			}
		}
		// And the lock of one account, whose guesses come by each path from an address of their own.
		for (let index = 0; index < 16; index++) {
			const path = PATHS[index % PATHS.length] ?? "";
			const { query, variables } = actOfPassword(EMAIL, index < 10 ? "guess" : PASSWORD);
			const answer = await askAt(house, path, query, variables, from(addressAt(index)));
			assert.equal(outcomeOf(answer), index < 10 ? CHECKED : THROTTLED, `guess ${index} at ${path}`);
		}
	});

	test(`Keycloak CVE-2025-12390: no token is issued twice, and nobody reads another (${engine})`, async () => {
		await using house = await openHouse(engine);
		const random = seededRandom(12_390);
		const issued: string[] = [];
		const people = Array.from({ length: 15 }, (_, index) => ({
			email: `ada${index}@example.com`,
			tokens: [] as string[],
		}));
		for (const { email, tokens } of people) tokens.push(await house.signedIn(email, PASSWORD));
		issued.push(...people.flatMap(({ tokens }) => tokens));
		const live = async ({ email, tokens }: (typeof people)[number]) => {
			for (let step = 0; step < 25; step++) {
				const [token] = tokens;
				const choice = random();
				if (!token || choice < 0.3) {
					const answer = await house.ask(SIGN_IN, { input: { email, password: PASSWORD } });
					tokens.push(answer.data.customerAccessTokenCreate.customerAccessToken.accessToken);
					issued.push(tokens.at(-1) ?? "");
				} else if (choice < 0.5) {
					tokens.shift();
					const { data } = await house.ask(DELETE, { t: token });
					assert.equal(data.customerAccessTokenDelete.deletedAccessToken, token);
					assert.equal(await readerOf(house, token), null);
				} else if (choice < 0.7) {
					const { data } = await house.ask(UPDATE, { t: token, customer: { firstName: `N${step}` } });
					assert.equal(data.customerUpdate.customer.email, email);
				} else assert.equal(await readerOf(house, token), email);
			}
		};
		await Promise.all(people.map(live));
		assert.equal(new Set(issued).size, issued.length);
		assert.ok(issued.length > 80, `${issued.length} tokens were issued`);

		// Whoever comes to the address of one who is gone has neither the tokens nor the links of that account.
		const link = await newcomerWithLink(house, "reset", "gone@example.com");
		const old = await house.signedIn("gone2@example.com", PASSWORD);
		const remove = statement("DELETE FROM customers WHERE email LIKE 'gone%' RETURNING id");
		assert.equal((await house.app.store.change(remove, [])).length, 2);
		for (const email of ["gone@example.com", "gone2@example.com"]) await house.signedIn(email, NEW);
		assert.equal(await readerOf(house, old), null);
		assert.equal(isDone(await redeem(house, link, EVIL)), false);
		assert.equal(await canSignIn(house, NEW, "gone@example.com"), true);
	});

	test(`Keycloak CVE-2026-96446: a link that was spent by one path is spent for all (${engine})`, async () => {
		await using house = await openHouse(engine);
		await using volley = await openVolley(house);
		for (const purpose of ["reset", "activation"] as const) {
			for (const [round, form] of FORMS.entries()) {
				const link = await newcomerWithLink(house, purpose, `${purpose}${round}@example.com`);
				const acts = actsOfLink(link, NEW);
				tokenOf(await redeem(house, link, NEW, form));
				for (const path of PATHS) {
					for (const { says, query, variables } of acts) {
						assert.equal(isDone(await askAt(house, path, query, variables)), false, `${says} at ${path}`);
					}
				}
			}
			// Released together, in both forms, and both in one document.
			const link = await newcomerWithLink(house, purpose, `${purpose}@example.com`);
			const shots = Array.from({ length: 60 }, (_, index) => actsOfLink(link, `${NEW} ${index}`)[index % 2]);
			const answers = (await volley.fire(shots.filter((shot) => shot !== undefined))).map(parse);
			assert.equal(answers.filter(isDone).length, 1);
			const [one, other] =
				purpose === "reset"
					? ["customerReset(id: $id, input: { resetToken: $token", "customerResetByUrl(resetUrl: $url"]
					: [
							"customerActivate(id: $id, input: { activationToken: $token",
							"customerActivateByUrl(activationUrl: $url",
						];
			const both = await newcomerWithLink(house, purpose, `${purpose}-both@example.com`);
			const { data } = await house.ask(
				`mutation($id: ID!, $token: String!, $url: URL!) {
					a: ${other}, password: "${NEW}") { customerAccessToken { accessToken } }
					b: ${one}, password: "${EVIL}" }) { customerAccessToken { accessToken } customerUserErrors { code } }
				}`,
				{ id: both.id, token: both.token, url: both.url },
			);
			assert.ok(data.a.customerAccessToken);
			assert.equal(data.b.customerAccessToken, null);
			assert.equal(await canSignIn(house, EVIL, `${purpose}-both@example.com`), false);
		}
	});
}
