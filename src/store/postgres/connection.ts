// One connection: questions go out as they are asked, without waiting for the answers before them, and are answered in
// their order.
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client, DatabaseError, type QueryArrayConfig } from "pg";
import type { Row, Statement, Value } from "../engine.ts";
import type { Host } from "./hosts.ts";
import { ConnectionLost, isReadOnly, leavesDoubt, OutcomeUnknown, Refusal } from "./refusals.ts";

const CONNECT_MS = 2_000;
const KEEP_ALIVE_MS = 5_000;
/** How long the orderly end of a connection is waited for. */
const CLOSE_MS = 1_000;
/** A lock is not waited for longer than a client waits for an answer. */
const LOCK_MS = 2_000;
/** Whoever vanished inside a transaction lets go of what it has locked. */
const IDLE_IN_TRANSACTION_MS = 10_000;

const asIs = (text: string) => text;
const asTruth = (text: string) => (text === "t" ? 1 : 0);
/** By the number of the type: whole numbers (ours have 53 bits) as numbers, truth as SQLite gives it. */
const PARSERS = new Map<unknown, (text: string) => string | number>([
	[16, asTruth],
	[20, Number],
	[21, Number],
	[23, Number],
	[701, Number],
]);
const types = { getTypeParser: (type: unknown) => PARSERS.get(type) ?? asIs } as never;

/** Names are the same on every connection of the process. */
const names = new Map<string, string>();
const texts = new Map<string, string>();

/** What the driver has and its types do not name. */
interface Driven {
	readonly connection: { readonly stream: Duplex };
	readonly processID: number | null;
}

export class Connection {
	/** Questions that have not been answered. */
	underWay = 0;
	/** Nothing more is asked of it. */
	isLost = false;
	readonly #client: Client;
	readonly #socket: Socket;
	/** What questions are written to: the socket, or what encrypts on its way there. */
	#stream: Duplex;
	/** What its server said at the beginning: a name may stand for several, and one of them be a reader. */
	takesWrites = false;
	/** Whether prepared statements outlive a transaction: behind a pooler they do not. */
	#keepsStatements = false;
	#isCorked = false;
	/** A commit went through without the standby that it should have waited for. */
	#isUnsafe = false;
	#lose: (() => void) | null = null;

	/** `onLost` is called once, when it ends by itself. Rejects when it cannot be made. */
	static async open({ url }: Host, onLost: () => void): Promise<Connection> {
		const socket = new Socket();
		const client = new Client({
			connectionString: url,
			stream: () => socket,
			connectionTimeoutMillis: CONNECT_MS,
			keepAlive: true,
			// Before whoever is between forgets an idle connection, or we would notice that the other side is gone.
			keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
			application_name: "latchkey",
			pipeline: true,
			types,
		} as ConstructorParameters<typeof Client>[0]);
		const connection = new Connection(client, socket);
		// The driver watches over the beginning only.
		const timer = setTimeout(() => connection.destroy(), CONNECT_MS);
		try {
			await client.connect();
			connection.#stream = (client as unknown as Driven).connection.stream;
			await connection.#settle();
		} catch (error) {
			connection.destroy();
			throw error;
		} finally {
			clearTimeout(timer);
		}
		connection.#lose = onLost;
		return connection;
	}

	private constructor(client: Client, socket: Socket) {
		this.#client = client;
		this.#socket = socket;
		this.#stream = socket;
		client.on("error", () => this.destroy());
		client.on("end", () => this.destroy());
		client.on("notice", (notice) => {
			// The wait was cut short: what was committed is on the primary alone.
			if ((notice as { readonly routine?: string }).routine === "SyncRepWaitForLSN") this.#isUnsafe = true;
		});
	}

	async #settle(): Promise<void> {
		const [row] = await this.ask(WHO, []);
		this.takesWrites = row?.["read_only"] === "off";
		const { processID } = this.#client as unknown as Driven;
		this.#keepsStatements = row?.["pid"] === processID;
		// Behind a pooler what is set would be someone else's: there each transaction sets it for itself.
		if (this.#keepsStatements) await this.#run(limitsOf("SET"));
	}

	/** The rows of one statement. Rejects with the database's error, or `ConnectionLost`. */
	ask(statement: Statement, values: readonly (Value | readonly Value[])[]): Promise<readonly Row[]> {
		return new Promise((resolve, reject) => {
			const text = toNumbered(statement.sql);
			const config = this.#keepsStatements ? { name: nameOf(text), text } : { text };
			this.#send({ ...config, values: values.map(toKeepable) }, resolve as never, reject);
		});
	}

