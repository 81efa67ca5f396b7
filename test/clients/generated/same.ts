// Whether an answer is the expected one: the same keys in the same order in every object, lists of the same length, the
// same values; where a value could not be known before, one of its form.
import assert from "node:assert/strict";
import { CURSOR_OF, type Fields, lastIdOf, NEW_END, NEW_TOKEN, TOKEN_ID } from "./model.ts";

const LIFETIME = 42 * 86_400;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** When the answer was made, in seconds. */
interface Moment {
	readonly from: number;
	readonly to: number;
}

/** Gives the new customer access tokens that were told. */
export function assertSame(
	actual: unknown,
	expected: unknown,
	moment: Moment,
	path = "data",
): readonly string[] {
	if (Array.isArray(expected)) {
		assert.ok(
			Array.isArray(actual) && actual.length === expected.length,
			`${path} is not a list of ${expected.length}`,
		);
		return expected.flatMap((item, index) => assertSame(actual[index], item, moment, `${path}.${index}`));
	}
	if (typeof expected === "object" && expected !== null) {
		assert.ok(typeof actual === "object" && actual !== null, `${path} is ${actual}`);
		assert.deepEqual(Object.keys(actual), Object.keys(expected), `the keys of ${path}`);
		return Object.entries(expected).flatMap(([key, member]) =>
			assertSame((actual as Fields)[key], member, moment, `${path}.${key}`),
		);
	}
	if (expected === NEW_TOKEN) {
		assert.match(String(actual), /^[\da-f]{32,}$/, path);
		return [String(actual)];
	}
	if (expected === NEW_END) {
		assert.match(String(actual), DATE_TIME, path);
		const end = Date.parse(String(actual)) / 1000;
		assert.ok(moment.from + LIFETIME <= end && end <= moment.to + LIFETIME, `${path} is ${actual}`);
	} else if (expected === TOKEN_ID) {
		assert.match(String(actual), /^gid:\/\/shopify\/CustomerAccessToken\/\d+$/, path);
	} else if (typeof expected === "string" && expected.startsWith(CURSOR_OF)) {
		assert.equal(CURSOR_OF + lastIdOf(String(actual)), expected, path);
	} else {
		assert.equal(actual, expected, path);
	}
	return [];
}
