// Result → payload, in the three shapes that customer payloads have: both error lists, only the one with codes,
// only the one without. Some reasons are no payload but an error at top level.
import type { Reason, Result } from "../accounts/errors.ts";
import { type TopLevelReason, toOldUserError, toUserError } from "./errors.ts";
import { customerTokenDenied, invalidId, unidentifiedCustomer, type WireFault } from "./faults.ts";

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
		if (isTopLevel(reason)) throw toFault(reason, mutation);
		return toUserError(reason, argument);
	});
	return { customerUserErrors: errors, userErrors: errors.map(toOldUserError) };
}

function isTopLevel(reason: Reason): reason is TopLevelReason {
	return (
		reason.reason === "noSuchToken" || reason.reason === "noSuchLink" || reason.reason === "noSuchAddress"
	);
}

function toFault({ reason }: TopLevelReason, mutation: string): WireFault {
	switch (reason) {
		case "noSuchToken":
			return customerTokenDenied(mutation);
		case "noSuchLink":
			return unidentifiedCustomer();
		case "noSuchAddress":
			return invalidId();
	}
}
