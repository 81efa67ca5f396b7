// 4.4: which version answers, and the headers and extensions that say so.
import assert from "node:assert/strict";
import type { Row } from "./row.ts";
import { type Answer, answers, answersExactly, costs, PUBLIC_HEADER, type Wire } from "./wire.ts";

const SHOP = "{ shop { name } }";
const WARNING = "https://shopify.dev/concepts/about-apis/versioning";

function askAt(wire: Wire, path: string): Promise<Answer> {
	const headers = { [PUBLIC_HEADER]: wire.house.keys.storefrontAccessToken };
	return wire.send({ path, headers, body: { query: SHOP } });
}

/** The version asked for is served by another, or by itself where nothing warns. */
async function isServedBy(
	wire: Wire,
	path: string,
	served: string,
	warning: string | undefined,
): Promise<void> {
	const answer = await askAt(wire, path);
	answers(answer, { data: { shop: { name: "Latchkey" } }, extensions: costs(1) });
	assert.equal(answer.headers["x-shopify-api-version"], served);
	assert.equal(answer.headers["x-shopify-api-version-warning"], warning);
}

export const rows: readonly Row[] = [
	{
		id: "4.4/version-header",
		says: "`X-Shopify-API-Version` names the version that served",
		sources: ["DOC", "REC"],
		check: (wire) => isServedBy(wire, `/api/${wire.version}/graphql.json`, wire.version, undefined),
	},
	{
		id: "4.4/falls-forward",
		says: "a version no longer served falls forward to the oldest, with `X-Shopify-API-Version-Warning`",
		sources: ["REC", "CLI"],
		check: async (wire) => {
			for (const asked of ["2022-04", "2025-01", "2025-07", "2025-10"]) {
				await isServedBy(wire, `/api/${asked}/graphql.json`, "2026-01", WARNING);
			}
		},
	},
	{
		id: "4.4/falls-forward/2025-10",
		says: "in August 2026 the oldest was 2025-10",
		sources: ["REC"],
		difference: "The oldest here is 2026-01, the oldest whose schema we hold against the published one.",
	},
	{
		id: "4.4/newer",
		says: "a version newer than any we have proof of is served by 2026-04, with the same warning",
		sources: ["OWN"],
		check: async (wire) => {
			for (const asked of ["2026-07", "2026-10", "2027-01", "unstable"]) {
				await isServedBy(wire, `/api/${asked}/graphql.json`, "2026-04", WARNING);
			}
		},
	},
	{
		id: "4.4/no-version",
		says: "no version in the path is the oldest",
		sources: ["DOC"],
		check: async (wire) => {
			await isServedBy(wire, "/api/graphql.json", "2026-01", undefined);
			await isServedBy(wire, "/api/graphql", "2026-01", undefined);
		},
	},
	{
		id: "4.4/deprecated-reason",
		says: "`X-Shopify-API-Deprecated-Reason` when deprecated members are used, and only then",
		sources: ["CLI"],
		check: async (wire) => {
			const recover = (errors: string) =>
				`mutation M { customerCreate(input: { email: "e", password: "" }) { ${errors} { message } } }`;
			const deprecated = await wire.ask(recover("userErrors"));
			assert.equal(deprecated.headers["x-shopify-api-deprecated-reason"], "CustomerCreatePayload.userErrors");
			const current = await wire.ask(recover("customerUserErrors"));
			assert.equal(current.headers["x-shopify-api-deprecated-reason"], undefined);
		},
	},
	{
		id: "4.4/public-api-versions/form",
		says: "`publicApiVersions` are oldest first, with names like “2026-04 (Latest)”",
		sources: ["REC"],
		check: async (wire) =>
			answers(await wire.ask("{ publicApiVersions { handle displayName supported } }"), {
				data: {
					publicApiVersions: [
						{ handle: "2026-01", displayName: "2026-01", supported: true },
						{ handle: "2026-04", displayName: "2026-04 (Latest)", supported: true },
						{ handle: "2026-07", displayName: "2026-07 (Unsupported)", supported: false },
						{ handle: "2026-10", displayName: "2026-10 (Unsupported)", supported: false },
						{ handle: "unstable", displayName: "unstable", supported: false },
					],
				},
				extensions: costs(1),
			}),
	},
	{
		id: "4.4/public-api-versions/list",
		says: "in July 2026: 2025-10 to 2026-07 supported, 2026-10 a release candidate, 2025-07 not supported",
		sources: ["REC"],
		difference:
			"Supported here means proven: 2026-01 and 2026-04. Newer versions are answered with the schema of 2026-04 and listed as not supported.",
	},
	{
		id: "4.4/request-id",
		says: "every answer has an `X-Request-ID`, each its own",
		sources: ["CLI"],
		check: async (wire) => {
			const all = [
				await wire.ask(SHOP),
				await wire.ask("{"),
				await wire.ask(SHOP, {}, { [PUBLIC_HEADER]: "nobody" }),
				await wire.send({ method: "GET" }),
			];
			const ids = all.map(({ headers }) => String(headers["x-request-id"]));
			for (const id of ids) assert.match(id, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
			assert.equal(new Set(ids).size, all.length);
		},
	},
	{
		id: "4.4/context",
		says: "with `@inContext`, `extensions.context` has country and language and stands before `cost`",
		sources: ["REC"],
		check: async (wire) => {
			const shop = { shop: { name: "Latchkey" } };
			answersExactly(await wire.ask("query Q @inContext(country: DE, language: FR) { shop { name } }"), {
				data: shop,
				extensions: { context: { country: "DE", language: "FR" }, ...costs(1) },
			});
			answersExactly(await wire.ask("query Q @inContext(language: FR) { shop { name } }"), {
				data: shop,
				extensions: { context: { country: "US", language: "FR" }, ...costs(1) },
			});
		},
	},
];
