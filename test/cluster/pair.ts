// Two PostgreSQL servers of which one follows the other: a commit is answered once both have it.
import { setTimeout as pass } from "node:timers/promises";
import { freePort, makeFolder, PostgresServer, type Settings } from "../postgres/server.ts";

const SETTINGS: Settings = {
	max_connections: "200",
	wal_retrieve_retry_interval: "200ms",
	wal_keep_size: "256MB",
};

export class Pair implements AsyncDisposable {
	primary: PostgresServer;
	standby: PostgresServer;
	readonly #names: string;

	static async start(settings: Settings = {}): Promise<Pair> {
		const all = { ...SETTINGS, ...settings };
		const primary = await PostgresServer.start(all);
		const standby = new PostgresServer(makeFolder(), await freePort(), all);
		const pair = new Pair(primary, standby);
		try {
			// Copied with all the rest: whoever becomes the primary answers no commit before another one follows it.
			await pair.waitFor("*");
			await pair.rebuild();
		} catch (error) {
			await pair[Symbol.asyncDispose]();
			throw error;
		}
		return pair;
	}

	private constructor(primary: PostgresServer, standby: PostgresServer) {
		this.primary = primary;
		this.standby = standby;
		const [one, other] = [primary, standby].map(({ url }) => new URL(url)) as [URL, URL];
		this.#names = `${one.username}:${one.password}@${one.host},${other.host}`;
	}

	/** With both hosts, in the order in which they were made. */
	get url(): string {
		return `postgres://${this.#names}/postgres`;
	}

	/** The standby takes the primary's place; the other one is left as it is. */
	async promote(): Promise<void> {
		await this.standby.ask("SELECT pg_promote()");
		[this.primary, this.standby] = [this.standby, this.primary];
	}

	/** Whom the primary's commits wait for: any standby, or nobody. */
	async waitFor(names: "*" | ""): Promise<void> {
		await this.primary.ask(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
		await this.primary.ask("SELECT pg_reload_conf()");
	}

	/** The standby is made anew from the primary; resolves when commits wait for it. */
	async rebuild(): Promise<void> {
		await this.standby.copyFrom(this.primary);
		await this.standby.begin({ primary_conninfo: this.primary.connectionInfo });
		await this.whenFollowed();
	}

	/** Resolves when the standby follows the primary. */
	async whenFollowed(): Promise<void> {
		const isFollowed = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'";
		while ((await this.primary.ask(isFollowed)).length === 0) await pass(50);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.standby[Symbol.asyncDispose]();
		await this.primary[Symbol.asyncDispose]();
	}
}
