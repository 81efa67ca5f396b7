// 9: what nobody has published, and what we decided.
import assert from "node:assert/strict";
import { SIGN_IN, SIGN_UP } from "../house.ts";
import { comingFrom } from "../limits/visitors.ts";
import { keyWith, scopeDenial } from "./access.ts";
import { creates, refuses } from "./create.ts";
import { isDeniedToRenew } from "./denial.ts";
import { recover } from "./entering.ts";
import { throttledBody, throttledOnes } from "./envelope.ts";
import type { Row } from "./row.ts";
import { failsToSignIn, signIn } from "./sign-in.ts";
import { DAYS_42, deleteIt, readsAs, renew } from "./tokens.ts";
import { answersExactly, at, costs, newEmail } from "./wire.ts";

const OWN = ["OWN"] as const;

const tokenRows: readonly Row[] = [
	{
		id: "9/renew/same-token",
		says: "renewing gives the same string; renewing it several times at once is harmless",
		sources: OWN,
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			const answered = await Promise.all(Array.from({ length: 5 }, () => renew(wire, token)));
			for (const { body } of answered) {
				const { customerAccessToken, userErrors } = body.data.customerAccessTokenRenew;
				assert.equal(customerAccessToken.accessToken, token);
				assert.deepEqual(userErrors, []);
			}
			await readsAs(wire, token, email);
		},
	},
	{
		id: "9/renew/lifetime-setting",
		says: "for a lifetime from now, 42 days unless a setting says otherwise",
		sources: OWN,
		check: async (wire) => {
			await using own = await wire.open({ tokenLifetimeSeconds: "3600" });
			const { token } = await own.newcomer();
			await own.house.advance(1800);
			const from = own.house.app.clock.now();
			const { expiresAt } = (await renew(own, token)).body.data.customerAccessTokenRenew.customerAccessToken;
			const life = Date.parse(expiresAt) / 1000;
			assert.ok(life >= from + 3600 && life <= own.house.app.clock.now() + 3600, expiresAt);
		},
	},
	{
		id: "9/renew/dead",
		says: "renewing an unknown, an expired or a deleted token is denied as in 1.6",
		sources: OWN,
		check: async (wire) => {
			await isDeniedToRenew(wire);
			await using own = await wire.open();
			const { email, password, token } = await own.newcomer();
			await deleteIt(own, token);
			await isDeniedToRenew(own, token);
			const { body } = await signIn(own, { email, password });
			await own.house.advance(DAYS_42);
			await isDeniedToRenew(own, body.data.customerAccessTokenCreate.customerAccessToken.accessToken);
		},
	},
	{
		id: "9/throttled/sign-in",
		says: "a sign-in beyond the queue of hashes: “Login attempt limit exceeded. Please try again later.”, `THROTTLED`, 200, `Retry-After`",
		sources: OWN,
		check: async (wire) => {
			const message = "Login attempt limit exceeded. Please try again later.";
			for (const answer of await throttledOnes(wire, SIGN_IN)) {
				answersExactly(answer, throttledBody("customerAccessTokenCreate", message, 13));
				assert.match(String(answer.headers["retry-after"]), /^[1-9]\d*$/);
			}
		},
	},
	{
		id: "9/throttled/attempts",
		says: "the same after ten wrong passwords in 15 minutes, even with the right one; `Retry-After` says when the next is looked at",
		sources: OWN,
		check: async (wire) => {
			await using own = await wire.open();
			const { email, password } = await own.newcomer();
			await failsToSignIn(own, email, 1);
			await own.house.advance(300);
			await failsToSignIn(own, email, 9);
			const answer = await signIn(own, { email, password });
			const message = "Login attempt limit exceeded. Please try again later.";
			answersExactly(answer, throttledBody("customerAccessTokenCreate", message, 13));
			const retryAfter = Number(answer.headers["retry-after"]);
			assert.ok(retryAfter > 590 && retryAfter <= 600, String(retryAfter));
			await own.house.advance(retryAfter);
			const { body } = await signIn(own, { email, password });
			assert.deepEqual(body.data.customerAccessTokenCreate.customerUserErrors, []);
		},
	},
	{
		id: "9/throttled/sign-up",
		says: "a sign-up beyond it: “Creating Customer Limit exceeded. Please try again later.”, the same way",
		sources: OWN,
		check: async (wire) => {
			const message = "Creating Customer Limit exceeded. Please try again later.";
			for (const answer of await throttledOnes(wire, SIGN_UP)) {
				answersExactly(answer, throttledBody("customerCreate", message, 13));
				assert.match(String(answer.headers["retry-after"]), /^[1-9]\d*$/);
			}
		},
	},
	{
		id: "9/throttled/recover",
		says: "a recovery beyond its limit (5 an hour and 10 a day for an account, 40 an hour for an address), the same way",
		sources: OWN,
		check: async (wire) => {
			await using own = await wire.open();
			const { email } = await own.newcomer();
			const headers = comingFrom(own.house, "192.0.2.15");
			const message = "Resetting password limit exceeded. Please try again later.";
			const throttled = throttledBody("customerRecover", message, 12);
			for (const [wait, again] of [
				[3600, 5],
				[86_400 - 3600, 5],
			] as const) {
				for (let time = 1; time <= again; time++) {
					const { body } = await recover(own, email, headers);
					assert.deepEqual(body.data.customerRecover.customerUserErrors, []);
				}
				const answer = await recover(own, email, headers);
				answersExactly(answer, throttled);
				const retryAfter = Number(answer.headers["retry-after"]);
				assert.ok(retryAfter > wait - 60 && retryAfter <= wait, String(retryAfter));
				// The first of them is over then, and the others within the seconds in which they were sent.
				await own.house.advance(retryAfter + 30);
			}
			const { body } = await recover(own, email, headers);
			assert.deepEqual(body.data.customerRecover.customerUserErrors, []);
		},
	},
	{
		id: "9/scope-first",
		says: "without the scope and with a dead customer token: the scope’s denial alone",
		sources: OWN,
		check: async (wire) => {
			const field = "customerAccessTokenDelete";
			const document = `mutation M { ${field}(customerAccessToken: "t") { userErrors { field } } }`;
			const headers = await keyWith(wire, "unauthenticated_read_customers");
			answersExactly(await wire.ask(document, {}, headers), {
				errors: [scopeDenial(document, [field], "unauthenticated_write_customers")],
				data: { [field]: null },
				extensions: costs(11),
			});
		},
	},
];

