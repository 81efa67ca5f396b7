// The table of failures against reality: what the wire's rows see is in it, and what is in it can be seen.
import assert from "node:assert/strict";
import test from "node:test";
import { isEnumType, Kind, parse } from "graphql";
import { FAILURE_CODES } from "../src/storefront/error-codes.ts";
import { schemaOf } from "../src/storefront/schema.ts";
import { type Body, ENGINES, type House, openHouse } from "./house.ts";
import { comingFrom } from "./limits/visitors.ts";
import { type Examples, MULTIPASS_SECRET, openExamples } from "./reference/examples.ts";
import { AT_TOP_LEVEL, type Provoke, USER_ERRORS } from "./reference/provocations.ts";
import { ROWS } from "./wire/rows.ts";
import { openWire, type Wire } from "./wire/wire.ts";

/** `customerCreate TAKEN`, or `customerCreate ACCESS_DENIED at top level`. */
type Seen = Set<string>;

const listed = Object.entries(FAILURE_CODES).flatMap(([mutation, { userErrors, atTopLevel }]) => [
	...userErrors.map(({ code }) => `${mutation} ${code}`),
	...atTopLevel.map(({ code }) => `${mutation} ${code} at top level`),
]);

/** Has every answer to a customer mutation looked at, through this house and those that its rows open. */
function watch(wire: Wire, seen: Seen): Wire {
	const { send, open } = wire;
	const watched = wire as { -readonly [K in keyof Wire]: Wire[K] };
	watched.send = async (sent) => {
		const answer = await send(sent);
		note(sent.body, answer.body, seen);
		return answer;
	};
	watched.open = async (settings) => watch(await open(settings), seen);
	return wire;
}

// biome-ignore lint/suspicious/noExplicitAny: rows send what they like, and answers have the shape of their document.
function note(sent: any, answer: any, seen: Seen): void {
	if (typeof sent?.query !== "string" || !answer?.data) return;
	for (const definition of parse(sent.query).definitions) {
		if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
		for (const field of definition.selectionSet.selections) {
			if (field.kind !== Kind.FIELD || !(field.name.value in FAILURE_CODES)) continue;
			const mutation = field.name.value;
			const key = field.alias?.value ?? mutation;
			for (const { code } of answer.data[key]?.customerUserErrors ?? []) {
				if (code !== undefined) seen.add(`${mutation} ${code}`);
			}
			for (const { path, extensions } of answer.errors ?? []) {
				if (path?.[0] === key && path.length === 1) seen.add(`${mutation} ${extensions?.code} at top level`);
			}
		}
	}
}

test("whatever a row of the wire sees a mutation answer is in the table", async (t) => {
	const seen: Seen = new Set();
	await using wire = watch(await openWire(ENGINES[0], "2026-04"), seen);
	for (const row of ROWS) await row.check?.(wire);
	const denied = / ACCESS_DENIED at top level$/;
	const surprises = [...seen].filter((entry) => !listed.includes(entry) && !denied.test(entry));
	assert.deepEqual(surprises, []);
	t.diagnostic(`${seen.size} seen, ${listed.length} listed`);
	assert.ok(seen.size > 10);
});

test("the table has every mutation of the customer, and codes that the API has", () => {
	const schema = schemaOf("2026-04");
	const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
	assert.deepEqual(
		Object.keys(FAILURE_CODES).sort(),
		mutations.filter((name) => name.startsWith("customer")).sort(),
	);
	const type = schema.getType("CustomerErrorCode");
	assert.ok(isEnumType(type));
	const listedCodes = Object.values(FAILURE_CODES).flatMap(({ userErrors }) =>
		userErrors.map(({ code }) => code),
	);
	const unlisted = type.getValues().filter(({ name }) => !listedCodes.includes(name));
	// The one code that no mutation answers: its description says so.
	assert.deepEqual(
		unlisted.map(({ name, description }) => [name, /top-level error instead/.test(description ?? "")]),
		[["NOT_FOUND", true]],
	);
	assert.deepEqual(
		listedCodes.filter((code) => !type.getValue(code)),
		[],
	);
});

const MULTIPASS = { encryptionKey: "0123456789abcdef0123456789abcdef", multipassSecret: MULTIPASS_SECRET };

/** Provokes one failure on a clean house, and gives the answer that has to have it. */
async function provoke(
	house: House,
	examples: Examples,
	mutation: string,
	make: Provoke | undefined,
): Promise<Body> {
	assert.ok(make, "nobody has written how to provoke it");
	const { before, sent, atOnce, fromShopper } = make(await examples.prepare(mutation));
	const headers = fromShopper ? comingFrom(house, "192.0.2.1") : {};
	for (const step of before) {
		if (step === "disable") await examples.disableAll();
		else await examples.send(step.operation, step.variables);
	}
	if (atOnce) {
		const answers = await Promise.all(sent.map((variables) => examples.send(mutation, variables)));
		return answers.find(({ errors }) => errors) ?? {};
	}
	let answer: Body = {};
	for (const variables of sent) answer = await examples.send(mutation, variables, headers);
	return answer;
}

test("whatever the table says of a payload can be had", async (t) => {
	await using house = await openHouse(ENGINES[0], MULTIPASS);
	const examples = openExamples(house, "2026-04");
	for (const [mutation, { userErrors }] of Object.entries(FAILURE_CODES)) {
		for (const { code } of userErrors) {
			await t.test(`${mutation} ${code}`, async () => {
				const { data, errors } = await provoke(house, examples, mutation, USER_ERRORS[mutation]?.[code]);
				assert.equal(errors, undefined, JSON.stringify(errors));
				const listed = data[mutation].customerUserErrors.map((error: { code: string }) => error.code);
				assert.ok(listed.includes(code), JSON.stringify(data));
			});
		}
	}
});

test("whatever the table says of the top level can be had", async (t) => {
	// Each hash takes long enough for the others to arrive meanwhile, and none may wait.
	const settings = { ...MULTIPASS, passwordQueue: "0", passwordMemoryKib: "65536", passwordPasses: "3" };
	await using house = await openHouse(ENGINES[0], settings);
	const examples = openExamples(house, "2026-04");
	for (const [mutation, { atTopLevel }] of Object.entries(FAILURE_CODES)) {
		for (const { code } of atTopLevel) {
			await t.test(`${mutation} ${code}`, async () => {
				const { data, errors } = await provoke(house, examples, mutation, AT_TOP_LEVEL[mutation]?.[code]);
				assert.equal(errors?.[0].extensions.code, code, JSON.stringify({ data, errors }));
				assert.deepEqual(errors[0].path, [mutation]);
				assert.equal(data[mutation], null);
			});
		}
	}
});
