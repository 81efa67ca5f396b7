// 4.5: what browsers are allowed.
import assert from "node:assert/strict";
import type { Row } from "./row.ts";
import { type Answer, answers, costs, PUBLIC_HEADER, type Wire } from "./wire.ts";

const ORIGIN = "https://storefront.example";

function preflight(wire: Wire, requested: string): Promise<Answer> {
	return wire.send({
		method: "OPTIONS",
		headers: {
			Origin: ORIGIN,
			"Access-Control-Request-Method": "POST",
			"Access-Control-Request-Headers": requested,
		},
	});
}

/** A list of header names as browsers compare them. */
function namesIn(header: string | undefined): readonly string[] {
	return (header ?? "").split(",").map((name) => name.trim().toLowerCase());
}

export const rows: readonly Row[] = [
	{
		id: "4.5/any-origin",
		says: "a browser may call from any origin, and read every answer, refusals too",
		sources: ["CLI", "FORUM"],
		check: async (wire) => {
			const token = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken, Origin: ORIGIN };
			const served = await wire.ask("{ shop { name } }", {}, token);
			answers(served, { data: { shop: { name: "Latchkey" } }, extensions: costs(1) });
			const refused = await wire.ask("{ shop { name } }", {}, { [PUBLIC_HEADER]: "nobody", Origin: ORIGIN });
			for (const { headers } of [served, refused]) {
				assert.equal(headers["access-control-allow-origin"], "*");
				assert.equal(headers["access-control-allow-credentials"], undefined);
			}
		},
	},
	{
		id: "4.5/preflight",
		says: "a preflight is answered without a token",
		sources: ["CLI", "FORUM"],
		check: async (wire) => {
			const { status, text, headers } = await preflight(
				wire,
				"content-type, x-shopify-storefront-access-token",
			);
			assert.deepEqual([status, text], [204, ""]);
			assert.equal(headers["access-control-allow-origin"], "*");
			assert.ok(namesIn(headers["access-control-allow-methods"]).includes("post"));
		},
	},
	{
		id: "4.5/headers",
		says: "these request headers are allowed, whatever is asked for, and others are not",
		sources: ["FORUM"],
		check: async (wire) => {
			const { headers } = await preflight(wire, "x-apollo-operation-name, accept-language");
			assert.deepEqual(namesIn(headers["access-control-allow-headers"]).toSorted(), [
				"authorization",
				"content-type",
				"custom-storefront-request-group-id",
				"shopify-core-canary",
				"shopify-storefront-buyer-ip",
				"shopify-storefront-id",
				"shopify-storefront-private-token",
				"shopify-storefront-s",
				"shopify-storefront-y",
				"x-sdk-variant",
				"x-sdk-variant-source",
				"x-sdk-version",
				"x-shopify-storefront-access-token",
			]);
		},
	},
	{
		id: "4.5/readable-headers",
		says: "a program in a browser may read the headers that clients look at",
		sources: ["INF"],
		check: async (wire) => {
			const token = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken, Origin: ORIGIN };
			const { headers } = await wire.ask("{ shop { name } }", {}, token);
			assert.deepEqual(namesIn(headers["access-control-expose-headers"]).toSorted(), [
				"retry-after",
				"x-request-id",
				"x-shopify-api-deprecated-reason",
				"x-shopify-api-version",
				"x-shopify-api-version-warning",
			]);
		},
	},
	{
		id: "4.5/no-such-shop",
		says: "a preflight to a shop that does not exist is 404",
		sources: ["REC"],
		difference:
			"A preflight asks nothing of a shop and carries no token, so no shop is looked for; the request that follows is told 404.",
	},
	{
		id: "4.5/checkout-domain",
		says: "the origin of the checkout’s own domain is echoed, with credentials",
		sources: ["REC"],
		difference: "There is no checkout here, and no cookie that an answer could depend on.",
	},
	{
		id: "4.5/cookies",
		says: "answers may set cookies of the shop’s own analytics",
		sources: ["CLI"],
		difference:
			"No cookie is ever set: a storefront access token and a customer access token are all there is.",
	},
];
