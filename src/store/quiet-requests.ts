// row ⇄ QuietRequest: what was asked of an e-mail address while nobody is told who has an account. Putting one down is
// the same work whoever has the address; who it is, is looked at when the request is carried out, after the reply.
import type { Customer, Seconds } from "../model.ts";
import { inheritAttempts } from "./attempts.ts";
import { putAct, type Recording } from "./audit.ts";
import { putCustomer } from "./customers.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";
import { decideLink } from "./one-time-tokens.ts";

const COLUMNS = `id, shop_id, email_key, language, created_at, address, email, phone, first_name, last_name,
	accepts_marketing`;
const PUT = statement(
	`INSERT INTO quiet_requests (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
);
const LIST = statement(`SELECT ${COLUMNS} FROM quiet_requests ORDER BY created_at, id LIMIT 64`);
const DELETE_ALL = statement("DELETE FROM quiet_requests");
const TAKE = statement("DELETE FROM quiet_requests WHERE id = ? RETURNING id");

/** What is kept of what a new customer typed. */
export type Details = Pick<Customer, "phone" | "firstName" | "lastName" | "acceptsMarketing"> & {
	readonly email: string;
};

export interface QuietRequest {
	readonly id: number;
	readonly shopId: number;
	readonly emailKey: string;
	readonly language: string;
	readonly createdAt: Seconds;
	/** Where it came from, for the audit log. */
	readonly address: string | null;
	/** What was typed of a new customer; null where a recovery was asked for. */
	readonly signUp: Details | null;
}

export async function putQuietRequest(engine: Engine, request: QuietRequest): Promise<void> {
	const { id, shopId, emailKey, language, createdAt, address, signUp } = request;
	const { email = null, phone = null, firstName = null, lastName = null } = signUp ?? {};
	const marketing = signUp?.acceptsMarketing ? 1 : 0;
	const details = [email, phone, firstName, lastName, marketing];
	await engine.change(PUT, [id, shopId, emailKey, language, createdAt, address, ...details]);
}

/** The oldest 64. */
export async function listQuietRequests(engine: Engine): Promise<readonly QuietRequest[]> {
	return (await engine.read(LIST, [])).map(toRequest);
}

export interface CarryingOut {
	readonly request: QuietRequest;
	readonly now: Seconds;
	/** Of the mail that it may become. */
	readonly mailId: number;
	/** Who is made where nobody has the address; null where a recovery was asked for. */
	readonly newCustomer: Customer | null;
	/** What was counted for the name while nobody had it goes on for the new customer. */
	readonly guesses: { readonly from: string; readonly to: string } | null;
	/** Whether the audit log tells what came of it. */
	readonly isRecorded: boolean;
}

const CARRY_OUT = transaction("carry out quiet request", function* (input: CarryingOut): Steps<void> {
	const { request, now, mailId, newCustomer, guesses, isRecorded } = input;
	const { id, shopId, emailKey, language } = request;
	const origin: Recording = { actor: "visitor", address: request.address, isRecorded };
	if ((yield ask(TAKE, [id])).length === 0) return;
	if (newCustomer) {
		const isMade = yield* makeWaiting(newCustomer, emailKey);
		if (isMade) yield* putAct({ shopId, customerId: newCustomer.id, now, act: "signed-up", origin });
		if (isMade && guesses) yield* inheritAttempts(guesses.from, guesses.to);
		const activation = { id: mailId, kind: "activation", language, now } as const;
		if ((yield* decideLink({ shopId, emailKey, mail: activation, origin })) === "decided") return;
	}
	// Whoever has an account and signs up again has forgotten it: the way back in is the same.
	yield* decideLink({ shopId, emailKey, mail: { id: mailId, kind: "reset", language, now }, origin });
});

/** False where somebody has the address. A phone number that is someone else's is left out: it is not told either. */
function* makeWaiting(customer: Customer, emailKey: string): Steps<boolean> {
	const input = { customer, emailKey, passwordHash: null, mail: null };
	const conflict = yield* putCustomer(input);
	if (conflict?.on !== "phone") return conflict === null;
	return (yield* putCustomer({ ...input, customer: { ...customer, phone: null } })) === null;
}

/** Once, whoever else tries; a request that was carried out is gone. */
export function carryOutQuietRequest(engine: Engine, input: CarryingOut): Promise<void> {
	return engine.write(CARRY_OUT, input);
}

export async function forgetAllQuietRequests(engine: Engine): Promise<void> {
	await engine.change(DELETE_ALL, []);
}

function toRequest(row: Row): QuietRequest {
	return {
		id: Number(row["id"]),
		shopId: Number(row["shop_id"]),
		emailKey: String(row["email_key"]),
		language: String(row["language"]),
		createdAt: Number(row["created_at"]),
		address: row["address"] as string | null,
		signUp:
			row["email"] === null
				? null
				: {
						email: String(row["email"]),
						phone: row["phone"] as string | null,
						firstName: row["first_name"] as string | null,
						lastName: row["last_name"] as string | null,
						acceptsMarketing: row["accepts_marketing"] === 1,
					},
	};
}
