// `npm test`: every test on SQLite, then every test of a house again on a PostgreSQL server that is started here, two
// files at a time. `npm test -- test/limits` takes a folder, a file or a pattern, `--engine sqlite` or `postgres` one of
// the two passes, and options of `node --test` go to it. What Node compiles is kept for the next process.
import { spawn } from "node:child_process";
import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PostgresServer } from "./postgres/server.ts";
import { SERVER_VARIABLE } from "./postgres/shared.ts";

const ROOT = join(import.meta.dirname, "..");
const HOUSE = join(import.meta.dirname, "house.ts");
const NAMES = { sqlite: "SQLite", postgres: "PostgreSQL" } as const;
/** What `node --test` ends with when it was stopped, as a shell says it. */
const INTERRUPTED = 130;

type Pass = keyof typeof NAMES;

const { passes, options, files } = readArguments(process.argv.slice(2));
let stop: ((signal: NodeJS.Signals) => void) | null = null;
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.on(signal, () => {
		isInterrupted = true;
		stop?.(signal);
	});
}

const failed: string[] = [];
for (const pass of passes) {
	const chosen = pass === "sqlite" ? files : files.filter((file) => reachesHouse(resolve(file)));
	if (isInterrupted || chosen.length === 0) continue;
	process.stdout.write(`\n${NAMES[pass]}: ${chosen.length} files\n\n`);
	if ((await runPass(pass, chosen)) !== 0) failed.push(NAMES[pass]);
}
if (isInterrupted) process.exitCode = INTERRUPTED;
else if (failed.length > 0) {
	process.stdout.write(`\nFailed on ${failed.join(" and on ")}.\n`);
	process.exitCode = 1;
}

/** Gives the exit code. */
async function runPass(pass: Pass, chosen: readonly string[]): Promise<number> {
	if (pass === "sqlite") return runFiles(chosen, {});
	await using server = await PostgresServer.start({ max_connections: "400" });
	return await runFiles(chosen, { TEST_ENGINE: pass, [SERVER_VARIABLE]: server.url });
}

async function runFiles(chosen: readonly string[], env: Record<string, string>): Promise<number> {
	if (isInterrupted) return INTERRUPTED;
	const child = spawn(
		process.execPath,
		["--test", "--test-concurrency=2", "--test-reporter=spec", ...options, ...chosen],
		{
			stdio: "inherit",
			env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, ".latchkey/compiled"), ...env },
		},
	);
	stop = (signal) => child.kill(signal);
	const { promise, resolve: end } = Promise.withResolvers<number>();
	child.once("exit", (code) => end(code ?? INTERRUPTED));
	const code = await promise;
	stop = null;
	return code;
}

/** Folders, files and patterns, and options of our own and of `node --test`. */
function readArguments(given: readonly string[]) {
	const words = given.flatMap((word) => (word.startsWith("--engine=") ? word.split("=") : [word]));
	const at = words.indexOf("--engine");
	const engine = at === -1 ? null : words.splice(at, 2)[1];
	if (engine !== null && engine !== "sqlite" && engine !== "postgres") {
		process.stderr.write("Use: npm test -- --engine sqlite, or --engine postgres; without it, both.\n");
		process.exit(2);
	}
	const places = words.filter((word) => !word.startsWith("--"));
	const patterns = (places.length > 0 ? places : ["test"]).map((place) =>
		statSync(place, { throwIfNoEntry: false })?.isDirectory() ? join(place, "**/*.test.ts") : place,
	);
	const found = globSync(patterns, { exclude: ["**/node_modules/**"] }).sort();
	if (found.length === 0) {
		process.stderr.write(`No test is in ${places.join(", ")}.\n`);
		process.exit(2);
	}
	return {
		passes: engine === null ? (["sqlite", "postgres"] as const) : ([engine] as const),
		options: words.filter((word) => word.startsWith("--")),
		files: found,
	};
}

/** Whether it opens the house, itself or through what it imports of test/. */
function reachesHouse(file: string, seen = new Set<string>()): boolean {
	if (file === HOUSE) return true;
	if (seen.has(file) || !file.startsWith(import.meta.dirname)) return false;
	seen.add(file);
	const imported = readFileSync(file, "utf8").matchAll(/(?:from|import|import\() ?"(\.[^"]+\.ts)"/g);
	return imported.some(([, path]) => reachesHouse(join(dirname(file), String(path)), seen));
}
