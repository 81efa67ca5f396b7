// What clients did and were answered, and whether one order of it all explains every answer: a token comes to life
// once and dies once. By deletion it dies alone, by a new password with all others of its customer that are older.
import type { Outcome } from "./wire.ts";

export type Kind = "signIn" | "read" | "renew" | "delete" | "changePassword";

export interface Act {
	readonly kind: Kind;
	/** Index of the process that was asked. */
	readonly node: number;
	readonly customer: number;
	/** Index of the token that was shown; null for a sign-in. */
	readonly token: number | null;
	/** Of the password that a sign-in shows, or that a change sets; each customer's are counted from 0. */
	readonly version: number;
	readonly outcome: Outcome;
	/** Both on one monotonic clock. */
	readonly sentAt: number;
	readonly answeredAt: number;
}

export interface Token {
	readonly customer: number;
	/** Of the password that it was made by. */
	readonly version: number;
}

export interface History {
	readonly acts: readonly Act[];
	readonly tokens: readonly Token[];
}

/** Sentences; none when some order explains everything. */
export function findContradictions({ acts, tokens }: History): readonly string[] {
	const ofToken = groupBy(
		acts.filter(({ token }) => token !== null),
		({ token }) => token as number,
	);
	const changes = groupBy(
		acts.filter(({ kind, outcome }) => kind === "changePassword" && outcome !== "refused"),
		({ customer }) => customer,
	);
	const lives = tokens.map((token, index) =>
		toLife(token, ofToken.get(index) ?? [], changes.get(token.customer) ?? []),
	);
	const ofCustomer = groupBy(lives, ({ token }) => token.customer);
	const signIns = acts.filter(({ kind }) => kind === "signIn");
	const signInsOf = groupBy(signIns, ({ customer }) => customer);
	return [
		...lives.flatMap((life, index) => contradictLife(life).map((text) => `token ${index}: ${text}`)),
		...signIns.flatMap((signIn) => contradictSignIn(signIn, changes.get(signIn.customer) ?? [])),
		...[...changes.values()].flat().flatMap((change) => {
			const { customer } = change;
			return contradictChange(change, ofCustomer.get(customer) ?? [], signInsOf.get(customer) ?? []);
		}),
	];
}

/** What is known of one token: it dies between the last proof of its life and the first proof of its death. */
interface Life {
	readonly token: Token;
	/** The accepted act that was sent last. */
	readonly lastAlive: Act | null;
	/** The act whose answer proves it dead first: a refusal, a deletion, a new password. */
	readonly firstDead: Act | null;
	/** What may have ended it, acts of unknown outcome among them. */
	readonly causes: readonly Act[];
	readonly deletions: readonly Act[];
}

function toLife(token: Token, acts: readonly Act[], changes: readonly Act[]): Life {
	const later = changes.filter(({ version }) => version > token.version);
	const deletions = acts.filter(({ kind, outcome }) => kind === "delete" && outcome === "accepted");
	const ends = [
		...acts.filter(({ outcome }) => outcome === "refused"),
		...deletions,
		...later.filter(({ outcome }) => outcome === "accepted"),
	];
	const perhaps = acts.filter(({ kind, outcome }) => kind === "delete" && outcome === "unknown");
	return {
		token,
		lastAlive: maximum(
			acts.filter(({ outcome }) => outcome === "accepted"),
			({ sentAt }) => sentAt,
		),
		firstDead: maximum(ends, ({ answeredAt }) => -answeredAt),
		// One that is known to be deleted was ended by that.
		causes: deletions.length > 0 ? deletions : [...perhaps, ...later],
		deletions,
	};
}

function contradictLife({ lastAlive, firstDead, causes, deletions }: Life): readonly string[] {
	if (!firstDead) return [];
	if (deletions.length > 1) return [`deleted twice: ${deletions.map(say).join("; ")}`];
	const aliveAt = lastAlive?.sentAt ?? 0;
	if (aliveAt > firstDead.answeredAt) {
		return [`accepted after its end: ${say(lastAlive as Act)}, though ${say(firstDead)}`];
	}
	const isExplained = causes.some((cause) => cause.sentAt < firstDead.answeredAt && endOf(cause) > aliveAt);
	return isExplained ? [] : [`lost: ${say(firstDead)}, and nothing had ended it; causes: ${causes.map(say)}`];
}

/** A password opens from when it is set until the next one is. */
function contradictSignIn(signIn: Act, changes: readonly Act[]): readonly string[] {
	const later = changes.filter(({ version }) => version > signIn.version);
	if (signIn.outcome === "accepted") {
		const replaced = later.find(
			({ outcome, answeredAt }) => outcome === "accepted" && answeredAt < signIn.sentAt,
		);
		return replaced ? [`an old password was accepted: ${say(signIn)}, after ${say(replaced)}`] : [];
	}
	if (signIn.outcome === "unknown" || later.some(({ sentAt }) => sentAt < signIn.answeredAt)) return [];
	return [`a password was refused that nothing had replaced: ${say(signIn)}`];
}

/** It happens at one moment for all tokens that are older. */
function contradictChange(change: Act, lives: readonly Life[], signIns: readonly Act[]): readonly string[] {
	if (change.outcome !== "accepted") return [];
	const older = lives.filter(({ token }) => token.version < change.version);
	const notBefore = maximum(
		[change, ...older.flatMap(({ lastAlive }) => lastAlive ?? [])],
		({ sentAt }) => sentAt,
	) as Act;
	const killed = older.flatMap(({ firstDead, causes }) => {
		const others = causes.filter((cause) => cause !== change && cause.sentAt < (firstDead?.answeredAt ?? 0));
		return firstDead && others.length === 0 ? [firstDead] : [];
	});
	const entered = signIns.filter(
		({ outcome, version }) => outcome === "accepted" && version >= change.version,
	);
	const notAfter = maximum([change, ...killed, ...entered], ({ answeredAt }) => -answeredAt) as Act;
	if (notBefore.sentAt <= notAfter.answeredAt) return [];
	return [`not one act on all tokens: ${say(change)}, with ${say(notBefore)} and ${say(notAfter)}`];
}

/** What is unknown may still happen. */
function endOf({ outcome, answeredAt }: Act): number {
	return outcome === "unknown" ? Number.POSITIVE_INFINITY : answeredAt;
}

function say({ kind, node, token, version, outcome, sentAt, answeredAt }: Act): string {
	const shown = token === null ? `password ${version}` : `token ${token}`;
	return `${kind} with ${shown} at ${node} ${outcome}, ${sentAt.toFixed(2)} to ${answeredAt.toFixed(2)} ms`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): ReadonlyMap<number, readonly T[]> {
	const groups = new Map<number, T[]>();
	for (const item of items) {
		const key = keyOf(item);
		const group = groups.get(key);
		if (group) group.push(item);
		else groups.set(key, [item]);
	}
	return groups;
}

/** The item whose measure is greatest; null of none. */
function maximum<T>(items: readonly T[], measure: (item: T) => number): T | null {
	let greatest: T | null = null;
	for (const item of items) if (greatest === null || measure(item) > measure(greatest)) greatest = item;
	return greatest;
}
