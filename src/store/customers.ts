// row ⇄ Customer
import type { Customer, CustomerState, Seconds } from "../model.ts";
import { ask, type Engine, type Row, statement, transaction } from "./engine.ts";

const COLUMNS = `c.id, c.shop_id, c.email, c.phone, c.first_name, c.last_name, c.accepts_marketing, c.state,
	c.created_at, c.updated_at`;
const FIND_BY_TOKEN = statement(
	`SELECT ${COLUMNS} FROM access_tokens t JOIN customers c ON c.id = t.customer_id
	WHERE t.digest = ? AND t.expires_at > ? AND c.shop_id = ? AND c.state = 'enabled'`,
);
const FIND_CREDENTIALS = statement(
	"SELECT id, state, password_hash FROM customers WHERE shop_id = ? AND email_key = ?",
);
const FIND_ID_BY_PHONE = statement("SELECT id FROM customers WHERE shop_id = ? AND phone = ?");
const INSERT = statement(
	`INSERT INTO customers (id, shop_id, email, email_key, phone, first_name, last_name, accepts_marketing, state,
		password_hash, created_at, updated_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
);
const REPLACE_HASH = statement(
	"UPDATE customers SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING id",
);

const DELETE_ALL = statement("DELETE FROM customers");

/** What a sign-in is checked against. */
export interface Credentials {
	readonly customerId: number;
	readonly state: CustomerState;
	readonly passwordHash: string | null;
}

/**
 * Who is behind this token, now: one question joins token and customer. Null for a token that never was,
 * is deleted, has expired, belongs to another shop, or whose customer may not sign in.
 */
export async function findCustomerByToken(
	engine: Engine,
	shopId: number,
	digest: string,
	now: Seconds,
): Promise<Customer | null> {
	const row = (await engine.read(FIND_BY_TOKEN, [digest, now, shopId]))[0];
	return row ? toCustomer(row) : null;
}

export async function findCredentials(
	engine: Engine,
	shopId: number,
	emailKey: string,
): Promise<Credentials | null> {
	const row = (await engine.read(FIND_CREDENTIALS, [shopId, emailKey]))[0];
	return row ? toCredentials(row) : null;
}

export async function isPhoneTaken(engine: Engine, shopId: number, phone: string): Promise<boolean> {
	return (await engine.read(FIND_ID_BY_PHONE, [shopId, phone])).length > 0;
}

/** What stood in the way of an insert. */
export type InsertConflict =
	| { readonly on: "email"; readonly state: CustomerState }
	| { readonly on: "phone" };

export interface NewCustomer {
	readonly customer: Customer;
	readonly emailKey: string;
	readonly passwordHash: string;
}

const INSERT_CUSTOMER = transaction("insert customer", function* (input: NewCustomer) {
	const { emailKey, passwordHash } = input;
	const { id, shopId, email, phone, firstName, lastName, state, createdAt, updatedAt } = input.customer;
	const marketing = input.customer.acceptsMarketing ? 1 : 0;
	const values = [id, shopId, email, emailKey, phone, firstName, lastName, marketing, state, passwordHash];
	const inserted = yield ask(INSERT, [...values, createdAt, updatedAt]);
	if (inserted.length === 1) return null;
	const [holder] = yield ask(FIND_CREDENTIALS, [shopId, emailKey]);
	if (holder) return { on: "email", state: toCredentials(holder).state } as const;
	const [other] = phone === null ? [] : yield ask(FIND_ID_BY_PHONE, [shopId, phone]);
	if (other) return { on: "phone" } as const;
	throw new Error("an id was drawn twice");
});

/** Inserts whole or says what it met. */
export async function insertCustomer(engine: Engine, input: NewCustomer): Promise<InsertConflict | null> {
	return engine.write(INSERT_CUSTOMER, input);
}

/** Puts a costlier hash of the same password in the place of the one that was verified; nothing else. */
export async function replacePasswordHash(
	engine: Engine,
	customerId: number,
	verified: string,
	replacement: string,
): Promise<void> {
	await engine.change(REPLACE_HASH, [replacement, customerId, verified]);
}

/** Of every shop, and their tokens with them. */
export async function deleteAllCustomers(engine: Engine): Promise<void> {
	await engine.change(DELETE_ALL, []);
}

function toCustomer(row: Row): Customer {
	return {
		id: row["id"] as number,
		shopId: row["shop_id"] as number,
		email: row["email"] as string | null,
		phone: row["phone"] as string | null,
		firstName: row["first_name"] as string | null,
		lastName: row["last_name"] as string | null,
		acceptsMarketing: row["accepts_marketing"] === 1,
		state: row["state"] as CustomerState,
		createdAt: row["created_at"] as number,
		updatedAt: row["updated_at"] as number,
	};
}

function toCredentials(row: Row): Credentials {
	return {
		customerId: Number(row["id"]),
		state: row["state"] as CustomerState,
		passwordHash: row["password_hash"] as string | null,
	};
}
