// `npm run fuzz -- --documents 100000 --seed N`: the long run. Prints one table; exit code 1 when anything was found.
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
	options: { documents: { type: "string", default: "100000" }, seed: { type: "string" } },
});
const documents = Number(values.documents);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(documents) || documents < 1 || !Number.isSafeInteger(seed)) {
	process.stderr.write("Use: npm run fuzz -- --documents 100000 --seed 1, both whole numbers.\n");
	process.exit(2);
}

const startedAt = Date.now();
const report = await fuzz({ documents, seed }, (done) => {
	if (process.stderr.isTTY) process.stderr.write(`\r${done} documents`);
});
const facts: readonly (readonly [string, string | number])[] = [
	["documents", report.documents],
	["seed", seed],
	["took", `${Math.round((Date.now() - startedAt) / 1000)} s`],
	["answered whole, in part, refused", `${report.answered}, ${report.partly}, ${report.refused}`],
	["largest answer", `${report.largestBytes} bytes`],
	["slowest answer", `${Math.round(report.slowestMs)} ms`],
	["faults", report.faults.length],
	...[...report.codes]
		.toSorted(([, one], [, other]) => other - one)
		.map(([code, count]) => [`  ${code}`, count] as const),
];
process.stdout.write(`${facts.map(([name, value]) => `${name.padEnd(42)}${value}`).join("\n")}\n`);
for (const fault of report.faults) process.stdout.write(`FAULT: ${fault}\n`);
process.exitCode = report.faults.length > 0 ? 1 : 0;
