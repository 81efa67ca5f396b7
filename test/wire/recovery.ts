// 1.3: recovering an account and resetting its password.
import assert from "node:assert/strict";
import { addressAt, comingFrom } from "../limits/visitors.ts";
import { customerIdOf, mailedLink, newcomerWithLink, setState } from "../recovery/links.ts";
import { BAD_RESET_TOKEN, isNoLink, lets, recover, recovers, refusesTo } from "./entering.ts";
import { throttledBody } from "./envelope.ts";
import type { Row } from "./row.ts";
import { signIn } from "./sign-in.ts";
import { answers, answersExactly, at, costs, newEmail, PASSWORD } from "./wire.ts";

const THROTTLED = throttledBody(
	"customerRecover",
	"Resetting password limit exceeded. Please try again later.",
	12,
);

const recoverRows: readonly Row[] = [
	{
		id: "1.3/recover/good",
		says: "a known, enabled address: both lists empty",
		sources: ["REC"],
		check: async (wire) => recovers(wire, (await wire.newcomer()).email),
	},
	{
		id: "1.3/recover/unknown-email",
		says: '`["email"]`, “Could not find customer”, `UNIDENTIFIED_CUSTOMER`',
		sources: ["REC", "CLI"],
		check: async (wire) => {
			const error = { field: ["email"], message: "Could not find customer" };
			answers(await recover(wire, newEmail()), {
				data: {
					customerRecover: {
						customerUserErrors: [{ code: "UNIDENTIFIED_CUSTOMER", ...error }],
						userErrors: [error],
					},
				},
				extensions: costs(12),
			});
		},
	},
	{
		id: "1.3/recover/not-enabled",
		says: "an invited or disabled account: no error, and no mail",
		sources: ["FORUM"],
		check: async (wire) => {
			const { email } = await wire.newcomer();
			const before = await wire.house.mails();
			for (const state of ["invited", "disabled"] as const) {
				await setState(wire.house, email, state);
				await recovers(wire, email);
			}
			assert.equal((await wire.house.mails()).length, before.length);
		},
	},
	{
		id: "1.3/recover/twice",
		says: "the newer link kills the older",
		sources: ["FORUM"],
		check: async (wire) => {
			const email = newEmail();
			const older = await newcomerWithLink(wire.house, "reset", email);
			const newer = await mailedLink(wire.house, "reset", email);
			await refusesTo(wire, "customerReset", older, BAD_RESET_TOKEN);
			await lets(wire, "customerReset", newer, email);
		},
	},
	{
		id: "1.3/recover/limit",
		says: "“Resetting password limit exceeded. Please try again later.” at top level, `THROTTLED`",
		sources: ["CLI", "FORUM"],
		check: async (wire) => {
			const { email } = await wire.newcomer();
			const headers = comingFrom(wire.house, "192.0.2.13");
			for (let time = 1; time <= 5; time++) {
				const { body } = await recover(wire, email, headers);
				assert.deepEqual(body.data.customerRecover.customerUserErrors, []);
			}
			answersExactly(await recover(wire, email, headers), THROTTLED);
		},
	},
	{
		id: "1.3/recover/limit-key",
		says: "the limit is by the client’s address, and one by the account is reported too",
		sources: ["DOC", "FORUM"],
		check: async (wire) => {
			const { email } = await wire.newcomer();
			const from = (address: string) => comingFrom(wire.house, address);
			for (let time = 0; time < 40; time++) {
				const { body } = await recover(wire, newEmail(), from("192.0.2.14"));
				assert.equal(body.data.customerRecover.customerUserErrors[0].code, "UNIDENTIFIED_CUSTOMER");
			}
			answersExactly(await recover(wire, email, from("192.0.2.14")), THROTTLED);
			for (let index = 0; index < 5; index++) {
				const { body } = await recover(wire, email, from(addressAt(index)));
				assert.deepEqual(body.data.customerRecover.customerUserErrors, []);
			}
			answersExactly(await recover(wire, email, from(addressAt(5))), THROTTLED);
		},
	},
];

