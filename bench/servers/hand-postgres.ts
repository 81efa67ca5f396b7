// (b) The same two operations without GraphQL and without our store, straight on the driver, as one would write them by
// hand: questions are pipelined, statements are prepared. With BENCH_COMMIT=each every renewal is a statement of its own
// on a pool; without, those that arrive while one statement is under way are the next one.
import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import { Client, Pool, type QueryConfig, type QueryResult, types } from "pg";
import { digestToken } from "../../src/secrets/token.ts";
import { LIFETIME_SECONDS, sendCustomer, sendRefusal, sendRenewed, serveByHand } from "./by-hand.ts";

const INT8 = 20;
types.setTypeParser(INT8, Number);

const connectionString = process.env["BENCH_DATABASE"] ?? "";
/** A connection on which what is asked in one turn of the event loop leaves in one packet. */
class Pipeline {
	readonly #socket = new Socket();
	#isCorked = false;
	readonly #client = new Client({
		connectionString,
		pipeline: true,
		stream: () => this.#socket,
	} as ConstructorParameters<typeof Client>[0]);

	static async open(): Promise<Pipeline> {
		const pipeline = new Pipeline();
		await pipeline.#client.connect();
		return pipeline;
	}

	query(query: QueryConfig): Promise<QueryResult> {
		if (!this.#isCorked) {
			this.#isCorked = true;
			this.#socket.cork();
			setImmediate(() => {
				this.#isCorked = false;
				this.#socket.uncork();
			});
		}
		return this.#client.query(query);
	}
}

const readers = [await Pipeline.open(), await Pipeline.open()];
const writer = await Pipeline.open();
const pool = process.env["BENCH_COMMIT"] === "each" ? new Pool({ connectionString, max: 20 }) : null;

const FIND_CUSTOMER = `SELECT c.id, c.first_name, c.last_name, c.email, c.phone, c.accepts_marketing, c.created_at,
		c.default_address_id
	FROM access_tokens t JOIN customers c ON c.id = t.customer_id JOIN api_keys k ON k.shop_id = c.shop_id
	WHERE t.digest = $1 AND t.expires_at > $2 AND c.state = 'enabled' AND k.digest = $3`;
const LIST_ADDRESSES = `SELECT id, address1, city, country, zip FROM addresses
	WHERE customer_id = $1 ORDER BY id LIMIT 5`;
const RENEW = `UPDATE access_tokens t SET expires_at = $1 FROM customers c, api_keys k
	WHERE t.digest = $2 AND t.expires_at > $3 AND c.id = t.customer_id AND c.state = 'enabled'
		AND k.shop_id = c.shop_id AND k.digest = $4 RETURNING t.digest`;
const RENEW_ALL = `UPDATE access_tokens t SET expires_at = $1
	FROM unnest($2::text[], $3::text[]) AS asked (token, key), customers c, api_keys k
	WHERE t.digest = asked.token AND t.expires_at > $4 AND c.id = t.customer_id AND c.state = 'enabled'
		AND k.shop_id = c.shop_id AND k.digest = asked.key RETURNING t.digest`;

let turn = 0;

async function sendFound(token: string, key: string, now: number, response: ServerResponse): Promise<void> {
	const reader = readers[turn++ % readers.length] as Pipeline;
	const { rows } = await reader.query({ name: "customer", text: FIND_CUSTOMER, values: [token, now, key] });
	const [found] = rows;
	if (!found) return sendRefusal(response);
	const { rows: addresses } = await reader.query({
		name: "addresses",
		text: LIST_ADDRESSES,
		values: [found.id],
	});
	const customer = {
		id: found.id,
		firstName: found.first_name,
		lastName: found.last_name,
		email: found.email,
		phone: found.phone,
		acceptsMarketing: found.accepts_marketing === 1,
		createdAt: found.created_at,
		defaultAddressId: found.default_address_id,
	};
	sendCustomer(response, customer, addresses);
}

interface Renewal {
	readonly token: string;
	readonly key: string;
	readonly resolve: (isAlive: boolean) => void;
}

let waiting: Renewal[] = [];
let isRenewing = false;

async function renew(token: string, key: string, now: number, expiresAt: number): Promise<boolean> {
	if (pool) {
		const { rows } = await pool.query({ name: "renew", text: RENEW, values: [expiresAt, token, now, key] });
		return rows.length === 1;
	}
	return new Promise((resolve) => {
		waiting.push({ token, key, resolve });
		if (isRenewing) return;
		isRenewing = true;
		setImmediate(renewAll);
	});
}

async function renewAll(): Promise<void> {
	while (waiting.length > 0) {
		const group = waiting;
		waiting = [];
		const now = Math.floor(Date.now() / 1000);
		const values = [
			now + LIFETIME_SECONDS,
			group.map(({ token }) => token),
			group.map(({ key }) => key),
			now,
		];
		const { rows } = await writer.query({ name: "renew", text: RENEW_ALL, values });
		const alive = new Set(rows.map(({ digest }) => digest));
		for (const { token, resolve } of group) resolve(alive.has(token));
	}
	isRenewing = false;
}

serveByHand(async ({ isRenewal, token, key }, response) => {
	const [digest, keyDigest] = [digestToken(token) ?? "", digestToken(key) ?? ""];
	const now = Math.floor(Date.now() / 1000);
	if (!isRenewal) return sendFound(digest, keyDigest, now, response);
	const expiresAt = now + LIFETIME_SECONDS;
	if (await renew(digest, keyDigest, now, expiresAt)) sendRenewed(response, token, expiresAt);
	else sendRefusal(response);
});