	/** What is asked next is in the transaction, unless this rejects: need not be waited for before. */
	begin(isolation: "SERIALIZABLE" | "READ COMMITTED"): Promise<unknown> {
		const limits = this.#keepsStatements ? "" : `; ${limitsOf("SET LOCAL")}`;
		const begun = this.#run(`BEGIN ISOLATION LEVEL ${isolation}${limits}`);
		begun.catch(() => {});
		return begun;
	}

	/** Resolves once the transaction is as durable as the database promises; false when it was rolled back instead. */
	async commit(): Promise<boolean> {
		this.#isUnsafe = false;
		const { command } = await this.#run("COMMIT").catch((error) => {
			throw leavesDoubt(error) ? new OutcomeUnknown("nobody said what became of a commit") : error;
		});
		this.refuseUnsafe();
		return command === "COMMIT";
	}

	async rollback(): Promise<void> {
		await this.#run("ROLLBACK");
	}

	/** Throws when a commit since the last call did not wait for its standby. */
	refuseUnsafe(): void {
		if (!this.#isUnsafe) return;
		this.#isUnsafe = false;
		throw new OutcomeUnknown("the wait for the standby was cancelled");
	}

	/** Several statements without values, as one text; inside a transaction or each by itself. */
	async exec(sql: string): Promise<void> {
		await this.#run(sql);
	}

	/** What is asked until the end of this turn of the event loop leaves in one packet. */
	cork(): void {
		if (this.#isCorked) return;
		this.#isCorked = true;
		this.#stream.cork();
		process.nextTick(() => {
			this.#isCorked = false;
			this.#stream.uncork();
		});
	}

	/** Ends it at once: what is under way is rejected. */
	destroy(): void {
		if (this.isLost) return;
		this.isLost = true;
		this.#socket.destroy();
		this.#lose?.();
	}

	/** Ends it in the orderly way. */
	async close(): Promise<void> {
		this.#lose = null;
		if (this.isLost) return;
		this.isLost = true;
		// Whoever does not answer does not say good-bye either.
		const timer = setTimeout(() => this.#socket.destroy(), CLOSE_MS);
		await this.#client.end();
		clearTimeout(timer);
	}

	#run(text: string): Promise<{ readonly command: string }> {
		return new Promise((resolve, reject) =>
			this.#send({ text }, (_, command) => resolve({ command }), reject),
		);
	}

	#send(
		config: { readonly text: string; readonly name?: string; readonly values?: unknown[] },
		resolve: (rows: readonly Row[], command: string) => void,
		reject: (error: unknown) => void,
	): void {
		if (this.isLost) {
			reject(new ConnectionLost("the connection has ended"));
			return;
		}
		this.underWay++;
		this.#client.query(config as QueryArrayConfig, (error, result) => {
			this.underWay--;
			if (error) {
				const isOfServer = error instanceof DatabaseError;
				const refusal = isOfServer ? new Refusal(error) : new ConnectionLost(error.message);
				reject(refusal);
				// It is not the primary, or no longer.
				if (isReadOnly(refusal)) this.destroy();
				return;
			}
			resolve(result.rows as unknown as readonly Row[], String(result.command));
		});
	}
}

const WHO: Statement = {
	sql: "SELECT pg_backend_pid() AS pid, current_setting('transaction_read_only') AS read_only",
};

function limitsOf(set: "SET" | "SET LOCAL"): string {
	return `${set} lock_timeout = ${LOCK_MS}; ${set} idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`;
}

/** `?` as the database numbers them; no text of ours has one that is not a value. */
function toNumbered(sql: string): string {
	let text = texts.get(sql);
	if (text === undefined) {
		let number = 0;
		text = sql.replace(/\?/g, () => `$${++number}`);
		texts.set(sql, text);
	}
	return text;
}

/** A text cannot have this character in it here: it is read as half of a surrogate pair is, as one that is none. */
function toKeepable(value: unknown): unknown {
	if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value;
	return Array.isArray(value) ? value.map(toKeepable) : value;
}

function nameOf(text: string): string {
	let name = names.get(text);
	if (name === undefined) {
		name = `latchkey_${names.size + 1}`;
		names.set(text, name);
	}
	return name;
}
