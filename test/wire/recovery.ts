// 1.3 and 7: recovering, resetting and activating an account, and the links that mails carry.
import type { Row } from "./row.ts";
import { answers, at } from "./wire.ts";

const RECOVERY = "account recovery";
const LIMITS = "the limits on recovery";

/** A row of a mutation that comes with account recovery. */
function awaited(id: string, says: string, sources: Row["sources"], later = RECOVERY): Row {
	return { id, says, sources, later };
}

export const rows: readonly Row[] = [
	awaited("1.3/recover/good", "a known, enabled address: both lists empty", ["REC"]),
	awaited("1.3/recover/unknown-email", '`["email"]`, “Could not find customer”, `UNIDENTIFIED_CUSTOMER`', [
		"REC",
		"CLI",
	]),
	awaited("1.3/recover/not-enabled", "an invited or disabled account: no error, and no mail", ["FORUM"]),
	awaited("1.3/recover/twice", "the newer link kills the older", ["FORUM"]),
	awaited(
		"1.3/recover/limit",
		"“Resetting password limit exceeded. Please try again later.” at top level, `THROTTLED`",
		["CLI", "FORUM"],
		LIMITS,
	),
	awaited(
		"1.3/recover/limit-key",
		"the limit is by the client’s address, and one by the account is reported too",
		["DOC", "FORUM"],
		LIMITS,
	),
	awaited(
		"1.3/reset/bad-token",
		'`["input"]`, “Invalid reset token”, `TOKEN_INVALID`; in `userErrors` `field` is null',
		["REC"],
	),
	awaited("1.3/reset/good", "the customer and a new token", ["DOC"]),
	awaited("1.3/reset/password", "a blank or short password as in `customerCreate`", ["INF"]),
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
	awaited(
		"1.3/reset-by-url/unreadable",
		"a link without id and token, or of nobody: “Unidentified customer” at top level, `NOT_FOUND`",
		["REC"],
	),
	awaited("1.3/reset-by-url/stale", "a well-formed link with a stale token: as `customerReset`", ["INF"]),
	awaited(
		"1.3/activate/bad-token",
		'`["input"]`, “Invalid activation token”, `TOKEN_INVALID`; in `userErrors` `field` is null',
		["REC"],
	),
	awaited("1.3/activate/already-enabled", "`field` null, “Customer already enabled”, `ALREADY_ENABLED`", [
		"REC",
	]),
	awaited("1.3/activate-by-url/good", "the customer and a token of 42 days", ["REC"]),
	awaited("1.3/activate-by-url/unreadable", "as `customerResetByUrl`", ["INF"]),
	awaited(
		"1.3/id-of-nobody",
		"`customerReset` and `customerActivate` with an `id` of nobody: “Unidentified customer”, `NOT_FOUND`",
		["INF"],
	),
	awaited(
		"7/reset-link",
		"`https://{shop}/account/reset/{customer}/{32 hexadecimal}-{seconds}`, perhaps with `?syclid=`",
		["FORUM"],
	),
	awaited("7/activation-link", "`https://{shop}/account/activate/{customer}/{token}`", ["DOC", "FORUM"]),
	awaited("7/token-of-link", "the last part of the path is what `customerReset` takes as token", ["CLI"]),
	awaited(
		"7/activation",
		"works once and for 30 days; a newer one kills it; only for disabled and invited customers",
		["DOC"],
	),
	awaited("7/reset-life", "the life of a reset link is not documented; one blog says 12 hours", ["FORUM"]),
	awaited("7/newer-link", "a newer mail kills the older link", ["FORUM"]),
	awaited("7/link-only", "the mail has the link alone, never a bare token", ["FORUM"]),
];
