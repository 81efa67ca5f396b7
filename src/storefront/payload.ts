// Result → payload, in the three shapes that customer payloads have: both error lists, only the one with codes,
// only the one without. Some reasons are no payload but an error at top level.
import type { Result } from "../accounts/errors.ts";
import { toOldUserError, toUserError } from "./errors.ts";
import { customerTokenDenied, invalidId, unidentifiedCustomer } from "./faults.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * `success` gives the payload's own fields; on refusal they are null. Both error lists are filled, with the
 * same messages; the schema picks those that the payload has. `argument` as for `toUserError`.
 */
export function toPayload<T>(
	mutation: string,
	argument: string | null,
	result: Result<T>,
	success: (value: T) => Fields,
): Fields {
	if (result.ok) return { ...success(result.value), customerUserErrors: [], userErrors: [] };
	const errors = result.reasons.map((reason) => {
		switch (reason.reason) {
			case "noSuchToken":
				throw customerTokenDenied(mutation);
			case "noSuchLink":
				throw unidentifiedCustomer();
			case "noSuchAddress":
				throw invalidId();
			default:
				return toUserError(reason, argument);
		}
	});
	return { customerUserErrors: errors, userErrors: errors.map(toOldUserError) };
}
