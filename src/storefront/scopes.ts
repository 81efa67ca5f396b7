// Which fields need which scope. What is not named here, a call without any token may read.
import type { Scope } from "../model.ts";

/** Every scope of the Storefront API; a key made without a choice carries them all. */
export const ALL_SCOPES: readonly Scope[] = [
	"unauthenticated_read_checkouts",
	"unauthenticated_read_content",
	"unauthenticated_read_customer_tags",
	"unauthenticated_read_customers",
	"unauthenticated_read_metaobjects",
	"unauthenticated_read_product_inventory",
	"unauthenticated_read_product_listings",
	"unauthenticated_read_product_pickup_locations",
	"unauthenticated_read_product_tags",
	"unauthenticated_read_selling_plans",
	"unauthenticated_write_checkouts",
	"unauthenticated_write_customers",
];

/** Every `customer…` mutation needs this one. */
const WRITE_CUSTOMERS: Scope = "unauthenticated_write_customers";

const FIELD_SCOPES: Readonly<Record<string, Scope>> = {
	"QueryRoot.customer": "unauthenticated_read_customers",
	"QueryRoot.menu": "unauthenticated_read_content",
	"QueryRoot.metaobject": "unauthenticated_read_metaobjects",
	"QueryRoot.metaobjects": "unauthenticated_read_metaobjects",
	"QueryRoot.productTags": "unauthenticated_read_product_tags",
	"Customer.tags": "unauthenticated_read_customer_tags",
};

export function requiredScope(type: string, field: string): Scope | undefined {
	if (type === "Mutation" && field.startsWith("customer")) return WRITE_CUSTOMERS;
	return FIELD_SCOPES[`${type}.${field}`];
}
