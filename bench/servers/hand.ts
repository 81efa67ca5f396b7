// (b) The same two operations without GraphQL, on the same store: what we would have if the wire were only these.
// With BENCH_COMMIT=each every renewal is its own transaction, as a plain server would have it.
import { DatabaseSync } from "node:sqlite";
import { digestToken } from "../../src/secrets/token.ts";
import { renewAccessToken } from "../../src/store/access-tokens.ts";
import { listAddresses } from "../../src/store/addresses.ts";
import { findApiKey } from "../../src/store/api-keys.ts";
import { findCustomerByToken } from "../../src/store/customers.ts";
import { openEngine } from "../../src/store/store.ts";
import { LIFETIME_SECONDS, sendCustomer, sendRenewed, serveByHand } from "./by-hand.ts";

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
serveByHand(async ({ isRenewal, token, key }, response) => {
	const access = await findApiKey(engine, digestToken(key) ?? "");
	if (!access) throw new Error("unknown storefront access token");
	const digest = digestToken(token) ?? "";
	const now = Math.floor(Date.now() / 1000);
	if (isRenewal) {
		const expiresAt = now + LIFETIME_SECONDS;
		if (each) each.all(expiresAt, digest, now);
		else await renewAccessToken(engine, access.shop.id, digest, expiresAt, now);
		return sendRenewed(response, token, expiresAt);
	}
	const found = await findCustomerByToken(engine, access.shop.id, digest, now);
	sendCustomer(response, found, found ? await listAddresses(engine, found.id, FIRST_FIVE) : []);
});
