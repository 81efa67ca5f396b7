// F4: the history of all that the clients of four processes were answered, some of them killed and started again.
import { checkOneTruth } from "../cluster/one-truth.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_ACTS = 1_000_000;
const OFFICIAL_PAIRS = 10_000;
const OFFICIAL_KILLS = 40;

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const acts = count ?? OFFICIAL_ACTS;
	const share = acts / OFFICIAL_ACTS;
	const kills = Math.max(2, Math.round(OFFICIAL_KILLS * share));
	const report = await checkOneTruth(acts, kills, seed);
	const { contradictions, faults, pairs, tokens, unknown } = report;
	for (const text of [...contradictions, ...faults].slice(0, 50)) process.stderr.write(`BROKEN: ${text}\n`);
	return [
		{
			promise: "F4",
			figure: `${report.acts} acts on ${tokens} tokens by clients of 4 processes, which were killed ${report.kills} times: ${contradictions.length} contradictions`,
			isMet: contradictions.length === 0 && report.acts >= acts,
		},
		{
			promise: "F4",
			figure: `${pairs} tokens were used at another process within 1 ms of the reply to their deletion, and none was taken`,
			isMet: contradictions.length === 0 && pairs >= OFFICIAL_PAIRS * share,
		},
		{
			promise: "F4",
			figure: `${unknown} acts were not answered, those under way at a process that was killed; ${faults.length} were answered by an error`,
			isMet: faults.length <= acts / 1000,
		},
	];
}
