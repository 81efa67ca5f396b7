// `npm run trust`: the long proofs of docs/trust.md. Prints each figure as it is measured; exit code 1 when one is not
// met or a run breaks. Figures of official size are kept in measured.json, from which docs/trust.md is printed.
import { parseArgs } from "node:util";
import type { Figure, Options } from "./figure.ts";
import { keepMeasured } from "./measured.ts";
import { RUN_NAMES, RUNS, type RunName } from "./runs.ts";

const HELP = `Use: npm run trust -- [run …] [--minutes 2] [--count 500] [--seed 7]

Without a name all runs are made, one after the other; without --minutes and --count at their official sizes, and only
then is what was measured kept in test/trust/measured.json (npm run print puts it into docs/trust.md).

${RUN_NAMES.map((name) => `  ${name.padEnd(14)}${RUNS[name].says}`).join("\n")}
`;

const asked = readArguments();
let areAllMet = true;
for (const name of asked.names) {
	const startedAt = performance.now();
	process.stderr.write(`${name} …\n`);
	const figures = await measure(name);
	const seconds = Math.round((performance.now() - startedAt) / 1000);
	process.stdout.write(`${name}, ${seconds} s, seed ${asked.options.seed}\n`);
	for (const { promise, figure, isMet } of figures) {
		process.stdout.write(`  ${isMet ? "met    " : "NOT MET"} ${promise.padEnd(4)} ${figure}\n`);
	}
	areAllMet &&= figures.length > 0 && figures.every(({ isMet }) => isMet);
	const isOfficial = asked.options.minutes === null && asked.options.count === null;
	if (isOfficial && figures.length > 0) keepMeasured(name, figures);
}
// A run may leave a connection or a timer behind; the figures are out, so nothing is waited for.
process.exit(areAllMet ? 0 : 1);

/** The figures of a run; none for a run that broke. */
async function measure(name: RunName): Promise<readonly Figure[]> {
	try {
		const { run } = await RUNS[name].load();
		return await run(asked.options);
	} catch (error) {
		process.stdout.write(`BROKEN: ${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
		return [];
	}
}

function readArguments(): { readonly names: readonly RunName[]; readonly options: Options } {
	try {
		const { values, positionals } = parseArgs({
			allowPositionals: true,
			options: {
				minutes: { type: "string" },
				count: { type: "string" },
				seed: { type: "string" },
				help: { type: "boolean", short: "h" },
			},
		});
		if (values.help) {
			process.stdout.write(HELP);
			process.exit(0);
		}
		const names = positionals.length > 0 ? positionals.map(readRunName) : RUN_NAMES;
		const minutes = values.minutes === undefined ? null : readNumber("minutes", values.minutes);
		const count = values.count === undefined ? null : readNumber("count", values.count);
		const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
		if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("--seed takes a whole number.");
		if (count !== null && !Number.isSafeInteger(count)) throw new Error("--count takes a whole number.");
		return { names, options: { minutes, count, seed } };
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
		process.exit(2);
	}
}

function readRunName(text: string): RunName {
	const name = RUN_NAMES.find((known) => known === text);
	if (!name) throw new Error(`There is no run "${text}".`);
	return name;
}

function readNumber(name: string, text: string): number {
	const number = Number(text);
	if (!(number > 0)) throw new Error(`--${name} takes a number above zero.`);
	return number;
}
