// row ⇄ AccessToken. Every act on a token is one statement that checks and does at once.
import type { AccessToken, Seconds } from "../model.ts";
import { type Engine, type Row, statement } from "./engine.ts";

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

function toAccessToken(row: Row | undefined): AccessToken | null {
	if (!row) return null;
	return {
		id: Number(row["id"]),
		customerId: Number(row["customer_id"]),
		expiresAt: Number(row["expires_at"]),
	};
}
