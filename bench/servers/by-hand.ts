// What the two operations answer where they are written by hand: the same bytes as ours, whichever store is behind.
import { createServer, type ServerResponse } from "node:http";
import { HEADERS, listen } from "./listen.ts";

export const LIFETIME_SECONDS = 3_628_800;

/** A row of `addresses`. */
export interface HandAddress {
	readonly id: number;
	readonly address1: string | null;
	readonly city: string | null;
	readonly country: string | null;
	readonly zip: string | null;
}

export interface HandCustomer {
	readonly id: number;
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly email: string | null;
	readonly phone: string | null;
	readonly acceptsMarketing: boolean;
	readonly createdAt: number;
	readonly defaultAddressId: number | null;
}

const addressId = (id: number) => `gid://shopify/MailingAddress/${id}?model_name=CustomerAddress`;
const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

export function sendCustomer(
	response: ServerResponse,
	found: HandCustomer | null,
	addresses: readonly HandAddress[],
): void {
	const main = addresses.find(({ id }) => id === found?.defaultAddressId);
	const customer = found && {
		id: `gid://shopify/Customer/${found.id}`,
		firstName: found.firstName,
		lastName: found.lastName,
		email: found.email,
		phone: found.phone,
		acceptsMarketing: found.acceptsMarketing,
		createdAt: time(found.createdAt),
		defaultAddress: main && {
			id: addressId(main.id),
			address1: main.address1,
			city: main.city,
			countryCodeV2: main.country,
			zip: main.zip,
		},
		addresses: {
			nodes: addresses.map(({ id, address1, city }) => ({ id: addressId(id), address1, city })),
		},
	};
	send(response, { data: { customer }, extensions: { cost: { requestedQueryCost: 8 } } });
}

export function sendRenewed(response: ServerResponse, accessToken: string, expiresAt: number): void {
	const customerAccessToken = { accessToken, expiresAt: time(expiresAt) };
	const data = { customerAccessTokenRenew: { customerAccessToken, userErrors: [] } };
	send(response, { data, extensions: { cost: { requestedQueryCost: 12 } } });
}

export function sendRefusal(response: ServerResponse): void {
	send(response, { errors: [{ message: "the token is not alive" }] });
}

function send(response: ServerResponse, answer: unknown): void {
	const body = JSON.stringify(answer);
	const length = Buffer.byteLength(body);
	response.writeHead(200, ["Content-Length", String(length), ...HEADERS]);
	response.end(body, length === body.length ? "latin1" : "utf8");
}

export interface HandRequest {
	readonly isRenewal: boolean;
	/** The customer access token. */
	readonly token: string;
	/** The storefront access token. */
	readonly key: string;
}

export function serveByHand(serve: (request: HandRequest, response: ServerResponse) => Promise<void>): void {
	listen(
		createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on("data", (chunk) => chunks.push(chunk));
			request.on("end", () => {
				const text = Buffer.concat(chunks).toString("utf8");
				const { query, variables } = JSON.parse(text) as { query: string; variables: { t: string } };
				const key = String(request.headers["x-shopify-storefront-access-token"]);
				void serve({ isRenewal: query.startsWith("mutation"), token: variables.t, key }, response);
			});
		}),
	);
}
