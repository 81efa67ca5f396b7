// 6: what shoppers may type, and what is kept of it.
import assert from "node:assert/strict";
import { setTags } from "../../src/accounts/tags.ts";
import { statement } from "../../src/store/engine.ts";
import { readGid } from "../../src/storefront/forms.ts";
import { keyWith, scopeDenial } from "./access.ts";
import { creates, refuses, signUp } from "./create.ts";
import type { Row } from "./row.ts";
import { signIn } from "./sign-in.ts";

import { answers, answersExactly, costs, newEmail, PASSWORD } from "./wire.ts";

const INVALID_EMAIL = ["INVALID", "email", "Email is invalid"] as const;
const LONG_EMAIL = ["TOO_LONG", "email", "Email is too long (maximum is 255 characters)"] as const;

/** An address of so many characters, its parts no longer than mail allows. */
function emailOfLength(length: number): string {
	const domain = `@${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(60)}.example`;
	const unique = newEmail().split("@")[0] ?? "";
	return `${unique}${"a".repeat(length - domain.length - unique.length)}${domain}`;
}

const passwordRows: readonly Row[] = [
	{
		id: "6/password/shortest",
		says: "a password has at least 5 characters",
		sources: ["FORUM"],
		check: async (wire) => {
			const message = "Password is too short (minimum is 5 characters)";
			await refuses(wire, { password: "4444" }, ["TOO_SHORT", "password", message]);
			const email = newEmail();
			await creates(wire, { email, password: "55555" }, { email });
		},
	},
	{
		id: "6/password/longest",
		says: "its longest length is not known: 40 in older guides, 72 in one client",
		sources: ["FORUM", "CLI"],
		difference: "256 characters, each of which counts (9): a longer phrase is a better password.",
	},
	{
		id: "6/password/blank-ends",
		says: "a blank at either end is refused; blanks inside are not",
		sources: ["DOC"],
		check: async (wire) => {
			const code = "PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE";
			const message = "Password cannot start or end with whitespace";
			for (const password of [" secret", "secret\t", "\u00a0secret"]) {
				await refuses(wire, { password }, [code, "password", message]);
			}
			const email = newEmail();
			await creates(wire, { email, password: "correct horse battery" }, { email });
		},
	},
];

const emailRows: readonly Row[] = [
	{
		id: "6/email/whitespace",
		says: "all whitespace in an address is dropped",
		sources: ["ADM"],
		check: async (wire) => {
			const email = newEmail();
			await creates(wire, { email: ` ${email.slice(0, 3)} ${email.slice(3)}\n` }, { email });
		},
	},
	{
		id: "6/email/case",
		says: "two addresses that differ in case alone are one; the case that was typed is kept",
		sources: ["ADM"],
		check: async (wire) => {
			const email = `Grace.${newEmail()}`;
			await creates(wire, { email }, { email });
			const other = { email: email.toUpperCase() };
			await refuses(wire, other, ["TAKEN", "email", "Email has already been taken"]);
			const { body } = await signIn(wire, { ...other, password: PASSWORD });
			assert.deepEqual(body.data.customerAccessTokenCreate.customerUserErrors, []);
		},
	},
	{
		id: "6/email/one-at",
		says: "exactly one @, with something before it",
		sources: ["ADM"],
		check: async (wire) => {
			for (const email of ["ada.example.com", "ada@lovelace@example.com", "@example.com"]) {
				await refuses(wire, { email }, INVALID_EMAIL);
			}
		},
	},
	{
		id: "6/email/dot",
		says: "a dot inside the domain",
		sources: ["ADM"],
		check: async (wire) => {
			for (const email of ["ada@example", "ada@.com", "ada@example."]) {
				await refuses(wire, { email }, INVALID_EMAIL);
			}
		},
	},
	{
		id: "6/email/longest",
		says: "at most 255 characters; beyond, “Email is too long (maximum is 255 characters)” and “Email is invalid”",
		sources: ["ADM"],
		check: async (wire) => {
			const email = emailOfLength(255);
			await creates(wire, { email }, { email });
			await refuses(wire, { email: emailOfLength(256) }, LONG_EMAIL, INVALID_EMAIL);
			await refuses(wire, { email: emailOfLength(5000) }, LONG_EMAIL, INVALID_EMAIL);
		},
	},
];

const phoneRows: readonly Row[] = [
	{
		id: "6/phone/e164",
		says: "a customer’s number is kept as E.164: “+1 (613) 450-5293” is `+16134505293`",
		sources: ["ADM"],
		check: async (wire) => {
			await using own = await wire.open();
			const email = newEmail();
			await creates(own, { email, phone: "+1 (613) 450-5293" }, { email, phone: "+16134505293" });
		},
	},
	{
		id: "6/phone/prefix",
		says: "without the prefix of its country it is refused",
		sources: ["ADM"],
		check: (wire) => refuses(wire, { phone: "613 450 5293" }, ["INVALID", "phone", "Phone is invalid"]),
	},
	{
		id: "6/phone/longest",
		says: "at most 255 characters",
		sources: ["ADM"],
		check: (wire) =>
			refuses(wire, { phone: `+1${"6".repeat(254)}` }, [
				"TOO_LONG",
				"phone",
				"Phone is too long (maximum is 255 characters)",
			]),
	},
	{
		id: "6/phone/null",
		says: "null is no number",
		sources: ["ADM"],
		check: async (wire) => {
			const email = newEmail();
			await creates(wire, { email, phone: null }, { email, phone: null });
		},
	},
	{
		id: "6/phone/blank",
		says: "an empty text is none either",
		sources: ["ADM"],
		check: async (wire) => {
			for (const phone of ["", "  "]) {
				const email = newEmail();
				await creates(wire, { email, phone }, { email, phone: null });
			}
		},
	},
	{
		id: "6/phone/blank/2017",
		says: "in 2017 an empty text was an error",
		sources: ["FORUM"],
		difference:
			"It is no number, as on the Admin API today: forms send an empty text for a field left empty.",
	},
];

