// 5: signing in by a token that another system has signed. And what we decided where nobody has published it (9).
import assert from "node:assert/strict";
import {
	encrypt,
	enter,
	entered,
	keysOf,
	momentOf,
	passFor,
	REFUSED,
	SECRET,
	SETTINGS,
	sign,
	toToken,
	whoIs,
} from "../multipass/passes.ts";
import { setState } from "../recovery/links.ts";
import type { Row } from "./row.ts";
import { newEmail, type Wire } from "./wire.ts";

/** What a pass says, and the customer whom it lets in. */
async function admits(wire: Wire, said: object) {
	const options = { version: wire.version };
	const token = await entered(wire.house, passFor(wire.house, said), options);
	return whoIs(wire.house, token, options);
}

async function refuses(wire: Wire, token: string): Promise<void> {
	assert.deepEqual(await enter(wire.house, token, { version: wire.version }), REFUSED);
}

const contents: readonly Row[] = [
	{
		id: "5/keys",
		says: "SHA-256 of the secret: the first 16 bytes encrypt, the last 16 sign",
		sources: ["DOC", "CLI"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const { encrypt: first, sign: last } = keysOf(SECRET);
			const payload = JSON.stringify({ email: newEmail(), created_at: momentOf(own.house) });
			const made = (key: Buffer, signKey: Buffer) => {
				const keys = { encrypt: key, sign: signKey };
				return toToken(sign(encrypt(payload, keys), keys));
			};
			await refuses(own, made(last, first));
			await entered(own.house, made(first, last), { version: own.version });
		},
	},
	{
		id: "5/token",
		says: "base64url of IV, AES-128-CBC of the JSON, and HMAC-SHA256 of both; with padding or without",
		sources: ["DOC", "CLI"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			// Each a block longer than the one before: every length of padding is among them.
			for (const name of ["", "a".repeat(16), "a".repeat(32)]) {
				const said = { email: newEmail(), first_name: name };
				await admits(own, said);
				const unpadded = passFor(own.house, said).replace(/=+$/, "");
				await entered(own.house, unpadded, { version: own.version });
			}
		},
	},
	{
		id: "5/required",
		says: "`email` and `created_at`",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			await refuses(own, passFor(own.house, {}));
			await refuses(own, passFor(own.house, { email: newEmail(), created_at: undefined }));
			const email = newEmail();
			assert.equal((await admits(own, { email })).email, email);
		},
	},
	{
		id: "5/optional",
		says: "names, tags, identifier, return address, addresses",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const said = { email: newEmail(), first_name: "Ada", last_name: "Lovelace", tag_string: "vip, b2b" };
			const more = { identifier: "4711", return_to: "https://shop.example/cart", remote_ip: "203.0.113.7" };
			const { firstName, lastName, tags } = await admits(own, {
				...said,
				...more,
				addresses: [{ city: "Paris" }],
			});
			assert.deepEqual([firstName, lastName, tags], ["Ada", "Lovelace", ["b2b", "vip"]]);
			const token = await entered(own.house, passFor(own.house, said), { version: own.version });
			const document = `query Q($t: String!) { customer(customerAccessToken: $t) { defaultAddress { city } } }`;
			const { body } = await own.ask(document, { t: token });
			assert.equal(body.data.customer.defaultAddress.city, "Paris");
			assert.deepEqual((await admits(own, { ...said, tag_string: "new" })).tags, ["new"]);
		},
	},
	{
		id: "5/life",
		says: "good for 15 minutes from `created_at`, and once",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const [once, early, late] = [1, 2, 3].map(() => passFor(own.house, { email: newEmail() }));
			await entered(own.house, String(once), { version: own.version });
			await refuses(own, String(once));
			await own.house.advance(895);
			await entered(own.house, String(early), { version: own.version });
			await own.house.advance(5);
			await refuses(own, String(late));
		},
	},
];

