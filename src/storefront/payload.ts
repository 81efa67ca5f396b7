// Result → payload, in the three shapes that customer payloads have: both error lists, only the one with codes,
// only the one without. A dead customer access token is no payload but an error at top level.
import type { Result } from "../accounts/errors.ts";
import { toUserError } from "./errors.ts";
import { customerTokenDenied } from "./faults.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * `success` gives the payload's own fields; on refusal they are null. Both error lists are filled, with the
 * same messages; the schema picks those that the payload has.
 */
export function toPayload<T>(
	mutation: string,
	argument: string,
	result: Result<T>,
	success: (value: T) => Fields,
): Fields {
	if (result.ok) return { ...success(result.value), customerUserErrors: [], userErrors: [] };
	if (result.reasons.some(({ reason }) => reason === "noSuchToken")) throw customerTokenDenied(mutation);
	const errors = result.reasons.map((reason) => toUserError(reason, argument));
	return { customerUserErrors: errors, userErrors: errors };
}
