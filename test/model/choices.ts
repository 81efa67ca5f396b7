// What an act is done with is chosen when it is done. Mostly it is alive in the model, so that the act may succeed, and
// where nothing of the kind is alive, the act is done first that brings one; else it is anything that was ever seen.
import fc from "fast-check";
import { makePass } from "../multipass/passes.ts";
import type { Act, Kind, Pass } from "./acts.ts";
import type { Client, Seen } from "./client.ts";
import { type Customer, LIFE, type World } from "./world.ts";

const NAMES = ["ada", "ada", "Ada", "eve", "eve", "ian"] as const;
const PASSWORDS = ["correct horse", "correct horse", "battery staple", "battery staple", "four"] as const;
const CITIES = ["Paris", "Rome", "Oslo", "Bonn", "Cork"] as const;
const FIRST_NAMES = ["Ada", "Eve"] as const;

/** How often each kind comes, beside the others. */
export const WEIGHTS: Readonly<Record<Kind, number>> = {
	signUp: 5,
	signIn: 8,
	enter: 5,
	read: 12,
	renew: 4,
	signOut: 2,
	update: 7,
	recover: 4,
	readMail: 6,
	redeem: 10,
	addAddress: 7,
	changeAddress: 3,
	deleteAddress: 6,
	chooseDefault: 4,
	createAccount: 2,
	invite: 3,
	enable: 2,
	disable: 2,
	remove: 1,
};

/** Among acts at once, those that end what others begin come more often. */
export const RIVAL_WEIGHTS: Readonly<Record<Kind, number>> = { ...WEIGHTS, disable: 8, enable: 4, read: 6 };

/** What an act may be done with; each takes of it what it needs. */
const CHOICE = {
	name: fc.constantFrom(...NAMES),
	password: fc.constantFrom(...PASSWORDS),
	lively: fc.constantFrom(true, true, true, false),
	city: fc.constantFrom(...CITIES),
	firstName: fc.constantFrom(...FIRST_NAMES, undefined),
	/** Places from the newest. */
	one: fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(12) }),
	other: fc.nat(4),
	flag: fc.boolean(),
	another: fc.boolean(),
	/** Seconds by which a new pass is made ahead of its use. */
	ahead: fc.constantFrom(0, 0, 0, -LIFE.pass + 1, -LIFE.pass, 60, 61),
};
type Choice = {
	readonly [K in keyof typeof CHOICE]: (typeof CHOICE)[K] extends fc.Arbitrary<infer Value> ? Value : never;
};

export type Drawn = Choice & { readonly kind: Kind; readonly byMail?: boolean };

