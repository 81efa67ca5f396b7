// row ⇄ Address. While a customer has addresses, exactly one of them is the default.
import type { Act, Address, Customer, Seconds } from "../model.ts";
import { putAct, type Recording } from "./audit.ts";
import { findTokenHolder } from "./customers.ts";
import { ask, type Engine, type Row, type Steps, statement, transaction, type Value } from "./engine.ts";

const PARTS = "first_name, last_name, company, address1, address2, city, province, country, zip, phone";
const FIND = statement(`SELECT id, ${PARTS} FROM addresses WHERE customer_id = ? AND id = ?`);
const COUNT = statement(
	"SELECT COUNT(*) AS number FROM addresses WHERE customer_id = ? AND id > ? AND id < ?",
);
const SUM_UP = statement("SELECT COUNT(*) AS number, MAX(id) AS newest FROM addresses WHERE customer_id = ?");
const FIND_OLDEST = statement("SELECT MIN(id) AS oldest FROM addresses WHERE customer_id = ?");
const FIND_SAME = statement(
	`SELECT id FROM addresses WHERE customer_id = ? AND id <> ?
		AND ${PARTS.split(", ")
			.map((part) => `${part} IS NOT DISTINCT FROM ?`)
			.join(" AND ")}
	LIMIT 1`,
);
const INSERT = statement(
	`INSERT INTO addresses (customer_id, id, ${PARTS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const UPDATE = statement(
	`UPDATE addresses SET (${PARTS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE customer_id = ? AND id = ?`,
);
const DELETE = statement("DELETE FROM addresses WHERE customer_id = ? AND id = ? RETURNING id");
const TOUCH_CUSTOMER = statement("UPDATE customers SET default_address_id = ?, updated_at = ? WHERE id = ?");

/** A limit that is a value would make SQLite prepare the statement again on each call, so there is one for each size. */
const LISTS = [11, 51, 251].map((size) => {
	const select = `SELECT id, ${PARTS} FROM addresses WHERE customer_id = ? AND id > ? AND id < ? ORDER BY id`;
	return {
		size,
		oldestFirst: statement(`${select} LIMIT ${size}`),
		newestFirst: statement(`${select} DESC LIMIT ${size}`),
	};
});

/** Which of a customer's addresses, and from which end. */
export interface AddressRange {
	/** Neither of the two is in it. */
	readonly above: number;
	readonly below: number;
	readonly newestFirst: boolean;
	/** At most 251. */
	readonly atMost: number;
}

export async function listAddresses(
	engine: Engine,
	customerId: number,
	{ above, below, newestFirst, atMost }: AddressRange,
): Promise<readonly Address[]> {
	const list = LISTS.find(({ size }) => size >= atMost);
	if (!list) throw new Error(`${atMost} addresses are more than one list has`);
	const asked = newestFirst ? list.newestFirst : list.oldestFirst;
	const rows = await engine.read(asked, [customerId, above, below]);
	return (rows.length > atMost ? rows.slice(0, atMost) : rows).map(toAddress);
}

/** How many have an id between the two. */
export async function countAddresses(
	engine: Engine,
	customerId: number,
	above: number,
	below: number,
): Promise<number> {
	return Number((await engine.read(COUNT, [customerId, above, below]))[0]?.["number"]);
}

export async function findAddress(engine: Engine, customerId: number, id: number): Promise<Address | null> {
	const row = (await engine.read(FIND, [customerId, id]))[0];
	return row ? toAddress(row) : null;
}

/** With what an act on addresses is asked. */
export interface Asking {
	readonly shopId: number;
	/** Of the customer access token. */
	readonly digest: string;
	readonly now: Seconds;
	readonly origin: Recording;
}

export type AddressParts = Omit<Address, "id">;

/** Why nothing was done; `moved` is for a place that is no longer the one that the change was made for. */
export interface AddressRefusal {
	readonly refused: "token" | "address" | "duplicate" | "full" | "moved";
}

export interface NewAddress extends Asking {
	/** A name that is left out is the customer's. */
	readonly parts: Omit<AddressParts, "firstName" | "lastName"> &
		Partial<Pick<AddressParts, "firstName" | "lastName">>;
	/** Any number: see `makeAddressId`. */
	readonly drawn: number;
	/** How many addresses the customer may have. */
	readonly limit: number;
}

const INSERT_ADDRESS = transaction("insert address", function* (input: NewAddress): Steps<
	Address | AddressRefusal
> {
	const customer = yield* findTokenHolder(input);
	if (!customer) return { refused: "token" };
	const added = yield* addAddress(customer, input);
	if (!("refused" in added)) yield* record(customer, "address-created", added.id, input);
	return added;
});

/** Inside a transaction that has found the customer. */
export function* addAddress(
	customer: Customer,
	input: Omit<NewAddress, keyof Asking> & Pick<Asking, "now">,
): Steps<Address | AddressRefusal> {
	const { parts, drawn, limit, now } = input;
	const { firstName, lastName } = { ...customer, ...parts };
	const [sum] = yield ask(SUM_UP, [customer.id]);
	if (Number(sum?.["number"]) >= limit) return { refused: "full" };
	const id = makeAddressId((sum?.["newest"] as number | null | undefined) ?? null, drawn);
	const address: Address = { ...parts, id, firstName, lastName };
	if (yield* isDuplicate(customer.id, address)) return { refused: "duplicate" };
	yield ask(INSERT, [customer.id, id, ...valuesOf(address)]);
	yield* touchCustomer(customer.id, customer.defaultAddressId ?? id, now);
	return address;
}

/** The customer's first address becomes the default. */
export function insertAddress(engine: Engine, address: NewAddress): Promise<Address | AddressRefusal> {
	return engine.write(INSERT_ADDRESS, address);
}

/** How far apart two ids of a customer can be, roughly. */
const LARGEST_STEP = 2 ** 20;

/**
 * The id of a customer's next address. It is above the newest, because ids are the order of the list; the first is
 * drawn like any other id, and each next one is a random step further. So an id tells nothing of the number or the
 * age of anybody's addresses, the id of one that was deleted hardly comes back, and after a billion addresses it is
 * still far below 2^53.
 */
function makeAddressId(newest: number | null, drawn: number): number {
	return newest === null ? drawn : newest + 1 + (drawn % LARGEST_STEP);
}

export interface AddressChange extends Asking {
	readonly id: number;
	/** Parts that are left out stay as they are. */
	readonly parts: Partial<AddressParts>;
	/** The country and province that `parts` were made for; null where they do not depend on them. */
	readonly before: Pick<Address, "country" | "province"> | null;
}

const CHANGE_ADDRESS = transaction("change address", function* (input: AddressChange): Steps<
	Address | AddressRefusal
> {
	const { id, parts, before } = input;
	const customer = yield* findTokenHolder(input);
	if (!customer) return { refused: "token" };
	const [row] = yield ask(FIND, [customer.id, id]);
	if (!row) return { refused: "address" };
	const stored = toAddress(row);
	if (before && (stored.country !== before.country || stored.province !== before.province)) {
		return { refused: "moved" };
	}
	const address: Address = { ...stored, ...parts };
	if (yield* isDuplicate(customer.id, address)) return { refused: "duplicate" };
	yield ask(UPDATE, [...valuesOf(address), customer.id, id]);
	yield* touchCustomer(customer.id, customer.defaultAddressId, input.now);
	yield* record(customer, "address-changed", id, input);
	return address;
});

export function changeAddress(engine: Engine, change: AddressChange): Promise<Address | AddressRefusal> {
	return engine.write(CHANGE_ADDRESS, change);
}

const REMOVE_ADDRESS = transaction(
	"remove address",
	function* (input: Asking & { readonly id: number }): Steps<AddressRefusal | null> {
		const customer = yield* findTokenHolder(input);
		if (!customer) return { refused: "token" };
		const deleted = yield ask(DELETE, [customer.id, input.id]);
		if (deleted.length === 0) return { refused: "address" };
		let { defaultAddressId } = customer;
		if (defaultAddressId === input.id) {
			const [row] = yield ask(FIND_OLDEST, [customer.id]);
			defaultAddressId = (row?.["oldest"] as number | null | undefined) ?? null;
		}
		yield* touchCustomer(customer.id, defaultAddressId, input.now);
		yield* record(customer, "address-deleted", input.id, input);
		return null;
	},
);

/** In place of a default that is deleted comes the oldest address that remains. Null when it is done. */
export function removeAddress(engine: Engine, asking: Asking, id: number): Promise<AddressRefusal | null> {
	return engine.write(REMOVE_ADDRESS, { ...asking, id });
}

const CHOOSE_DEFAULT = transaction(
	"choose default address",
	function* (input: Asking & { readonly id: number }): Steps<Customer | AddressRefusal> {
		const { id, now } = input;
		const customer = yield* findTokenHolder(input);
		if (!customer) return { refused: "token" };
		if ((yield ask(FIND, [customer.id, id])).length === 0) return { refused: "address" };
		yield* touchCustomer(customer.id, id, now);
		yield* record(customer, "default-address-chosen", id, input);
		return { ...customer, defaultAddressId: id, updatedAt: now };
	},
);

/** The customer as it is afterwards. */
export function chooseDefaultAddress(
	engine: Engine,
	asking: Asking,
	id: number,
): Promise<Customer | AddressRefusal> {
	return engine.write(CHOOSE_DEFAULT, { ...asking, id });
}

function* record({ id: customerId }: Customer, act: Act, id: number, asking: Asking): Steps<void> {
	const { shopId, now, origin } = asking;
	yield* putAct({ shopId, customerId, now, act, origin, detail: `address ${id}` });
}

function* isDuplicate(customerId: number, address: Address): Steps<boolean> {
	return (yield ask(FIND_SAME, [customerId, address.id, ...valuesOf(address)])).length > 0;
}

export function* touchCustomer(
	customerId: number,
	defaultAddressId: number | null,
	now: Seconds,
): Steps<void> {
	yield ask(TOUCH_CUSTOMER, [defaultAddressId, now, customerId]);
}

/** In the order of `PARTS`. */
function valuesOf(address: AddressParts): readonly Value[] {
	const { firstName, lastName, company, address1, address2, city, province, country, zip, phone } = address;
	return [firstName, lastName, company, address1, address2, city, province, country, zip, phone];
}

function toAddress(row: Row): Address {
	return {
		id: row["id"] as number,
		firstName: row["first_name"] as string | null,
		lastName: row["last_name"] as string | null,
		company: row["company"] as string | null,
		address1: row["address1"] as string | null,
		address2: row["address2"] as string | null,
		city: row["city"] as string | null,
		province: row["province"] as string | null,
		country: row["country"] as string | null,
		zip: row["zip"] as string | null,
		phone: row["phone"] as string | null,
	};
}
