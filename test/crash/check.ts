// After a restart: holds what the front door answers against what the clients know. What was in doubt is settled by
// the first sight of it, and must stay what it was seen to be: the next rounds hold it to that.
import { type Door, Misanswer } from "./door.ts";
import type { Account, Ledger, Token } from "./ledger.ts";

export interface Check {
	readonly ledger: Ledger;
	readonly door: Door;
	readonly round: number;
	/** The server's time, in seconds since 1970. */
	readonly now: number;
}

/** So near to a token's end, the answer could turn while it is asked for. */
const MARGIN_SECONDS = 60;
const AT_ONCE = 16;

/** Settles the doubts about accounts, and signs every account in. */
export function checkAccounts(check: Check, accounts: readonly Account[]): Promise<void> {
	return forEach(check, accounts, (account) => checkAccount(check, account));
}

/** At a time when no token has reached its end: who is not deleted is alive. */
export function checkTokens(check: Check, tokens: readonly Token[]): Promise<void> {
	return forEach(check, tokens, (token) => checkToken(check, token));
}

/** At a time between the old ends and the renewed ones: who was renewed is alive, who was not is dead. */
export function checkRenewals(check: Check, tokens: readonly Token[]): Promise<void> {
	return forEach(check, tokens, (token) => checkRenewal(check, token));
}

async function checkAccount({ ledger, door, round }: Check, account: Account): Promise<void> {
	const { email, password } = account;
	const seen = await door.signIn(email, password);
	if (account.state === "inDoubt") {
		account.state = seen.outcome === "acknowledged" ? "there" : "absent";
		settle(ledger, account, seen.outcome === "acknowledged", round);
	} else if (account.state === "there") {
		ledger.expect(seen.outcome === "acknowledged", `the acknowledged account ${email} is lost`);
	} else {
		ledger.expect(seen.outcome === "refused", `${email} was seen absent, and has come`);
		// Absent altogether: nothing of it stands in the way of a new sign-up.
		const again = await door.signUp(email, password);
		ledger.expect(again.outcome === "acknowledged", `${email} is neither there nor absent`);
		account.state = "there";
		account.touchedIn = round;
	}
	if (seen.outcome !== "acknowledged") return;
	const client = ledger.clients.find(({ accounts }) => accounts.includes(account));
	client?.tokens.push({ ...seen.value, account, state: "live", touchedIn: round });
}

async function checkToken(check: Check, token: Token): Promise<void> {
	const { ledger, door, round, now } = check;
	const { email } = token.account;
	if (token.state === "deleted") return checkDeleted(check, token, "an acknowledged delete came to nothing");
	if (token.expiresAt < now + MARGIN_SECONDS) throw new Error("the run took longer than a token lives");
	const seen = await door.read(token.secret);
	if (seen.outcome === "acknowledged") {
		ledger.expect(seen.value === email, `a token of ${email} opens the account of ${seen.value}`);
	}
	if (token.state === "mayBeDeleted") {
		token.state = seen.outcome === "acknowledged" ? "live" : "deleted";
		settle(ledger, token, token.state === "deleted", round);
		if (token.state === "deleted") await checkDeleted(check, token, "a delete happened by half");
	} else {
		ledger.expect(seen.outcome === "acknowledged", `an acknowledged token of ${email} is lost`);
	}
}

async function checkDeleted({ ledger, door }: Check, token: Token, otherwise: string): Promise<void> {
	for (const kind of ["read", "renew", "delete"] as const) {
		const { outcome } = await door[kind](token.secret);
		ledger.expect(outcome === "refused", `${otherwise}: ${kind} was ${outcome} for ${token.account.email}`);
	}
}

async function checkRenewal(check: Check, token: Token): Promise<void> {
	const { ledger, door, round, now } = check;
	if (token.state === "deleted") return;
	if (Math.abs(token.expiresAt - now) < MARGIN_SECONDS) throw new Error("the clock stands on a token's end");
	const alive = (await door.read(token.secret)).outcome === "acknowledged";
	if (token.state === "mayBeRenewed") {
		const happened = alive && token.expiresAt < now;
		// How long it lives now was not told; that it lives is all that is known.
		if (happened) token.expiresAt = now + 2 * MARGIN_SECONDS;
		else
			ledger.expect(
				alive === token.expiresAt > now,
				`an unanswered renewal of ${token.account.email} took life`,
			);
		token.state = "live";
		settle(ledger, token, happened, round);
		return;
	}
	const shouldLive = token.expiresAt > now;
	if (shouldLive) ledger.renewalsProven++;
	const what = shouldLive ? "an acknowledged renewal is lost" : "an expired token is accepted";
	ledger.expect(alive === shouldLive, `${what}: ${token.account.email}`);
}

function settle(ledger: Ledger, record: Account | Token, happened: boolean, round: number): void {
	ledger.settled[happened ? "happened" : "didNot"]++;
	record.touchedIn = round;
}

/** A few at once; an answer outside the contract is a violation and not the end. */
async function forEach<T>(
	check: Check,
	items: readonly T[],
	work: (item: T) => Promise<void>,
): Promise<void> {
	const rest = items.values();
	const workers = Array.from({ length: AT_ONCE }, async () => {
		for (const item of rest) {
			try {
				await work(item);
			} catch (error) {
				if (!(error instanceof Misanswer)) throw error;
				check.ledger.violate(`an answer that is not in the contract, after a restart: ${error.message}`);
			}
		}
	});
	await Promise.all(workers);
}
