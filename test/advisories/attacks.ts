// What several attacks have in common: the ways to write the one door, and the acts that take a secret.
import { type AskOptions, type Body, DELETE, type House, READ, RENEW, SIGN_IN, UPDATE } from "../house.ts";
import { ENTER } from "../multipass/passes.ts";
import { DOCUMENTS, type MailedLink } from "../recovery/links.ts";
import { exchange } from "../wire/wire.ts";

/** Versions that are served, older and newer ones, and none. */
export const PATHS = [
	"/api/2026-01/graphql.json",
	"/api/2026-04/graphql.json",
	"/api/2026-07/graphql.json",
	"/api/2025-01/graphql.json",
	"/api/unstable/graphql.json",
	"/api/2026-04/graphql",
	"/api/graphql.json",
	"/api/graphql",
] as const;

/** Sends an operation by one of the paths, with the public token unless the headers say otherwise. */
export async function askAt(
	house: House,
	path: string,
	query: string,
	variables: Readonly<Record<string, unknown>> = {},
	{ headers = {} }: AskOptions = {},
): Promise<Body> {
	const token = { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
	const { body } = await exchange(house.app.url, {
		path,
		headers: { ...token, ...headers },
		body: { query, variables },
	});
	return body;
}

/** An operation that takes a secret. */
export interface Act {
	readonly says: string;
	readonly query: string;
	readonly variables: Readonly<Record<string, unknown>>;
}

const BUYER = "query($t: String!) @inContext(buyer: { customerAccessToken: $t }) { shop { name } }";

/** Everything that a customer access token does; the last one ends it. */
export function actsOfToken(t: string): readonly Act[] {
	return [
		{ says: "read", query: READ, variables: { t } },
		{ says: "buyer", query: BUYER, variables: { t } },
		{ says: "renew", query: RENEW, variables: { t } },
		{ says: "update", query: UPDATE, variables: { t, customer: { firstName: "Ada" } } },
		{ says: "delete", query: DELETE, variables: { t } },
	];
}

export function actOfPassword(email: string, password: string): Act {
	return { says: "password", query: SIGN_IN, variables: { input: { email, password } } };
}

export function actOfPass(t: string): Act {
	return { says: "Multipass", query: ENTER, variables: { t } };
}

/** A link in both its forms. */
export function actsOfLink({ purpose, id, token, url }: MailedLink, password: string): readonly Act[] {
	const { [purpose]: documents } = DOCUMENTS;
	return [
		{ says: `${purpose} by id`, query: documents.id, variables: { id, token, password } },
		{ says: `${purpose} by URL`, query: documents.url, variables: { url, password } },
	];
}

/** Whether the act was done: it gave a customer, a token or, for a buyer, an answer at all. */
export function isDone({ data }: Body): boolean {
	const [payload] = Object.values(data ?? {}) as (Record<string, unknown> | null)[];
	if (!payload) return false;
	const given = ["name", "id", "customer", "customerAccessToken", "deletedAccessToken"];
	return given.some((member) => payload[member] !== null && payload[member] !== undefined);
}

/** Milliseconds of the processor that the work took, its threads included: however busy the machine is beside it. */
export async function processorTimeOf(work: () => Promise<unknown>): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