const customers: readonly Row[] = [
	{
		id: "5/creates",
		says: "an unknown address makes a customer; a disabled one becomes enabled",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const email = newEmail();
			const created = await admits(own, { email });
			assert.equal(created.email, email);
			await setState(own.house, email, "disabled");
			assert.equal((await admits(own, { email })).id, created.id);
		},
	},
	{
		id: "5/match",
		says: "the address is the key; `identifier` only where addresses are not unique",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const { email } = await own.newcomer();
			const ada = await admits(own, { email: email.toUpperCase(), identifier: "4711" });
			assert.equal(ada.email, email);
			assert.equal((await admits(own, { email })).id, ada.id);
			assert.notEqual((await admits(own, { email: newEmail(), identifier: "4711" })).id, ada.id);
			await refuses(own, passFor(own.house, { email, identifier: "4712" }));
		},
	},
	{
		id: "5/conflict",
		says: "“The given email address is already used by another customer (with a different Multipass identifier)”",
		sources: ["FORUM"],
		difference:
			"That is the sentence of the web page. At the API it is the one refusal of 1.1, like every other failure (5/match).",
	},
	{
		id: "5/failure",
		says: "any failure at the API is the one row of 1.1",
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open({ ...SETTINGS, multipassEnables: "false" });
			const { email } = await own.newcomer();
			await setState(own.house, email, "disabled");
			const { house } = own;
			const created_at = momentOf(house, -3600);
			await refuses(own, passFor(house, { email: "not an address" }));
			await refuses(own, passFor(house, { email: newEmail(), created_at }));
			await refuses(own, passFor(house, { email: newEmail() }, "another secret"));
			await refuses(own, passFor(house, { email }));
			await refuses(own, "nobody");
		},
	},
	{
		id: "5/web",
		says: "`/account/login/multipass/{token}` signs a browser in; a bad token is 422 “Invalid Multipass request”",
		sources: ["FORUM"],
		difference:
			"There are no pages for shoppers here. The shop’s own server hands the token to `customerAccessTokenCreateWithMultipass`.",
	},
	{
		id: "5/plan",
		says: "only shops of one plan have it",
		sources: ["DOC"],
		difference: "There are no plans here: every shop has everything.",
	},
];

const decisions: readonly Row[] = [
	{
		id: "9/multipass/parts",
		says: "a name, a phone number, a tag or an address that breaks a rule is left out, and its customer comes in",
		sources: ["OWN"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const said = {
				first_name: "<b>Ada</b>",
				last_name: "Lovelace",
				phone: "none",
				tag_string: `a,${"x".repeat(256)}`,
			};
			const ada = await admits(own, { email: newEmail(), ...said, addresses: [{ country: "Atlantis" }] });
			const { firstName, lastName, phone, tags } = ada;
			assert.deepEqual([firstName, lastName, phone, tags], [null, "Lovelace", null, ["a"]]);
		},
	},
	{
		id: "9/multipass/identifier",
		says: "the first `identifier` is kept; a token that has none says nothing against it",
		sources: ["OWN"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const email = newEmail();
			await admits(own, { email });
			await admits(own, { email, identifier: 4711 });
			await admits(own, { email });
			await refuses(own, passFor(own.house, { email, identifier: "4712" }));
		},
	},
	{
		id: "9/multipass/skew",
		says: "`created_at` may be a minute ahead, of a clock that is fast; without a zone it is UTC",
		sources: ["OWN"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const created_at = momentOf(own.house, 50);
			await admits(own, { email: newEmail(), created_at });
			await admits(own, { email: newEmail(), created_at: created_at.replace("Z", "") });
			await refuses(own, passFor(own.house, { email: newEmail(), created_at: momentOf(own.house, 120) }));
		},
	},
	{
		id: "9/multipass/only",
		says: "a customer whom only Multipass has let in has no password, and neither signing up nor recovering sets one",
		sources: ["OWN"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const email = newEmail();
			await admits(own, { email });
			const document = `mutation M($email: String!) {
				customerCreate(input: { email: $email, password: "secret" }) { customerUserErrors { code } }
				customerRecover(email: $email) { customerUserErrors { code } }
				customerAccessTokenCreate(input: { email: $email, password: "secret" }) { customerUserErrors { code } }
			}`;
			const { data } = (await own.ask(document, { email })).body;
			assert.deepEqual(
				Object.values(data).map((payload) => (payload as { customerUserErrors: unknown }).customerUserErrors),
				[[{ code: "TAKEN" }], [], [{ code: "UNIDENTIFIED_CUSTOMER" }]],
			);
			assert.deepEqual(await own.house.mails(), []);
		},
	},
];

export const rows: readonly Row[] = [...contents, ...customers, ...decisions];
