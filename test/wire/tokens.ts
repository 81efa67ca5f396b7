// 1.1: renewing and deleting a customer access token, and reading the customer behind it.
import assert from "node:assert/strict";
import { UPDATE } from "../house.ts";
import { ENTER, passFor, REFUSED, SETTINGS } from "../multipass/passes.ts";
import { isDeniedToDelete, isDeniedToRenew } from "./denial.ts";
import type { Row } from "./row.ts";
import { type Answer, answers, answersExactly, costs, newEmail, timeOf, type Wire } from "./wire.ts";

export const DAYS_42 = 42 * 86_400;

const RENEW = `mutation M($t: String!) {
	customerAccessTokenRenew(customerAccessToken: $t) {
		customerAccessToken { accessToken expiresAt }
		userErrors { field message }
	}
}`;
const DELETE = `mutation M($t: String!) {
	customerAccessTokenDelete(customerAccessToken: $t) {
		deletedAccessToken
		deletedCustomerAccessTokenId
		userErrors { field message }
	}
}`;
const READ = "query Q($t: String!) { customer(customerAccessToken: $t) { email } }";

export function renew(wire: Wire, t: string): Promise<Answer> {
	return wire.ask(RENEW, { t });
}

/** Deletes the token and gives its id. */
export async function deleteIt(wire: Wire, t: string): Promise<string> {
	const answer = await wire.ask(DELETE, { t });
	const { deletedCustomerAccessTokenId } = answer.body.data.customerAccessTokenDelete;
	answers(answer, {
		data: {
			customerAccessTokenDelete: { deletedAccessToken: t, deletedCustomerAccessTokenId, userErrors: [] },
		},
		extensions: costs(11),
	});
	return deletedCustomerAccessTokenId;
}

/** The token reads its customer. */
export async function readsAs(wire: Wire, t: string, email: string): Promise<void> {
	answers(await wire.ask(READ, { t }), { data: { customer: { email } }, extensions: costs(1) });
}

/** The token reads null, without an error. */
export async function readsNobody(wire: Wire, t: string): Promise<void> {
	answers(await wire.ask(READ, { t }), { data: { customer: null }, extensions: costs(1) });
}

/** An answer that gives a token, made between two moments; checks it whole and gives the token's life. */
export function givesToken(
	{ status, body }: Answer,
	field: string,
	errors: Readonly<Record<string, readonly []>>,
	cost: number,
	[from, to]: readonly [number, number],
): { accessToken: string; expiresAt: string } {
	const { accessToken, expiresAt } = body.data[field].customerAccessToken;
	assert.equal(status, 200);
	assert.deepEqual(body, {
		data: { [field]: { customerAccessToken: { accessToken, expiresAt }, ...errors } },
		extensions: costs(cost),
	});
	const expected = Array.from({ length: to - from + 1 }, (_, index) => timeOf(from + index + DAYS_42));
	assert.ok(expected.includes(expiresAt), `${expiresAt} is not 42 days from now`);
	return { accessToken, expiresAt };
}

