// Supabase had a limit in its settings that nothing obeyed, and a check that another setting switched off. Here every
// setting is turned both ways and seen to do what it says, beside every value of every other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { SettingName } from "../../src/config.ts";
import { SETTINGS } from "../../src/settings.ts";
import { PROBES } from "./probes.ts";
import { openWorld, type Row } from "./settings-world.ts";

const NAMES = Object.keys(PROBES) as SettingName[];

/** What a row of settings has nothing to see of; tests of settings-apart.test.ts turn it. */
const APART: readonly SettingName[] = [
	"databaseConnections",
	"stopDelaySeconds",
	"logLevel",
	"storefrontAccessToken",
	"privateAccessToken",
	"adminAccessToken",
	"encryptionKey",
	"connectionsPerAddress",
	"requestTimeoutSeconds",
	"answerTimeoutSeconds",
];

/**
 * Rows of zeros and ones, one column for each setting, in which every two columns have every two values together, and
 * whose first row is all zeros (Kleitman and Spencer): the columns are different sets of as many of the other rows,
 * more than half of them.
 */
function pairwise(columns: number): readonly (readonly number[])[] {
	const choose = (from: number, count: number): number[][] => {
		if (count === 0) return [[]];
		if (from < count) return [];
		const with_ = choose(from - 1, count - 1).map((chosen) => [...chosen, from]);
		return [...choose(from - 1, count), ...with_];
	};
	for (let rows = 2; ; rows++) {
		const sets = choose(rows - 1, Math.ceil(rows / 2));
		if (sets.length < columns) continue;
		return Array.from({ length: rows }, (_, row) =>
			sets.slice(0, columns).map((set) => (set.includes(row) ? 1 : 0)),
		);
	}
}

test("every setting is turned both ways somewhere", () => {
	const apart = readFileSync(join(import.meta.dirname, "settings-apart.test.ts"), "utf8");
	assert.deepEqual([...NAMES, ...APART].sort(), Object.keys(SETTINGS).sort());
	for (const name of APART) assert.match(apart, new RegExp(`\\b${name}: `));
});

test("every two settings meet with every two of their values", () => {
	const rows = pairwise(NAMES.length);
	for (const one of NAMES.keys()) {
		for (const other of NAMES.keys()) {
			if (other <= one) continue;
			assert.equal(new Set(rows.map((row) => `${row[one]}${row[other]}`)).size, 4);
		}
	}
	assert.ok(rows[0]?.every((value) => value === 0));
});

for (const [number, bits] of pairwise(NAMES.length).entries()) {
	test(`Supabase issues 2333, 2600: every setting does what it says beside every value of every other (row ${number})`, async () => {
		const entries = NAMES.flatMap((name, index) => {
			const value = PROBES[name]?.values[bits[index] ?? 0];
			return typeof value === "string" ? [[name, value] as const] : [];
		});
		const row: Row = Object.fromEntries(entries);
		await using world = await openWorld(row);
		for (const [index, name] of NAMES.entries()) {
			const probe = PROBES[name];
			const expected = probe?.seen[bits[index] ?? 0];
			assert.deepEqual(
				await probe?.see(world),
				typeof expected === "function" ? expected(row) : expected,
				`${name}=${row[name]} in ${JSON.stringify(row)}`,
			);
		}
	});
}
