// Advisories on what becomes of tokens and of those who carry them, each as an attack on this house: tokens that outlive
// a sign-out or a new password, and a kind of credential that gets round what the others have to pass.
import assert from "node:assert/strict";
import test from "node:test";
import { ensureApiKey } from "../../src/accounts/administration.ts";
import { makeToken } from "../../src/secrets/token.ts";
import { statement } from "../../src/store/engine.ts";
import { runAlone } from "../command-line/line.ts";
import {
	DELETE,
	ENGINES,
	type House,
	openDatabase,
	openHouse,
	READ,
	RECOVER,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { entered, passFor, SETTINGS } from "../multipass/passes.ts";
import { afterTurns } from "../races/volley.ts";
import {
	canSignIn,
	EMAIL,
	mailedLink,
	newcomerWithLink,
	PASSWORD,
	readerOf,
	redeem,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { type Act, actOfPass, actOfPassword, actsOfLink, actsOfToken, isDone } from "./attacks.ts";

const NEW = "new battery staple";

async function signIn(house: House, email = EMAIL, password = PASSWORD): Promise<string> {
	const { query, variables } = actOfPassword(email, password);
	const { data } = await house.ask(query, variables);
	return data.customerAccessTokenCreate.customerAccessToken.accessToken;
}

async function assertDead(house: House, token: string): Promise<void> {
	for (const { says, query, variables } of actsOfToken(token)) {
		assert.equal(isDone(await house.ask(query, variables)), false, says);
	}
}

/** Every way in which a customer's password becomes another; gives the one token that comes of it. */
const CHANGES: Readonly<Record<string, (house: House, token: string) => Promise<string>>> = {
	"by an update": async (house, t) => {
		const { data } = await house.ask(UPDATE, { t, customer: { password: NEW } });
		return data.customerUpdate.customerAccessToken.accessToken;
	},
	"by an update to the password that it was": async (house, t) => {
		const { data } = await house.ask(UPDATE, { t, customer: { password: PASSWORD } });
		return data.customerUpdate.customerAccessToken.accessToken;
	},
	"by an update of more than that": async (house, t) => {
		const customer = { password: NEW, email: "lovelace@example.com", acceptsMarketing: true };
		const { data } = await house.ask(UPDATE, { t, customer });
		return data.customerUpdate.customerAccessToken.accessToken;
	},
	"by a reset": async (house) => tokenOf(await redeem(house, await mailedLink(house, "reset"), NEW)),
	"by a reset by URL": async (house) => {
		return tokenOf(await redeem(house, await mailedLink(house, "reset"), NEW, "url"));
	},
	"by an activation": async (house) => {
		await setState(house, EMAIL, "disabled");
		return tokenOf(await redeem(house, await mailedLink(house, "activation"), NEW));
	},
};

for (const engine of ENGINES) {
	test(`Payload CVE-2025-4643: a token says nothing itself, and is nothing once it is deleted (${engine})`, async () => {
		await using house = await openHouse(engine);
		await using other = await openHouse(engine);
		const token = await house.signedIn(EMAIL, PASSWORD);
		const [pass, kept] = [await signIn(house), await signIn(house)];
		for (const one of [token, pass, kept]) {
			assert.match(one, /^[0-9a-f]{48}$/);
			assert.doesNotMatch(Buffer.from(one, "hex").toString("latin1"), /ada|example|exp|sub/);
		}
		// Whatever remembers a token that was good has seen it now.
		for (const one of [token, pass, kept]) assert.equal(await readerOf(house, one), EMAIL);
		// Another house with the same customer, who has the same password, does not know it.
		await other.signedIn(EMAIL, PASSWORD);
		await assertDead(other, token);

		assert.equal(
			(await house.ask(DELETE, { t: token })).data.customerAccessTokenDelete.deletedAccessToken,
			token,
		);
		await assertDead(house, token);
		for (const seconds of [1, 60, 7140, 86_400]) {
			await house.advance(seconds);
			await assertDead(house, token);
		}
		// Its row is all that it is: whatever takes that away, however it comes about, has taken the token away.
		await house.app.store.change(statement("DELETE FROM access_tokens RETURNING id"), []);
		for (const one of [pass, kept]) await assertDead(house, one);
	});

	test(`NocoDB GHSA-x4vh-j75g-268g, Memos GHSA-mr34-8733-grr2: a new password ends every token (${engine})`, async () => {
		for (const [says, change] of Object.entries(CHANGES)) {
			await using house = await openHouse(engine, { ...SETTINGS, limitSignIns: "off" });
			const first = await house.signedIn(EMAIL, PASSWORD);
			const tokens = await Promise.all(Array.from({ length: 10 }, () => signIn(house)));
			tokens.push(first, await entered(house, passFor(house, { email: EMAIL })));
			const bystander = await house.signedIn("grace@example.com", PASSWORD);
			// Others are under way while it happens: with a token, and with the password that is going to end.
			const renewing = (async () => {
				for (let turn = 0; turn < 10; turn++) {
					for (const act of actsOfToken(tokens[turn] ?? "").slice(0, 4))
						await house.ask(act.query, act.variables);
					await afterTurns(turn % 3);
				}
			})();
			const signingIn = Promise.all(
				Array.from({ length: 10 }, async () => {
					const { query, variables } = actOfPassword(EMAIL, PASSWORD);
					const { data } = await house.ask(query, variables);
					return data.customerAccessTokenCreate.customerAccessToken?.accessToken;
				}),
			);
			const fresh = await change(house, first);
			for (const token of tokens) assert.equal(await readerOf(house, token), null, says);
			await renewing;
			for (const token of tokens.slice(-3)) await assertDead(house, token);
			const late = (await signingIn).filter((token) => token !== undefined);
			if (says !== "by an update to the password that it was") {
				for (const token of late) assert.equal(await readerOf(house, token), null, says);
				assert.equal(await canSignIn(house, PASSWORD), false);
			}
			assert.ok(await readerOf(house, fresh), `${says}: the token that came of it`);
			assert.equal(await readerOf(house, bystander), "grace@example.com");
		}
	});
}

test("Kratos GHSA-wc43-73w7-x2f5: every kind of credential has the same gates to pass", async () => {
	await using database = await openDatabase();
	const databaseUrl = database.url;
	await using house = await openHouse(ENGINES[0], { ...SETTINGS, databaseUrl, multipassEnables: "false" });
	const { store, shop, clock } = house.app;
	/** A customer with one credential of each kind; each opens the account as long as that is enabled. */
	const credentialsOf = async (email: string): Promise<readonly Act[]> => {
		const link = await newcomerWithLink(house, "reset", email);
		const token = await signIn(house, email);
		return [
			...actsOfToken(token),
			actOfPassword(email, PASSWORD),
			actOfPass(passFor(house, { email })),
			...actsOfLink(link, NEW),
		];
	};
	// The gate of the account: an operator has closed it.
	const closed = await credentialsOf("closed@example.com");
	const before = await newcomerWithLink(house, "activation", "waiting@example.com");
	const operate = async (command: string) => {
		const { code, notes } = await runAlone(command, { databaseUrl });
		assert.equal(code, 0, notes);
	};
	await operate("customer disable closed@example.com");
	await operate("customer disable waiting@example.com");
	const late = actOfPass(passFor(house, { email: "closed@example.com" }));
	for (const { says, query, variables } of [...closed, late, ...actsOfLink(before, NEW)]) {
		assert.equal(isDone(await house.ask(query, variables)), false, says);
	}

	// The gate of the storefront access token: it lacks a scope, or is none.
	const open = await credentialsOf("open@example.com");
	const activation = await newcomerWithLink(house, "activation", "ivy@example.com");
	const keyWith = async (scopes: readonly string[]) => {
		const token = makeToken();
		const key = { kind: "public", title: `with ${scopes}`, scopes: new Set(scopes) } as const;
		await ensureApiKey(store, shop, key, token, clock.now());
		return token;
	};
	const reading = await keyWith(["unauthenticated_read_customers"]);
	const gates = [reading, await keyWith([]), await keyWith(["unauthenticated_read_customer"])];
	const others: readonly Act[] = [
		...actsOfLink(activation, NEW),
		{ says: "recover", query: RECOVER, variables: { email: "open@example.com" } },
		{
			says: "sign up",
			query: SIGN_UP,
			variables: { input: { email: "new@example.com", password: PASSWORD } },
		},
	];
	for (const gate of gates) {
		for (const { says, query, variables } of [...open, ...others]) {
			// A buyer is no customer's data, and reading has a scope of its own.
			if (says === "buyer" || (says === "read" && gate === reading)) continue;
			const headers = { "X-Shopify-Storefront-Access-Token": gate };
			const { data, errors } = await house.ask(query, variables, { headers });
			assert.deepEqual(Object.values(data), [null], says);
			assert.deepEqual([errors.length, errors[0].extensions.code], [1, "ACCESS_DENIED"], says);
		}
	}
	for (const { says, query, variables } of [...open, ...actsOfLink(activation, NEW)]) {
		const response = await fetch(`${house.app.url}/api/2026-04/graphql.json`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ query, variables }),
		});
		const { data, errors } = (await response.json()) as Awaited<ReturnType<House["ask"]>>;
		if (says === "buyer") continue;
		assert.deepEqual([Object.values(data), errors[0].extensions.code], [[null], "ACCESS_DENIED"], says);
	}
	// Nothing of that has used anything up: through the gates, each of them opens what it should.
	const token = open[0]?.variables["t"];
	assert.equal((await house.ask(READ, { t: token })).data.customer.email, "open@example.com");
	const undone: string[] = [];
	for (const { says, query, variables } of [...open, ...actsOfLink(activation, NEW)]) {
		if (!isDone(await house.ask(query, variables))) undone.push(says);
	}
	assert.deepEqual(undone, ["reset by URL", "activation by URL"], "the link was spent by its id");
});
