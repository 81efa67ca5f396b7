// `node test/mail/run.ts --kills 200 --seed N`: the long proof that no decided mail is lost. Exit code 1 when one was.
import { parseArgs } from "node:util";
import { killOften, MOMENTS } from "./killing.ts";

const { values } = parseArgs({
	options: { kills: { type: "string", default: "200" }, seed: { type: "string" } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
	process.stderr.write("Use: node test/mail/run.ts --kills 200 --seed 1, both whole numbers.\n");
	process.exit(2);
}
const { violations, decided, arrived } = await killOften({ kills, seed });
const rows = MOMENTS.map(
	(moment) =>
		`${moment.padEnd(24)}${String(decided[moment]).padStart(8)}${String(arrived[moment]).padStart(9)}`,
);
const table = [`${"killed".padEnd(24)} decided  arrived`, ...rows, "", `kills ${kills}, seed ${seed}`];
process.stdout.write(`${[...table, ...violations.map((text) => `BROKEN: ${text}`)].join("\n")}\n`);
process.exitCode = violations.length > 0 ? 1 : 0;
