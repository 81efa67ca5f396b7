// `npm run model -- --sequences 5000 --seed N`: the long proof, half of it on each engine. Exit code 1 and the shrunk
// sequence when an answer is not one that the model explains; the seed brings it back.
import { parseArgs } from "node:util";
import { ENGINES } from "../house.ts";
import { runSequences } from "./sequences.ts";

const { values } = parseArgs({
	options: {
		sequences: { type: "string", default: "5000" },
		seed: { type: "string" },
		engine: { type: "string" },
	},
});
const sequences = Number(values.sequences);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const engines = ENGINES.filter((engine) => values.engine === undefined || engine === values.engine);
if (
	!Number.isSafeInteger(sequences) ||
	sequences < 1 ||
	!Number.isSafeInteger(seed) ||
	engines.length === 0
) {
	process.stderr.write(
		`Use: npm run model -- --sequences 5000 --seed 1, both whole numbers; --engine ${ENGINES.join(" or ")}.\n`,
	);
	process.exit(2);
}

for (const engine of engines) {
	const startedAt = Date.now();
	const each = Math.ceil(sequences / engines.length);
	try {
		const { steps, requests } = await runSequences({ engine, sequences: each, seed });
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		process.stdout.write(
			`${engine}: ${each} sequences, ${steps} commands, ${requests} requests, ${seconds} s, seed ${seed}\n`,
		);
	} catch (error) {
		process.stdout.write(`BROKEN on ${engine}, seed ${seed}:\n${(error as Error).message}\n`);
		process.exitCode = 1;
	}
}
