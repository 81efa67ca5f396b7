// The mixed load: each client does one thing after the other, as fast as it is answered, until nobody answers.
import { type Door, Misanswer, type Outcome } from "./door.ts";
import type { Account, Client, Kind, Ledger, Token } from "./ledger.ts";

export interface Load {
	readonly ledger: Ledger;
	readonly door: Door;
	readonly random: () => number;
	readonly round: number;
	/** Tokens that end before this are left alone: the clock is moved while the load runs. */
	readonly usableUntil: number;
	/** Whether the process has been killed: from then on there may be no answer. */
	readonly killed: () => boolean;
}

/** Resolves when the process does not take connections any more. */
export async function runClient(load: Load, client: Client): Promise<void> {
	const usable = client.tokens.filter(
		({ state, expiresAt }) => state === "live" && expiresAt > load.usableUntil,
	);
	const gone = client.tokens.filter(({ state }) => state === "deleted").slice(-20);
	for (;;) {
		try {
			if ((await act(load, client, usable, gone)) === "neverSent") return;
		} catch (error) {
			if (!(error instanceof Misanswer)) throw error;
			load.ledger.violate(`an answer that is not in the contract, under load: ${error.message}`);
			return;
		}
	}
}

/** Shares of the load; what cannot be done (no token yet) becomes a sign-in, or a sign-up. */
async function act(load: Load, client: Client, usable: Token[], gone: Token[]): Promise<Outcome> {
	const { random } = load;
	const share = random();
	const account = pick(
		client.accounts.filter(({ state }) => state === "there"),
		random,
	);
	if (!account || share < 0.04) return signUp(load, client);
	const token = pick(usable, random);
	const dead = pick(gone, random);
	if (token && share < 0.4) return renew(load, token, usable);
	if (token && share < 0.58) return remove(load, token, usable, gone);
	if (token && share < 0.66) return read(load, token);
	if (dead && share < 0.72) return tryDeadToken(load, dead);
	if (share < 0.75) return tryTakenOrWrong(load, account);
	return signIn(load, client, account, usable);
}

async function signUp(load: Load, client: Client): Promise<Outcome> {
	const email = `${client.name}.${client.accounts.length}@example.com`;
	const account: Account = { email, password: `pass of ${email}`, state: "inDoubt", touchedIn: load.round };
	client.accounts.push(account);
	const { outcome } = await load.door.signUp(email, account.password);
	if (outcome === "acknowledged") account.state = "there";
	if (outcome === "neverSent") account.state = "absent";
	if (outcome === "refused") load.ledger.violate(`${email} was taken before anybody asked for it`);
	return count(load, "signUp", outcome);
}

async function signIn(load: Load, client: Client, account: Account, usable: Token[]): Promise<Outcome> {
	const reply = await load.door.signIn(account.email, account.password);
	account.touchedIn = load.round;
	if (reply.outcome === "acknowledged") {
		const token: Token = { ...reply.value, account, state: "live", touchedIn: load.round };
		client.tokens.push(token);
		usable.push(token);
	}
	if (reply.outcome === "refused") load.ledger.violate(`${account.email} could not sign in under load`);
	return count(load, "signIn", reply.outcome);
}

async function renew(load: Load, token: Token, usable: Token[]): Promise<Outcome> {
	token.touchedIn = load.round;
	const reply = await load.door.renew(token.secret);
	if (reply.outcome === "acknowledged") {
		load.ledger.expect(reply.value.expiresAt >= token.expiresAt, "a renewal made a life shorter");
		token.expiresAt = reply.value.expiresAt;
	}
	if (reply.outcome === "refused")
		load.ledger.violate(`a live token of ${token.account.email} was not renewed`);
	if (reply.outcome === "unknown") {
		token.state = "mayBeRenewed";
		drop(usable, token);
	}
	return count(load, "renew", reply.outcome);
}

async function remove(load: Load, token: Token, usable: Token[], gone: Token[]): Promise<Outcome> {
	token.touchedIn = load.round;
	const { outcome } = await load.door.delete(token.secret);
	if (outcome === "acknowledged") {
		token.state = "deleted";
		gone.push(token);
	}
	if (outcome === "refused") load.ledger.violate(`a live token of ${token.account.email} was not deleted`);
	if (outcome === "unknown") token.state = "mayBeDeleted";
	if (token.state !== "live") drop(usable, token);
	return count(load, "delete", outcome);
}

async function read(load: Load, token: Token): Promise<Outcome> {
	const reply = await load.door.read(token.secret);
	if (reply.outcome === "acknowledged") {
		load.ledger.expect(reply.value === token.account.email, "a token opened another's account");
	}
	if (reply.outcome === "refused") load.ledger.violate(`a live token of ${token.account.email} was not read`);
	return count(load, "read", reply.outcome);
}

/** What is deleted stays so under load, whichever way it is tried. */
async function tryDeadToken(load: Load, token: Token): Promise<Outcome> {
	const kind = pick(["renew", "delete", "read"] as const, load.random) ?? "read";
	const { outcome } = await load.door[kind](token.secret);
	load.ledger.expect(outcome !== "acknowledged", `a deleted token was taken by ${kind} under load`);
	return count(load, kind, outcome);
}

/** Refusals in the midst of the load: they must leave no trace. */
async function tryTakenOrWrong(load: Load, { email }: Account): Promise<Outcome> {
	const kind = pick(["signUp", "signIn"] as const, load.random) ?? "signIn";
	const { outcome } = await load.door[kind](email, "not the password");
	load.ledger.expect(outcome !== "acknowledged", `${kind} took a wrong password for ${email}`);
	return count(load, kind, outcome);
}

function count(load: Load, kind: Kind, outcome: Outcome): Outcome {
	load.ledger.outcomes[kind][outcome]++;
	const unanswered = outcome === "unknown" || outcome === "neverSent";
	if (unanswered && !load.killed()) load.ledger.violate(`${kind} had no answer though the process lived`);
	return outcome;
}

function pick<T>(from: readonly T[], random: () => number): T | undefined {
	return from[Math.floor(random() * from.length)];
}

function drop<T>(from: T[], item: T): void {
	const at = from.indexOf(item);
	if (at >= 0) from.splice(at, 1);
}
