// Advisories on what is inside a mailed link, each as an attack on this house: a token that works again, one that stands
// in an answer, and one of another kind that does as well.
import assert from "node:assert/strict";
import test from "node:test";
import { digestToken } from "../../src/secrets/token.ts";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, type House, openHouse, READ, RECOVER, SIGN_UP, UPDATE } from "../house.ts";
import { enter, passFor, SETTINGS } from "../multipass/passes.ts";
import {
	canSignIn,
	customerIdOf,
	EMAIL,
	FORMS,
	type MailedLink,
	mailedLink,
	newcomerWithLink,
	PASSWORD,
	redeem,
	refusalOf,
	setState,
	tokenOf,
} from "../recovery/links.ts";
import { openSecondShop } from "../second-shop.ts";
import { findSecrets } from "../secrets/forms.ts";
import { exchange } from "../wire/wire.ts";
import { actOfPassword, actsOfLink, actsOfToken, isDone } from "./attacks.ts";

const NEW = "new battery staple";
const EVIL = "evil battery staple";
const OFF = { limitLinks: "off", limitRecoveries: "off" };

async function assertDead(house: House, link: MailedLink, says: string): Promise<void> {
	for (const form of FORMS) {
		const [code, ...more] = refusalOf(await redeem(house, link, EVIL, form));
		assert.ok(code === "TOKEN_INVALID" || code === "ALREADY_ENABLED", `${says} by ${form}: ${code}`);
		assert.deepEqual(more, []);
	}
}

/** All that came back: status, headers without what is drawn or told of the clock, and body. */
async function sent(house: House, query: string, variables: unknown): Promise<string> {
	const { status, headers, text } = await exchange(house.app.url, {
		path: "/api/2026-04/graphql.json",
		headers: { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken, Connection: "close" },
		body: { query, variables },
	});
	const { "x-request-id": _, date: __, ...told } = headers;
	return JSON.stringify([status, told, text]);
}

