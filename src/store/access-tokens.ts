// row ⇄ AccessToken. Every act on a token is one statement that checks and does at once.
import type { AccessToken, Seconds } from "../model.ts";
import { ask, type Engine, type Row, type Steps, statement } from "./engine.ts";

// The token exists only if the password hash that was verified still stands and the customer may still sign in:
// a sign-in that was verifying while the password changed gets nothing.
const INSERT = statement(
	`INSERT INTO access_tokens (digest, id, customer_id, created_at, expires_at)
	SELECT ?, ?, c.id, ?, ? FROM customers c
	WHERE c.id = ? AND c.password_hash = ? AND c.state = 'enabled'
	RETURNING id, customer_id, expires_at`,
);
const RENEW = statement(
	`UPDATE access_tokens SET expires_at = ?
	WHERE digest = ? AND expires_at > ?
		AND EXISTS (SELECT 1 FROM customers c WHERE c.id = customer_id AND c.shop_id = ? AND c.state = 'enabled')
	RETURNING id, customer_id, expires_at`,
);
const DELETE = statement(
	`DELETE FROM access_tokens
	WHERE digest = ? AND expires_at > ?
		AND EXISTS (SELECT 1 FROM customers c WHERE c.id = customer_id AND c.shop_id = ? AND c.state = 'enabled')
	RETURNING id, customer_id, expires_at`,
);

const PUT = statement(
	"INSERT INTO access_tokens (digest, id, customer_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
);
const DELETE_OF_CUSTOMER = statement("DELETE FROM access_tokens WHERE customer_id = ? RETURNING id");
const LIST_OF_CUSTOMER = statement(
	`SELECT id, customer_id, created_at, expires_at FROM access_tokens
	WHERE customer_id = ? AND expires_at > ? ORDER BY created_at DESC, id LIMIT 250`,
);
const DELETE_ONE_OF_CUSTOMER = statement(
	"DELETE FROM access_tokens WHERE customer_id = ? AND id = ? RETURNING id",
);

export interface NewAccessToken {
	readonly id: number;
	readonly digest: string;
	readonly customerId: number;
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
}

/** False when the verified hash is no longer the customer's, or the customer may no longer sign in. */
export async function insertAccessToken(
	engine: Engine,
	token: NewAccessToken,
	verifiedHash: string,
): Promise<boolean> {
	const { digest, id, createdAt, expiresAt, customerId } = token;
	const values = [digest, id, createdAt, expiresAt, customerId, verifiedHash];
	return (await engine.change(INSERT, values)).length === 1;
}

/** The token with its new end, or null when it is not alive in this shop. */
export async function renewAccessToken(
	engine: Engine,
	shopId: number,
	digest: string,
	expiresAt: Seconds,
	now: Seconds,
): Promise<AccessToken | null> {
	return toAccessToken((await engine.change(RENEW, [expiresAt, digest, now, shopId]))[0]);
}

/** The token that is now gone, or null when it was not alive in this shop. */
export async function deleteAccessToken(
	engine: Engine,
	shopId: number,
	digest: string,
	now: Seconds,
): Promise<AccessToken | null> {
	return toAccessToken((await engine.change(DELETE, [digest, now, shopId]))[0]);
}

/** Inside a transaction that has found the customer fit to have one. */
export function* putAccessToken(token: NewAccessToken): Steps<void> {
	const { digest, id, customerId, createdAt, expiresAt } = token;
	yield ask(PUT, [digest, id, customerId, createdAt, expiresAt]);
}

/** Ends every customer access token of the customer; gives how many there were. */
export function* deleteTokensOf(customerId: number): Steps<number> {
	return (yield ask(DELETE_OF_CUSTOMER, [customerId])).length;
}

/** The newest 250 of the customer's that are alive, newest first. */
export async function listAccessTokens(
	engine: Engine,
	customerId: number,
	now: Seconds,
): Promise<readonly (AccessToken & { readonly createdAt: Seconds })[]> {
	const rows = await engine.read(LIST_OF_CUSTOMER, [customerId, now]);
	return rows.map((row) => ({
		id: Number(row["id"]),
		customerId: Number(row["customer_id"]),
		createdAt: Number(row["created_at"]),
		expiresAt: Number(row["expires_at"]),
	}));
}

/** Ends the customer's token with this id, or with null every one; gives how many there were. */
export async function endAccessTokens(
	engine: Engine,
	customerId: number,
	id: number | null,
): Promise<number> {
	const ended =
		id === null
			? await engine.change(DELETE_OF_CUSTOMER, [customerId])
			: await engine.change(DELETE_ONE_OF_CUSTOMER, [customerId, id]);
	return ended.length;
}

function toAccessToken(row: Row | undefined): AccessToken | null {
	if (!row) return null;
	return {
		id: Number(row["id"]),
		customerId: Number(row["customer_id"]),
		expiresAt: Number(row["expires_at"]),
	};
}
