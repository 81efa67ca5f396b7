// Four processes on one PostgreSQL, some of them killed and started again, and the history of all that their clients
// were answered. `npm run trust -- history` makes a long one, history.test.ts a short one.
import { setTimeout as pass } from "node:timers/promises";
import { seededRandom } from "../crash/random.ts";
import { PostgresServer } from "../postgres/server.ts";
import { findContradictions } from "./history.ts";
import { Load } from "./load.ts";
import { Nodes } from "./node.ts";

const NODES = 4;
const CUSTOMERS = 400;
const CLIENTS = 32;
/** So many acts between two kills, at the least. */
const ACTS_BETWEEN_KILLS = 4_000;

export interface Report {
	readonly acts: number;
	readonly tokens: number;
	readonly pairs: number;
	readonly kills: number;
	/** Acts without an answer, or with one that says that nobody knows. */
	readonly unknown: number;
	/** Answers that were errors although only processes were killed. */
	readonly faults: readonly string[];
	readonly contradictions: readonly string[];
	readonly seconds: number;
}

export async function checkOneTruth(acts: number, kills: number, seed: number): Promise<Report> {
	const startedAt = performance.now();
	await using server = await PostgresServer.start({ max_connections: "200" });
	await using nodes = await Nodes.start(NODES, server.url);
	const load = new Load(
		nodes.all.map(({ port }) => port),
		seed,
	);
	await load.prepare(CUSTOMERS);
	const random = seededRandom(seed + 1);
	const between = Math.max(ACTS_BETWEEN_KILLS, Math.floor(acts / (kills + 1)));
	let killed = 0;
	let isDone = false;
	const killing = async () => {
		while (killed < kills) {
			while (!isDone && load.acts.length < between * (killed + 1)) await pass(10);
			if (isDone) return;
			const node = nodes.all[Math.floor(random() * NODES)];
			await node?.end("SIGKILL");
			killed++;
			await node?.start();
		}
	};
	const running = load.run(CLIENTS, acts).finally(() => {
		isDone = true;
	});
	await Promise.all([running, killing()]);
	await load.sweep();
	load.close();
	const { pairs, tokens, faults } = load;
	return {
		acts: load.acts.length,
		tokens: tokens.length,
		pairs,
		kills: killed,
		unknown: load.acts.filter(({ outcome }) => outcome === "unknown").length,
		faults,
		contradictions: findContradictions(load),
		seconds: (performance.now() - startedAt) / 1000,
	};
}
