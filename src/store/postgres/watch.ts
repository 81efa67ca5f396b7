// One host, asked again and again what it is, on a connection of its own. A primary that was replaced goes on
// answering: only the host that took its place can say that it is none any more.
import type { Row, Statement } from "../engine.ts";
import { Connection } from "./connection.ts";
import type { Host } from "./hosts.ts";
import { codeOf } from "./refusals.ts";
import { inTime } from "./waiting.ts";

/** A host that has not answered for so long is not there. */
export const PATIENCE_MS = 2_500;

const LOOK: Statement = {
	sql: `SELECT current_setting('transaction_read_only') AS read_only,
		current_setting('synchronous_commit') AS synchronous_commit,
		current_setting('client_min_messages') AS told_from,
		version() AS version,
		(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::float8 AS now`,
};
/** The number of promotions that led to this server: the greater one was promoted later. */
const TIMELINE: Statement = {
	sql: "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline",
};
const NO_SUCH_FUNCTION = "42883";

/** What a host said of itself. */
export interface Said {
	readonly takesWrites: boolean;
	/** Null for a standby, and where there are no promotions: every host of such a database has the one truth. */
	readonly timeline: number | null;
	/** Its program and version, as it tells them. */
	readonly version: string;
	/** What is to be added to `performance.now()` for the milliseconds since 1970 on its clock. */
	readonly clock: number;
}

export class Watch {
	readonly host: Host;
	/** What it said when it was last asked; null when it did not answer. */
	said: Said | null = null;
	/** Why it did not answer. */
	why: unknown = null;
	/** When the last look that is over began, by `performance.now()`. */
	seenAt = Number.NEGATIVE_INFINITY;
	readonly #asksTimeline: boolean;
	readonly #onSeen: () => void;
	#connection: Connection | null = null;
	#look: Promise<void> | null = null;
	#isClosed = false;

	/** `onSeen` is called after each look. */
	constructor(host: Host, asksTimeline: boolean, onSeen: () => void) {
		this.host = host;
		this.#asksTimeline = asksTimeline;
		this.#onSeen = onSeen;
	}

	/** Nobody is given answers by it that another host could contradict. */
	get isHarmless(): boolean {
		if (this.said) return !this.said.takesWrites || this.said.timeline === null;
		return this.why instanceof Error && "code" in this.why && this.why.code === "ECONNREFUSED";
	}

	/** Joins the one that is under way. Never rejects. */
	look(): Promise<void> {
		this.#look ??= this.#see().finally(() => {
			this.#look = null;
		});
		return this.#look;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		this.#connection?.destroy();
		await this.#look;
	}

	async #see(): Promise<void> {
		if (this.#isClosed) return;
		const beganAt = performance.now();
		try {
			this.said = await inTime(this.#ask(), PATIENCE_MS);
			this.why = null;
		} catch (error) {
			this.said = null;
			this.why = error;
			this.#connection?.destroy();
			this.#connection = null;
		}
		this.seenAt = beganAt;
		this.#onSeen();
	}

	async #ask(): Promise<Said> {
		const connection = await this.#connect();
		const askedAt = performance.now();
		const [row] = (await connection.ask(LOOK, [])) as [Row];
		const middle = (askedAt + performance.now()) / 2;
		if (row["synchronous_commit"] === "off") {
			throw new Error("it acknowledges commits that it may lose: synchronous_commit is off");
		}
		// That a commit did not wait for its standby is told by a warning.
		if (/^(?:error|fatal|panic)$/.test(String(row["told_from"]))) {
			throw new Error(`it keeps its warnings to itself: client_min_messages is ${row["told_from"]}`);
		}
		const takesWrites = row["read_only"] === "off";
		if (!takesWrites && !this.#asksTimeline) {
			// The one name that there is may stand for another server the next time.
			this.#connection = null;
			connection.destroy();
		}
		return {
			takesWrites,
			timeline: takesWrites ? await this.#askTimeline(connection) : null,
			version: String(row["version"]),
			clock: Number(row["now"]) - middle,
		};
	}

	async #connect(): Promise<Connection> {
		if (this.#connection && !this.#connection.isLost) return this.#connection;
		// Whoever ends the connection tells us so at once.
		const connection = await Connection.open(this.host, () => {
			if (this.#connection === connection) void this.look();
		});
		this.#connection?.destroy();
		this.#connection = connection;
		if (this.#isClosed) connection.destroy();
		return connection;
	}

	async #askTimeline(connection: Connection): Promise<number | null> {
		if (!this.#asksTimeline) return null;
		try {
			const [place] = await connection.ask(TIMELINE, []);
			return Number.parseInt(String(place?.["timeline"]), 16);
		} catch (error) {
			if (codeOf(error) === NO_SUCH_FUNCTION) return null;
			throw error;
		}
	}
}
