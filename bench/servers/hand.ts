// (b) The same two operations without GraphQL, on the same store: what we would have if the wire were only these.
// With BENCH_COMMIT=each every renewal is its own transaction, as a plain server would have it.
import { createServer, type ServerResponse } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { digestToken } from "../../src/secrets/token.ts";
import { renewAccessToken } from "../../src/store/access-tokens.ts";
import { listAddresses } from "../../src/store/addresses.ts";
import { findApiKey } from "../../src/store/api-keys.ts";
import { findCustomerByToken } from "../../src/store/customers.ts";
import { openEngine } from "../../src/store/store.ts";
import { HEADERS, listen } from "./listen.ts";

const LIFETIME_SECONDS = 3_628_800;
const path = process.env["BENCH_DATABASE"] ?? "";
const engine = await openEngine(`sqlite:${path}`);
const each = process.env["BENCH_COMMIT"] === "each" ? openForEach() : null;

function openForEach() {
	const database = new DatabaseSync(path);
	database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
	return database.prepare(
		"UPDATE access_tokens SET expires_at = ? WHERE digest = ? AND expires_at > ? RETURNING id",
	);
}

const FIRST_FIVE = { above: 0, below: Number.MAX_SAFE_INTEGER, newestFirst: false, atMost: 5 };
const addressId = (id: number) => `gid://shopify/MailingAddress/${id}?model_name=CustomerAddress`;
const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

function send(response: ServerResponse, answer: unknown): void {
	const body = JSON.stringify(answer);
	const length = Buffer.byteLength(body);
	response.writeHead(200, ["Content-Length", String(length), ...HEADERS]);
	response.end(body, length === body.length ? "latin1" : "utf8");
}

async function serve(text: string, key: string, response: ServerResponse): Promise<void> {
	const access = await findApiKey(engine, digestToken(key) ?? "");
	if (!access) throw new Error("unknown storefront access token");
	const { query, variables } = JSON.parse(text) as { query: string; variables: { t: string } };
	const digest = digestToken(variables.t) ?? "";
	const now = Math.floor(Date.now() / 1000);
	if (query.startsWith("mutation")) {
		const expiresAt = now + LIFETIME_SECONDS;
		if (each) each.all(expiresAt, digest, now);
		else await renewAccessToken(engine, access.shop.id, digest, expiresAt, now);
		const customerAccessToken = { accessToken: variables.t, expiresAt: time(expiresAt) };
		const data = { customerAccessTokenRenew: { customerAccessToken, userErrors: [] } };
		return send(response, { data, extensions: { cost: { requestedQueryCost: 12 } } });
	}
	const found = await findCustomerByToken(engine, access.shop.id, digest, now);
	const addresses = found ? await listAddresses(engine, found.id, FIRST_FIVE) : [];
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

listen(
	createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk) => chunks.push(chunk));
		request.on("end", () => {
			const key = String(request.headers["x-shopify-storefront-access-token"]);
			void serve(Buffer.concat(chunks).toString("utf8"), key, response);
		});
	}),
);