const signUpRows: readonly Row[] = [
	{
		id: "9/field/bad-domain",
		says: '`field` of `BAD_DOMAIN` is `["input","email"]`',
		sources: OWN,
		check: async (wire) => {
			const message = "Email contains an invalid domain name";
			for (const email of ["ada@example.123", "ada@exam_ple.com", `ada@${"d".repeat(64)}.com`]) {
				await refuses(wire, { email }, ["BAD_DOMAIN", "email", message]);
			}
		},
	},
	{
		id: "9/password/longest",
		says: "at most 256 characters after NFKC: “Password is too long (maximum is 256 characters)”, `TOO_LONG`",
		sources: OWN,
		check: async (wire) => {
			const message = "Password is too long (maximum is 256 characters)";
			// One ligature is three letters after NFKC.
			for (const password of ["p".repeat(257), "\ufb03".repeat(86), "p".repeat(10_000)]) {
				await refuses(wire, { password }, ["TOO_LONG", "password", message]);
			}
			for (const password of ["p".repeat(256), "\ufb03".repeat(85)]) {
				const email = newEmail();
				await creates(wire, { email, password }, { email });
			}
		},
	},
	{
		id: "9/password/every-character",
		says: "every character counts, the last of 256 too; two ways of typing one password are one",
		sources: OWN,
		check: async (wire) => {
			const email = newEmail();
			const password = `${"p".repeat(254)}\u00e9q`;
			await creates(wire, { email, password }, { email });
			const isSignedIn = async (typed: string) =>
				(await signIn(wire, { email, password: typed })).body.data.customerAccessTokenCreate
					.customerAccessToken !== null;
			assert.equal(await isSignedIn(`${password.slice(0, -1)}r`), false);
			assert.equal(await isSignedIn(password.slice(0, -1)), false);
			assert.equal(await isSignedIn(password.normalize("NFD")), true);
		},
	},
	{
		id: "9/password/shortest",
		says: "“Password is too short (minimum is 5 characters)”, `TOO_SHORT`; a setting may ask for more",
		sources: OWN,
		check: async (wire) => {
			const short = (limit: number) =>
				["TOO_SHORT", "password", `Password is too short (minimum is ${limit} characters)`] as const;
			await refuses(wire, { password: "four" }, short(5));
			await using own = await wire.open({ passwordMinLength: "12" });
			await refuses(own, { password: "elevenchars" }, short(12));
		},
	},
	{
		id: "9/password/blank-ends",
		says: "“Password cannot start or end with whitespace”, `PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE`",
		sources: OWN,
		check: async (wire) => {
			const code = "PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE";
			const message = "Password cannot start or end with whitespace";
			for (const password of [" secret", "secret "]) {
				await refuses(wire, { password }, [code, "password", message]);
			}
		},
	},
];

const operationRows: readonly Row[] = [
	{
		id: "9/variable-code",
		says: "errors of variables have `INVALID_VARIABLE`",
		sources: OWN,
		check: async (wire) => {
			const document = "query Q($t: String!) { customer(customerAccessToken: $t) { id } }";
			answersExactly(await wire.ask(document, { t: true }), {
				errors: [
					{
						message: "Variable $t of type String! was provided invalid value",
						locations: [at(document, "$t")],
						extensions: {
							code: "INVALID_VARIABLE",
							value: true,
							problems: [{ path: [], explanation: "Could not coerce value true to String" }],
						},
					},
				],
			});
		},
	},
	{
		id: "9/page-size",
		says: "`first` beyond 250: “first must be within 1..250”, `INVALID_FIELD_ARGUMENTS`, at run time",
		sources: OWN,
		check: async (wire) => {
			const { token: t } = await wire.newcomer();
			for (const [argument, size] of [
				["first", 251],
				["first", 0],
				["last", -1],
			] as const) {
				const document = `query Q($t: String!, $n: Int) {
					customer(customerAccessToken: $t) { orders(${argument}: $n) { nodes { id } } }
				}`;
				const answer = await wire.ask(document, { t, n: size });
				answersExactly(answer, {
					errors: [
						{
							message: `${argument} must be within 1..250`,
							path: ["customer", "orders"],
							locations: [at(document, "orders")],
							extensions: { code: "INVALID_FIELD_ARGUMENTS" },
						},
					],
					data: { customer: null },
					extensions: costs(size === 251 ? 17 : 3),
				});
			}
		},
	},
	{
		id: "9/cost",
		says: "10 for a mutation, 1 for every object or list of objects, a page by the logarithm of its size",
		sources: OWN,
		check: async (wire) => {
			const query = (first: number) =>
				`{ shop { name } products(first: ${first}) { nodes { id } pageInfo { hasNextPage } } }`;
			for (const [first, cost] of [
				[1, 4],
				[2, 4],
				[5, 8],
				[100, 16],
				[250, 18],
			] as const) {
				assert.deepEqual((await wire.ask(query(first))).body.extensions, costs(cost));
			}
		},
	},
];

export const rows: readonly Row[] = [...tokenRows, ...signUpRows, ...operationRows];
