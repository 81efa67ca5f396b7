// F5: the primary is killed under load, and its standby takes its place.
import { failOver, READS_BACK_MS, WRITES_BACK_MS } from "../cluster/failover.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_FAILOVERS = 20;

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const times = count ?? OFFICIAL_FAILOVERS;
	const { contradictions, acts, acknowledgedWrites, readMs, writeMs } = await failOver(times, seed);
	for (const text of contradictions.slice(0, 50)) process.stderr.write(`BROKEN: ${text}\n`);
	const [reads, writes] = [readMs, writeMs].map((all) => Math.max(...all)) as [number, number];
	return [
		{
			promise: "F5",
			figure: `the primary killed ${times} times under load: of ${acts} acts, ${acknowledgedWrites} acknowledged writes among them, ${contradictions.length} contradict what came before or after`,
			isMet: contradictions.length === 0 && acknowledgedWrites > 0,
		},
		{
			promise: "F5",
			figure: `every process reads again after at most ${(reads / 1000).toFixed(1)} s`,
			isMet: reads <= READS_BACK_MS,
		},
		{
			promise: "F5",
			figure: `every process writes again after at most ${(writes / 1000).toFixed(1)} s`,
			isMet: writes <= WRITES_BACK_MS,
		},
	];
}
