// Global ids: `gid://shopify/Customer/123`. They name records and hold no secret.

export function toGid(type: string, id: number): string {
	return `gid://shopify/${type}/${id}`;
}

/** Whole seconds, as the wire writes times: no fractions, or the iOS SDK crashes on them. */
export function toDateTime(seconds: number): string {
	return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
