// That docs/trust.md cannot lie: whatever the promises name is there, and whatever was measured belongs to one.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { ROWS } from "../wire/rows.ts";
import { readMeasured } from "./measured.ts";
import { SECTIONS } from "./promises.ts";
import { RUN_NAMES } from "./runs.ts";

const PROMISES = SECTIONS.flatMap(({ promises }) => promises);
const TESTS = join(import.meta.dirname, "..");

/** The names of a file's tests, as the promises write them. */
function listTestNames(file: string): ReadonlySet<string> {
	const source = readFileSync(join(TESTS, file), "utf8");
	const names = [...source.matchAll(/\btest\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs)].map(([, , name = ""]) =>
		name
			.replaceAll(/\$\{[^}]*\}/g, "…")
			.replaceAll(/\\(.)/g, "$1")
			// What a loop over engines and the like puts before and behind.
			.replace(/^…: /, "")
			.replace(/ \(…(?:, …)*\)$|(?:, …)+$/, ""),
	);
	return new Set(names);
}

test("names are read from the source with their loops and escapes", () => {
	const names = listTestNames("recovery.test.ts");
	assert.ok(names.has("a failed try does not spend a link for …"));
	assert.ok(listTestNames("passwords.test.ts").has("the default cost is at or above OWASP's floor"));
	assert.equal(names.has("a test that nobody wrote"), false);
});

test("every test that a promise names is in its file", () => {
	const missing = PROMISES.flatMap(({ id, tests = {} }) =>
		Object.entries(tests).flatMap(([file, names]) => {
			if (!existsSync(join(TESTS, file))) return [`${id}: there is no test/${file}`];
			const there = listTestNames(file);
			return names.filter((name) => !there.has(name)).map((name) => `${id}: ${file} has no “${name}”`);
		}),
	);
	assert.deepEqual(missing, []);
});

test("every row that a promise names is in the contract, and proven", () => {
	const proven = new Set(ROWS.flatMap(({ id, check }) => (check ? [id] : [])));
	const missing = PROMISES.flatMap(({ id, rows = [] }) =>
		rows.filter((row) => !proven.has(row)).map((row) => `${id}: ${row}`),
	);
	assert.deepEqual(missing, []);
});

test("every promise has an id of its own, and is shown by something or says why not", () => {
	const ids = PROMISES.map(({ id }) => id);
	assert.equal(new Set(ids).size, ids.length);
	const bare = PROMISES.filter(({ tests, runs, rows, but }) => !tests && !runs && !rows && !but);
	assert.deepEqual(bare, []);
});

test("every run measures a promise, and every figure is one that its promise waits for", () => {
	const awaited = new Set<string>(PROMISES.flatMap(({ runs = [] }) => runs));
	assert.deepEqual(
		RUN_NAMES.filter((name) => !awaited.has(name)),
		[],
	);
	const stray = Object.entries(readMeasured()).flatMap(([run, { figures }]) =>
		figures
			.filter(
				({ promise }) =>
					!PROMISES.some(({ id, runs = [] }) => id === promise && (runs as string[]).includes(run)),
			)
			.map(({ promise }) => `${run}: ${promise}`),
	);
	assert.deepEqual(stray, []);
});
