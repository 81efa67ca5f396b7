// The audit log of what shoppers do: each act is there once, with who did it, of whom, from where and when.
import assert from "node:assert/strict";
import test from "node:test";
import { ACTS, type Act, type Actor, type AuditEntry } from "../../src/model.ts";
import * as addresses from "../addresses/acts.ts";
import {
	DELETE,
	ENGINES,
	type House,
	openHouse,
	READ,
	RECOVER,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { enter, entered, passFor, SETTINGS } from "../multipass/passes.ts";
import { EMAIL, newestLink, PASSWORD, redeem, setState, tokenOf } from "../recovery/links.ts";
import { actsOf, customerIdBehind, recorded, type Shopper, shopperAt, tokenIds } from "./log.ts";

/** What counts as one address for limits is written out here. */
const [TYPED, FULL] = ["2001:0DB8:1:2:0:0:0:9", "2001:db8:1:2::9"];
const NEW = "new battery staple";
/** Somebody else, who is there before. */
const BEA = { email: "bea@example.com", password: PASSWORD, phone: "+16135550123" };

/** Each act of a customer's life, one after the other: what is done, and what is recorded of it. */
async function live(
	house: House,
	shopper: Shopper,
	expect: (act: Act, actor: Actor, detail: string | null, work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
	const newest = async () => `token ${(await tokenIds(house)).at(-1)}`;
	const { ask } = shopper;
	let t = "";
	await expect("signed-up", "visitor", null, () => shopper.signUp(EMAIL, PASSWORD));
	await expect("sign-in-refused", "visitor", null, () => shopper.signIn(EMAIL, "wrong"));
	const signIn = async () => {
		t = (await shopper.signIn(EMAIL, PASSWORD)) ?? "";
	};
	const [entry] = await recorded(house, signIn);
	assert.deepEqual([entry?.act, entry?.actor, entry?.detail], ["signed-in", "customer", await newest()]);

	const change = (customer: object) => ask(UPDATE, { t, customer });
	const profile = { firstName: "Ada", phone: "+16135550199", lastName: null };
	await expect("profile-changed", "customer", "firstName phone", () => change(profile));
	await expect("email-changed", "customer", null, () => change({ email: "ada@new.example" }));
	await change({ email: EMAIL });
	await expect("profile-refused", "customer", "email", () => change({ email: BEA.email }));
	await expect("profile-refused", "customer", "phone", () => change({ phone: BEA.phone }));

	const a = { address1: "1 Main St", city: "Ottawa", country: "CA", province: "ON" };
	const made: string[] = [];
	for (const address1 of ["1 Main St", "2 Main St"]) {
		const [created] = await recorded(house, async () => {
			const { data } = await ask(addresses.CREATE, { t, a: { ...a, address1 } });
			made.push(data.customerAddressCreate.customerAddress.id);
		});
		const number = /\/(\d+)/.exec(made.at(-1) ?? "")?.[1];
		assert.deepEqual([created?.act, created?.detail], ["address-created", `address ${number}`]);
	}
	const [, id] = made;
	const about = `address ${/\/(\d+)/.exec(String(id))?.[1]}`;
	await expect("address-changed", "customer", about, () =>
		ask(addresses.UPDATE, { t, id, a: { city: "Hull" } }),
	);
	await expect("default-address-chosen", "customer", about, () => ask(addresses.SET_DEFAULT, { t, id }));
	await expect("address-deleted", "customer", about, () => ask(addresses.DELETE, { t, id }));

	const signedIn = await newest();
	await expect("signed-out", "customer", signedIn, () => ask(DELETE, { t }));
	await expect("recovery-asked", "visitor", null, () => ask(RECOVER, { email: EMAIL }));
	const link = await newestLink(house, "reset");
	const [reset] = await recorded(house, () => redeem(house, link, NEW, "id", shopper.options));
	assert.deepEqual([reset?.act, reset?.actor, reset?.detail], ["password-reset", "customer", await newest()]);

	await setState(house, EMAIL, "invited");
	await expect("activation-asked", "visitor", null, () => shopper.signUp(EMAIL, PASSWORD));
	const activation = await newestLink(house, "activation");
	const [activated] = await recorded(house, async () => {
		t = tokenOf(await redeem(house, activation, PASSWORD, "url", shopper.options));
	});
	assert.deepEqual([activated?.act, activated?.detail], ["activated", await newest()]);
	const [changed] = await recorded(house, () => change({ password: NEW }));
	assert.deepEqual([changed?.act, changed?.detail], ["password-changed", await newest()]);

	const pass = () => enter(house, passFor(house, { email: EMAIL }), shopper.options);
	const [came] = await recorded(house, pass);
	assert.deepEqual([came?.act, came?.actor], ["signed-in-by-multipass", "customer"]);
	assert.ok((await tokenIds(house)).includes(Number(came?.detail?.replace("token ", ""))));
}

for (const engine of ENGINES) {
	test(`every act of a shopper is recorded once: who, from where, when (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const times: (readonly [number, number])[] = [];
		await house.ask(SIGN_UP, { input: BEA });
		const all = await recorded(house, () =>
			live(house, shopperAt(house, TYPED), async (act, actor, detail, work) => {
				await house.advance(3600);
				const from = house.app.clock.now();
				const entries = await recorded(house, work);
				times.push([from, house.app.clock.now()]);
				const seen = entries.map((entry) => [entry.act, entry.actor, entry.detail]);
				assert.deepEqual(seen, [[act, actor, detail]], act);
				const at = Number(entries[0]?.at);
				assert.ok(from <= at && at <= house.app.clock.now(), `${act} at ${at}`);
			}),
		);
		const log = all.filter(({ actor }) => actor !== "operator");
		const [first] = log;
		for (const entry of log) {
			assert.deepEqual([entry.address, entry.customerId], [FULL, first?.customerId], entry.act);
		}
		const seen = new Set(log.map(({ act }) => act));
		assert.deepEqual(new Set(ACTS.slice(0, ACTS.indexOf("account-created"))), seen);
		assert.ok(times.length >= 10 && log.every(({ shopId }) => shopId === house.app.shop.id));
	});

	test(`one change of several things is recorded as each of them, and one of nothing not at all (${engine})`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn(EMAIL, PASSWORD);
		const all = { email: "ada@new.example", password: NEW, lastName: "Lovelace", acceptsMarketing: true };
		let next = "";
		const entries = await recorded(house, async () => {
			const { data } = await house.ask(UPDATE, { t, customer: all });
			next = data.customerUpdate.customerAccessToken.accessToken;
		});
		const seen = entries.map(({ act, detail }) => `${act} ${detail?.replace(/\d+/, "N")}`);
		assert.deepEqual(seen, [
			"email-changed undefined",
			"password-changed token N",
			"profile-changed lastName acceptsMarketing",
		]);
		const same = { lastName: "Lovelace", email: "ada@new.example", acceptsMarketing: true };
		assert.deepEqual(await actsOf(house, () => house.ask(UPDATE, { t: next, customer: same })), []);
	});

	test(`who is made or enabled by Multipass is recorded as that (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const enterAs = () => entered(house, passFor(house, { email: EMAIL, first_name: "Ada" }));
		const say = ({ act, detail }: AuditEntry) => `${act}: ${detail?.replace(/\d+/, "N")}`;
		const [made] = await recorded(house, enterAs);
		assert.equal(made && say(made), "signed-in-by-multipass: token N created");
		await setState(house, EMAIL, "disabled");
		const [enabled] = await recorded(house, enterAs);
		assert.equal(enabled && say(enabled), "signed-in-by-multipass: token N enabled");
		assert.equal(enabled?.customerId, made?.customerId);
	});

	test(`reading and renewing leave nothing, and neither does what is refused (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const t = await house.signedIn(EMAIL, PASSWORD);
		await house.signedIn("grace@example.com", PASSWORD);
		const [bad, customer] = ["nobody's token", { firstName: "Eve" }];
		const a = { address1: "1 Main St", country: "CA" };
		const id = await addresses.create(house, t, a);
		const foreign = `gid://shopify/MailingAddress/1?model_name=CustomerAddress`;
		const ask = house.ask.bind(house);
		const refused: readonly (readonly [string, () => Promise<unknown>])[] = [
			["a read", () => ask(READ, { t })],
			["a renewal", () => ask(RENEW, { t })],
			["a token that opens nothing", () => ask(UPDATE, { t: bad, customer })],
			["deleting it", () => ask(DELETE, { t: bad })],
			["markup in a name", () => ask(UPDATE, { t, customer: { firstName: "<b>" } })],
			["a duplicate address", () => ask(addresses.CREATE, { t, a })],
			["an address of a bad token", () => ask(addresses.CREATE, { t: bad, a })],
			["a change of nobody's address", () => ask(addresses.UPDATE, { t, id: foreign, a })],
			["its deletion", () => ask(addresses.DELETE, { t, id: foreign })],
			["its choice", () => ask(addresses.SET_DEFAULT, { t, id: foreign })],
			["a deletion by a bad token", () => ask(addresses.DELETE, { t: bad, id })],
			["a sign-up that is taken", () => shopperAt(house, "192.0.2.1").signUp(EMAIL, PASSWORD)],
			["a sign-in of nobody", () => shopperAt(house, "192.0.2.1").signIn("nobody@example.com", PASSWORD)],
			["a recovery of nobody", () => ask(RECOVER, { email: "nobody@example.com" })],
			["a Multipass token that is none", () => enter(house, "none")],
		];
		for (const [what, work] of refused) assert.deepEqual(await actsOf(house, work), [], what);
		await ask(RECOVER, { email: EMAIL });
		const link = { ...(await newestLink(house, "reset")), token: "none" };
		assert.deepEqual(await actsOf(house, () => redeem(house, link, NEW)), [], "a link that is none");
	});

	test(`a refused sign-in says what state forbids it, and a throttled one is not recorded (${engine})`, async () => {
		await using house = await openHouse(engine, { limitSignIns: "3/900" });
		const customerId = await customerIdBehind(house, await house.signedIn(EMAIL, PASSWORD));
		const eve = shopperAt(house, "198.51.100.1");
		await setState(house, EMAIL, "disabled");
		const [first] = await recorded(house, () => eve.signIn(EMAIL, PASSWORD));
		const { act, actor, address, detail } = first ?? {};
		assert.deepEqual(
			[act, actor, address, detail],
			["sign-in-refused", "visitor", "198.51.100.1", "disabled"],
		);
		assert.equal(first?.customerId, customerId);
		const more = await recorded(house, async () => {
			for (let attempt = 0; attempt < 10; attempt++) await eve.signIn(EMAIL, "wrong");
		});
		assert.equal(more.length, 2, "three were looked at, the others throttled");
	});

	test(`where nobody is told who has an account, the log still tells who asked, and from where (${engine})`, async () => {
		await using house = await openHouse(engine, { enumeration: "quiet" });
		const shopper = shopperAt(house, TYPED);
		const say = ({ act, actor, address }: AuditEntry) => `${act} ${actor} ${address}`;
		const signUp = await recorded(house, async () => {
			await shopper.signUp(EMAIL, PASSWORD);
			await house.mails();
		});
		assert.deepEqual(signUp.map(say), [`signed-up visitor ${FULL}`, `activation-asked visitor ${FULL}`]);
		await redeem(house, await newestLink(house, "activation"), PASSWORD);
		const recovery = await recorded(house, async () => {
			await shopper.ask(RECOVER, { email: EMAIL });
			await shopper.ask(RECOVER, { email: "nobody@example.com" });
			await house.mails();
		});
		assert.deepEqual(recovery.map(say), [`recovery-asked visitor ${FULL}`]);
	});

	test(`the address is the one that a trusted proxy or a server with a private token names (${engine})`, async () => {
		await using house = await openHouse(engine, { trustedProxies: "127.0.0.1" });
		await house.signedIn(EMAIL, PASSWORD);
		const input = { email: EMAIL, password: PASSWORD };
		const addressFor = async (headers: Record<string, string>) => {
			const [entry] = await recorded(house, () => house.ask(SIGN_IN, { input }, { headers }));
			return entry?.address;
		};
		const [buyer, forwarded] = ["Shopify-Storefront-Buyer-IP", "X-Forwarded-For"];
		const secret = { "Shopify-Storefront-Private-Token": house.keys.privateAccessToken };
		assert.equal(await addressFor({ [forwarded]: "203.0.113.9" }), "203.0.113.9");
		assert.equal(await addressFor({ [forwarded]: "6.6.6.6, ::ffff:203.0.113.9" }), "203.0.113.9");
		assert.equal(await addressFor({ ...secret, [buyer]: "::ffff:cb00:7109" }), "203.0.113.9");
		assert.equal(await addressFor({ ...secret, [buyer]: TYPED }), FULL);
		assert.equal(await addressFor({ [buyer]: "203.0.113.9" }), "127.0.0.1", "not with a public token");
		assert.equal(await addressFor({}), "127.0.0.1", "there too where it is not counted");
	});
}
