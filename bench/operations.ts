// The two operations that all figures speak of, and how a request for them looks on the wire.

export const READ =
	"query($t:String!){customer(customerAccessToken:$t){id firstName lastName email phone acceptsMarketing createdAt defaultAddress{id address1 city countryCodeV2 zip} addresses(first:5){nodes{id address1 city}}}}";
export const RENEW =
	"mutation($t:String!){customerAccessTokenRenew(customerAccessToken:$t){customerAccessToken{accessToken expiresAt} userErrors{field message}}}";
export const SIGN_IN =
	"mutation($i:CustomerAccessTokenCreateInput!){customerAccessTokenCreate(input:$i){customerAccessToken{accessToken expiresAt} customerUserErrors{code field message}}}";

/** The storefront access token that every server of the bench knows. */
export const STOREFRONT_TOKEN = "bench-storefront-access-token-0123456789";

/** The bytes of one POST. */
export function request(query: string, variables: unknown): Buffer {
	const body = JSON.stringify({ query, variables });
	return Buffer.from(
		[
			"POST /api/2026-04/graphql.json HTTP/1.1",
			"Host: localhost",
			"Content-Type: application/json",
			`X-Shopify-Storefront-Access-Token: ${STOREFRONT_TOKEN}`,
			`Content-Length: ${Buffer.byteLength(body)}`,
			"",
			body,
		].join("\r\n"),
	);
}
