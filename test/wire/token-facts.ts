// 2: what a customer access token is, how long it lives, and what else takes it.
import assert from "node:assert/strict";
import { disableCustomer } from "../../src/store/customer-states.ts";
import { READ } from "../house.ts";
import { entered, passFor, SETTINGS } from "../multipass/passes.ts";
import { mailedLink } from "../recovery/links.ts";
import { lets } from "./entering.ts";
import type { Row } from "./row.ts";
import { signIn } from "./sign-in.ts";
import { DAYS_42, deleteIt, readsAs, readsNobody, renew } from "./tokens.ts";
import { changePassword } from "./update.ts";
import { answers, answersExactly, costs, timeOf } from "./wire.ts";

const BUYER = `query Q($t: String!) @inContext(buyer: { customerAccessToken: $t }) { shop { name } }`;

const NO_CART = "Carts are not served here: every `cart…` mutation says so in an error at top level.";

export const rows: readonly Row[] = [
	{
		id: "2/form",
		says: "32 characters",
		sources: ["CLI", "DOC"],
		difference:
			"Ours have 48, which are 192 random bits instead of 128. To clients a token is a text; the schema promises no form.",
	},
	{
		id: "2/form/alphabet",
		says: "lower-case hexadecimal characters, as in published samples",
		sources: ["CLI", "DOC"],
		check: async (wire) => assert.match((await wire.newcomer()).token, /^[0-9a-f]{48}$/),
	},
	{
		id: "2/lifetime",
		says: "42 days from creation to the second; times are whole seconds and end in `Z`",
		sources: ["REC"],
		check: async (wire) => {
			const { email, password } = await wire.newcomer();
			const { clock } = wire.house.app;
			const from = clock.now();
			const { body } = await signIn(wire, { email, password });
			const { expiresAt } = body.data.customerAccessTokenCreate.customerAccessToken;
			assert.match(expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
			const life = Date.parse(expiresAt) / 1000;
			assert.ok(life >= from + DAYS_42 && life <= clock.now() + DAYS_42, expiresAt);
		},
	},
	{
		id: "2/lifetime/none",
		says: "one report of `expiresAt` equal to the time of creation",
		sources: ["FORUM"],
		difference: "That was a fault of the day, not a rule to copy.",
	},
	{
		id: "2/renew",
		says: "renewing gives the same string, with 42 days from now",
		sources: ["DOC", "INF"],
		check: async (wire) => {
			await using own = await wire.open();
			const { token } = await own.newcomer();
			await own.house.advance(10 * 86_400);
			const { clock } = own.house.app;
			const from = clock.now();
			const { accessToken, expiresAt } = (await renew(own, token)).body.data.customerAccessTokenRenew
				.customerAccessToken;
			assert.equal(accessToken, token);
			assert.ok(expiresAt >= timeOf(from + DAYS_42) && expiresAt <= timeOf(clock.now() + DAYS_42), expiresAt);
		},
	},
	{
		id: "2/id",
		says: "its id is `gid://shopify/CustomerAccessToken/` and a number",
		sources: ["REC"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			assert.match(await deleteIt(wire, token), /^gid:\/\/shopify\/CustomerAccessToken\/\d+$/);
		},
	},
	{
		id: "2/password-change",
		says: "a change of password revokes all earlier tokens and gives a new one",
		sources: ["REC", "DOC"],
		check: async (wire) => {
			const { email, password, token } = await wire.newcomer();
			const { body } = await signIn(wire, { email, password });
			const second = body.data.customerAccessTokenCreate.customerAccessToken.accessToken;
			const made = await changePassword(wire, token);
			for (const earlier of [token, second]) await readsNobody(wire, earlier);
			await readsAs(wire, made, email);
		},
	},
	{
		id: "2/reset",
		says: "`customerReset` gives a new token and revokes the others",
		sources: ["INF"],
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			await lets(wire, "customerReset", await mailedLink(wire.house, "reset", email), email);
			await readsNobody(wire, token);
		},
	},
	{
		id: "2/several",
		says: "several tokens of one customer live beside each other, and die one by one",
		sources: ["INF"],
		check: async (wire) => {
			const { email, password, token } = await wire.newcomer();
			const { body } = await signIn(wire, { email, password });
			const second = body.data.customerAccessTokenCreate.customerAccessToken.accessToken;
			assert.notEqual(second, token);
			await readsAs(wire, token, email);
			await readsAs(wire, second, email);
			await deleteIt(wire, token);
			await readsNobody(wire, token);
			await readsAs(wire, second, email);
		},
	},
	{
		id: "2/several/same-token",
		says: "one report of 2018 saw repeated sign-ins give the same token",
		sources: ["FORUM"],
		difference:
			"Each sign-in makes a new token: only digests are stored, so an old one cannot be given again.",
	},
	{
		id: "2/deleted-customer",
		says: "the token of a deleted customer reads `customer: null`",
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open();
			const { token } = await own.newcomer();
			assert.equal((await own.send({ path: "/_dev/reset" })).status, 200);
			await readsNobody(own, token);
		},
	},
	{
		id: "2/disabled-customer",
		says: "so does the token of a disabled one",
		sources: ["INF"],
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			await readsAs(wire, token, email);
			const { store, shop, clock } = wire.house.app;
			const { id } = (await wire.ask(READ, { t: token })).body.data.customer;
			const customerId = Number(id.split("/").at(-1));
			assert.equal(await disableCustomer(store, { shopId: shop.id, customerId, now: clock.now() }), 1);
			await readsNobody(wire, token);
		},
	},
	{
		id: "2/changed-by-merchant",
		says: "a name or address changed by the merchant leaves the token working",
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			const { email, token: t } = await own.newcomer();
			const change = { email, first_name: "Grace", addresses: [{ city: "Arlington", country: "US" }] };
			await entered(own.house, passFor(own.house, change), { version: own.version });
			const document = `query Q($t: String!) {
				customer(customerAccessToken: $t) { email firstName defaultAddress { city } }
			}`;
			answers(await own.ask(document, { t }), {
				data: { customer: { email, firstName: "Grace", defaultAddress: { city: "Arlington" } } },
				extensions: costs(2),
			});
		},
	},
	{
		id: "2/buyer",
		says: "`BuyerInput.customerAccessToken` takes the token, e.g. in `@inContext`",
		sources: ["DOC"],
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			answers(await wire.ask(BUYER, { t }), {
				data: { shop: { name: "Latchkey" } },
				extensions: { context: { country: "US", language: "EN" }, ...costs(1) },
			});
		},
	},
	{
		id: "2/buyer/cart",
		says: "the identity of a cart’s buyer takes it too",
		sources: ["DOC"],
		difference: NO_CART,
	},
	{
		id: "2/buyer/customer-account-api",
		says: "since 2025-01 a token of the Customer Account API works in its place",
		sources: ["DOC"],
		difference: "There is no Customer Account API here, and nothing that could issue such a token.",
	},
	{
		id: "2/buyer/bad-token",
		says: "a bad token in `@inContext` is one error with a message alone, and no data",
		sources: ["REC"],
		check: async (wire) =>
			answersExactly(await wire.ask(BUYER, { t: "nobody" }), {
				errors: [{ message: "The token provided is not valid" }],
			}),
	},
	{
		id: "2/buyer/bad-token/cart",
		says: "a bad token in `cartBuyerIdentityUpdate` is “Customer is invalid”, `INVALID`",
		sources: ["REC"],
		difference: NO_CART,
	},
];
