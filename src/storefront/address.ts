// A customer's addresses as the wire sees them, asked for only where a document selects them.
import { countAddresses, findAddress, listAddresses } from "../accounts/addresses.ts";
import { getCountry, getZone } from "../accounts/regions/regions.ts";
import { findCustomer } from "../accounts/sign-in.ts";
import type { Address } from "../model.ts";
import { formatLines } from "./address-lines.ts";
import { type List, openPage, type PageArguments, type Range } from "./connection.ts";
import type { Caller } from "./context.ts";
import type { WireCustomer } from "./customer.ts";
import { toGid } from "./forms.ts";

/** For an address without a country. */
const ORDER_WITHOUT_COUNTRY =
	"{firstName} {lastName}_{company}_{address1}_{address2}_{city} {province} {zip}_{country}";

class WireAddress {
	readonly __typename = "MailingAddress";
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly company: string | null;
	readonly address1: string | null;
	readonly address2: string | null;
	readonly city: string | null;
	readonly zip: string | null;
	readonly phone: string | null;
	readonly latitude = null;
	readonly longitude = null;
	readonly #address: Address;

	constructor(address: Address) {
		this.firstName = address.firstName;
		this.lastName = address.lastName;
		this.company = address.company;
		this.address1 = address.address1;
		this.address2 = address.address2;
		this.city = address.city;
		this.zip = address.zip;
		this.phone = address.phone;
		this.#address = address;
	}

	get id(): string {
		return `${toGid("MailingAddress", this.#address.id)}?model_name=CustomerAddress`;
	}

	get name(): string | null {
		return join(" ", this.firstName, this.lastName);
	}

	get country(): string | null {
		const { country: code } = this.#address;
		return code && (getCountry(code)?.name ?? code);
	}

	get countryCode(): string | null {
		return this.#address.country;
	}

	/** Null for a code that the API's enum does not have: it would break the answer. */
	get countryCodeV2(): string | null {
		const { country: code } = this.#address;
		return code && (getCountry(code)?.code ?? null);
	}

	get province(): string | null {
		return this.#zone?.name ?? this.#address.province;
	}

	get provinceCode(): string | null {
		return this.#zone?.code ?? null;
	}

	get formattedArea(): string | null {
		const province = this.provinceCode ?? this.province;
		return join(", ", join(" ", this.city, province), this.country);
	}

	/** Without the phone number, although the published order of lines ends in it: recorded answers do not have it. */
	lines(withName: boolean, withCompany: boolean): readonly string[] {
		const { country: code } = this.#address;
		const country = code === null ? undefined : getCountry(code);
		return formatLines(country?.lines ?? ORDER_WITHOUT_COUNTRY, {
			firstName: withName ? this.firstName : null,
			lastName: withName ? this.lastName : null,
			company: withCompany ? this.company : null,
			address1: this.address1,
			address2: this.address2,
			city: this.city,
			province: (country?.zoneCodeIsShortName ? this.provinceCode : null) ?? this.province,
			zip: this.zip,
			country: this.country,
		});
	}

	get #zone() {
		const { country: code, province } = this.#address;
		const country = code === null ? undefined : getCountry(code);
		return country && province !== null ? getZone(country, province) : undefined;
	}
}

/** What there is of the two, with the separator between them. */
function join(separator: string, one: string | null, other: string | null): string | null {
	return one && other ? `${one}${separator}${other}` : (one ?? other);
}

export function toWireAddress(address: Address): object {
	return new WireAddress(address);
}

/** The number in an address's global id, whatever follows it; null for any other text. */
export function readAddressId(gid: string): number | null {
	const digits = /^gid:\/\/shopify\/MailingAddress\/([1-9]\d{0,15})(?!\w)/.exec(gid)?.[1];
	return digits === undefined ? null : Number(digits);
}

export function formatted(
	address: WireAddress,
	{ withName, withCompany }: { readonly withName?: boolean | null; readonly withCompany?: boolean | null },
): readonly string[] {
	return address.lines(withName ?? false, withCompany ?? true);
}

/** Enough for nearly every customer, whose default is then among them. */
const FIRST_FEW: Range = { above: 0, below: Number.MAX_SAFE_INTEGER, newestFirst: false, atMost: 11 };

/** Read once where both the list and the default are asked for. */
function firstFew(customer: WireCustomer, { accounts, answerSize }: Caller): Promise<readonly Address[]> {
	if (!customer.firstAddresses) {
		answerSize.addAddresses(FIRST_FEW.atMost);
		customer.firstAddresses = listAddresses(accounts, customer.record, FIRST_FEW);
	}
	return customer.firstAddresses;
}

/** Counting all addresses of a customer takes about as long as reading so many. */
const COUNTED = 20;

class AddressList implements List<Address> {
	readonly #customer: WireCustomer;
	readonly #caller: Caller;

	constructor(customer: WireCustomer, caller: Caller) {
		this.#customer = customer;
		this.#caller = caller;
	}

	async read(range: Range): Promise<readonly Address[]> {
		const { above, below, newestFirst, atMost } = range;
		const isAtStart = above === FIRST_FEW.above && below === FIRST_FEW.below && !newestFirst;
		if (!isAtStart || atMost > FIRST_FEW.atMost) {
			this.#caller.answerSize.addAddresses(Math.max(atMost, FIRST_FEW.atMost));
			return listAddresses(this.#caller.accounts, this.#customer.record, range);
		}
		const few = await firstFew(this.#customer, this.#caller);
		return few.length > atMost ? few.slice(0, atMost) : few;
	}

	async count(above: number, below: number): Promise<number> {
		this.#caller.answerSize.addAddresses(COUNTED);
		return countAddresses(this.#caller.accounts, this.#customer.record, above, below);
	}

	toNode(address: Address): object {
		return new WireAddress(address);
	}
}

export function addresses(customer: WireCustomer, args: PageArguments, caller: Caller): Promise<object> {
	return openPage(new AddressList(customer, caller), args);
}

export async function defaultAddress(
	customer: WireCustomer,
	_: unknown,
	caller: Caller,
): Promise<object | null> {
	const { defaultAddressId: id } = customer.record;
	if (id === null) return null;
	const few = await firstFew(customer, caller);
	const found =
		few.find((address) => address.id === id) ?? (await findAddress(caller.accounts, customer.record, id));
	return found && new WireAddress(found);
}

const SCOPE = "unauthenticated_read_customers";

/**
 * The address behind a global id; null for an id of anything else. An id is no secret, so it is answered only to a
 * caller who has shown a customer access token: as the buyer of `@inContext`, or inside the id, as upstream's ids
 * have it.
 */
export function findAddressNode(gid: string, caller: Caller): Promise<object | null> | null {
	const id = readAddressId(gid);
	if (id === null || !caller.scopes.has(SCOPE)) return null;
	caller.answerSize.addAddresses(1);
	return findOwn(id, gid, caller);
}

async function findOwn(id: number, gid: string, { accounts, buyer }: Caller): Promise<object | null> {
	const parameters = new URLSearchParams(gid.slice(gid.indexOf("?") + 1));
	const token = parameters.get("customer_access_token");
	const customer = token ? await findCustomer(accounts, token) : buyer;
	const address = customer && (await findAddress(accounts, customer, id));
	return address && new WireAddress(address);
}
