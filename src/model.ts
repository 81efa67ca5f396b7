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
	readonly defaultAddressId: number | null;
	readonly createdAt: Seconds;
	readonly updatedAt: Seconds;
}

/** A postal address of a customer. Every part may be missing. */
export interface Address {
	/** Grows with time within a customer: it is the order, too. */
	readonly id: number;
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly company: string | null;
	readonly address1: string | null;
	readonly address2: string | null;
	readonly city: string | null;
	/** The code of a zone of the country, e.g. `ON`; where no country is given, the text as typed. */
	readonly province: string | null;
	/** ISO 3166 alpha-2, e.g. `CA`. */
	readonly country: string | null;
	readonly zip: string | null;
	/** As typed. */
	readonly phone: string | null;
}

/** A value that a program attached to a customer under a name of its own. */
export interface Metafield {
	readonly id: number;
	readonly namespace: string;
	readonly key: string;
	/** A type of the API, e.g. `single_line_text_field`. */
	readonly type: string;
	readonly value: string;
	readonly description: string | null;
	readonly createdAt: Seconds;
	readonly updatedAt: Seconds;
}

/** What a mailed link lets its reader do: set a new password, or activate an account with its first one. */
export type Purpose = "reset" | "activation";

/** What a mail is about. */
export type MessageKind = "activation" | "reset" | "passwordChanged" | "emailChanged" | "welcome";

/** A mail that is decided and not yet sent. What it says is composed when it is sent, so no secret waits in it. */
export interface WaitingMail {
	readonly id: number;
	readonly shopId: number;
	readonly customerId: number;
	readonly kind: MessageKind;
	/** The stored address that it goes to, as it was when the mail was decided. */
	readonly recipient: string;
	/** As the API names it, e.g. `PT_BR`. */
	readonly language: string;
	/** How often it was tried to send it. */
	readonly attempts: number;
	/** When it is tried next; null once it was given up. */
	readonly nextAttemptAt: Seconds | null;
	readonly createdAt: Seconds;
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

/** Who acts: somebody who has shown nothing yet, a customer, or whoever runs the server. */
export type Actor = "visitor" | "customer" | "operator";

/** Who did something, and from where. */
export interface Origin {
	readonly actor: Actor;
	/** In full, IPv4 or IPv6; null for the operator, and where it is not known. */
	readonly address: string | null;
}

/** What the audit log tells of. */
export const ACTS = [
	"signed-up",
	"signed-in",
	"signed-in-by-multipass",
	"sign-in-refused",
	"signed-out",
	"recovery-asked",
	"activation-asked",
	"password-reset",
	"activated",
	"password-changed",
	"email-changed",
	"profile-changed",
	"profile-refused",
	"address-created",
	"address-changed",
	"address-deleted",
	"default-address-chosen",
	"account-created",
	"invited",
	"link-handed-over",
	"enabled",
	"disabled",
	"erased",
	"tokens-ended",
	"tags-changed",
	"metafield-set",
	"metafield-removed",
	"shop-created",
	"shop-changed",
	"key-created",
	"key-revoked",
	"template-set",
	"template-removed",
] as const;
export type Act = (typeof ACTS)[number];

/** One line of the audit log. Nothing in it is typed by a shopper, and nothing is secret. */
export interface AuditEntry extends Origin {
	readonly id: number;
	readonly shopId: number;
	/** Of a customer who may be erased since; null for what was done to the shop itself. */
	readonly customerId: number | null;
	readonly at: Seconds;
	readonly act: Act;
	/** Ids and names of what it was about, e.g. `token 123` or `firstName phone`. */
	readonly detail: string | null;
}
