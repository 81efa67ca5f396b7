// What the operator does to a customer's account as a whole: made, invited, enabled, disabled, deleted.
import type { Act, Customer, Seconds } from "../model.ts";
import { deleteTokensOf } from "./access-tokens.ts";
import { BY_OPERATOR, putAct } from "./audit.ts";
import {
	CUSTOMER_COLUMNS,
	type InsertConflict,
	type NewCustomer,
	putCustomer,
	toCustomer,
} from "./customers.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";
import { type NewOneTimeToken, putOneTimeToken } from "./one-time-tokens.ts";
import { deleteLinksOf, type NewMail, putMail } from "./outbox.ts";
import { replaceTags, type Tag } from "./tags.ts";

const FIND = statement(
	`SELECT ${CUSTOMER_COLUMNS}, c.password_hash IS NOT NULL AS has_password, c.multipass_only
	FROM customers c WHERE c.id = ? AND c.shop_id = ?`,
);
const SET_STATE = statement("UPDATE customers SET state = ?, updated_at = ? WHERE id = ?");
const DELETE = statement("DELETE FROM customers WHERE id = ? AND shop_id = ? RETURNING id");

/** A customer, and the ways in that the account has. */
export interface Account {
	readonly customer: Customer;
	readonly hasPassword: boolean;
	/** Only Multipass has let this customer in. */
	readonly multipassOnly: boolean;
}

export async function findAccount(engine: Engine, shopId: number, id: number): Promise<Account | null> {
	const row = (await engine.read(FIND, [id, shopId]))[0];
	return row ? toAccount(row) : null;
}

export interface NewAccount extends NewCustomer {
	/** Sorted by their keys. */
	readonly tags: readonly Tag[];
}

const INSERT = transaction(
	"insert account",
	function* ({ tags, ...customer }: NewAccount): Steps<InsertConflict | null> {
		const conflict = yield* putCustomer(customer);
		if (conflict) return conflict;
		const { id: customerId, shopId, state, createdAt: now } = customer.customer;
		yield* replaceTags(customerId, tags);
		yield* record("account-created", { shopId, customerId, now });
		if (state === "invited") yield* record("invited", { shopId, customerId, now });
		return null;
	},
);

/** Inserts whole or says what it met. */
export function insertAccount(engine: Engine, account: NewAccount): Promise<InsertConflict | null> {
	return engine.write(INSERT, account);
}

/** Whose account, and when. */
export interface OfCustomer {
	readonly shopId: number;
	readonly customerId: number;
	readonly now: Seconds;
}

/** How the customer comes by the link: by a mail, or by the operator's hand. */
export interface Invitation {
	readonly mail: NewMail | null;
	readonly link?: Pick<NewOneTimeToken, "digest" | "expiresAt">;
}

const INVITE = transaction("invite customer", function* (input: OfCustomer & Invitation): Steps<
	"noSuchCustomer" | "enabled" | "multipassOnly" | null
> {
	const { customerId, now, mail, link } = input;
	const [row] = yield ask(FIND, [customerId, input.shopId]);
	if (!row) return "noSuchCustomer";
	const { customer, multipassOnly } = toAccount(row);
	if (customer.state === "enabled") return "enabled";
	if (multipassOnly) return "multipassOnly";
	yield* deleteLinksOf(customerId);
	yield ask(SET_STATE, ["invited", now, customerId]);
	if (mail) yield* putMail(customerId, mail);
	if (link) yield* putOneTimeToken({ customerId, purpose: "activation", ...link });
	yield* record("invited", input);
	if (link) yield* record("link-handed-over", input);
	return null;
});

/** Ends every earlier link. Gives why it cannot be, or null when it is done. */
export function inviteCustomer(
	engine: Engine,
	input: OfCustomer & Invitation,
): Promise<"noSuchCustomer" | "enabled" | "multipassOnly" | null> {
	return engine.write(INVITE, input);
}

const ENABLE = transaction("enable customer", function* (input: OfCustomer): Steps<
	"noSuchCustomer" | "noPassword" | null
> {
	const { customerId, now } = input;
	const [row] = yield ask(FIND, [customerId, input.shopId]);
	if (!row) return "noSuchCustomer";
	const { customer, hasPassword, multipassOnly } = toAccount(row);
	if (customer.state === "enabled") return null;
	if (!hasPassword && !multipassOnly) return "noPassword";
	yield* deleteLinksOf(customerId);
	yield ask(SET_STATE, ["enabled", now, customerId]);
	yield* record("enabled", input);
	return null;
});

/** Gives why it cannot be, or null when the customer may sign in. */
export function enableCustomer(
	engine: Engine,
	input: OfCustomer,
): Promise<"noSuchCustomer" | "noPassword" | null> {
	return engine.write(ENABLE, input);
}

const DISABLE = transaction("disable customer", function* (input: OfCustomer): Steps<number | null> {
	const { customerId, now } = input;
	const [row] = yield ask(FIND, [customerId, input.shopId]);
	if (!row) return null;
	const isNew = toAccount(row).customer.state !== "disabled";
	if (isNew) {
		yield ask(SET_STATE, ["disabled", now, customerId]);
		yield* record("disabled", input);
	}
	yield* deleteLinksOf(customerId);
	return yield* deleteTokensOf(customerId);
});

/** Ends every customer access token and link; gives how many tokens, or null where there is no such customer. */
export function disableCustomer(engine: Engine, input: OfCustomer): Promise<number | null> {
	return engine.write(DISABLE, input);
}

const ERASE = transaction("delete customer", function* (input: OfCustomer): Steps<boolean> {
	if ((yield ask(DELETE, [input.customerId, input.shopId])).length === 0) return false;
	yield* record("erased", input);
	return true;
});

/** With everything that is the customer's. False when there was none. */
export function deleteCustomer(engine: Engine, input: OfCustomer): Promise<boolean> {
	return engine.write(ERASE, input);
}

function* record(act: Act, { shopId, customerId, now }: OfCustomer): Steps<void> {
	yield* putAct({ shopId, customerId, now, act, origin: BY_OPERATOR });
}

function toAccount(row: Row): Account {
	return {
		customer: toCustomer(row),
		hasPassword: row["has_password"] === 1,
		multipassOnly: row["multipass_only"] === 1,
	};
}
