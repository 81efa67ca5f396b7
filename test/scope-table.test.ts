// The table of scopes, held against the contract as it is written down here once more: what a storefront access token
// may carry, and what each field of the schema needs. That fields are denied is in test/scopes.test.ts.
import assert from "node:assert/strict";
import test from "node:test";
import { isObjectType } from "graphql";
import { schemaOf } from "../src/storefront/schema.ts";
import { ALL_SCOPES, requiredScope } from "../src/storefront/scopes.ts";
import { openHouse, VERSIONS } from "./house.ts";

const SCOPES = `
	unauthenticated_read_checkouts unauthenticated_read_content unauthenticated_read_customer_tags
	unauthenticated_read_customers unauthenticated_read_metaobjects unauthenticated_read_product_inventory
	unauthenticated_read_product_listings unauthenticated_read_product_pickup_locations
	unauthenticated_read_product_tags unauthenticated_read_selling_plans unauthenticated_write_checkouts
	unauthenticated_write_customers`;

const NEEDED: Readonly<Record<string, string>> = {
	"QueryRoot.customer": "read_customers",
	"QueryRoot.menu": "read_content",
	"QueryRoot.metaobject": "read_metaobjects",
	"QueryRoot.metaobjects": "read_metaobjects",
	"QueryRoot.productTags": "read_product_tags",
	"Customer.tags": "read_customer_tags",
};

test("a key that is made without a choice carries every scope of the Storefront API", async () => {
	assert.deepEqual(ALL_SCOPES, SCOPES.trim().split(/\s+/));
	await using house = await openHouse();
	const read = `query($t: String!) { customer(customerAccessToken: $t) { tags } productTags(first: 1) { edges { node } } }`;
	const t = await house.signedIn();
	const { data, errors } = await house.ask(read, { t });
	assert.deepEqual([data, errors], [{ customer: { tags: [] }, productTags: { edges: [] } }, undefined]);
});

for (const version of VERSIONS) {
	test(`each field needs the scope that the contract says, and others need none (${version})`, () => {
		let mutations = 0;
		for (const type of Object.values(schemaOf(version).getTypeMap())) {
			if (!isObjectType(type)) continue;
			for (const name of Object.keys(type.getFields())) {
				const isOurs: boolean = type.name === "Mutation" && name.startsWith("customer");
				if (isOurs) mutations++;
				const needed: string | undefined = isOurs ? "write_customers" : NEEDED[`${type.name}.${name}`];
				const expected: string | undefined = needed && `unauthenticated_${needed}`;
				assert.equal(requiredScope(type.name, name), expected, `${type.name}.${name}`);
			}
		}
		assert.equal(mutations, 15);
		assert.equal(requiredScope("Mutation", "cartCustomerUpdate"), undefined);
		assert.equal(requiredScope("Shop", "customer"), undefined);
	});
}
