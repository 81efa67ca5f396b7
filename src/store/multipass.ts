// Letting a customer in by Multipass: the token is spent, the customer made, changed or enabled, and the access token
// there, or none of it.
import type { Customer, Seconds } from "../model.ts";
import { deleteTokensOf, type NewAccessToken, putAccessToken } from "./access-tokens.ts";
import { addAddress, type NewAddress, touchCustomer } from "./addresses.ts";
import { putAct, type Recording, sayToken } from "./audit.ts";
import { CUSTOMER_COLUMNS, toCustomer } from "./customers.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction } from "./engine.ts";
import { deleteLinksOf } from "./outbox.ts";
import { replaceTags, type Tag } from "./tags.ts";

const FIND_HOLDER = statement(
	`SELECT ${CUSTOMER_COLUMNS}, c.multipass_identifier FROM customers c WHERE c.shop_id = ? AND c.email_key = ?`,
);
const FIND_BY_PHONE = statement("SELECT id FROM customers WHERE shop_id = ? AND phone = ?");
const SPEND = statement(
	`INSERT INTO spent_multipasses (shop_id, digest, expires_at) VALUES (?, ?, ?)
	ON CONFLICT DO NOTHING RETURNING digest`,
);
const INSERT = statement(
	`INSERT INTO customers (id, shop_id, email, email_key, phone, first_name, last_name, accepts_marketing, state,
		multipass_only, multipass_identifier, created_at, updated_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, 0, 'enabled', 1, ?, ?, ?)`,
);
const UPDATE = statement(
	`UPDATE customers SET phone = ?, first_name = ?, last_name = ?, multipass_identifier = ?, updated_at = ?
	WHERE id = ?`,
);
// Without a password, Multipass is the only way in from now on.
const ENABLE = statement(
	`UPDATE customers SET state = 'enabled', updated_at = ?,
		multipass_only = CASE WHEN password_hash IS NULL THEN 1 ELSE multipass_only END
	WHERE id = ?`,
);

export interface Admission {
	readonly shopId: number;
	readonly now: Seconds;
	readonly spent: { readonly digest: string; readonly forgottenAt: Seconds };
	/** What the token says. `id` is for a customer who is not there yet; what is null stays as it is. */
	readonly customer: Pick<Customer, "id" | "firstName" | "lastName" | "phone"> & {
		readonly email: string;
		readonly emailKey: string;
		readonly identifier: string | null;
	};
	/** In place of all that the customer has; null leaves them. */
	readonly tags: readonly Tag[] | null;
	/** Those that the customer does not have yet are added. */
	readonly addresses: readonly (Pick<NewAddress, "parts" | "drawn" | "limit"> & {
		/** Whether it becomes the default when it is added. */
		readonly isDefault: boolean;
	})[];
	/** Whether a customer who is not enabled becomes so. */
	readonly mayEnable: boolean;
	readonly token: Omit<NewAccessToken, "customerId">;
	readonly origin: Recording;
}

const ADMIT = transaction(
	"admit by multipass",
	function* (input: Admission): Steps<boolean> {
		const { shopId, now, spent, customer, tags } = input;
		const [holder] = yield ask(FIND_HOLDER, [shopId, customer.emailKey]);
		if (holder && !mayEnter(holder, input)) return false;
		const [phoneHolder] = customer.phone ? yield ask(FIND_BY_PHONE, [shopId, customer.phone]) : [];
		// The gate: of all that come with one token, one gets through.
		if ((yield ask(SPEND, [shopId, spent.digest, spent.forgottenAt])).length === 0) return false;

		// Two customers cannot have one number: the one who has it keeps it.
		const claimed = { ...customer, phone: phoneHolder ? null : customer.phone };
		const admitted = holder
			? yield* change(holder, claimed, tags, now)
			: yield* create(shopId, claimed, tags, now);
		yield* addAddresses(admitted, input);
		yield* putAccessToken({ ...input.token, customerId: admitted.id });
		const did = holder === undefined ? ["created"] : holder["state"] === "enabled" ? [] : ["enabled"];
		const detail = [sayToken(input.token.id), ...did].join(" ");
		const entry = { shopId, customerId: admitted.id, now, origin: input.origin, detail };
		yield* putAct({ ...entry, act: "signed-in-by-multipass" });
		return true;
	},
	"multipass",
);

/**
 * Spends the Multipass token and gives its customer the access token. False when it was spent before, when the shop
 * forbids to enable the customer, or when its address belongs to somebody with another identifier.
 */
export function admitByMultipass(engine: Engine, admission: Admission): Promise<boolean> {
	return engine.write(ADMIT, admission);
}

/** A token without an identifier says nothing against the one that is known. */
function mayEnter(holder: Row, { customer: { email, identifier }, mayEnable }: Admission): boolean {
	// An address that only looks like the stored one is another mailbox, and the shop vouched for that one.
	if (mailboxOf(String(holder["email"])) !== mailboxOf(email)) return false;
	const known = holder["multipass_identifier"];
	if (known !== null && identifier !== null && known !== identifier) return false;
	return holder["state"] === "enabled" || mayEnable;
}

function mailboxOf(email: string): string {
	return email.slice(0, email.lastIndexOf("@")).normalize("NFC").toLowerCase();
}

function* create(
	shopId: number,
	claimed: Admission["customer"],
	tags: Admission["tags"],
	now: Seconds,
): Steps<Customer> {
	const { emailKey, identifier, ...profile } = claimed;
	const { id, email, phone, firstName, lastName } = profile;
	yield ask(INSERT, [id, shopId, email, emailKey, phone, firstName, lastName, identifier, now, now]);
	if (tags) yield* replaceTags(id, tags);
	return {
		...profile,
		shopId,
		acceptsMarketing: false,
		state: "enabled",
		defaultAddressId: null,
		createdAt: now,
		updatedAt: now,
	};
}

function* change(
	holder: Row,
	claimed: Admission["customer"],
	tags: Admission["tags"],
	now: Seconds,
): Steps<Customer> {
	const before = toCustomer(holder);
	const { id } = before;
	const phone = claimed.phone ?? before.phone;
	const firstName = claimed.firstName ?? before.firstName;
	const lastName = claimed.lastName ?? before.lastName;
	const identifier = (holder["multipass_identifier"] as string | null) ?? claimed.identifier;
	const hasNewTags = tags !== null && (yield* replaceTags(id, tags));
	const isSame =
		phone === before.phone && firstName === before.firstName && lastName === before.lastName && !hasNewTags;
	yield ask(UPDATE, [phone, firstName, lastName, identifier, isSame ? before.updatedAt : now, id]);
	if (before.state !== "enabled") {
		// What the account had opened before it was disabled stays shut, and no link of that time opens it.
		yield* deleteTokensOf(id);
		yield* deleteLinksOf(id);
		yield ask(ENABLE, [now, id]);
	}
	return { ...before, phone, firstName, lastName };
}

/** One that is there already stays as it is, and so does the default that the customer may have chosen since. */
function* addAddresses(customer: Customer, { addresses, now }: Admission): Steps<void> {
	let { defaultAddressId } = customer;
	for (const { isDefault, ...address } of addresses) {
		const added = yield* addAddress({ ...customer, defaultAddressId }, { ...address, now });
		if ("refused" in added) continue;
		defaultAddressId = isDefault ? added.id : (defaultAddressId ?? added.id);
		if (isDefault) yield* touchCustomer(customer.id, added.id, now);
	}
}
