// Which of the hosts is the primary, and what its clock says. Every host is asked each second, on a connection of its
// own: a primary that was replaced goes on answering, and only the other one can say that it is none any more.
import type { Row, Statement } from "../engine.ts";
import { Connection } from "./connection.ts";
import type { Host } from "./hosts.ts";
import { Overdue } from "./refusals.ts";

const LOOK_MS = 1_000;
/** A host that has not answered for so long is not there. */
const PATIENCE_MS = 2_500;

const LOOK: Statement = {
	sql: `SELECT current_setting('transaction_read_only') AS read_only,
		current_setting('synchronous_commit') AS synchronous_commit,
		(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::float8 AS now`,
};
/** The number of promotions that led to this server: the greater one was promoted later. */
const TIMELINE: Statement = {
	sql: "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline",
};

/** What a host said of itself. */
interface Said {
	readonly isPrimary: boolean;
	readonly timeline: number;
	/** What is to be added to `performance.now()` for the milliseconds since 1970 on its clock. */
	readonly clock: number;
	readonly synchronousCommit: string;
}

class Watch {
	readonly host: Host;
	readonly #asksTimeline: boolean;
	#connection: Connection | null = null;

	constructor(host: Host, asksTimeline: boolean) {
		this.host = host;
		this.#asksTimeline = asksTimeline;
	}

	/** Null for a host that does not answer. */
	async ask(): Promise<Said | null> {
		try {
			return await inTime(this.#ask(), PATIENCE_MS);
		} catch (error) {
			this.why = error;
			this.#connection?.destroy();
			this.#connection = null;
			return null;
		}
	}

	/** Why it did not answer when it was last asked. */
	why: unknown = null;

	async #ask(): Promise<Said> {
		if (!this.#connection || this.#connection.isLost) {
			this.#connection = await Connection.open(this.host, () => {});
		}
		const connection = this.#connection;
		const askedAt = performance.now();
		const [row] = (await connection.ask(LOOK, [])) as [Row];
		const middle = (askedAt + performance.now()) / 2;
		const isPrimary = row["read_only"] === "off";
		const [place] = isPrimary && this.#asksTimeline ? await connection.ask(TIMELINE, []) : [];
		return {
			isPrimary,
			timeline: Number.parseInt(String(place?.["timeline"] ?? "0"), 16),
			clock: Number(row["now"]) - middle,
			synchronousCommit: String(row["synchronous_commit"]),
		};
	}

	async close(): Promise<void> {
		await this.#connection?.close();
	}
}

export class Primary {
	/** Called when another host is the primary, or the one there was no longer answers: what is asked of it is void. */
	onChange: () => void = () => {};
	readonly #watches: readonly Watch[];
	readonly #looking: NodeJS.Timeout;
	#host: Host | null = null;
	#timeline = 0;
	#clock = Date.now() - performance.now();
	#look: Promise<void> | null = null;
	#isClosed = false;

	constructor(hosts: readonly Host[]) {
		this.#watches = hosts.map((host) => new Watch(host, hosts.length > 1));
		this.#looking = setInterval(() => void this.#lookAgain(), LOOK_MS).unref();
	}

	/** Milliseconds since 1970 on the primary's clock, as it was last heard. */
	get now(): number {
		return performance.now() + this.#clock;
	}

	/** What became of the look at each host, for an operator. */
	get faults(): readonly string[] {
		return this.#watches.map(({ host, why }) => {
			return `${host.name}: ${why instanceof Error && why.message !== "" ? why.message : "it takes no writes"}`;
		});
	}

	/** Looked for anew where there is none, until then: throws `Overdue`. */
	async get(until: number): Promise<Host> {
		for (;;) {
			if (this.#host) return this.#host;
			if (performance.now() >= until || this.#isClosed) throw new Overdue("no host takes writes");
			await inTime(this.#lookAgain(), Math.max(1, until - performance.now()));
			if (!this.#host) await pause(Math.min(100, Math.max(1, until - performance.now())));
		}
	}

	/** Somebody lost a connection, or was told that the host takes no writes. */
	doubt(): void {
		void this.#lookAgain();
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearInterval(this.#looking);
		await this.#look;
		await Promise.all(this.#watches.map((watch) => watch.close()));
	}

	#lookAgain(): Promise<void> {
		this.#look ??= this.#lookAround().finally(() => {
			this.#look = null;
		});
		return this.#look;
	}

	async #lookAround(): Promise<void> {
		if (this.#isClosed) return;
		const said = await Promise.all(this.#watches.map((watch) => watch.ask()));
		let best: { readonly host: Host; readonly said: Said } | null = null;
		for (const [index, one] of said.entries()) {
			// Whoever was promoted before the last promotion that was ever seen is none any more.
			if (!one?.isPrimary || one.timeline < this.#timeline) continue;
			const host = this.#watches[index]?.host as Host;
			if (!best || one.timeline > best.said.timeline) best = { host, said: one };
		}
		if (best?.said.synchronousCommit === "off") {
			throw new Error("the database acknowledges commits that it may lose: synchronous_commit is off");
		}
		const before = this.#host;
		this.#host = best?.host ?? null;
		if (best) {
			this.#timeline = best.said.timeline;
			this.#clock = best.said.clock;
		}
		if (before !== null && before !== this.#host) this.onChange();
	}
}

/** Rejects with `Overdue` when it takes longer; what comes then is not looked at. */
export function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Overdue("the database does not answer")), milliseconds);
		work.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}

export function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