const renewAndDeleteRows: readonly Row[] = [
	{
		id: "1.1/renew/good",
		says: "the token and when it expires, 42 days from now; `userErrors` empty",
		sources: ["REC"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const { clock } = wire.house.app;
			const from = clock.now();
			const answer = await renew(wire, token);
			const errors = { userErrors: [] } as const;
			const span = [from, clock.now()] as const;
			const { accessToken } = givesToken(answer, "customerAccessTokenRenew", errors, 12, span);
			assert.equal(accessToken, token);
		},
	},
	{
		id: "1.1/renew/extends",
		says: "a renewed token outlives the end that it had; it is renewed before that, not after",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open();
			const { email, token } = await own.newcomer();
			await own.house.advance(DAYS_42 - 60);
			assert.equal((await renew(own, token)).body.data.customerAccessTokenRenew.userErrors.length, 0);
			await own.house.advance(120);
			await readsAs(own, token, email);
			await own.house.advance(DAYS_42);
			await isDeniedToRenew(own, token);
		},
	},
	{
		id: "1.1/renew/unknown",
		says: "a token that was never issued is denied at top level",
		sources: ["INF"],
		check: (wire) => isDeniedToRenew(wire),
	},
	{
		id: "1.1/renew/expired",
		says: "an expired one is denied the same way, from the second at which it expires",
		sources: ["INF"],
		check: async (wire) => {
			await using own = await wire.open();
			const { token } = await own.newcomer();
			await own.house.advance(DAYS_42);
			await isDeniedToRenew(own, token);
		},
	},
	{
		id: "1.1/renew/old-words",
		says: "in 2017 the text was “CustomerAccessTokenRenew access denied”",
		sources: ["FORUM"],
		difference: "The recorded denial of today, which two mutations were seen to give, is answered instead.",
	},
	{
		id: "1.1/delete/good",
		says: "`deletedAccessToken` is the token itself, beside its id; `userErrors` empty",
		sources: ["REC"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			assert.match(await deleteIt(wire, token), /^gid:\/\/shopify\/CustomerAccessToken\/\d+$/);
		},
	},
	{
		id: "1.1/delete/unknown",
		says: "a token that was never issued is denied at top level; there is no user error",
		sources: ["REC"],
		check: (wire) => isDeniedToDelete(wire),
	},
	{
		id: "1.1/delete/already-deleted",
		says: "one that is deleted already, the same",
		sources: ["REC"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			await deleteIt(wire, token);
			await isDeniedToDelete(wire, token);
		},
	},
	{
		id: "1.1/multipass/bad-token",
		says: '`["multipassToken"]`, “Invalid Multipass request”, `INVALID_MULTIPASS_REQUEST`',
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open(SETTINGS);
			// The shop's secret makes no difference to a bad token.
			for (const shop of [wire, own]) {
				for (const token of ["", "nobody", passFor(own.house, { email: newEmail() }, "another secret")]) {
					answersExactly(await shop.ask(ENTER, { t: token }), REFUSED);
				}
			}
		},
	},
];

const readRows: readonly Row[] = [
	{
		id: "1.1/customer/deleted-token",
		says: "a deleted token reads `customer: null`, without an error",
		sources: ["REC"],
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			await readsAs(wire, token, email);
			await deleteIt(wire, token);
			await readsNobody(wire, token);
		},
	},
	{
		id: "1.1/customer/revoked-token",
		says: "so does one that a change of password revoked",
		sources: ["REC"],
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			await readsAs(wire, token, email);
			await wire.ask(UPDATE, { t: token, customer: { password: "new battery staple" } });
			await readsNobody(wire, token);
		},
	},
	{
		id: "1.1/customer/deleted-customer",
		says: "so does the token of a customer who is deleted",
		sources: ["REC"],
		check: async (wire) => {
			await using own = await wire.open();
			const { email, token } = await own.newcomer();
			await readsAs(own, token, email);
			assert.equal((await own.send({ path: "/_dev/reset" })).status, 200);
			await readsNobody(own, token);
		},
	},
	{
		id: "1.1/customer/unknown-token",
		says: "so does one that was never issued",
		sources: ["INF"],
		check: async (wire) => {
			for (const token of ["", "nobody", "0".repeat(32), "é".repeat(300)]) await readsNobody(wire, token);
		},
	},
	{
		id: "1.1/customer/expired-token",
		says: "so does an expired one, from the second at which it expires",
		sources: ["INF"],
		check: async (wire) => {
			await using own = await wire.open({ tokenLifetimeSeconds: "3600" });
			const { email, token } = await own.newcomer();
			await own.house.advance(3000);
			await readsAs(own, token, email);
			await own.house.advance(600);
			await readsNobody(own, token);
		},
	},
];

export const rows: readonly Row[] = [...renewAndDeleteRows, ...readRows];
