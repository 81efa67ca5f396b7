// Who acts, as the audit log keeps it.
import type { Actor } from "../model.ts";
import type { Recording } from "../store/audit.ts";
import type { Context } from "./context.ts";
import type { Visitor } from "./limits.ts";

/** What the operator does is recorded where it is done: see `BY_OPERATOR`. */
export function recordingOf(
	{ policy }: Pick<Context, "policy">,
	actor: Exclude<Actor, "operator">,
	{ fullAddress }: Pick<Visitor, "fullAddress">,
): Recording {
	return { actor, address: fullAddress, isRecorded: policy.auditSeconds > 0 };
}
