// row ⇄ WaitingMail. A mail is put here in the transaction that decides it, and sent after the commit: what was
// promised goes out, and what was undone does not.
import type { MessageKind, Seconds, WaitingMail } from "../model.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";

const COLUMNS = "id, shop_id, customer_id, kind, recipient, language, attempts, next_attempt_at, created_at";
const DELETE_OLDER = statement(
	`DELETE FROM outbox WHERE customer_id = ? AND kind = ?
		AND recipient = (SELECT c.email FROM customers c WHERE c.id = outbox.customer_id)`,
);
// Sent to the address that is stored now, whatever was typed. The ordinal says which of two mails that wait was decided
// first, where a second holds both; it begins anew when none waits.
const PUT = statement(
	`INSERT INTO outbox (id, shop_id, customer_id, kind, recipient, language, attempts, next_attempt_at, created_at,
		ordinal)
	SELECT ?, c.shop_id, c.id, ?, c.email, ?, 0, ?, ?,
		(SELECT COALESCE(MAX(ordinal), 0) + 1 FROM outbox)
	FROM customers c WHERE c.id = ? AND c.email IS NOT NULL`,
);
const DELETE_LINK_MAILS = statement(
	"DELETE FROM outbox WHERE customer_id = ? AND kind IN ('reset', 'activation')",
);
const DELETE_ONE_TIME_TOKENS = statement("DELETE FROM one_time_tokens WHERE customer_id = ?");
const DELETE_ONE_TIME_TOKEN = statement("DELETE FROM one_time_tokens WHERE customer_id = ? AND purpose = ?");
const LIST_DUE = statement(
	"SELECT id, attempts FROM outbox WHERE next_attempt_at <= ? ORDER BY next_attempt_at, ordinal LIMIT 8",
);
const CLAIM = statement(
	`UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ? AND attempts = ? RETURNING ${COLUMNS}`,
);
const DELETE = statement("DELETE FROM outbox WHERE id = ?");
const GIVE_UP = statement("UPDATE outbox SET next_attempt_at = NULL WHERE id = ?");
const LIST = statement(
	`SELECT ${COLUMNS} FROM outbox WHERE shop_id = ? ORDER BY created_at DESC, ordinal DESC LIMIT 250`,
);
const RETRY = statement("UPDATE outbox SET attempts = 0, next_attempt_at = ? WHERE shop_id = ? RETURNING id");
const RETRY_ONE = statement(
	"UPDATE outbox SET attempts = 0, next_attempt_at = ? WHERE shop_id = ? AND id = ? RETURNING id",
);

export interface NewMail {
	readonly id: number;
	readonly kind: MessageKind;
	readonly language: string;
	readonly now: Seconds;
}

/**
 * Inside the transaction that decides the mail. A newer one of a kind takes the place of one that still waits for the
 * same address, and a mail with a link ends the link that was mailed before. What waits for a former address stays:
 * its owner is told of the change, however many more follow.
 */
export function* putMail(customerId: number, mail: NewMail): Steps<void> {
	const { id, kind, language, now } = mail;
	yield ask(DELETE_OLDER, [customerId, kind]);
	if (kind === "reset" || kind === "activation") yield ask(DELETE_ONE_TIME_TOKEN, [customerId, kind]);
	yield ask(PUT, [id, kind, language, now, now, customerId]);
}

/** Ends every link of the customer, mailed or about to be. */
export function* deleteLinksOf(customerId: number): Steps<void> {
	yield ask(DELETE_ONE_TIME_TOKENS, [customerId]);
	yield ask(DELETE_LINK_MAILS, [customerId]);
}

/** The pause after each attempt: a minute, and twice as long each time. */
const FIRST_PAUSE_SECONDS = 60;

const CLAIM_DUE = transaction("claim due mails", function* (now: Seconds): Steps<readonly WaitingMail[]> {
	const claimed: WaitingMail[] = [];
	for (const due of yield ask(LIST_DUE, [now])) {
		const attempts = Number(due["attempts"]);
		const next = now + FIRST_PAUSE_SECONDS * 2 ** attempts;
		const [row] = yield ask(CLAIM, [next, Number(due["id"]), attempts]);
		if (row) claimed.push(toWaitingMail(row));
	}
	return claimed;
});

/**
 * A few mails that are due, each put off by its pause: nobody else is given them meanwhile, and should this process
 * die they are tried again. Whoever has sent one deletes it.
 */
export function claimDueMails(engine: Engine, now: Seconds): Promise<readonly WaitingMail[]> {
	return engine.write(CLAIM_DUE, now);
}

/** Whether any mail is due: a question that costs no commit. */
export async function isMailDue(engine: Engine, now: Seconds): Promise<boolean> {
	return (await engine.read(LIST_DUE, [now])).length > 0;
}

export async function deleteMail(engine: Engine, id: number): Promise<void> {
	await engine.change(DELETE, [id]);
}

/** It stays for the operator to see, and is not tried again by itself. */
export async function giveUpMail(engine: Engine, id: number): Promise<void> {
	await engine.change(GIVE_UP, [id]);
}

/** The newest 250 of the shop. */
export async function listWaitingMails(engine: Engine, shopId: number): Promise<readonly WaitingMail[]> {
	return (await engine.read(LIST, [shopId])).map(toWaitingMail);
}

/** Makes one mail of the shop, or all, due now; gives how many. */
export async function retryMails(
	engine: Engine,
	shopId: number,
	id: number | null,
	now: Seconds,
): Promise<number> {
	const rows = await (id === null
		? engine.change(RETRY, [now, shopId])
		: engine.change(RETRY_ONE, [now, shopId, id]));
	return rows.length;
}

function toWaitingMail(row: Row): WaitingMail {
	return {
		id: Number(row["id"]),
		shopId: Number(row["shop_id"]),
		customerId: Number(row["customer_id"]),
		kind: row["kind"] as MessageKind,
		recipient: String(row["recipient"]),
		language: String(row["language"]),
		attempts: Number(row["attempts"]),
		nextAttemptAt: row["next_attempt_at"] === null ? null : Number(row["next_attempt_at"]),
		createdAt: Number(row["created_at"]),
	};
}
