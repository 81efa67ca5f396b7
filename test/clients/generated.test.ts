// Thousands of generated documents, made of every field, argument and way of writing that real storefronts have, sent
// over HTTP: each is answered without an error and exactly as graphql-js answers it from what is known of the customer.
// `TEST_RUNS` multiplies the number of documents, `TEST_SEED` rolls others.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
	buildClientSchema,
	executeSync,
	type GraphQLSchema,
	type IntrospectionQuery,
	parse,
	validate,
} from "graphql";
import published2026_01 from "hydrogen-react-2026-01/storefront.schema.json" with { type: "json" };
import published2026_04 from "hydrogen-react-2026-04/storefront.schema.json" with { type: "json" };
import { ENGINES, type House, openHouse, VERSIONS } from "../house.ts";
import { SETTINGS } from "../multipass/passes.ts";
import { postExactly } from "./exact.ts";
import type { Attempt } from "./generated/attempt.ts";
import { Customers } from "./generated/customers.ts";
import { Dice, rolls } from "./generated/dice.ts";
import { type Composed, compose } from "./generated/documents.ts";
import { EMPTY_PAGE, type Fields, readState } from "./generated/model.ts";
import { OPERATIONS } from "./generated/operations.ts";
import { ORDER_PAGE, openReader } from "./generated/reading.ts";
import { REFUSALS } from "./generated/refusals.ts";
import { assertSame } from "./generated/same.ts";
import { Seen } from "./generated/seen.ts";

const RUNS = 700 * Number(process.env["TEST_RUNS"] ?? 1);
const SEED = Number(process.env["TEST_SEED"] ?? 20_261_122);

const PUBLISHED = {
	"2026-01": published2026_01 as unknown as IntrospectionQuery,
	"2026-04": published2026_04 as unknown as IntrospectionQuery,
};

const MUTATIONS = Object.keys(OPERATIONS);
/** The page of one order is asked for now and then. */
const QUERIES = [...Array(9).fill("customer"), "node"];

/** What one document is about, and what was made of it. */
interface Asked extends Attempt {
	readonly root: string;
	readonly isInVain: boolean;
	readonly composed: Composed;
}

async function check(house: House, schema: GraphQLSchema, seen: Seen, asked: Asked): Promise<void> {
	const { root, composed, email, settle } = asked;
	const document = parse(composed.text);
	seen.note({ ...asked, document });
	const from = house.app.clock.now();
	const { status, body } = await postExactly(house, composed.path, composed.headers, composed.body);
	const moment = { from, to: house.app.clock.now() };
	assert.equal(status, 200);
	assert.equal(body.errors, undefined, JSON.stringify(body.errors));
	assert.deepEqual(Object.keys(body), ["data", "extensions"]);
	const { id, name, country, language } = house.app.shop;
	const { inContext } = composed;
	const context = inContext && { context: { country, language, ...inContext } };
	assert.deepEqual(body.extensions, { ...context, cost: body.extensions.cost });
	assert.ok(body.extensions.cost.requestedQueryCost > 0);
	const shop = { id: `gid://shopify/Shop/${id}`, name };
	const expected = executeSync({
		schema,
		document,
		rootValue: { products: EMPTY_PAGE, collections: EMPTY_PAGE, shop, [root]: await settle() },
		variableValues: composed.variables ?? {},
		operationName: composed.operationName,
	});
	assert.equal(expected.errors, undefined);
	for (const token of assertSame(body.data, expected.data, moment)) {
		assert.equal((await readState(house, token))["email"], email, "the new token opens the account");
	}
}

for (const [index, version] of VERSIONS.entries()) {
	// The engines take turns: they have no part in how a document is understood.
	const engine = ENGINES[index % ENGINES.length];
	test(`whatever real storefronts ask is answered in full on ${version}, ${engine}`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const schema = buildClientSchema(PUBLISHED[version]);
		const seen = new Seen(schema);
		const customers = new Customers(house);
		const [whole, bare] = [await openReader(customers, "whole"), await openReader(customers, "bare")];
		const cursors = [null, ...whole.state["addresses"].edges.map(({ cursor }: Fields) => cursor)];
		const property = fc.asyncProperty(rolls(30), rolls(700), async (situation, writing) => {
			const dice = new Dice(situation);
			const root = dice.pick(dice.chance(60) ? MUTATIONS : QUERIES);
			const isInVain = root in REFUSALS && dice.chance(30);
			const operation = (isInVain ? REFUSALS : OPERATIONS)[root];
			const reading = root === "node" ? [ORDER_PAGE] : [whole, bare];
			for (const attempt of operation ? [await operation(customers, dice)] : reading) {
				const about = { field: root, args: attempt.args, cursors: operation ? [null] : cursors };
				const composed = compose(house, version, schema, new Dice(writing), about);
				try {
					await check(house, schema, seen, { ...attempt, root, isInVain, composed });
				} catch (error) {
					throw new Error(tell(schema, composed), { cause: error });
				}
			}
		});
		await fc.assert(property, { numRuns: RUNS, seed: SEED });
		await customers.assertMailed();
		assert.deepEqual([...seen.missing], [], "never asked for");
	});
}

/** A document that is not valid is our own fault. */
function tell(schema: GraphQLSchema, { path, headers, text, variables }: Composed): string {
	const faults = validate(schema, parse(text)).map(({ message }) => `invalid: ${message}`);
	return [path, JSON.stringify(headers), text, JSON.stringify(variables), ...faults].join("\n");
}
