// Which of the hosts is the primary, and what its clock says. Every host is watched, and whoever was promoted last is
// the one. One truth while another takes its place: it is used only when every process that can reach it has seen it.
import type { Host } from "./hosts.ts";
import { isTurnedAway, Overdue } from "./refusals.ts";
import { pause } from "./waiting.ts";
import { PATIENCE_MS, Watch } from "./watch.ts";

const LOOK_MS = 1_000;
/**
 * A process that has not looked at a host for longer asks nothing before it has: it was stopped, or its machine was.
 * Looks follow each other at most so far apart: one that begins has the last one's patience and pause before it, and
 * its own patience.
 */
const FRESH_MS = 2 * PATIENCE_MS + LOOK_MS;
/** So long a primary is known before it is used, where the one before it may still be answering others. */
const HANDOVER_MS = FRESH_MS + 500;
const PAUSE_MS = 50;

export class Primary {
	/** Called when another host is the primary, or the one there was no longer answers: what is asked of it is void. */
	onChange: () => void = () => {};
	readonly #watches: readonly Watch[];
	readonly #looking: NodeJS.Timeout;
	/** The one in use. */
	#watch: Watch | null = null;
	/** The one that was in use last, or would be. */
	#candidate: Watch | null = null;
	/** When it was first seen to be the one, by `performance.now()`. */
	#candidateSince = 0;
	#isCandidateProven = false;
	/** Of the last promotion that was ever seen. */
	#timeline = 0;
	#clock = Date.now() - performance.now();
	#isClosed = false;

	constructor(hosts: readonly Host[]) {
		this.#watches = hosts.map((host) => new Watch(host, hosts.length > 1, () => this.#judge()));
		this.#looking = setInterval(() => this.doubt(), LOOK_MS).unref();
	}

	/** Milliseconds since 1970 on the primary's clock, as it was last heard. */
	get now(): number {
		return performance.now() + this.#clock;
	}

	/** Its program and version; empty where there is none. */
	get version(): string {
		return this.#watch?.said?.version ?? "";
	}

	/** Null where there is none, and where nobody has looked for too long. */
	get host(): Host | null {
		const oldest = performance.now() - FRESH_MS;
		for (const { seenAt } of this.#watches) if (seenAt < oldest) return null;
		return this.#watch?.host ?? null;
	}

	/** What became of the look at each host, for an operator. */
	get faults(): readonly string[] {
		return this.#watches.map(({ host, why, said }) => {
			const fault = said?.takesWrites ? "it was replaced, or is not proven yet" : "it takes no writes";
			return `${host.name}: ${why instanceof Error && why.message !== "" ? why.message : fault}`;
		});
	}

	/** Looked for anew where there is none, until then, or until every host has turned us away: throws `Overdue`. */
	async get(until: number): Promise<Host> {
		for (;;) {
			const { host } = this;
			if (host) return host;
			const left = until - performance.now();
			const isHopeless = this.#isClosed || this.#watches.every(({ why }) => isTurnedAway(why));
			if (left <= 0 || isHopeless) throw new Overdue("no host takes writes");
			this.doubt();
			await pause(Math.min(PAUSE_MS, left));
		}
	}

	/** Somebody lost a connection, or was told that the host takes no writes. */
	doubt(): void {
		for (const watch of this.#watches) void watch.look();
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearInterval(this.#looking);
		await Promise.all(this.#watches.map((watch) => watch.close()));
	}

	/** After each look at a host. */
	#judge(): void {
		if (this.#isClosed) return;
		const best = this.#findBest();
		const timeline = best?.said?.timeline ?? 0;
		if (best && (best !== this.#candidate || timeline > this.#timeline)) {
			this.#candidate = best;
			this.#candidateSince = performance.now();
			this.#isCandidateProven = false;
		}
		this.#timeline = Math.max(this.#timeline, timeline);
		if (best && !this.#isCandidateProven) this.#isCandidateProven = this.#isProven(best);
		const before = this.#watch;
		this.#watch = this.#isCandidateProven ? best : null;
		if (this.#watch?.said) this.#clock = this.#watch.said.clock;
		if (before !== null && before !== this.#watch) this.onChange();
	}

	/** Of those that take writes the one that was promoted last; of equals the one in use. */
	#findBest(): Watch | null {
		let best: Watch | null = null;
		for (const watch of this.#watches) {
			const { said } = watch;
			// Whoever was promoted before the last promotion that was ever seen is none any more.
			if (!said?.takesWrites || (said.timeline ?? 0) < this.#timeline) continue;
			const lead = (said.timeline ?? 0) - (best?.said?.timeline ?? 0);
			if (!best || lead > 0 || (lead === 0 && watch === this.#candidate)) best = watch;
		}
		return best;
	}

	/** Whether nobody can be asking another host any more: each is known to be harmless, or everybody had time to see. */
	#isProven(best: Watch): boolean {
		if (this.#watches.some(({ seenAt }) => seenAt === Number.NEGATIVE_INFINITY)) return false;
		const others = this.#watches.filter((watch) => watch !== best);
		return (
			others.every(({ isHarmless }) => isHarmless) || performance.now() - this.#candidateSince >= HANDOVER_MS
		);
	}
}