const resetRows: readonly Row[] = [
	{
		id: "1.3/reset/bad-token",
		says: '`["input"]`, “Invalid reset token”, `TOKEN_INVALID`; in `userErrors` `field` is null',
		sources: ["REC"],
		check: async (wire) => {
			const link = await newcomerWithLink(wire.house, "reset", newEmail());
			await refusesTo(wire, "customerReset", { ...link, token: "bad-token" }, BAD_RESET_TOKEN);
		},
	},
	{
		id: "1.3/reset/good",
		says: "the customer and a new token",
		sources: ["DOC"],
		check: async (wire) => {
			const email = newEmail();
			await lets(wire, "customerReset", await newcomerWithLink(wire.house, "reset", email), email);
			const { body } = await signIn(wire, { email, password: PASSWORD });
			assert.equal(body.data.customerAccessTokenCreate.customerAccessToken, null);
		},
	},
	{
		id: "1.3/reset/password",
		says: "a blank or short password as in `customerCreate`",
		sources: ["INF"],
		check: async (wire) => {
			const link = await newcomerWithLink(wire.house, "reset", newEmail());
			const field = ["input", "password"];
			const blank = { code: "BLANK", field, message: "Password can't be blank" };
			await refusesTo(wire, "customerReset", link, blank, "");
			const message = "Password is too short (minimum is 5 characters)";
			await refusesTo(wire, "customerReset", link, { code: "TOO_SHORT", field, message }, "four");
		},
	},
	{
		id: "1.3/by-url/not-a-url",
		says: "a `resetUrl` or `activationUrl` that is no URL: “Invalid url 'not-a-url', missing scheme”",
		sources: ["INF"],
		check: async (wire) => {
			for (const [field, argument] of [
				["customerResetByUrl", "resetUrl"],
				["customerActivateByUrl", "activationUrl"],
			] as const) {
				const document = `mutation M { ${field}(${argument}: "not-a-url", password: "secret") { customer { id } } }`;
				answers(await wire.ask(document), {
					errors: [
						{
							message: "Invalid url 'not-a-url', missing scheme",
							locations: [at(document, field)],
							path: ["mutation M", field, argument],
							extensions: { code: "argumentLiteralsIncompatible", typeName: "CoercionError" },
						},
					],
				});
			}
		},
	},
	{
		id: "1.3/reset-by-url/unreadable",
		says: "a link without id and token, or of nobody: “Unidentified customer” at top level, `NOT_FOUND`",
		sources: ["REC"],
		check: async (wire) => {
			const link = await newcomerWithLink(wire.house, "reset", newEmail());
			const nobody = link.url.replace(`/${customerIdOf(link)}/`, "/1/");
			for (const url of ["https://shop.example/account/reset/bad-token", "https://shop.example/", nobody]) {
				await isNoLink(wire, "customerResetByUrl", url);
			}
		},
	},
	{
		id: "1.3/reset-by-url/stale",
		says: "a well-formed link with a stale token: as `customerReset`",
		sources: ["INF"],
		check: async (wire) => {
			const email = newEmail();
			const link = await newcomerWithLink(wire.house, "reset", email);
			await lets(wire, "customerResetByUrl", link, email);
			await refusesTo(wire, "customerResetByUrl", link, BAD_RESET_TOKEN);
		},
	},
	{
		id: "1.3/id-of-nobody",
		says: "`customerReset` and `customerActivate` with an `id` of nobody: “Unidentified customer”, `NOT_FOUND`",
		sources: ["INF"],
		difference:
			"Nobody saw this. An id of nobody is answered as a bad token (9), so that trying ids tells nothing of which customers there are.",
	},
];

export const rows: readonly Row[] = [...recoverRows, ...resetRows];
