// 1.0: the form that every answer has, whatever the operation.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { SIGN_IN, SIGN_UP } from "../house.ts";
import { ENTER } from "../multipass/passes.ts";
import { newcomerWithLink } from "../recovery/links.ts";
import { deleteToken, isDeniedToDelete } from "./denial.ts";
import { BAD_ACTIVATION_TOKEN, BAD_RESET_TOKEN, recover, redeemBy } from "./entering.ts";
import type { Row } from "./row.ts";
import { update } from "./update.ts";
import { type Answer, answers, answersExactly, at, costs, newEmail, PASSWORD, type Wire } from "./wire.ts";

const UNKNOWN_FIELD = "query Q { shop { x } }";

/**
 * Sends so many mutations at once that the hashes of some find the queue full, and gives the answers to those.
 * Each hash takes long enough for all of them to arrive meanwhile.
 */
export async function throttledOnes(wire: Wire, document: string): Promise<readonly Answer[]> {
	await using busy = await wire.open({
		passwordQueue: "0",
		passwordMemoryKib: "65536",
		passwordPasses: "3",
	});
	const inputs = Array.from({ length: availableParallelism() + 3 }, () => ({
		email: newEmail(),
		password: PASSWORD,
	}));
	const all = await Promise.all(inputs.map((input) => busy.ask(document, { input })));
	const throttled = all.filter(({ body }) => body.errors);
	assert.ok(throttled.length > 0, "every hash found a place in the queue");
	return throttled;
}

/** The whole body of a throttled mutation. */
export function throttledBody(field: string, message: string, cost: number): unknown {
	return {
		errors: [{ message, path: [field], locations: [], extensions: { code: "THROTTLED" } }],
		data: { [field]: null },
		extensions: costs(cost),
	};
}

