// What a resolver throws when the answer is an error at top level instead of a payload.

/** An error that is meant for the client, worded as it is to be read. All others are masked. */
export class WireFault extends Error {
	override readonly name = "WireFault";
	readonly extensions: Readonly<Record<string, unknown>>;
	/** Upstream names the place in the document for some errors and gives an empty list for others. */
	readonly located: boolean;
	/** Seconds after which trying again may help, for the `Retry-After` header. */
	readonly retryAfterSeconds: number | undefined;

	constructor(
		message: string,
		extensions: Readonly<Record<string, unknown>>,
		options: { readonly located: boolean; readonly retryAfterSeconds?: number },
	) {
		super(message);
		this.extensions = extensions;
		this.located = options.located;
		this.retryAfterSeconds = options.retryAfterSeconds;
	}
}

const ACCESS_SCOPES = "https://shopify.dev/api/usage/access-scopes";

function accessDenied(field: string, requiredAccess: string, located: boolean): WireFault {
	return new WireFault(
		`Access denied for ${field} field. Required access: ${requiredAccess}`,
		{ code: "ACCESS_DENIED", documentation: ACCESS_SCOPES, requiredAccess },
		{ located },
	);
}

/** The storefront access token, or its absence, does not carry the scope (recorded, wire 4.2). */
export function scopeDenied(field: string, scope: string): WireFault {
	return accessDenied(field, `\`${scope}\` access scope.`, true);
}

/** The customer access token given to a mutation opens nothing (recorded, wire 1.6). */
export function customerTokenDenied(field: string): WireFault {
	const scope = "`unauthenticated_write_customers` access scope.";
	return accessDenied(field, `${scope} Also: Requires valid customer access token.`, false);
}

export function throttled(message: string, retryAfterSeconds: number): WireFault {
	return new WireFault(message, { code: "THROTTLED" }, { located: false, retryAfterSeconds });
}

/** A mailed link that is none of the shop's, or leads to nobody (recorded, wire 1.3). */
export function unidentifiedCustomer(): WireFault {
	return new WireFault("Unidentified customer", { code: "NOT_FOUND" }, { located: false });
}

/** An id that names nothing of the customer's (wire 1.4). */
export function invalidId(): WireFault {
	return new WireFault("invalid id", { code: "RESOURCE_NOT_FOUND" }, { located: false });
}

/** A mutation of the published API that is not of the customer part. */
export function notServed(field: string): WireFault {
	return new WireFault(
		`${field} is not served here: this server answers the customer part of the Storefront API.`,
		{ code: "NOT_SERVED" },
		{ located: true },
	);
}
