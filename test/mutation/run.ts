// `npm run mutate`: changes the code that guards tokens, passwords, limits and scopes in every way that Stryker knows,
// one change at a time, and counts how many the tests notice. Exit code 1 when they notice less than 85 % of them, or
// when survivors.md does not say why one that survived cannot be noticed.
// `npm run mutate -- token limits --concurrency 1` takes only the files whose names contain one of the words.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findSurvivors, type Mutant, printScores, scoreOf } from "./score.ts";
import { TARGETS } from "./targets.ts";

const LEAST_PERCENT = 85;
const HERE = import.meta.dirname;
const ROOT = join(HERE, "../..");

const { values, positionals: words } = parseArgs({
	allowPositionals: true,
	options: { concurrency: { type: "string", default: "2" } },
});

/** What one run of Stryker gives, as far as it is used here; its packages are in a folder of their own. */
interface Stryker {
	runMutationTest(): Promise<readonly Mutant[]>;
}
const core = join(HERE, "node_modules/@stryker-mutator/core/dist/src/index.js");
const { Stryker } = (await import(core)) as { Stryker: new (options: object) => Stryker };

/** Stryker changes a copy of the house; git and its other tools ignore where it stands. */
const OPTIONS = {
	testRunner: "command",
	coverageAnalysis: "off",
	plugins: [],
	reporters: ["progress-append-only"],
	logLevel: "warn",
	tempDirName: ".latchkey",
	cleanTempDir: "always",
	ignorePatterns: ["bench", "docs", "test/shop", "test/clients", "tsconfig.json"],
	// Node strips the types; nobody looks at them here.
	disableTypeChecks: false,
	concurrency: Number(values.concurrency),
	timeoutMS: 8_000,
	timeoutFactor: 2,
};

/** The same code on the second engine. */
const SKIPPED = "sqlite:file";

process.chdir(ROOT);
// What a run that is cut short leaves behind goes with this folder.
const scratch = mkdtempSync(join(tmpdir(), "latchkey-mutation-"));
process.env["TMPDIR"] = scratch;
const say = (lines: readonly string[]) => void process.stdout.write(`${lines.join("\n")}\n`);
const explained = readFileSync(join(HERE, "survivors.md"), "utf8");
const startedAt = Date.now();
const mutants: Mutant[] = [];
let unexplained = 0;
try {
	for (const { files, tests } of TARGETS) {
		const mutate = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
		if (mutate.length === 0) continue;
		say([mutate.join(", ")]);
		const reporter = join(HERE, "first-failure.ts");
		const paths = tests.map((name) => `test/${name}.test.ts`).join(" ");
		const flags = `--test-isolation=none --test-reporter="${reporter}" --test-skip-pattern="${SKIPPED}"`;
		const command = `"${process.execPath}" --test ${flags} ${paths}`;
		const tried = await new Stryker({ ...OPTIONS, mutate, commandRunner: { command } }).runMutationTest();
		mutants.push(...tried);
		for (const { place, change, isExplainedIn } of findSurvivors(tried)) {
			if (isExplainedIn(explained)) continue;
			unexplained++;
			say([`Not explained, ${place}:`, change]);
		}
	}
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
say(["", ...printScores(mutants), "", `It took ${Math.round((Date.now() - startedAt) / 60_000)} minutes.`]);
process.exitCode = scoreOf(mutants) >= LEAST_PERCENT && unexplained === 0 ? 0 : 1;
