// That no advisory is forgotten: each line of ids.ts begins the name of a test, or says in not-here.ts why there is none.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { ADVISORIES } from "./ids.ts";
import { NOT_HERE } from "./not-here.ts";

test("every advisory has a test of its name, or a reason why there is none", () => {
	const files = globSync("*.test.ts", { cwd: import.meta.dirname });
	const texts = files.map((file) => readFileSync(join(import.meta.dirname, file), "utf8")).join("\n");
	const names = Array.from(texts.matchAll(/\btest\(\s*["'`]([^"'`]+)/g), ([, name]) => String(name));
	assert.ok(names.length > 1, "no names were found");
	const faults = ADVISORIES.flatMap((line) => {
		const tests = names.filter((name) => name.startsWith(`${line}: `)).length;
		const isNotHere = NOT_HERE[line] !== undefined;
		return tests + (isNotHere ? 1 : 0) === 1 ? [] : [`${line}: ${tests} tests, not here: ${isNotHere}`];
	});
	assert.deepEqual(faults, []);
});
