// What real storefronts ask for: every field, argument and literal that was met in their documents, by what the
// schema calls it. Documents are made of these, and a test says when one of them was never asked for.

/** Type → its fields, the plainest first. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
	Customer: [
		...["id", "email", "firstName", "lastName", "phone", "acceptsMarketing", "displayName", "tags"],
		...["createdAt", "updatedAt", "numberOfOrders", "defaultAddress", "addresses", "orders"],
		...["metafield", "metafields"],
	],
	MailingAddress: [
		...["id", "address1", "address2", "city", "company", "country", "countryCodeV2", "firstName", "lastName"],
		...["name", "phone", "province", "provinceCode", "zip", "latitude", "longitude", "formatted"],
		...["formattedArea"],
	],
	MailingAddressConnection: ["nodes", "edges", "pageInfo"],
	MailingAddressEdge: ["node", "cursor"],
	PageInfo: ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"],
	Metafield: ["value", "id", "namespace", "key", "type"],

	CustomerAccessToken: ["accessToken", "expiresAt"],
	CustomerUserError: ["message", "field", "code"],
	UserError: ["message", "field"],

	Order: [
		...["id", "name", "orderNumber", "processedAt", "financialStatus", "fulfillmentStatus", "statusUrl"],
		...["email", "phone", "currencyCode", "canceledAt", "cancelReason", "customerUrl", "customerLocale"],
		...["edited", "totalPrice", "currentTotalPrice", "subtotalPrice", "currentSubtotalPrice"],
		...["totalShippingPrice", "totalTax", "currentTotalTax", "totalRefunded", "originalTotalPrice"],
		...["currentTotalDuties", "originalTotalDuties", "totalPriceV2", "subtotalPriceV2", "totalTaxV2"],
		...["totalRefundedV2", "totalShippingPriceV2", "shippingAddress", "billingAddress", "lineItems"],
		...["successfulFulfillments", "discountApplications"],
	],
	OrderConnection: ["nodes", "edges", "pageInfo", "totalCount"],
	OrderEdge: ["node", "cursor"],
	OrderLineItem: [
		...["title", "quantity", "currentQuantity", "originalTotalPrice", "discountedTotalPrice", "variant"],
		"discountAllocations",
	],
	OrderLineItemConnection: ["nodes", "edges", "pageInfo"],
	OrderLineItemEdge: ["node", "cursor"],
	ProductVariant: [
		...["id", "title", "sku", "availableForSale", "weight", "weightUnit", "price", "priceV2"],
		...["compareAtPriceV2", "image", "product"],
	],
	Product: ["id", "handle", "title", "vendor", "publishedAt", "variants"],
	ProductVariantConnection: ["nodes", "edges"],
	ProductVariantEdge: ["node"],
	Image: ["url", "id", "altText", "width", "height", "originalSrc", "transformedSrc"],
	MoneyV2: ["amount", "currencyCode"],
	Fulfillment: ["trackingCompany", "trackingInfo"],
	FulfillmentTrackingInfo: ["number", "url"],
	DiscountAllocation: ["allocatedAmount"],
	DiscountApplicationConnection: ["nodes", "edges"],
	DiscountApplicationEdge: ["node"],
	DiscountApplication: ["targetType", "value"],
	PricingPercentageValue: ["percentage"],

	QueryRoot: ["customer", "node", "products", "collections", "shop"],
	ProductConnection: ["nodes", "edges"],
	ProductEdge: ["node"],
	CollectionConnection: ["nodes", "edges"],
	CollectionEdge: ["node"],
	Collection: ["id", "handle", "title"],
	Shop: ["name", "id"],

	CustomerAccessTokenCreatePayload: ["customerAccessToken"],
	CustomerAccessTokenCreateWithMultipassPayload: ["customerAccessToken"],
	CustomerAccessTokenDeletePayload: ["deletedAccessToken", "deletedCustomerAccessTokenId"],
	CustomerAccessTokenRenewPayload: ["customerAccessToken"],
	CustomerActivatePayload: ["customer", "customerAccessToken"],
	CustomerActivateByUrlPayload: ["customer", "customerAccessToken"],
	CustomerAddressCreatePayload: ["customerAddress"],
	CustomerAddressDeletePayload: ["deletedCustomerAddressId"],
	CustomerAddressUpdatePayload: ["customerAddress"],
	CustomerCreatePayload: ["customer"],
	CustomerDefaultAddressUpdatePayload: ["customer"],
	CustomerRecoverPayload: [],
	CustomerResetPayload: ["customer", "customerAccessToken"],
	CustomerResetByUrlPayload: ["customer", "customerAccessToken"],
	CustomerUpdatePayload: ["customer", "customerAccessToken"],
};

/** Type that is not an object's → the types that documents narrow it to. */
export const NARROWED: Readonly<Record<string, readonly string[]>> = {
	PricingValue: ["MoneyV2", "PricingPercentageValue"],
	// The page of one order.
	Node: ["Order"],
};

/** The members of a payload that say what was wrong; each mutation has one of them or both. */
export const ERROR_LISTS = ["customerUserErrors", "userErrors"] as const;

/** What else stands in one operation with `customer`. */
export const BESIDE_CUSTOMER: readonly (readonly string[])[] = [
	["products", "collections"],
	["collections"],
	["shop"],
];

/** A metafield that the whole customer has, and one that nobody has. */
export const SIZE = { namespace: "custom", key: "size" };
export const COLOUR = { namespace: "facts", key: "colour" };

/** Field → argument → the literals that were met, or, where only variables were, one value that they may have. */
export const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
	"Customer.addresses": { first: [10, 6, 250, 50, 100, 20, 3, 1], last: [2], reverse: [true] },
	"Customer.orders": {
		first: [250, 10, 20, 100, 5, 50, 1, 3, 2, 200],
		last: [10],
		reverse: [true],
		sortKey: ["PROCESSED_AT"],
		query: ["processed_at:>2024-01-01"],
	},
	"Customer.metafield": { namespace: [SIZE.namespace], key: [SIZE.key] },
	"Customer.metafields": { identifiers: [[SIZE, COLOUR], [SIZE]] },
	"MailingAddress.formatted": { withName: [true], withCompany: [true] },
	"Order.lineItems": { first: [2, 10, 5, 50, 100, 250, 3, 15, 200] },
	"Order.successfulFulfillments": { first: [1] },
	"Order.discountApplications": { first: [1] },
	"Fulfillment.trackingInfo": { first: [1] },
	"Product.variants": { first: [1] },
	"Image.url": { transform: [{ maxWidth: 400, maxHeight: 400, crop: "CENTER" }] },
	"Image.transformedSrc": { maxWidth: [400], maxHeight: [400] },
	"QueryRoot.products": { first: [12] },
	"QueryRoot.collections": { first: [3], sortKey: ["UPDATED_AT"] },
};

/** Connections that are also read page by page: `after` with `first`, `before` with `last`. */
export const PAGED: ReadonlySet<string> = new Set(["Customer.addresses", "Customer.orders"]);