const nameRows: readonly Row[] = [
	{
		id: "6/name/longest",
		says: "a name has at most 255 characters",
		sources: ["ADM"],
		check: async (wire) => {
			const email = newEmail();
			const lastName = "é".repeat(255);
			await creates(wire, { email, lastName }, { email, lastName, displayName: lastName });
			const message = "Last name is too long (maximum is 255 characters)";
			await refuses(wire, { lastName: `${lastName}é` }, ["TOO_LONG", "lastName", message]);
		},
	},
	{
		id: "6/name/blank",
		says: "a blank name is null",
		sources: ["ADM"],
		check: async (wire) => {
			const email = newEmail();
			await creates(wire, { email, firstName: "", lastName: "  " }, { email });
		},
	},
	{
		id: "6/display-name/both",
		says: "`displayName` is “First Last”",
		sources: ["ADM", "DOC"],
		check: async (wire) => {
			const email = newEmail();
			const names = { firstName: "Grace", lastName: "Hopper" };
			await creates(wire, { email, ...names }, { email, ...names, displayName: "Grace Hopper" });
		},
	},
	{
		id: "6/display-name/one",
		says: "or the one name there is",
		sources: ["ADM", "DOC"],
		check: async (wire) => {
			for (const key of ["firstName", "lastName"]) {
				const email = newEmail();
				await creates(wire, { email, [key]: "Grace" }, { email, [key]: "Grace", displayName: "Grace" });
			}
		},
	},
	{
		id: "6/display-name/email",
		says: "or the address",
		sources: ["ADM", "DOC"],
		check: async (wire) => {
			const email = newEmail();
			await creates(wire, { email }, { email, displayName: email });
		},
	},
	{
		id: "6/display-name/phone",
		says: "or the phone number",
		sources: ["ADM", "DOC"],
		check: async (wire) => {
			await using own = await wire.open();
			const { token: t } = await own.newcomer();
			const phone = "+16135550142";
			const forget = statement(
				"UPDATE customers SET email = NULL, first_name = NULL, last_name = NULL, phone = ?",
			);
			await own.house.app.store.change(forget, [phone]);
			const document =
				"query Q($t: String!) { customer(customerAccessToken: $t) { displayName email phone } }";
			answers(await own.ask(document, { t }), {
				data: { customer: { displayName: phone, email: null, phone } },
				extensions: costs(1),
			});
		},
	},
];

export const rows: readonly Row[] = [
	...passwordRows,
	...emailRows,
	...phoneRows,
	...nameRows,
	{
		id: "6/tags",
		says: "trimmed, each once, sorted; at most 250, of 255 characters",
		sources: ["ADM"],
		check: async (wire) => {
			const { store, shop, clock } = wire.house.app;
			const { token: t } = await wire.newcomer();
			const read = (fields: string) =>
				wire.ask(`query Q($t: String!) { customer(customerAccessToken: $t) { ${fields} } }`, { t });
			const customerId = Number(readGid("Customer", (await read("id")).body.data.customer.id));
			const set = (tags: readonly string[]) => setTags(store, shop.id, customerId, tags, clock.now());
			assert.equal(await set([" vip", "", "Newsletter", "VIP", "b2b "]), null);
			assert.deepEqual((await read("tags")).body.data.customer.tags, ["b2b", "Newsletter", "vip"]);
			const most = Array.from({ length: 250 }, (_, index) => `${index}`.padStart(255, "0"));
			assert.equal(await set(most), null);
			assert.deepEqual((await read("tags")).body.data.customer.tags, most);
			assert.equal(await set([...most, "one more"]), "tooMany");
			assert.equal(await set(["x".repeat(256)]), "notATag");
		},
	},
	{
		id: "6/tags/scope",
		says: "reading them needs `unauthenticated_read_customer_tags`",
		sources: ["DOC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			const document = "query Q($t: String!) { customer(customerAccessToken: $t) { id tags } }";
			const headers = await keyWith(wire, "unauthenticated_read_customers");
			answersExactly(await wire.ask(document, { t }, headers), {
				errors: [scopeDenial(document, ["customer", "tags"], "unauthenticated_read_customer_tags")],
				data: { customer: null },
				extensions: costs(1),
			});
			const read = "query Q($t: String!) { customer(customerAccessToken: $t) { tags } }";
			answers(await wire.ask(read, { t }), { data: { customer: { tags: [] } }, extensions: costs(1) });
		},
	},
	{
		id: "6/accepts-marketing",
		says: "`acceptsMarketing` is what was sent, and false if nothing was",
		sources: ["REC", "DOC"],
		check: async (wire) => {
			for (const acceptsMarketing of [undefined, false, true]) {
				const email = newEmail();
				const expected = { email, acceptsMarketing: acceptsMarketing ?? false };
				await creates(wire, { email, acceptsMarketing }, expected);
			}
			const { body } = await signUp(wire, { email: newEmail(), acceptsMarketing: null });
			assert.equal(body.data.customerCreate.customer.acceptsMarketing, false);
		},
	},
];
