// `npm test`: every test, two files at a time. `npm test -- test/limits` takes a folder, a file or a pattern, and
// options of `node --test`. What Node compiles is kept for the next process: there are hundreds, and all read the house.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const given = process.argv.slice(2);
const options = given.filter((word) => word.startsWith("--"));
const places = given.filter((word) => !word.startsWith("--"));
const patterns = (places.length > 0 ? places : ["test"]).map((place) =>
	statSync(place, { throwIfNoEntry: false })?.isDirectory() ? join(place, "**/*.test.ts") : place,
);
const { status } = spawnSync(
	process.execPath,
	["--test", "--test-concurrency=2", "--test-reporter=spec", ...options, ...patterns],
	{
		stdio: "inherit",
		env: { ...process.env, NODE_COMPILE_CACHE: join(root, ".latchkey/compiled") },
	},
);
process.exitCode = status ?? 1;
