// What a client does at the front door, and the four ways in which each act can turn out for it. Only a whole reply
// acknowledges or refuses; a connection that was never made sent nothing; everything between the two is unknown.
import { Agent, request } from "node:http";
import { type Body, DELETE, READ, RENEW, SIGN_IN, SIGN_UP } from "../house.ts";

export type Outcome = "acknowledged" | "refused" | "unknown" | "neverSent";

type Reply<T> =
	| { readonly outcome: "acknowledged"; readonly value: T }
	| { readonly outcome: Exclude<Outcome, "acknowledged"> };

/** An answer that the contract does not have: an error where there is none to give, or another's data. */
export class Misanswer extends Error {
	override readonly name = "Misanswer";
}

interface IssuedToken {
	readonly secret: string;
	/** In seconds since 1970. */
	readonly expiresAt: number;
}

export interface Door {
	signUp(email: string, password: string): Promise<Reply<null>>;
	signIn(email: string, password: string): Promise<Reply<IssuedToken>>;
	renew(secret: string): Promise<Reply<IssuedToken>>;
	delete(secret: string): Promise<Reply<null>>;
	/** The e-mail address of the customer behind the token; refused when there is nobody. */
	read(secret: string): Promise<Reply<string>>;
}

export function openDoor(url: string, storefrontAccessToken: string): Door {
	const agent = new Agent({ keepAlive: true });
	const endpoint = `${url}/api/2026-04/graphql.json`;
	const headers = {
		"Content-Type": "application/json",
		"X-Shopify-Storefront-Access-Token": storefrontAccessToken,
	};
	const post = (body: string) =>
		new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
			const asked = request(endpoint, { method: "POST", headers, agent }, (response) => {
				let text = "";
				response.setEncoding("utf8");
				response.on("data", (chunk) => {
					text += chunk;
				});
				response.on("end", () => resolve({ status: response.statusCode, text }));
				// A reply that breaks off is no reply.
				response.on("error", reject);
			});
			asked.on("error", reject);
			asked.end(body);
		});

	/** `understand` gives the value of a success, null for a refusal, and undefined for what is neither. */
	async function ask<T>(
		query: string,
		variables: Record<string, unknown>,
		understand: (body: Body) => T | null | undefined,
	): Promise<Reply<T>> {
		const answer = await post(JSON.stringify({ query, variables })).catch(
			(error: NodeJS.ErrnoException) => error,
		);
		if (answer instanceof Error) {
			return { outcome: answer.code === "ECONNREFUSED" ? "neverSent" : "unknown" };
		}
		const { status, text } = answer;
		const value = status === 200 ? understand(JSON.parse(text)) : undefined;
		if (value === undefined) throw new Misanswer(`${status} ${text}`);
		return value === null ? { outcome: "refused" } : { outcome: "acknowledged", value };
	}

	return {
		signUp: async (email, password) => {
			const reply = await ask(SIGN_UP, { input: { email, password } }, ({ data, errors }) => {
				const { customer, customerUserErrors } = data?.customerCreate ?? {};
				if (customerUserErrors?.[0]?.code === "TAKEN") return null;
				return customer?.email === email && !errors ? email : undefined;
			});
			return withoutValue(reply);
		},
		signIn: (email, password) =>
			ask(SIGN_IN, { input: { email, password } }, ({ data, errors }) => {
				const { customerAccessToken, customerUserErrors } = data?.customerAccessTokenCreate ?? {};
				if (customerUserErrors?.[0]?.code === "UNIDENTIFIED_CUSTOMER") return null;
				return errors ? undefined : toIssued(customerAccessToken);
			}),
		renew: (t) =>
			ask(RENEW, { t }, (body) => {
				if (isDenied(body, "customerAccessTokenRenew")) return null;
				const issued = toIssued(body.data?.customerAccessTokenRenew?.customerAccessToken);
				return issued?.secret === t && !body.errors ? issued : undefined;
			}),
		delete: async (t) => {
			const reply = await ask(DELETE, { t }, (body) => {
				if (isDenied(body, "customerAccessTokenDelete")) return null;
				return body.data?.customerAccessTokenDelete?.deletedAccessToken === t && !body.errors ? t : undefined;
			});
			return withoutValue(reply);
		},
		read: (t) =>
			ask(READ, { t }, ({ data, errors }) => {
				if (errors || data?.customer === undefined) return undefined;
				return data.customer === null ? null : String(data.customer.email);
			}),
	};
}

function toIssued(
	token: { accessToken: string; expiresAt: string } | null | undefined,
): IssuedToken | undefined {
	return token ? { secret: token.accessToken, expiresAt: Date.parse(token.expiresAt) / 1000 } : undefined;
}

function isDenied({ data, errors }: Body, field: string): boolean {
	return data?.[field] === null && errors?.length === 1 && errors[0].extensions?.code === "ACCESS_DENIED";
}

function withoutValue(reply: Reply<unknown>): Reply<null> {
	return reply.outcome === "acknowledged" ? { outcome: "acknowledged", value: null } : reply;
}
