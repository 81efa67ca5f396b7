// A place for one connection to the primary: it is made when it is first needed, and anew when it was lost.
import { Connection } from "./connection.ts";
import { inTime, type Primary, pause } from "./primary.ts";
import { Overdue } from "./refusals.ts";

const PAUSE_MS = 50;

export class Lane {
	readonly #primary: Primary;
	#connection: Connection | null = null;
	#opening: Promise<Connection> | null = null;

	constructor(primary: Primary) {
		this.#primary = primary;
	}

	/** Questions that wait for an answer. */
	get underWay(): number {
		return this.#connection?.underWay ?? 0;
	}

	/** Throws `Overdue` when there is none by then (`performance.now()`). */
	async get(until: number): Promise<Connection> {
		if (this.#connection && !this.#connection.isLost) return this.#connection;
		this.#opening ??= this.#open(until).finally(() => {
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
		await this.#opening?.catch(() => null);
		await this.#connection?.close();
	}

	async #open(until: number): Promise<Connection> {
		for (;;) {
			const host = await this.#primary.get(until);
			try {
				const connection = await Connection.open(host, () => this.#primary.doubt());
				// While it was being made another host may have become the primary.
				if ((await this.#primary.get(until)) === host) {
					this.#connection = connection;
					return connection;
				}
				connection.destroy();
			} catch (error) {
				if (performance.now() >= until) {
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