export const rows: readonly Row[] = [
	{
		id: "1.0/status",
		says: "a failure of business is 200: a user error and a denial alike",
		sources: ["REC"],
		check: async (wire) => {
			const input = { email: newEmail(), password: "wrong" };
			const refused = [
				await wire.ask(SIGN_IN, { input }),
				await wire.ask(SIGN_UP, { input: { ...input, password: "" } }),
				await deleteToken(wire),
			];
			assert.deepEqual(
				refused.map(({ status }) => status),
				[200, 200, 200],
			);
			const [signIn, signUp, deleted] = refused.map(({ body }) => body);
			assert.equal(signIn.data.customerAccessTokenCreate.customerAccessToken, null);
			assert.equal(signUp.data.customerCreate.customer, null);
			assert.equal(deleted.data.customerAccessTokenDelete, null);
		},
	},
	{
		id: "1.0/key-order/answer",
		says: "`errors`, `data`, `extensions` in this order; without errors there is no `errors`",
		sources: ["REC"],
		check: async (wire) => {
			assert.deepEqual(Object.keys((await deleteToken(wire)).body), ["errors", "data", "extensions"]);
			answersExactly(await wire.ask("{ shop { name } }"), {
				data: { shop: { name: "Latchkey" } },
				extensions: costs(1),
			});
		},
	},
	{
		id: "1.0/key-order/runtime-error",
		says: "an error at run time is `message`, `path`, `locations`, `extensions`",
		sources: ["REC"],
		check: (wire) => isDeniedToDelete(wire),
	},
	{
		id: "1.0/key-order/validation-error",
		says: "an error of validation is `message`, `locations`, `path`, `extensions`",
		sources: ["REC"],
		check: async (wire) =>
			answersExactly(await wire.ask(UNKNOWN_FIELD), {
				errors: [
					{
						message: "Field 'x' doesn't exist on type 'Shop'",
						locations: [at(UNKNOWN_FIELD, "x")],
						path: ["query Q", "shop", "x"],
						extensions: { code: "undefinedField", typeName: "Shop", fieldName: "x" },
					},
				],
			}),
	},
	{
		id: "1.0/cost/executed",
		says: "an executed operation has `extensions.cost.requestedQueryCost`, an integer, and nothing beside it",
		sources: ["REC"],
		check: async (wire) => {
			const { body } = await wire.ask("{ shop { name } localization { country { name } } }");
			assert.deepEqual(body.extensions, { cost: { requestedQueryCost: 3 } });
		},
	},
	{
		id: "1.0/cost/denied",
		says: "a denied one has it too",
		sources: ["REC"],
		check: async (wire) => assert.deepEqual((await deleteToken(wire)).body.extensions, costs(11)),
	},
	{
		id: "1.0/cost/not-parsed",
		says: "where parsing failed there are `errors` alone: no `data`, no cost",
		sources: ["REC"],
		check: async (wire) =>
			assert.deepEqual(Object.keys((await wire.ask("{ shop { name }")).body), ["errors"]),
	},
	{
		id: "1.0/cost/not-valid",
		says: "where validation failed there are `errors` alone",
		sources: ["REC"],
		check: async (wire) => assert.deepEqual(Object.keys((await wire.ask(UNKNOWN_FIELD)).body), ["errors"]),
	},
	{
		id: "1.0/both-lists",
		says: "a payload with both lists fills both: `customerUserErrors` with a code, `userErrors` without, one text",
		sources: ["REC"],
		check: async (wire) => {
			const input = { email: "not an address", password: PASSWORD };
			answers(await wire.ask(SIGN_UP, { input }), {
				data: {
					customerCreate: {
						customer: null,
						customerUserErrors: [{ code: "INVALID", field: ["input", "email"], message: "Email is invalid" }],
						userErrors: [{ field: ["input", "email"], message: "Email is invalid" }],
					},
				},
				extensions: costs(13),
			});
		},
	},
	{
		id: "1.0/lists-differ",
		says: 'for a bad reset or activation token `field` is `["input"]` in the first list and null in the second',
		sources: ["REC"],
		check: async (wire) => {
			for (const [mutation, purpose, bad] of [
				["customerReset", "reset", BAD_RESET_TOKEN],
				["customerActivate", "activation", BAD_ACTIVATION_TOKEN],
			] as const) {
				const link = await newcomerWithLink(wire.house, purpose, newEmail());
				const { body } = await redeemBy(wire, mutation, { ...link, token: "bad-token" });
				const { customerUserErrors, userErrors } = body.data[mutation];
				assert.deepEqual(customerUserErrors, [{ code: bad.code, field: ["input"], message: bad.message }]);
				assert.deepEqual(userErrors, [{ field: null, message: bad.message }]);
			}
		},
	},
	{
		id: "1.0/field/input",
		says: "`field` begins with the argument’s name, `input`, and goes on in camel case",
		sources: ["REC"],
		check: async (wire) => {
			const input = { email: newEmail(), password: PASSWORD, firstName: "<b>", lastName: "<i>" };
			const { body } = await wire.ask(SIGN_UP, { input });
			const { customerUserErrors, userErrors } = body.data.customerCreate;
			const fields = [
				["input", "firstName"],
				["input", "lastName"],
			];
			for (const list of [customerUserErrors, userErrors]) {
				assert.deepEqual(
					list.map(({ field }: { field: unknown }) => field),
					fields,
				);
			}
		},
	},
	{
		id: "1.0/field/other-arguments",
		says: "of other mutations it begins with `customer`, `email` or `multipassToken`",
		sources: ["REC"],
		check: async (wire) => {
			const { token } = await wire.newcomer();
			const answered = [
				await update(wire, token, { firstName: "<b>" }),
				await recover(wire, newEmail()),
				await wire.ask(ENTER, { t: "no token" }),
			];
			const fields = answered.map(({ body }) => {
				const [payload] = Object.values<{ readonly customerUserErrors: readonly { field: unknown }[] }>(
					body.data,
				);
				return payload?.customerUserErrors[0]?.field;
			});
			assert.deepEqual(fields, [["customer", "firstName"], ["email"], ["multipassToken"]]);
		},
	},
	{
		id: "1.0/denial",
		says: "a denial nulls the mutation; its `path` is the mutation’s name, its `locations` an empty list",
		sources: ["REC"],
		check: async (wire) => {
			const { body } = await deleteToken(wire);
			assert.deepEqual(body.data, { customerAccessTokenDelete: null });
			const [{ path, locations }] = body.errors;
			assert.deepEqual([path, locations], [["customerAccessTokenDelete"], []]);
		},
	},
	{
		id: "1.0/throttled",
		says: "so does a throttled mutation",
		sources: ["CLI"],
		check: async (wire) => {
			const message = "Login attempt limit exceeded. Please try again later.";
			for (const answer of await throttledOnes(wire, SIGN_IN)) {
				answersExactly(answer, throttledBody("customerAccessTokenCreate", message, 13));
			}
		},
	},
];
