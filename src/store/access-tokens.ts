// row ⇄ AccessToken. Every act on a token is one statement that checks and does at once; what the audit log tells of is
// put there behind it.
import type { AccessToken, Seconds } from "../model.ts";
import { BY_OPERATOR, putAct, type Recording, sayToken } from "./audit.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";

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
	{ row: 1 },
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

interface SignIn {
	readonly shopId: number;
	readonly token: NewAccessToken;
	readonly verifiedHash: string;
	readonly origin: Recording;
}

const INSERT_TOKEN = transaction(
	"insert access token",
	function* (input: SignIn): Steps<boolean> {
		const { shopId, verifiedHash, origin } = input;
		const { digest, id, createdAt: now, expiresAt, customerId } = input.token;
		const inserted = yield ask(INSERT, [digest, id, now, expiresAt, customerId, verifiedHash]);
		if (inserted.length === 0) return false;
		yield* putAct({ shopId, customerId, now, act: "signed-in", origin, detail: sayToken(id) });
		return true;
	},
	"sign-in",
);

/** False when the verified hash is no longer the customer's, or the customer may no longer sign in. */
export function insertAccessToken(engine: Engine, signIn: SignIn): Promise<boolean> {
	return engine.write(INSERT_TOKEN, signIn);
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

interface SignOut {
	readonly shopId: number;
	readonly digest: string;
	readonly now: Seconds;
	readonly origin: Recording;
}

const DELETE_TOKEN = transaction(
	"delete access token",
	function* (input: SignOut): Steps<AccessToken | null> {
		const { shopId, digest, now, origin } = input;
		const token = toAccessToken((yield ask(DELETE, [digest, now, shopId]))[0]);
		if (!token) return null;
		const { id, customerId } = token;
		yield* putAct({ shopId, customerId, now, act: "signed-out", origin, detail: sayToken(id) });
		return token;
	},
);

/** The token that is now gone, or null when it was not alive in this shop. */
export function deleteAccessToken(engine: Engine, signOut: SignOut): Promise<AccessToken | null> {
	return engine.write(DELETE_TOKEN, signOut);
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

interface EndOfTokens {
	readonly shopId: number;
	readonly customerId: number;
	/** Null for every one. */
	readonly id: number | null;
	readonly now: Seconds;
}

const END_TOKENS = transaction("end access tokens", function* (input: EndOfTokens): Steps<number> {
	const { customerId, id } = input;
	const { length: ended } =
		id === null
			? yield ask(DELETE_OF_CUSTOMER, [customerId])
			: yield ask(DELETE_ONE_OF_CUSTOMER, [customerId, id]);
	const detail = id === null ? "all" : sayToken(id);
	if (ended > 0) yield* putAct({ ...input, act: "tokens-ended", origin: BY_OPERATOR, detail });
	return ended;
});

/** For the operator: ends the customer's token with this id, or every one; gives how many there were. */
export function endAccessTokens(engine: Engine, input: EndOfTokens): Promise<number> {
	return engine.write(END_TOKENS, input);
}

function toAccessToken(row: Row | undefined): AccessToken | null {
	if (!row) return null;
	return {
		id: Number(row["id"]),
		customerId: Number(row["customer_id"]),
		expiresAt: Number(row["expires_at"]),
	};
}
