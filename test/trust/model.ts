// `npm run model` as a figure: whatever is done in whatever order is answered as the model says. It has
// what ends tokens in all its combinations (S5, S6).
import { ENGINES } from "../house.ts";
import { runSequences } from "../model/sequences.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_SEQUENCES = 5000;

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const each = Math.ceil((count ?? OFFICIAL_SEQUENCES) / ENGINES.length);
	let commands = 0;
	const broken: string[] = [];
	for (const engine of ENGINES) {
		process.stderr.write(`${each} sequences on ${engine} …\n`);
		try {
			commands += (await runSequences({ engine, sequences: each, seed })).steps;
		} catch (error) {
			broken.push(engine);
			process.stderr.write(`BROKEN on ${engine}: ${(error as Error).message}\n`);
		}
	}
	const outcome = broken.length === 0 ? "each answered as the model says" : `broken on ${broken.join(", ")}`;
	const figure = `${each * ENGINES.length} random sequences of up to 50 commands, alone and at once, over customers, tokens, links, Multipass, states, clock and restarts (${commands} commands): ${outcome}`;
	return ["S5", "S6"].map((promise) => ({ promise, figure, isMet: broken.length === 0 && commands > 0 }));
}
