// What a client asks of one process, and whether the answer accepts or refuses it. Everything that is not an answer of
// the contract leaves the outcome unknown.
import type { Kind } from "./history.ts";
import { type Reply, Wire } from "./wire.ts";

const SIGN_UP = "mutation($i: CustomerCreateInput!) { customerCreate(input: $i) { customer { id } } }";
const DOCUMENTS = {
	signIn:
		"mutation($i: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $i) { customerAccessToken { accessToken } customerUserErrors { code } } }",
	read: "query($t: String!) { customer(customerAccessToken: $t) { id } }",
	renew:
		"mutation($t: String!) { customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { accessToken } } }",
	delete:
		"mutation($t: String!) { customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken } }",
	changePassword:
		"mutation($t: String!, $c: CustomerUpdateInput!) { customerUpdate(customerAccessToken: $t, customer: $c) { customerAccessToken { accessToken } customerUserErrors { code } } }",
} as const satisfies Record<Kind, string>;
const FIELDS = {
	signIn: "customerAccessTokenCreate",
	renew: "customerAccessTokenRenew",
	delete: "customerAccessTokenDelete",
	changePassword: "customerUpdate",
} as const;
/** The refusals of a token and of a password. */
const REFUSALS = ["ACCESS_DENIED", "UNIDENTIFIED_CUSTOMER", "TOKEN_INVALID"];

export class Shopper {
	readonly #wire: Wire;

	constructor(port: number) {
		this.#wire = new Wire(port);
	}

	ask(kind: Kind, variables: Readonly<Record<string, unknown>>): Promise<Reply> {
		return this.#wire.ask(DOCUMENTS[kind], variables, (body) => understand(kind, body));
	}

	signUp(email: string, password: string): Promise<Reply> {
		return this.#wire.ask(SIGN_UP, { i: { email, password } }, ({ data }) =>
			data?.customerCreate?.customer ? true : undefined,
		);
	}

	/** The token of a customer who was just signed up. */
	async enter(email: string, password: string): Promise<string> {
		const signedUp = await this.signUp(email, password);
		if (signedUp.outcome !== "accepted") throw new Error(JSON.stringify(signedUp));
		return madeToken(await this.ask("signIn", { i: { email, password } }));
	}

	close(): void {
		this.#wire.close();
	}
}

/** The token that an accepted act has made. */
export function madeToken({ body }: Reply): string {
	const payload = body.data.customerAccessTokenCreate ?? body.data.customerUpdate;
	return payload.customerAccessToken.accessToken;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
function understand(kind: Kind, { data, errors }: any): boolean | undefined {
	if (kind === "read") return errors || data?.customer === undefined ? undefined : data.customer !== null;
	const payload = data?.[FIELDS[kind]];
	const code = errors?.[0]?.extensions?.code ?? payload?.customerUserErrors?.[0]?.code;
	if (code !== undefined) return REFUSALS.includes(code) ? false : undefined;
	return payload?.customerAccessToken || payload?.deletedAccessToken ? true : undefined;
}
