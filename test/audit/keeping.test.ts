// How the audit log is kept: with the act or not at all, never changed, for as long as the setting says, bounded
// whatever anybody does, and without a secret.
import assert from "node:assert/strict";
import test from "node:test";
import { statement } from "../../src/store/engine.ts";
import * as addresses from "../addresses/acts.ts";
import { breakTable } from "../broken-tables.ts";
import { DELETE, ENGINES, openHouse, READ, RECOVER, SIGN_UP, UPDATE } from "../house.ts";
import { enter, passFor, SETTINGS } from "../multipass/passes.ts";
import { canSignIn, EMAIL, newcomerWithLink, newestLink, PASSWORD, redeem } from "../recovery/links.ts";
import { findSecrets } from "../secrets/forms.ts";
import { actsOf, customerIdBehind, readLog, recorded, shopperAt } from "./log.ts";

const DAY = 86_400;
const NEW = "new battery staple";

for (const engine of ENGINES) {
	test(`an act that cannot be recorded does not happen (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const link = await newcomerWithLink(house, "reset");
		const t = await house.signedIn("grace@example.com", PASSWORD);
		const a = { address1: "1 Main St", country: "CA" };
		const id = await addresses.create(house, t, a);
		const count = async () => {
			const tables = ["customers", "access_tokens", "addresses", "outbox", "one_time_tokens", "shop_choices"];
			const counts = tables.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`);
			const [row] = await house.app.store.read(statement(`SELECT ${counts.join(", ")}`), []);
			return { ...row };
		};
		// What is due goes out first, so that nothing leaves meanwhile.
		await house.mails();
		const before = await count();
		{
			await using _ = await breakTable(house.app.store, "audit", ["INSERT"]);
			const password = NEW;
			const answers = {
				signUp: await house.ask(SIGN_UP, { input: { email: "new@example.com", password } }),
				update: await house.ask(UPDATE, { t, customer: { password, firstName: "Eve" } }),
				signOut: await house.ask(DELETE, { t }),
				recover: await house.ask(RECOVER, { email: "grace@example.com" }),
				reset: await redeem(house, link, NEW),
				create: await house.ask(addresses.CREATE, { t, a: { address1: "2 Main St" } }),
				change: await house.ask(addresses.UPDATE, { t, id, a: { city: "Hull" } }),
				remove: await house.ask(addresses.DELETE, { t, id }),
				multipass: await enter(house, passFor(house, { email: "pass@example.com" })),
			};
			for (const [what, { errors }] of Object.entries(answers)) {
				assert.equal(errors?.[0]?.extensions?.code, "INTERNAL_SERVER_ERROR", what);
			}
		}
		assert.deepEqual(await count(), before);
		assert.equal((await house.ask(READ, { t })).data.customer.email, "grace@example.com");
		assert.ok(await canSignIn(house, PASSWORD, "grace@example.com"));
		assert.deepEqual((await redeem(house, link, NEW)).errors, undefined, "the link was not burnt");
	});

	test(`of many at once that want the same, one is recorded: the one that did it (${engine})`, async () => {
		await using house = await openHouse(engine);
		const atOnce = (work: () => Promise<unknown>) =>
			actsOf(house, () => Promise.all(Array.from({ length: 12 }, work)));
		const signUp = () => house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
		assert.deepEqual(await atOnce(signUp), ["signed-up"]);
		const t = await house.signedIn("grace@example.com", PASSWORD);
		assert.deepEqual(await atOnce(() => house.ask(DELETE, { t })), ["signed-out"]);
		await house.ask(RECOVER, { email: EMAIL });
		const link = await newestLink(house, "reset");
		assert.deepEqual(await atOnce(() => redeem(house, link, NEW)), ["password-reset"]);
	});

	test(`what was recorded is never changed (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		const before = await readLog(house);
		for (const sql of ["UPDATE audit SET actor = 'operator'", "UPDATE audit SET at = at + 1 WHERE id = 1"]) {
			await assert.rejects(house.app.store.change(statement(sql), []), /rows of audit are never changed/);
		}
		assert.deepEqual(await readLog(house), before);
	});

	test(`an entry goes once it is as old as the setting says (${engine})`, async () => {
		await using house = await openHouse(engine, { auditDays: "2" });
		const t = await house.signedIn(EMAIL, PASSWORD);
		const rename = (name: string) => house.ask(UPDATE, { t, customer: { firstName: name } });
		for (let index = 0; index < 20; index++) await rename(`Ada ${index}`);
		const old = new Set((await readLog(house)).map(({ id }) => id));
		const countOld = async () => (await readLog(house)).filter(({ id }) => old.has(id)).length;
		await house.advance(2 * DAY - 60);
		await rename("Ada");
		await house.app.housekeeping.sweep();
		assert.equal(await countOld(), old.size, "none of them is two days old");
		await house.advance(60);
		await house.app.housekeeping.sweep();
		assert.equal(await countOld(), 0);
		assert.equal((await readLog(house)).length, 1, "the younger one is there");
	});

	test(`0 days: nothing of what shoppers do is recorded, and what was there stays (${engine})`, async () => {
		await using house = await openHouse(engine, { auditDays: "0" });
		const before = await readLog(house);
		assert.notEqual(before.length, 0, "the shop was made by the operator");
		const t = await house.signedIn(EMAIL, PASSWORD);
		assert.equal(await shopperAt(house, "192.0.2.1").signIn(EMAIL, "wrong"), null);
		await house.ask(DELETE, { t });
		await house.advance(4000 * DAY);
		await house.app.housekeeping.sweep();
		assert.deepEqual(await readLog(house), before);
	});

	test(`a new password and who signed in are told of each time, however often (${engine})`, async () => {
		await using house = await openHouse(engine, { limitSignIns: "off" });
		let t = await house.signedIn(EMAIL, PASSWORD);
		const customerId = await customerIdBehind(house, t);
		for (let index = 0; index < 101; index++) {
			const { data } = await house.ask(UPDATE, { t, customer: { password: `${NEW} ${index}` } });
			t = data.customerUpdate.customerAccessToken.accessToken;
		}
		const log = (await readLog(house)).filter((entry) => entry.customerId === customerId);
		assert.equal(log.filter(({ act }) => act === "password-changed").length, 101);
	});

	test(`a flood of one kind fills neither the log nor the place of another kind (${engine})`, async () => {
		await using house = await openHouse(engine, { limitSignIns: "off", limitFailures: "off" });
		await house.signedIn(EMAIL, PASSWORD);
		const flood = async (email: string) => {
			const tries = Array.from({ length: 110 }, (_, index) => {
				return shopperAt(house, `192.0.2.${index}`).signIn(email, "wrong");
			});
			assert.ok((await Promise.all(tries)).every((token) => token === null));
		};
		assert.equal((await recorded(house, () => flood(EMAIL))).length, 100);
		assert.equal((await recorded(house, () => flood(EMAIL))).length, 0);
		assert.equal((await recorded(house, () => flood("nobody@example.com"))).length, 0);
		assert.deepEqual(await actsOf(house, () => canSignIn(house, PASSWORD)), ["signed-in"]);
		await house.advance(DAY);
		assert.equal((await recorded(house, () => flood(EMAIL))).length, 100, "the next day");
	});

	test(`a fresh start under development forgets the log as well (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn(EMAIL, PASSWORD);
		assert.notEqual((await readLog(house)).length, 0);
		await fetch(`${house.app.url}/_dev/reset`, { method: "POST" });
		assert.deepEqual(await readLog(house), []);
	});

	test(`nothing that was typed is in the log, and nothing that opens anything (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const shopper = shopperAt(house, "203.0.113.7");
		const typed = new Map<string, string>();
		const plant = (name: string, text: string) => {
			typed.set(name, text);
			return text;
		};
		const [email, password] = [plant("address", "canary@example.com"), plant("password", "canary password")];
		await shopper.signUp(email, password);
		await shopper.signIn(email, plant("wrong password", "canary wrong"));
		const t = plant("token", (await shopper.signIn(email, password)) ?? "");
		const customerId = await customerIdBehind(house, t);
		const customer = {
			firstName: plant("first name", "Canarina"),
			lastName: plant("last name", "Serinus"),
			phone: plant("phone", "+16135550123"),
			email: plant("new address", "serinus@example.com"),
		};
		await shopper.ask(UPDATE, { t, customer });
		const a = { address1: plant("street", "7 Birdcage Walk"), city: plant("city", "Canaria"), country: "CA" };
		await shopper.ask(addresses.CREATE, { t, a });
		await house.ask(RECOVER, { email: customer.email });
		const link = await newestLink(house, "reset", customer.email);
		plant("one-time token", link.token);
		await redeem(house, link, plant("next password", "canary's next password"));
		const pass = plant("Multipass token", passFor(house, { email: "pass@example.com" }));
		await enter(house, pass);
		for (const [kind, key] of Object.entries(house.keys)) plant(kind, key);
		plant("Multipass secret", SETTINGS.multipassSecret);

		const rows = await house.app.store.read(statement("SELECT * FROM audit"), []);
		assert.ok(rows.length >= 10, `${rows.length} rows`);
		const text = JSON.stringify(rows);
		assert.deepEqual(findSecrets(typed, Buffer.from(text)), []);
		const digests = await house.app.store.read(
			statement("SELECT digest FROM access_tokens UNION ALL SELECT password_hash FROM customers"),
			[],
		);
		for (const { digest } of digests) assert.ok(digest === null || !text.includes(String(digest)));
		// That it was the right place: it holds what it may hold.
		for (const kept of [String(customerId), "203.0.113.7", "firstName"]) assert.ok(text.includes(kept), kept);
	});
}
