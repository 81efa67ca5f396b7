// How often may be tried what an attacker would try often, by the account that is tried and by the address that it comes
// from: which attempts share a budget.
import type { Budget, Limit } from "../store/attempts.ts";
import type { Context } from "./context.ts";

/** What the operator allows; an empty list allows anything. */
export interface Limits {
	/** Wrong passwords for one account, from anywhere that its owner has not signed in from. */
	readonly signInsPerAccount: readonly Limit[];
	/** Wrong passwords, links and Multipass tokens from one address. */
	readonly failuresPerAddress: readonly Limit[];
	readonly signUpsPerAddress: readonly Limit[];
	readonly recoveriesPerAddress: readonly Limit[];
	/** Mails with a link to one account. */
	readonly linksPerAccount: readonly Limit[];
	readonly emailChangesPerAccount: readonly Limit[];
}

/** `10/900 50/86400` is ten in any 900 seconds and fifty in any day; `off` is no limit. Null for any other text. */
export function parseLimits(text: string): readonly Limit[] | null {
	if (text === "off") return [];
	const limits = text.split(" ").map((part) => {
		const [, most, seconds] = /^([1-9]\d{0,2})\/([1-9]\d{0,6})$/.exec(part) ?? [];
		return most && seconds ? { most: Number(most), seconds: Number(seconds) } : null;
	});
	return limits.every((limit) => limit !== null) ? limits : null;
}

/** Where a request comes from. */
export interface Whereabouts {
	/** An IPv4 address, or the first half of an IPv6 one; null for one who is not counted. */
	readonly address: string | null;
	/** The whole address, counted or not; null where it is not known. */
	readonly fullAddress: string | null;
}

/** Who asks, where limits, mails and the audit log have to know it. */
export interface Visitor extends Whereabouts {
	/** What mails to this shopper are written in. */
	readonly language: string;
}

/** Whom attempts are counted for. */
export interface Account {
	readonly name: string;
	/** Nobody has the name that was tried: it shares a row with others that nobody has. */
	readonly isSlot: boolean;
}

type Counting = Pick<Context, "attempts" | "shop">;

export function accountOf(
	{ attempts, shop }: Counting,
	customerId: number | null,
	emailKey: string,
): Account {
	// Worked out for whoever has an account as well: the time that it takes would tell.
	const slot = attempts.slotOf(`${shop.id} ${emailKey}`);
	return customerId === null
		? { name: `slot ${slot}`, isSlot: true }
		: { name: `customer ${customerId}`, isSlot: false };
}

/** What counts for an account is not counted either for a visitor who is not. */
export function perAccount(
	kind: string,
	{ name }: Account,
	{ address }: Visitor,
	limits: readonly Limit[],
): readonly Budget[] {
	if (address === null || limits.length === 0) return [];
	return [{ subject: `${kind} ${name}`, limits, row: null }];
}

export function perAddress(
	kind: string,
	{ attempts, shop }: Counting,
	{ address }: Visitor,
	limits: readonly Limit[],
): readonly Budget[] {
	if (address === null || limits.length === 0) return [];
	return [{ subject: `${kind} slot ${attempts.slotOf(`${shop.id} ${address}`)}`, limits, row: null }];
}

/** Wrong passwords, links and Multipass tokens are one budget. */
export function failuresOf(context: Counting, visitor: Visitor): readonly Budget[] {
	return perAddress("failure", context, visitor, context.attempts.limits.failuresPerAddress);
}
