// Guesses at one account's password. An address that the customer has signed in from has a budget of its own there,
// which nobody elsewhere can use up.
import { hash } from "node:crypto";
import { type Budget, FULL_ROW_SECONDS } from "../store/attempts.ts";
import { isKnownAddress, letOwnerIn } from "../store/known-addresses.ts";
import type { Context } from "./context.ts";
import { accountOf, type Visitor } from "./limits.ts";

/** For how long an address is known from which the customer has signed in. */
const KNOWN_SECONDS = 90 * 86_400;
/** So often in a row, and only the owner, from a known address or by a reset, makes room again (NIST SP 800-63B). */
const MOST_IN_A_ROW = 100;
/** Typing errors of years must not fill the rows that names share which nobody has. */
const SLOT_MEMORY_SECONDS = 7 * 86_400;

export async function guessesAt(
	context: Context,
	customerId: number | null,
	emailKey: string,
	{ address }: Visitor,
): Promise<readonly Budget[]> {
	const { store, clock, attempts } = context;
	const { signInsPerAccount: limits } = attempts.limits;
	const account = accountOf(context, customerId, emailKey);
	const key = digestAddress(address);
	const since = clock.now() - KNOWN_SECONDS;
	// Asked for a name that nobody has as well: it is the same work.
	const isKnown = await isKnownAddress(store, customerId ?? 0, key ?? "", since);
	if (limits.length === 0) return [];
	const memorySeconds = account.isSlot ? SLOT_MEMORY_SECONDS : FULL_ROW_SECONDS;
	const row = { most: MOST_IN_A_ROW, memorySeconds };
	return [{ subject: subjectOf(account.name, isKnown ? key : null), limits, row }];
}

/** By the right password: from now on the address is known. */
export function rememberOwner(context: Context, customerId: number, visitor: Visitor): Promise<void> {
	return letIn(context, customerId, visitor, false);
}

/** By a mailed link: whatever was tried before is over as well. */
export function forgetGuesses(context: Context, customerId: number, visitor: Visitor): Promise<void> {
	return letIn(context, customerId, visitor, true);
}

/** Never rejects: the customer is let in already, and where this cannot be kept, later guesses have less room. */
async function letIn(
	context: Context,
	customerId: number,
	visitor: Visitor,
	forgets: boolean,
): Promise<void> {
	const { store, clock, attempts } = context;
	const { name } = accountOf(context, customerId, "");
	const address = digestAddress(visitor.address);
	const rowOf = subjectOf(name, null);
	const forgotten = forgets ? [rowOf, subjectOf(name, address)] : [];
	const keeping = letOwnerIn(store, { customerId, address, rowOf, forgotten, now: clock.now() });
	await attempts.afterwards(keeping, "from where a customer came in is not kept");
}

/**
 * What was guessed at a name while nobody had it is counted for the customer who has it now. Otherwise the guesses that
 * begin anew would tell that somebody has just got an account.
 */
export function guessesInherited(
	counting: Pick<Context, "attempts" | "shop">,
	emailKey: string,
	customerId: number,
): { readonly from: string; readonly to: string } {
	const nameOf = (id: number | null) => accountOf(counting, id, emailKey).name;
	return { from: subjectOf(nameOf(null), null), to: subjectOf(nameOf(customerId), null) };
}

function subjectOf(account: string, knownAddress: string | null): string {
	return `sign-in ${account}${knownAddress === null ? "" : ` from ${knownAddress}`}`;
}

/** Which addresses a customer uses is nobody's business. */
function digestAddress(address: string | null): string | null {
	return address === null ? null : hash("sha256", address, "base64url");
}