export const drawn = (kinds: readonly Kind[], weights: typeof WEIGHTS): fc.Arbitrary<Drawn> =>
	fc.record({
		kind: fc.oneof(...kinds.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
		...CHOICE,
	});

export function newest<T>(all: readonly T[], place: number): T {
	return all[all.length - 1 - (place % all.length)] as T;
}

/** `alone`: nothing else is done at once. Reading the mailbox sends what waits, so it is done when nothing else is. */
export function toAct(client: Client, world: World, choice: Drawn, alone: boolean): Act {
	if (!choice.lively) return fill(client, world, client.seen, choice);
	const first = prepare(client, world, choice);
	if (first && (alone || first.kind !== "readMail")) return first;
	return fill(client, world, livingOf(world, client.seen, choice.kind), choice);
}

const OF_TOKEN: readonly Kind[] = ["read", "renew", "signOut", "update", "addAddress"];
const OF_ADDRESS: readonly Kind[] = ["changeAddress", "deleteAddress", "chooseDefault"];
const OF_CUSTOMER: readonly Kind[] = ["invite", "enable", "disable", "remove"];

const hasTokens = ({ tokens }: Customer) => Object.keys(tokens).length > 0;

/** The act that brings what the chosen one is done with; null where it is there. */
function prepare(client: Client, { customers }: World, choice: Drawn): Act | null {
	const { kind, name, city, flag, another } = choice;
	const email = client.mailbox(name);
	const [password] = PASSWORDS;
	const some = customers.find((customer) => customer.password !== null && customer.state === "enabled");
	const bearer = customers.find(hasTokens);
	if (kind === "signIn" || OF_TOKEN.includes(kind) || OF_ADDRESS.includes(kind)) {
		if (!some?.password && !bearer) return { kind: "signUp", email, password };
		if (some?.password && (kind === "signIn" || !bearer)) {
			return { kind: "signIn", email: some.email, password: some.password };
		}
	}
	// Which address follows a default shows where there are three.
	const owner = customers.filter(hasTokens).findLast(({ addresses }) => addresses.length > 0) ?? bearer;
	if (OF_ADDRESS.includes(kind) && owner && owner.addresses.length < (another ? 3 : 1)) {
		return { kind: "addAddress", token: Object.keys(owner.tokens).at(-1) ?? "", city };
	}
	if (kind === "redeem" && !customers.some(({ links }) => Object.keys(links).length > 0)) {
		if (customers.some(({ mails }) => Object.keys(mails).length > 0)) return { kind: "readMail" };
		const waiting = customers.find(({ state, multipassOnly }) => state !== "enabled" && !multipassOnly);
		if (waiting && flag) return { kind: "signUp", email: waiting.email, password };
		return some ? { kind: "recover", email: some.email } : { kind: "createAccount", email, invited: true };
	}
	if (OF_CUSTOMER.includes(kind) && customers.length === 0) {
		return { kind: "createAccount", email, invited: flag };
	}
	return null;
}

/** What the model holds for alive; it may have ended by the clock. */
function livingOf({ customers: all }: World, seen: Seen, kind: Kind): Seen {
	const isOwner = ({ addresses }: Customer) => addresses.length > 0;
	const customers = OF_ADDRESS.includes(kind) ? all.filter(hasTokens).filter(isOwner).slice(-1) : all;
	const tokens = new Set(customers.flatMap((customer) => Object.keys(customer.tokens)));
	const links = new Set(
		customers.flatMap((customer) => Object.values(customer.links).map(({ token }) => token)),
	);
	const ids = new Set(customers.map(({ id }) => id));
	const addresses = new Set(customers.flatMap((customer) => customer.addresses.map(({ id }) => id)));
	const or = <T>(living: T[], others: T[]) => (living.length > 0 ? living : others);
	return {
		passes: seen.passes,
		tokens: or(
			seen.tokens.filter((token) => tokens.has(token)),
			seen.tokens,
		),
		links: or(
			seen.links.filter(({ token }) => links.has(token)),
			seen.links,
		),
		customers: or(
			seen.customers.filter((id) => ids.has(id)),
			seen.customers,
		),
		addresses: or(
			seen.addresses.filter((id) => addresses.has(id)),
			seen.addresses,
		),
	};
}

function fill(client: Client, world: World, among: Seen, choice: Drawn): Act {
	const { kind, password, city, one, other, flag, another, byMail } = choice;
	const { tokens, links, customers, addresses } = among;
	const email = client.mailbox(choice.name);
	const token = newest(tokens, one);
	switch (kind) {
		case "signUp":
		case "signIn":
			return { kind, email, password };
		case "enter":
			return { kind, pass: toPass(client, choice) };
		case "read":
		case "renew":
		case "signOut":
			return { kind, token };
		case "update": {
			const name = choice.firstName === undefined ? {} : { firstName: choice.firstName };
			return { kind, token, ...name, ...(flag && { email }), ...(another && { password }) };
		}
		case "recover":
			return { kind, email };
		case "readMail":
			return { kind };
		case "redeem":
			return { kind, link: newest(links, one), password, form: flag ? "id" : "url" };
		case "addAddress":
			return { kind, token, city };
		case "changeAddress":
			return { kind, token, id: newest(addresses, other), city };
		case "deleteAddress": {
			const place = addresses.findIndex(
				(id) => flag && world.customers.some((each) => each.defaultId === id),
			);
			return { kind, token, id: addresses[place] ?? newest(addresses, other) };
		}
		case "chooseDefault":
			return { kind, token, id: newest(addresses, other) };
		case "createAccount":
			return { kind, email, invited: flag };
		case "invite":
			return { kind, id: newest(customers, one), by: flag || byMail ? "mail" : "link" };
		case "enable":
		case "disable":
		case "remove":
			return { kind, id: newest(customers, one) };
	}
}

/** One that was used or not before, or a new one. */
function toPass(client: Client, { name, ahead, one, flag, ...choice }: Choice): Pass {
	const firstName = choice.firstName ?? null;
	const { passes } = client.seen;
	if (flag && passes.length > 0) return newest(passes, one);
	const [email, createdAt] = [client.mailbox(name), client.now + ahead];
	const created_at = new Date(createdAt * 1000).toISOString();
	const token = makePass({ email, created_at, ...(firstName && { first_name: firstName }) });
	const pass = { token, email, firstName, createdAt };
	passes.push(pass);
	return pass;
}
