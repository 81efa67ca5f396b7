// A customer and a customer access token as the wire sees them.
import type { Address, Customer, SecretAccessToken } from "../model.ts";
import { toDateTime, toGid } from "./forms.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a document may select of a customer. A class, because times are only put into words where they are asked
 * for. Addresses, tags and metafields are asked for where they are selected: see root.ts; orders: see nothing.ts.
 */
export class WireCustomer {
	readonly __typename = "Customer";
	readonly id: string;
	readonly email: string | null;
	readonly phone: string | null;
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly acceptsMarketing: boolean;
	readonly numberOfOrders = "0";
	/** Not a field of the API, as the next. */
	readonly record: Customer;
	/** Where they are asked for, they are asked for once: see address.ts. */
	firstAddresses: Promise<readonly Address[]> | undefined;

	constructor(customer: Customer) {
		this.id = toGid("Customer", customer.id);
		this.email = customer.email;
		this.phone = customer.phone;
		this.firstName = customer.firstName;
		this.lastName = customer.lastName;
		this.acceptsMarketing = customer.acceptsMarketing;
		this.record = customer;
	}

	get createdAt(): string {
		return toDateTime(this.record.createdAt);
	}

	get updatedAt(): string {
		return toDateTime(this.record.updatedAt);
	}

	/** "First Last", else the one name there is, else the e-mail address, else the phone number. */
	get displayName(): string {
		const { firstName, lastName, email, phone } = this;
		if (firstName && lastName) return `${firstName} ${lastName}`;
		return firstName ?? lastName ?? email ?? phone ?? "";
	}
}

export function toWireCustomer(customer: Customer): object {
	return new WireCustomer(customer);
}

/** The record behind what `toWireCustomer` made: a resolver inside a customer is given that. */
export function customerOf(source: object): Customer {
	return (source as WireCustomer).record;
}

export function toWireToken({ secret, expiresAt }: SecretAccessToken): Fields {
	return { accessToken: secret, expiresAt: toDateTime(expiresAt) };
}
