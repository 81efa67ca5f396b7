// row ⇄ Customer
import type { Customer, CustomerState, Seconds } from "../model.ts";
import { deleteTokensOf, type NewAccessToken, putAccessToken } from "./access-tokens.ts";
import { putAct, type Recording, sayToken } from "./audit.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";
import { deleteLinksOf, type NewMail, putMail } from "./outbox.ts";

export const CUSTOMER_COLUMNS = `c.id, c.shop_id, c.email, c.phone, c.first_name, c.last_name, c.accepts_marketing,
	c.state, c.default_address_id, c.created_at, c.updated_at`;
const FIND_BY_TOKEN = statement(
	`SELECT ${CUSTOMER_COLUMNS} FROM access_tokens t JOIN customers c ON c.id = t.customer_id
	WHERE t.digest = ? AND t.expires_at > ? AND c.shop_id = ? AND c.state = 'enabled'`,
);
const FIND_BY_ID = statement(`SELECT ${CUSTOMER_COLUMNS} FROM customers c WHERE c.id = ? AND c.shop_id = ?`);
const FIND_CREDENTIALS = statement(
	"SELECT id, state, password_hash, multipass_only FROM customers WHERE shop_id = ? AND email_key = ?",
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
const UPDATE = statement(
	`UPDATE customers SET email = ?, email_key = COALESCE(?, email_key), phone = ?, first_name = ?, last_name = ?,
		accepts_marketing = ?, updated_at = ? WHERE id = ? RETURNING id`,
);
const IS_MULTIPASS_ONLY = statement("SELECT id FROM customers WHERE id = ? AND multipass_only = 1");
const SET_PASSWORD = statement(
	"UPDATE customers SET password_hash = ?, multipass_only = 0 WHERE id = ? RETURNING id",
);
const DELETE_ALL = statement("DELETE FROM customers");

/** What a sign-in is checked against. */
export interface Credentials {
	readonly customerId: number;
	readonly state: CustomerState;
	readonly passwordHash: string | null;
	/** Only Multipass has let this customer in: no mail may give the account a password. */
	readonly multipassOnly: boolean;
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

/** The same inside a transaction, for an act that needs the customer as it is at that moment. */
export function* findTokenHolder(token: {
	readonly shopId: number;
	readonly digest: string;
	readonly now: Seconds;
}): Steps<Customer | null> {
	const [row] = yield ask(FIND_BY_TOKEN, [token.digest, token.now, token.shopId]);
	return row ? toCustomer(row) : null;
}

export async function findCustomerById(engine: Engine, shopId: number, id: number): Promise<Customer | null> {
	const row = (await engine.read(FIND_BY_ID, [id, shopId]))[0];
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
	readonly passwordHash: string | null;
	/** Goes out when the customer is in. */
	readonly mail: NewMail | null;
}

interface SignUp extends NewCustomer {
	readonly origin: Recording;
}

const INSERT_CUSTOMER = transaction(
	"insert customer",
	function* (input: SignUp): Steps<InsertConflict | null> {
		const conflict = yield* putCustomer(input);
		if (conflict) return conflict;
		const { id: customerId, shopId, createdAt: now } = input.customer;
		yield* putAct({ shopId, customerId, now, act: "signed-up", origin: input.origin });
		return null;
	},
);

/** Inside a transaction; when it gives a conflict, nothing has changed. */
export function* putCustomer(input: NewCustomer): Steps<InsertConflict | null> {
	const { emailKey, passwordHash } = input;
	const { id, shopId, email, phone, firstName, lastName, state, createdAt, updatedAt } = input.customer;
	const marketing = input.customer.acceptsMarketing ? 1 : 0;
	const values = [id, shopId, email, emailKey, phone, firstName, lastName, marketing, state, passwordHash];
	const inserted = yield ask(INSERT, [...values, createdAt, updatedAt]);
	if (inserted.length === 1) {
		if (input.mail) yield* putMail(id, input.mail);
		return null;
	}
	const [holder] = yield ask(FIND_CREDENTIALS, [shopId, emailKey]);
	if (holder) return { on: "email", state: toCredentials(holder).state } as const;
	const [other] = phone === null ? [] : yield ask(FIND_ID_BY_PHONE, [shopId, phone]);
	if (other) return { on: "phone" } as const;
	throw new Error("an id was drawn twice");
}

/** Inserts whole or says what it met. */
export function insertCustomer(engine: Engine, input: SignUp): Promise<InsertConflict | null> {
	return engine.write(INSERT_CUSTOMER, input);
}

/** What becomes of a customer: members that are left out stay as they are. */
export interface CustomerChange {
	readonly shopId: number;
	/** Of the customer access token that the change is asked with. */
	readonly digest: string;
	readonly now: Seconds;
	readonly profile: Partial<
		Pick<Customer, "email" | "phone" | "firstName" | "lastName" | "acceptsMarketing">
	>;
	/** With the e-mail address, its key, and the mail that tells the old address of it. */
	readonly email: { readonly key: string; readonly mail: NewMail } | null;
	/** Ends every earlier token of the customer; the new one takes their place. */
	readonly password: {
		readonly hash: string;
		readonly token: Omit<NewAccessToken, "customerId">;
		readonly mail: NewMail;
	} | null;
	readonly origin: Recording;
}

/** `multipassOnly`: the shop's own system says what the address of such a customer is. */
export type ChangeRefusal = { readonly refused: "token" | "email" | "phone" | "multipassOnly" };

const UPDATE_CUSTOMER = transaction("update customer", function* (input: CustomerChange): Steps<
	Customer | ChangeRefusal
> {
	const { shopId, now, email: newEmail, password, origin } = input;
	const [row] = yield ask(FIND_BY_TOKEN, [input.digest, now, shopId]);
	if (!row) return { refused: "token" };
	const before = toCustomer(row);
	const customer: Customer = { ...before, ...input.profile, updatedAt: now };
	const { id, email, phone, firstName, lastName } = customer;
	const [emailHolder] = newEmail ? yield ask(FIND_CREDENTIALS, [shopId, newEmail.key]) : [];
	if (emailHolder && emailHolder["id"] !== id) return { refused: "email" };
	const isEmailNew = newEmail !== null && email !== before.email;
	const [bound] = isEmailNew ? yield ask(IS_MULTIPASS_ONLY, [id]) : [];
	if (bound) return { refused: "multipassOnly" };
	const isPhoneNew = phone !== null && phone !== before.phone;
	const [phoneHolder] = isPhoneNew ? yield ask(FIND_ID_BY_PHONE, [shopId, phone]) : [];
	if (phoneHolder) return { refused: "phone" };
	if (isEmailNew) {
		// The old address is told, so the mail is put before the address changes.
		yield* putMail(id, newEmail.mail);
		yield* deleteLinksOf(id);
	}
	const marketing = customer.acceptsMarketing ? 1 : 0;
	yield ask(UPDATE, [email, newEmail?.key ?? null, phone, firstName, lastName, marketing, now, id]);
	if (password) {
		yield* setPassword(id, password.hash);
		yield* putAccessToken({ ...password.token, customerId: id });
		yield* putMail(id, password.mail);
	}
	const entry = { shopId, customerId: id, now, origin };
	if (isEmailNew) yield* putAct({ ...entry, act: "email-changed" });
	if (password) yield* putAct({ ...entry, act: "password-changed", detail: sayToken(password.token.id) });
	const changed = PROFILE.filter((name) => customer[name] !== before[name]);
	if (changed.length > 0) yield* putAct({ ...entry, act: "profile-changed", detail: changed.join(" ") });
	return customer;
});

/** All that a customer may change but what is recorded by itself. */
const PROFILE = ["firstName", "lastName", "phone", "acceptsMarketing"] as const;

/** A new password ends everything that the old one opened, and every link that could set another. */
export function* setPassword(customerId: number, passwordHash: string): Steps<void> {
	yield ask(SET_PASSWORD, [passwordHash, customerId]);
	yield* deleteTokensOf(customerId);
	yield* deleteLinksOf(customerId);
}

/** The customer as it is afterwards, or what stood in the way; then nothing has changed. */
export function updateCustomer(engine: Engine, change: CustomerChange): Promise<Customer | ChangeRefusal> {
	return engine.write(UPDATE_CUSTOMER, change);
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

/** Of every shop, and with them all that is theirs. */
export async function deleteAllCustomers(engine: Engine): Promise<void> {
	await engine.change(DELETE_ALL, []);
}

export function toCustomer(row: Row): Customer {
	return {
		id: row["id"] as number,
		shopId: row["shop_id"] as number,
		email: row["email"] as string | null,
		phone: row["phone"] as string | null,
		firstName: row["first_name"] as string | null,
		lastName: row["last_name"] as string | null,
		acceptsMarketing: row["accepts_marketing"] === 1,
		state: row["state"] as CustomerState,
		defaultAddressId: row["default_address_id"] as number | null,
		createdAt: row["created_at"] as number,
		updatedAt: row["updated_at"] as number,
	};
}

function toCredentials(row: Row): Credentials {
	return {
		customerId: Number(row["id"]),
		state: row["state"] as CustomerState,
		passwordHash: row["password_hash"] as string | null,
		multipassOnly: row["multipass_only"] === 1,
	};
}
