// F10: twenty rolling restarts over three servers on one PostgreSQL, under load.
import { PostgresServer } from "../postgres/server.ts";
import { restartOneByOne } from "../rolling/rolling.ts";
import type { Figure, Options } from "./figure.ts";

const RESTARTS = 20;
const PER_SECOND = 200;
const DELAY_SECONDS = 5;
/** As load balancers do. */
const POLL_MS = 1_000;
const MOST_SECONDS = 30;

/** `count`: restarts. */
export async function run({ count }: Options): Promise<readonly Figure[]> {
	const restarts = count ?? RESTARTS;
	await using server = await PostgresServer.start({ max_connections: "200" });
	const { reads, renewals, failures, exitCodes, longestStopMs } = await restartOneByOne({
		databaseUrl: server.url,
		restarts,
		delaySeconds: DELAY_SECONDS,
		pollMs: POLL_MS,
		perSecond: PER_SECOND,
	});
	for (const failure of failures) process.stderr.write(`FAILED: ${failure}\n`);
	const seconds = longestStopMs / 1000;
	return [
		{
			promise: "F10",
			figure: `${restarts} restarts, one after the other, over 3 servers on one PostgreSQL: of ${reads} reads and ${renewals} renewals, ${PER_SECOND} a second, ${failures.length} failed`,
			isMet: failures.length === 0 && reads > 0 && renewals > 0,
		},
		{
			promise: "F10",
			figure: `each ended with exit code 0, ${seconds.toFixed(1)} s at most after it was told to (${DELAY_SECONDS} s of them it served on)`,
			isMet: exitCodes.every((code) => code === 0) && seconds <= MOST_SECONDS,
		},
	];
}