for (const engine of ENGINES) {
	test(`Sylius CVE-2022-24743, Serenity GHSA-2hp9-3xfr-r9w2: a reset link sets one password, once (${engine})`, async () => {
		await using house = await openHouse(engine, { ...OFF, resetLifetimeSeconds: "60" });
		for (const form of FORMS) {
			const email = `${form}@example.com`;
			const link = await newcomerWithLink(house, "reset", email);
			// What was refused for another reason has spent nothing.
			const short = await redeem(house, link, "x", form);
			assert.deepEqual(refusalOf(short), ["TOO_SHORT"]);
			const t = tokenOf(await redeem(house, link, NEW, form));
			await assertDead(house, link, "used");
			// Nothing that happens to the account afterwards brings it back.
			await house.ask(UPDATE, { t, customer: { password: PASSWORD } });
			await assertDead(house, link, "used, and the password changed");
			const second = await mailedLink(house, "reset", email);
			await assertDead(house, link, "used, and a newer one mailed");
			const third = await mailedLink(house, "reset", email);
			await assertDead(house, second, "replaced");
			await setState(house, email, "invited");
			await assertDead(house, third, "of an account that waits");
			await setState(house, email, "enabled");
			await house.advance(61);
			await assertDead(house, third, "too old");
			assert.equal(await canSignIn(house, EVIL, email), false);
			assert.equal(await canSignIn(house, PASSWORD, email), true);
		}
		const link = await newcomerWithLink(house, "reset", "moved@example.com");
		const { data } = await house.ask(actOfPassword("moved@example.com", PASSWORD).query, {
			input: { email: "moved@example.com", password: PASSWORD },
		});
		const t = data.customerAccessTokenCreate.customerAccessToken.accessToken;
		await house.ask(UPDATE, { t, customer: { email: "other@example.com" } });
		await assertDead(house, link, "mailed to an address that is no longer the customer's");
	});

	test(`Redwood GHSA-3qmc-2r76-4rqp: the answer to a recovery says nothing of the link (${engine})`, async () => {
		await using house = await openHouse(engine, OFF);
		const people = ["ada@example.com", "grace@example.com"];
		const answers: string[] = [];
		const secrets = new Map<string, string>();
		const keep = async (email: string, purpose: "reset" | "activation") => {
			const link = await mailedLink(house, purpose, email);
			const name = `${purpose} ${secrets.size}`;
			secrets.set(name, link.token.split("-")[0] ?? "");
			secrets.set(`${name}, digest`, String(digestToken(link.token)));
			return link;
		};
		for (const email of people) {
			await house.signedIn(email, PASSWORD);
			// With no link there, with one, and with one that was replaced.
			for (let time = 0; time < 3; time++) {
				answers.push(await sent(house, RECOVER, { email }));
				await keep(email, "reset");
			}
		}
		assert.equal(new Set(answers).size, 1, "they are the same, to the byte");
		// Nor do others, whatever is asked for beside it, or goes wrong.
		const [email = ""] = people;
		const link = await keep(email, "reset");
		const selections =
			"__typename customerUserErrors { code field message __typename } userErrors { message field }";
		answers.push(await sent(house, `mutation { customerRecover(email: "${email}") { ${selections} } }`, {}));
		for (const field of ["resetUrl", "resetToken", "token", "customer { id }", "customerAccessToken"]) {
			const asked = `mutation { customerRecover(email: "${email}") { ${field} } }`;
			assert.match(await sent(house, asked, {}), /undefinedField/);
		}
		for (const { query, variables } of actsOfLink({ ...link, token: "0", url: `${link.url}0` }, NEW)) {
			answers.push(await sent(house, query, variables));
		}
		const newest = await keep(email, "reset");
		for (const { query, variables } of actsOfLink(newest, "x"))
			answers.push(await sent(house, query, variables));
		for (const { query, variables } of actsOfLink(newest, NEW))
			answers.push(await sent(house, query, variables));
		await setState(house, email, "invited");
		answers.push(await sent(house, SIGN_UP, { input: { email, password: PASSWORD } }));
		await keep(email, "activation");
		answers.push(await sent(house, SIGN_UP, { input: { email, password: PASSWORD } }));
		assert.deepEqual(findSecrets(secrets, Buffer.from(answers.join("\n"))), []);
		assert.ok(secrets.size >= 18 && answers.some((answer) => answer.includes("CUSTOMER_DISABLED")));
	});

	test(`Joplin CVE-2026-105785: a reset takes no token of another kind, of nobody's (${engine})`, async () => {
		await using house = await openHouse(engine, { ...OFF, ...SETTINGS });
		const there = { headers: await openSecondShop(house) };
		const ada = await newcomerWithLink(house, "reset");
		const t = await house.signedIn("grace@example.com", PASSWORD);
		const grace = await mailedLink(house, "reset", "grace@example.com");
		const ivy = await newcomerWithLink(house, "activation", "ivy@example.com");
		await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } }, there);
		const foreign = await mailedLink(house, "reset", EMAIL, there);
		const own = await house.ask(actOfPassword(EMAIL, PASSWORD).query, {
			input: { email: EMAIL, password: PASSWORD },
		});
		const kept = await house.app.store.read(statement("SELECT digest FROM one_time_tokens"), []);
		assert.equal(kept.length, 4);
		const pass = passFor(house, { email: EMAIL });
		const others: readonly (readonly [string, string])[] = [
			["her own access token", own.data.customerAccessTokenCreate.customerAccessToken.accessToken],
			["another's access token", t],
			["another's reset token", grace.token],
			["an activation token", ivy.token],
			["her reset token of another shop", foreign.token],
			["a pass", pass],
			["the public token", house.keys.storefrontAccessToken],
			["the private token", house.keys.privateAccessToken],
			["the admin token", house.keys.adminAccessToken],
			["the Multipass secret", SETTINGS.multipassSecret],
			...kept.map(({ digest }) => ["a digest", String(digest)] as const),
		];
		for (const purpose of ["reset", "activation"] as const) {
			for (const [says, token] of others) {
				for (const target of [ada, grace, ivy]) {
					if (token === target.token && purpose === target.purpose) continue;
					const path = `/account/${purpose === "reset" ? "reset" : "activate"}/${customerIdOf(target)}/`;
					const url = new URL(path + encodeURIComponent(token), target.url).href;
					const link = { purpose, id: target.id, token, url };
					for (const act of actsOfLink(link, EVIL)) {
						assert.equal(isDone(await house.ask(act.query, act.variables)), false, `${act.says}: ${says}`);
					}
				}
			}
		}
		// And what a reset takes does nothing else.
		for (const { says, query, variables } of [...actsOfToken(ada.token), ...actsOfToken(ivy.token)]) {
			assert.equal(isDone(await house.ask(query, variables)), false, says);
		}
		assert.equal(isDone(await enter(house, ada.token)), false);
		assert.equal(isDone(await house.ask(READ, { t: foreign.token }, there)), false);
		for (const link of [ada, grace, ivy]) tokenOf(await redeem(house, link, NEW));
		tokenOf(await redeem(house, foreign, NEW, "id", there));
	});
}
