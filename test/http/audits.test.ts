// The audits that graphql-http has for servers of GraphQL over HTTP, run against the door as it is: every MUST holds,
// and every SHOULD and MAY holds or is listed here with the contract as the reason. The list is exact: what holds after
// all, or what is no longer audited, has to leave it.
import assert from "node:assert/strict";
import test from "node:test";
import { serverAudits } from "graphql-http";
import { openHouse, VERSIONS } from "../house.ts";

const ONLY_JSON = "answers are application/json upstream, whatever is accepted (wire 4)";
const ALWAYS_200 =
	"what is wrong with a document is told with status 200 upstream, whatever is accepted (wire 4)";
const ONLY_POST =
	"operations are sent with POST: no address holds a token, and no link executes anything (wire 4)";
const IGNORED =
	"members of the body that we do not know are not looked at: clients send extensions of their own";

/** Audit → why it does not hold. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
	"22EB": ONLY_JSON,
	"865D": ALWAYS_200,
	"556A": ALWAYS_200,
	"51FE": ALWAYS_200,
	"74FF": ALWAYS_200,
	"86EE": ALWAYS_200,
	"5A70": ONLY_POST,
	D6D5: ONLY_POST,
	"6A70": ONLY_POST,
	"58B0": IGNORED,
	"58B1": IGNORED,
	"58B2": IGNORED,
	"58B3": IGNORED,
};

for (const version of VERSIONS) {
	test(`every audit of GraphQL over HTTP passes that the contract lets pass (${version})`, async () => {
		await using house = await openHouse();
		const audits = serverAudits({
			url: `${house.app.url}/api/${version}/graphql.json`,
			fetchFn: (url: string, init: RequestInit = {}) => {
				const headers = new Headers(init.headers);
				headers.set("X-Shopify-Storefront-Access-Token", house.keys.storefrontAccessToken);
				return fetch(url, { ...init, headers });
			},
		});
		const failed: string[] = [];
		const passed = { MUST: 0, SHOULD: 0, MAY: 0 };
		for (const audit of audits) {
			const level = audit.name.split(" ")[0] as keyof typeof passed;
			const result = await audit.fn();
			if (result.status === "ok") passed[level]++;
			else {
				failed.push(audit.id);
				assert.notEqual(level, "MUST", `${audit.id} ${audit.name}: ${result.reason}`);
				assert.ok(audit.id in EXCEPTIONS, `${audit.id} ${audit.name}: ${result.reason}`);
			}
		}
		assert.deepEqual(
			failed.toSorted(),
			Object.keys(EXCEPTIONS).toSorted(),
			"the exceptions are those that fail",
		);
		assert.deepEqual(passed, { MUST: 13, SHOULD: 17, MAY: 18 });
	});
}
