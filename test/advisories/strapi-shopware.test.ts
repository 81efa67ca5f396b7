// What went wrong in Strapi and Shopware, attempted here.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, type House, openHouse, READ, RENEW, SIGN_IN, UPDATE } from "../house.ts";
import {
	addressAt,
	assertFirst,
	CHECKED,
	comingFrom,
	outcomeOf,
	outcomes,
	THROTTLED,
	visitor,
} from "../limits/visitors.ts";
import { entered, passFor, SETTINGS } from "../multipass/passes.ts";
import { DOCUMENTS, EMAIL, mailedLink, PASSWORD, readerOf, setState } from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";
import { onEveryNode } from "./nodes.ts";
import { emailOf, makePeople, saidTo } from "./people.ts";

const PATH = "/api/2026-04/graphql.json";
const TOKENS = 10;

/** Every way in which a customer gets a new password. */
const WAYS = ["update", "reset", "resetByUrl", "activate", "activateByUrl"] as const;

/** Sets a new password of the customer and gives the token that came with it. */
async function setPassword(
	house: House,
	way: (typeof WAYS)[number],
	email: string,
	t: string,
): Promise<string> {
	const password = "new battery staple";
	const extras = { keepSessions: true, logoutOthers: false, deviceId: "this one", rememberMe: true };
	if (way === "update") {
		const { data } = await house.ask(UPDATE, { t, customer: { password }, ...extras });
		return data.customerUpdate.customerAccessToken.accessToken;
	}
	const purpose = way.startsWith("reset") ? "reset" : "activation";
	// The state alone: tokens that were there stay, so that it is the activation that has to end them.
	if (purpose === "activation") await setState(house, email, "invited");
	const { id, url, token } = await mailedLink(house, purpose, email);
	const document = DOCUMENTS[purpose][way.endsWith("ByUrl") ? "url" : "id"];
	const { data } = await house.ask(document, { id, url, token, password, ...extras });
	return data.redeemed.customerAccessToken.accessToken;
}

interface Changed {
	readonly email: string;
	readonly old: readonly string[];
	readonly fresh: string;
}

/** A customer with many tokens, who then sets a new password in this way. */
async function change(house: House, way: (typeof WAYS)[number]): Promise<Changed> {
	const email = `${way}@example.com`;
	const old = [await house.signedIn(email, PASSWORD), await entered(house, passFor(house, { email }))];
	while (old.length < TOKENS) {
		const { data } = await house.ask(SIGN_IN, { input: { email, password: PASSWORD } });
		old.push(data.customerAccessTokenCreate.customerAccessToken.accessToken);
	}
	for (const t of old) assert.equal(await readerOf(house, t), email);
	// Renewals are under way when the password changes.
	const changing = setPassword(house, way, email, String(old[0]));
	const renewing = old.slice(1).map((t) => house.ask(RENEW, { t }));
	const fresh = await changing;
	await Promise.all(renewing);
	return { email, old, fresh };
}

for (const engine of ENGINES) {
	test(`Strapi CVE-2026-22706: a new password ends every other token, whichever way it was set (${engine})`, () =>
		onEveryNode(
			engine,
			SETTINGS,
			async (house) => {
				const changed: Changed[] = [];
				for (const way of WAYS) changed.push(await change(house, way));
				return changed;
			},
			async (house, changed) => {
				for (const { email, old, fresh } of changed) {
					for (const t of old) {
						assert.deepEqual((await house.ask(READ, { t })).data, { customer: null }, email);
						assert.equal((await house.ask(RENEW, { t })).errors[0].extensions.code, "ACCESS_DENIED", email);
					}
					// Its own new one lives, whatever others have changed since.
					assert.equal(await readerOf(house, fresh), email);
				}
			},
		));

	test(`Strapi CVE-2025-64526: nothing beside the address and the account says whose budget it is (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		/** The same guess, with another stranger's member in every place that takes one. */
		const guess = async (index: number, email: string, address: string, password = "guess") => {
			const drawn = `x${index}`;
			const { body, status } = await exchange(house.app.url, {
				path: `${PATH}?email=${drawn}&identifier=${drawn}`,
				headers: {
					...comingFrom(house, address),
					"User-Agent": drawn,
					Cookie: `session=${drawn}`,
					"X-Request-ID": drawn,
					"X-Forwarded-For": addressAt(9000 + index),
					"Accept-Language": drawn,
					Authorization: `Bearer ${drawn}`,
					"X-SDK-Variant": drawn,
					"Shopify-Storefront-Id": drawn,
				},
				body: {
					query: `mutation ${drawn}($input: CustomerAccessTokenCreateInput!) { # ${drawn}
						${drawn}: customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken } customerUserErrors { code } }
					}`,
					operationName: drawn,
					variables: { input: { email, password }, email: drawn, identifier: drawn, ip: addressAt(index) },
					email: drawn,
					extensions: { ip: addressAt(index), persistedQuery: { sha256Hash: drawn } },
				},
			});
			assert.equal(status, 200);
			return outcomeOf(body, drawn);
		};
		// From an address each: the account's ten. For a name each: the address's thirty.
		assertFirst(await outcomes(14, (index) => guess(index, EMAIL, addressAt(index))), 10);
		assert.equal(
			await guess(99, EMAIL, addressAt(99), PASSWORD),
			THROTTLED,
			"the right one is not looked at",
		);
		const sprayed = (index: number) => guess(index, `nobody${index}@example.com`, "203.0.113.5");
		assertFirst(await outcomes(34, sprayed), 30);
		// A member that the input does not have is refused before anything is tried, and costs nobody an attempt.
		const before = visitor(house, "203.0.113.6");
		for (let index = 0; index < 40; index++) {
			const input = { email: "grace@example.com", password: "guess", [`member${index}`]: index };
			const { data, errors } = await before.ask(SIGN_IN, { input });
			assert.deepEqual([data, errors[0].extensions.code], [undefined, "INVALID_VARIABLE"]);
		}
		assert.equal(await before.signIn("guess", "grace@example.com"), CHECKED);
	});

	test(`Shopware CVE-2026-31888: an unknown name and a wrong password are one answer, and it repeats nothing (${engine})`, async () => {
		await using house = await openHouse(engine);
		await makePeople(house);
		const said = async (email: string, password: string, address: string) => {
			const answer = await saidTo(house, SIGN_IN, { input: { email, password } }, comingFrom(house, address));
			for (const typed of [email, password, address, "example.com"]) {
				assert.ok(!answer.toLowerCase().includes(typed.toLowerCase()), `${typed} is in ${answer}`);
			}
			return answer;
		};
		for (let time = 0; time < 14; time++) {
			const wrong = await said(emailOf("enabled"), "a wrong password", addressAt(time));
			const unknown = await said(emailOf("nobody"), "a wrong password", addressAt(100 + time));
			assert.equal(wrong.replace(/"retry-after":"\d+"/, ""), unknown.replace(/"retry-after":"\d+"/, ""));
			assert.match(wrong, time < 10 ? /UNIDENTIFIED_CUSTOMER/ : /THROTTLED/);
		}
	});
}
