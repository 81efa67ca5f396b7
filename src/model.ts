// The nouns that every room shares: plain readonly records, no behaviour. Imports nothing.

/** Whole seconds since 1970-01-01T00:00:00Z. */
export type Seconds = number;

/** A tenant. Every customer and every key belongs to one. */
export interface Shop {
	readonly id: number;
	readonly name: string;
	readonly description: string | null;
	/** Where the shop's own pages are, e.g. `https://shop.example`; links in mails start with it. */
	readonly url: string;
	/** ISO 3166 alpha-2, e.g. `DE`. */
	readonly country: string;
	/** ISO 639 with an optional script or region, as the wire names it: `EN`, `PT_BR`. */
	readonly language: string;
	/** ISO 4217, e.g. `EUR`. */
	readonly currency: string;
}

/** What may become of an account: only `enabled` signs in. */
export type CustomerState = "disabled" | "invited" | "enabled" | "declined";

export interface Customer {
	readonly id: number;
	readonly shopId: number;
	/** As typed, without whitespace. Compared only through `foldEmail`. */
	readonly email: string | null;
	/** E.164, e.g. `+16134505293`. */
	readonly phone: string | null;
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly acceptsMarketing: boolean;
	readonly state: CustomerState;
	readonly createdAt: Seconds;
	readonly updatedAt: Seconds;
}

/** A customer access token as it stands in the store: its secret is not in it. */
export interface AccessToken {
	readonly id: number;
	readonly customerId: number;
	readonly expiresAt: Seconds;
}

/** A customer access token at the one moment its secret is known: in a request or a reply. */
export interface SecretAccessToken {
	readonly id: number;
	readonly secret: string;
	readonly expiresAt: Seconds;
}

/** `public` and `private` are storefront access tokens, `admin` is an admin access token. */
export type ApiKeyKind = "public" | "private" | "admin";

/** What a program may do: the scopes of the Storefront API, e.g. `unauthenticated_read_customers`. */
export type Scope = string;

export interface ApiKey {
	readonly id: number;
	readonly shopId: number;
	readonly kind: ApiKeyKind;
	readonly title: string;
	readonly scopes: ReadonlySet<Scope>;
}
