// Random lives of a shop's customers, each answer held against a model of a page.
import test from "node:test";
import { ENGINES } from "../house.ts";
import { runSequences } from "./sequences.ts";

/** What one core does in about twenty seconds; `npm run model` does thousands. */
const SEQUENCES = { "sqlite::memory:": 200, "sqlite:file": 150 } as const;

for (const engine of ENGINES) {
	test(`whatever is done, in whatever order and at once, is answered as the model says (${engine})`, async () => {
		const seed = Math.floor(Math.random() * 2 ** 31);
		await runSequences({ engine, sequences: SEQUENCES[engine], seed });
	});
}
