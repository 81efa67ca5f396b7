// The primary is killed under load and its standby takes its place, again and again, while the processes go on. The
// history of all that their clients were answered has to have one order over all of it.
import { setTimeout as pass } from "node:timers/promises";
import { type Act, findContradictions } from "./history.ts";
import { Load } from "./load.ts";
import { Nodes } from "./node.ts";
import { Pair } from "./pair.ts";

/** Within this, after the primary was killed, every process answers again. */
export const READS_BACK_MS = 15_000;
export const WRITES_BACK_MS = 30_000;
const NODES = 2;
const CUSTOMERS = 40;
const CLIENTS = 16;
/** Load before each kill, so that what is lost would be something. */
const LOAD_MS = 1_500;
/** Until then every process has to have written again. */
const LIMIT_MS = 60_000;

export interface FailoverReport {
	readonly acts: number;
	readonly acknowledgedWrites: number;
	/** Of each failover, from the kill until every process has answered one that was sent after it. */
	readonly readMs: readonly number[];
	readonly writeMs: readonly number[];
	readonly contradictions: readonly string[];
}

export async function failOver(times: number, seed: number): Promise<FailoverReport> {
	await using pair = await Pair.start();
	await using nodes = await Nodes.start(NODES, pair.url);
	const load = new Load(
		nodes.all.map(({ port }) => port),
		seed,
	);
	await load.prepare(CUSTOMERS);
	const running = load.run(CLIENTS);
	const killedAt: number[] = [];
	try {
		for (let time = 0; time < times; time++) {
			await pass(LOAD_MS);
			await pair.primary.crash();
			const at = performance.now();
			killedAt.push(at);
			await pair.promote();
			await pair.rebuild();
			while (backAfter(load.acts, isWrite, at) === null && performance.now() < at + LIMIT_MS) await pass(50);
		}
	} finally {
		load.stop();
		await running;
	}
	await load.sweep();
	load.close();
	const { acts } = load;
	return {
		acts: acts.length,
		acknowledgedWrites: acts.filter((act) => isWrite(act) && act.outcome === "accepted").length,
		readMs: killedAt.map((at) => backAfter(acts, isRead, at) ?? Number.POSITIVE_INFINITY),
		writeMs: killedAt.map((at) => backAfter(acts, isWrite, at) ?? Number.POSITIVE_INFINITY),
		contradictions: findContradictions(load),
	};
}

const isRead = ({ kind }: Act) => kind === "read";
const isWrite = ({ kind }: Act) => kind !== "read";

/** Milliseconds from `at` until every process had answered one that was sent after it; null for never. */
function backAfter(acts: readonly Act[], isOne: (act: Act) => boolean, at: number): number | null {
	let latest = 0;
	for (let node = 0; node < NODES; node++) {
		const first = acts.find((act) => {
			return act.node === node && act.sentAt > at && act.outcome === "accepted" && isOne(act);
		});
		if (!first) return null;
		latest = Math.max(latest, first.answeredAt - at);
	}
	return latest;
}
