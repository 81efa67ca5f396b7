// A customer and a customer access token as the wire sees them.
import type { Customer, SecretAccessToken } from "../model.ts";
import { toDateTime, toGid } from "./forms.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a document may select of a customer. A class, because times are only put into words where they are asked
 * for. Addresses, orders and metafields are resolved elsewhere: see nothing.ts.
 */
class WireCustomer {
	readonly id: string;
	readonly email: string | null;
	readonly phone: string | null;
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly acceptsMarketing: boolean;
	readonly numberOfOrders = "0";
	readonly tags: readonly string[] = [];
	readonly #customer: Customer;

	constructor(customer: Customer) {
		this.id = toGid("Customer", customer.id);
		this.email = customer.email;
		this.phone = customer.phone;
		this.firstName = customer.firstName;
		this.lastName = customer.lastName;
		this.acceptsMarketing = customer.acceptsMarketing;
		this.#customer = customer;
	}

	get createdAt(): string {
		return toDateTime(this.#customer.createdAt);
	}

	get updatedAt(): string {
		return toDateTime(this.#customer.updatedAt);
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

export function toWireToken({ secret, expiresAt }: SecretAccessToken): Fields {
	return { accessToken: secret, expiresAt: toDateTime(expiresAt) };
}
