// Several `latchkey` processes on one database. Each has its port for good: one that is started again is found where
// it was.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../postgres/server.ts";

export const KEY = "a public token of the cluster's tests";
const ENTRY = join(import.meta.dirname, "../../bin/latchkey.js");

export class Node {
	readonly port: number;
	readonly #env: Readonly<Record<string, string>>;
	readonly #folder: string;
	#child: ChildProcess | null = null;
	#log = "";

	constructor(port: number, env: Readonly<Record<string, string>>, folder: string) {
		this.port = port;
		this.#env = env;
		this.#folder = folder;
	}

	get pid(): number {
		return Number(this.#child?.pid);
	}

	/** What it has written to standard error since it was started last. */
	get log(): string {
		return this.#log;
	}

	/** Resolves when it is ready. */
	async start(): Promise<void> {
		const child = spawn(process.execPath, [ENTRY, "dev", "--json", "--port", String(this.port)], {
			cwd: this.#folder,
			env: { ...process.env, ...this.#env },
			stdio: ["ignore", "pipe", "pipe"],
		});
		this.#child = child;
		this.#log = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			this.#log = (this.#log + text).slice(-50_000);
		});
		await new Promise<void>((resolve, reject) => {
			child.stdout.once("data", () => resolve());
			child.once("exit", (code) => reject(new Error(`latchkey ended with ${code}: ${this.#log}`)));
		});
	}

	/** Gives the exit code, or null for one that was killed. */
	async end(signal: NodeJS.Signals): Promise<number | null> {
		const child = this.#child;
		if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
		const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
		child.kill(signal);
		return ended;
	}
}

export class Nodes implements AsyncDisposable {
	readonly all: readonly Node[];
	readonly #folder: string;

	/** So many, all started at once on a database that need not have a table yet. */
	static async start(
		count: number,
		databaseUrl: string,
		settings: Readonly<Record<string, string>> = {},
	): Promise<Nodes> {
		const folder = mkdtempSync(join(tmpdir(), "latchkey-cluster-"));
		const env = {
			LATCHKEY_DATABASE_URL: databaseUrl,
			LATCHKEY_STOREFRONT_ACCESS_TOKEN: KEY,
			LATCHKEY_SHOP_URL: "https://shop.example",
			// The load is the database's, not that of hashing.
			LATCHKEY_PASSWORD_MEMORY_KIB: "8",
			LATCHKEY_PASSWORD_PASSES: "1",
			LATCHKEY_LIMIT_SIGN_INS: "off",
			...settings,
		};
		const ports = await Promise.all(Array.from({ length: count }, freePort));
		const nodes = new Nodes(
			ports.map((port) => new Node(port, env, folder)),
			folder,
		);
		try {
			await Promise.all(nodes.all.map((node) => node.start()));
		} catch (error) {
			await nodes[Symbol.asyncDispose]();
			throw error;
		}
		return nodes;
	}

	private constructor(all: readonly Node[], folder: string) {
		this.all = all;
		this.#folder = folder;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await Promise.all(this.all.map((node) => node.end("SIGKILL")));
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
