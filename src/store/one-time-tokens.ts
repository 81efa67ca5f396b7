// One-time tokens: what is inside a mailed link. Only digests are here, one for each customer and purpose, and each
// is spent by the one statement that deletes it.
import type { Customer, CustomerState, Purpose, Seconds } from "../model.ts";
import { type NewAccessToken, putAccessToken } from "./access-tokens.ts";
import { putAct, type Recording, sayToken } from "./audit.ts";
import { CUSTOMER_COLUMNS, setPassword, toCustomer } from "./customers.ts";
import { ask, type Engine, type Steps, statement, transaction } from "./engine.ts";
import { type NewMail, putMail } from "./outbox.ts";

const PUT = statement(
	`INSERT INTO one_time_tokens (customer_id, purpose, digest, expires_at) VALUES (?, ?, ?, ?)
	ON CONFLICT (customer_id, purpose) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at`,
);
const FIND_MAIL = statement("SELECT customer_id, recipient FROM outbox WHERE id = ?");
const DELETE_MAIL = statement("DELETE FROM outbox WHERE id = ?");
const FIND_CUSTOMER = statement(
	`SELECT ${CUSTOMER_COLUMNS} FROM customers c WHERE c.id = ? AND c.shop_id = ? AND c.multipass_only = 0`,
);
const FIND_HOLDER = statement(
	"SELECT id, state, multipass_only FROM customers WHERE shop_id = ? AND email_key = ?",
);
const FIND_ALIVE = statement(
	`SELECT c.id FROM one_time_tokens t JOIN customers c ON c.id = t.customer_id
	WHERE t.customer_id = ? AND t.purpose = ? AND t.digest = ? AND t.expires_at > ? AND c.shop_id = ?`,
);
const SPEND = statement(
	`DELETE FROM one_time_tokens WHERE customer_id = ? AND purpose = ? AND digest = ? AND expires_at > ?
	RETURNING customer_id`,
);
const ENABLE = statement("UPDATE customers SET state = 'enabled', updated_at = ? WHERE id = ? RETURNING id");

/** States in which a customer may have a link for the purpose. */
const FIT: Readonly<Record<Purpose, readonly CustomerState[]>> = {
	reset: ["enabled"],
	activation: ["disabled", "invited"],
};

/** `unfit`: whoever has the address is not in a state for such a link, or comes in by Multipass alone. */
export type LinkRequest = "decided" | "unfit" | "nobody";

interface LinkAsked {
	readonly shopId: number;
	readonly emailKey: string;
	readonly mail: NewMail;
	readonly origin: Recording;
}

const REQUEST = transaction("request link", decideLink, "link");

/** Inside a transaction: what `requestLink` does. */
export function* decideLink(input: LinkAsked): Steps<LinkRequest> {
	const { shopId, mail, origin } = input;
	const [row] = yield ask(FIND_HOLDER, [shopId, input.emailKey]);
	if (!row) return "nobody";
	const purpose = purposeOf(mail);
	const isFit = FIT[purpose].includes(row["state"] as CustomerState);
	if (!isFit || row["multipass_only"] !== 0) return "unfit";
	const customerId = Number(row["id"]);
	yield* putMail(customerId, mail);
	const act = purpose === "reset" ? "recovery-asked" : "activation-asked";
	yield* putAct({ shopId, customerId, now: mail.now, act, origin });
	return "decided";
}

function purposeOf({ kind }: NewMail): Purpose {
	if (kind === "reset" || kind === "activation") return kind;
	throw new Error(`a mail of the kind ${kind} has no link`);
}

/**
 * Decides a mail with a link to the customer who has the e-mail address, where the customer's state is one for it.
 */
export function requestLink(engine: Engine, input: LinkAsked): Promise<LinkRequest> {
	return engine.write(REQUEST, input);
}

export interface NewOneTimeToken {
	readonly shopId: number;
	readonly customerId: number;
	readonly purpose: Purpose;
	readonly digest: string;
	readonly expiresAt: Seconds;
}

/** Inside a transaction that has found the customer fit to have it. */
export function* putOneTimeToken(token: Omit<NewOneTimeToken, "shopId">): Steps<void> {
	yield ask(PUT, [token.customerId, token.purpose, token.digest, token.expiresAt]);
}

const ISSUE = transaction(
	"issue one-time token",
	function* (input: NewOneTimeToken & { readonly mailId: number }): Steps<Customer | null> {
		const [mail] = yield ask(FIND_MAIL, [input.mailId]);
		if (!mail) return null;
		const [row] = yield ask(FIND_CUSTOMER, [input.customerId, input.shopId]);
		const customer = row ? toCustomer(row) : null;
		const isFit = customer !== null && FIT[input.purpose].includes(customer.state);
		if (!isFit || mail["recipient"] !== customer.email) {
			yield ask(DELETE_MAIL, [input.mailId]);
			return null;
		}
		yield* putOneTimeToken(input);
		return customer;
	},
);

/**
 * For a waiting mail, in the place of an older one. Null when the mail was withdrawn, or will never be fit to be sent
 * (its customer is not in a state for it, or has another address now): then it is gone.
 */
export function issueOneTimeToken(
	engine: Engine,
	token: NewOneTimeToken,
	mailId: number,
): Promise<Customer | null> {
	return engine.write(ISSUE, { ...token, mailId });
}

/** Whether it would be taken now: asked before the costly hash, decided by `redeemOneTimeToken`. */
export async function isOneTimeTokenAlive(
	engine: Engine,
	{ shopId, customerId, purpose, digest }: Omit<NewOneTimeToken, "expiresAt">,
	now: Seconds,
): Promise<boolean> {
	return (await engine.read(FIND_ALIVE, [customerId, purpose, digest, now, shopId])).length === 1;
}

export interface Redemption {
	readonly shopId: number;
	readonly customerId: number;
	readonly purpose: Purpose;
	readonly digest: string;
	readonly now: Seconds;
	readonly passwordHash: string;
	readonly token: NewAccessToken;
	readonly mail: NewMail;
	readonly origin: Recording;
}

const REDEEM = transaction(
	"redeem one-time token",
	function* (input: Redemption): Steps<Customer | null> {
		const { shopId, customerId, purpose, digest, now, origin } = input;
		const [row] = yield ask(FIND_CUSTOMER, [customerId, shopId]);
		const customer = row ? toCustomer(row) : null;
		if (!customer || !FIT[purpose].includes(customer.state)) return null;
		const spent = yield ask(SPEND, [customerId, purpose, digest, now]);
		if (spent.length === 0) return null;
		yield* setPassword(customerId, input.passwordHash);
		yield ask(ENABLE, [now, customerId]);
		yield* putAccessToken(input.token);
		yield* putMail(customerId, input.mail);
		const act = purpose === "reset" ? "password-reset" : "activated";
		yield* putAct({ shopId, customerId, now, act, origin, detail: sayToken(input.token.id) });
		return { ...customer, state: "enabled", updatedAt: now };
	},
	"link",
);

/**
 * Spends it: the password is set, the account enabled, every earlier access token and link ended, the new access token
 * made and the mail decided, or none of it. Null when it is not alive.
 */
export function redeemOneTimeToken(engine: Engine, redemption: Redemption): Promise<Customer | null> {
	return engine.write(REDEEM, redemption);
}
