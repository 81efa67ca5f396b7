// Random lives of a shop's customers, each answer held against a model of a page: five thousand of up to fifty commands.
import test from "node:test";
import { runSequences } from "./sequences.ts";

/** In a file each act waits for the disk; restarts are there alone, and are part of these. */
const SEQUENCES = { "sqlite::memory:": 4800, "sqlite:file": 200 } as const;

for (const engine of ["sqlite::memory:", "sqlite:file"] as const) {
	test(`whatever is done, in whatever order and at once, is answered as the model says (${engine})`, async () => {
		const seed = Math.floor(Math.random() * 2 ** 31);
		await runSequences({ engine, sequences: SEQUENCES[engine], seed });
	});
}
