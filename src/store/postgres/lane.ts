// A place for one connection to the primary: it is made when it is first needed, and anew when it was lost.
import { Connection } from "./connection.ts";
import type { Primary } from "./primary.ts";
import { ConnectionLost, Overdue } from "./refusals.ts";
import { inTime, pause } from "./waiting.ts";

const PAUSE_MS = 50;

export class Lane {
	readonly #primary: Primary;
	#connection: Connection | null = null;
	#opening: Promise<Connection> | null = null;
	/** Until when somebody waits for it to be opened. */
	#until = 0;
	#isClosed = false;

	constructor(primary: Primary) {
		this.#primary = primary;
	}

	/** Questions that wait for an answer. */
	get underWay(): number {
		return this.#connection?.underWay ?? 0;
	}

	/** Throws `Overdue` when there is none by then (`performance.now()`). */
	async get(until: number): Promise<Connection> {
		const connection = this.#primary.host && this.#usable;
		if (connection) return connection;
		this.#until = Math.max(this.#until, until);
		this.#opening ??= this.#open().finally(() => {
			this.#opening = null;
		});
		return inTime(this.#opening, Math.max(1, until - performance.now()));
	}

	/** What is under way on it is rejected. */
	drop(): void {
		this.#connection?.destroy();
		this.#connection = null;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#opening?.catch(() => null);
		await this.#connection?.close();
	}

	get #usable(): Connection | null {
		return this.#connection?.isLost ? null : this.#connection;
	}

	/** For as long as somebody waits: the one who came last has as much time as the first. */
	async #open(): Promise<Connection> {
		for (;;) {
			if (this.#isClosed) throw new Overdue("the store is closed");
			try {
				const host = await this.#primary.get(this.#until);
				if (this.#usable) return this.#usable;
				const connection = await Connection.open(host, () => this.#primary.doubt());
				// While it was being made another host may have become the primary; and a name may stand for several servers.
				if (this.#primary.host === host && connection.takesWrites) {
					this.#connection = connection;
					return connection;
				}
				connection.destroy();
				throw new ConnectionLost("the server that was found is not the primary");
			} catch (error) {
				if (performance.now() >= this.#until) {
					throw error instanceof Overdue
						? error
						: new Overdue("no connection could be made", { cause: error });
				}
				this.#primary.doubt();
				await pause(PAUSE_MS);
			}
		}
	}
}
