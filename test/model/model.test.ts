// Random lives of a shop's customers, each answer held against a model of a page: five thousand of up to fifty commands.
import test from "node:test";
import { ENGINES } from "../house.ts";
import { runSequences } from "./sequences.ts";

/** In memory nothing waits for a disk or a network; restarts are in the others alone. */
const SEQUENCES = { "sqlite::memory:": 4800, "sqlite:file": 200, postgres: 100 } as const;

for (const engine of ENGINES) {
	test(`whatever is done, in whatever order and at once, is answered as the model says (${engine})`, async () => {
		const seed = Math.floor(Math.random() * 2 ** 31);
		await runSequences({ engine, sequences: SEQUENCES[engine], seed });
	});
}
