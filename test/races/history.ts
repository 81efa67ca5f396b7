// The acts on one token and their replies, and the check that some one order explains them all.
import assert from "node:assert/strict";
import { type Body, DELETE, type House, READ, RENEW } from "../house.ts";

export type Kind = "renew" | "delete" | "read" | "buyer";

/** One act on the token: when it was sent and answered, on one count for all of them. */
export interface Act {
	readonly kind: Kind;
	readonly sentAt: number;
	readonly answeredAt: number;
	readonly accepted: boolean;
	/** Of a renewal that was accepted, in seconds since 1970. */
	readonly expiresAt: number;
}

const DOCUMENTS: Readonly<Record<Kind, string>> = {
	renew: RENEW,
	delete: DELETE,
	read: READ,
	buyer: "query($t: String!) @inContext(buyer: { customerAccessToken: $t }) { shop { name } }",
};
const FIELDS = { renew: "customerAccessTokenRenew", delete: "customerAccessTokenDelete" } as const;

/** Whether the answer accepts the token; every answer is one of the two that the contract has. */
function isAccepted(kind: Kind, token: string, { data, errors }: Body): boolean {
	if (kind === "read") {
		assert.equal(errors, undefined);
		return data.customer !== null;
	}
	if (kind === "buyer") {
		if (data === undefined) assert.deepEqual(errors, [{ message: "The token provided is not valid" }]);
		return data !== undefined;
	}
	const field = FIELDS[kind];
	if (data[field] === null) {
		assert.deepEqual(
			[errors.length, errors[0].path, errors[0].extensions.code],
			[1, [field], "ACCESS_DENIED"],
		);
		return false;
	}
	assert.equal(errors, undefined);
	assert.deepEqual(data[field].userErrors, []);
	const same =
		kind === "renew" ? data[field].customerAccessToken.accessToken : data[field].deletedAccessToken;
	assert.equal(same, token);
	return true;
}

/** Sends acts on one token and keeps their history. */
export function openHistory(house: House, token: string) {
	let count = 0;
	const acts: Act[] = [];
	const send = async (kind: Kind): Promise<Act> => {
		const sentAt = count++;
		const body = await house.ask(DOCUMENTS[kind], { t: token });
		const answeredAt = count++;
		const accepted = isAccepted(kind, token, body);
		const renewed = accepted && kind === "renew" ? body.data.customerAccessTokenRenew : null;
		const expiresAt = renewed ? Date.parse(renewed.customerAccessToken.expiresAt) / 1000 : 0;
		const act = { kind, sentAt, answeredAt, accepted, expiresAt };
		acts.push(act);
		return act;
	};
	return { acts, send };
}

/** The token lives, and then is dead for ever: one deletion divides all other acts into before and after. */
export function assertOneOrder(acts: readonly Act[]): void {
	const deletions = acts.filter(({ kind, accepted }) => kind === "delete" && accepted);
	assert.equal(deletions.length, 1, "exactly one deletion succeeds");
	const [deletion] = deletions as [Act];
	for (const act of acts) {
		if (act === deletion) continue;
		if (act.sentAt > deletion.answeredAt) assert.ok(!act.accepted, `${act.kind} after the deletion's reply`);
		if (act.answeredAt < deletion.sentAt) assert.ok(act.accepted, `${act.kind} before the deletion was sent`);
	}
	// Seen from outside, the life ends once: who was refused and who was accepted later contradict each other.
	const firstRefusal = Math.min(...acts.filter((act) => !act.accepted).map(({ answeredAt }) => answeredAt));
	const late = acts.find(({ accepted, sentAt }) => accepted && sentAt > firstRefusal);
	assert.equal(late, undefined, "nothing is accepted that was sent after a refusal");
	assertRenewalsGoForward(acts);
}

/** A renewal that was sent after another's reply ends no earlier. */
export function assertRenewalsGoForward(acts: readonly Act[]): void {
	const renewals = acts.filter(({ kind, accepted }) => kind === "renew" && accepted);
	for (const earlier of renewals) {
		for (const later of renewals) {
			if (later.sentAt > earlier.answeredAt) assert.ok(later.expiresAt >= earlier.expiresAt);
		}
	}
}
