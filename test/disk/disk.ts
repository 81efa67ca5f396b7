// A disk of the tests' own that fails when it is told to: a file system in memory (files.ts) behind the kernel, mounted
// where only the processes of a test see it, by root or by anybody whom the system lets have a namespace of their own.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "./files.ts";
import type { Order } from "./mounted.ts";

export const IS_ROOT = process.getuid?.() === 0;

/** What the disk says after each order. */
interface State {
	/** Calls that it has failed so far. */
	readonly failed: number;
	/** In pages of 4 KiB. */
	readonly free: number;
}

/** Why there can be none on this machine, in a sentence; null where there can. */
export async function whyNoDisk(): Promise<string | null> {
	if (process.platform !== "linux" || !existsSync("/dev/fuse")) {
		return "A disk that fails is a FUSE file system, which needs Linux and /dev/fuse.";
	}
	try {
		await using disk = await Disk.open(1);
		const { status } = spawnSync("nsenter", [...disk.within.slice(1), "stat", disk.folder]);
		return status === 0 ? null : "This machine lets nobody look into the namespace of a disk that fails.";
	} catch (error) {
		return `This machine lets no file system be mounted for a disk that fails: ${(error as Error).message}.`;
	}
}

export class Disk implements AsyncDisposable {
	/** Where it is, for those who are `within`. */
	readonly folder: string;
	/** The words before a command that has the disk before its eyes. */
	readonly within: readonly string[];
	readonly #process: ChildProcess;
	readonly #parent: string;

	/** An empty one of so many bytes, whose folder belongs to the user. */
	static async open(bytes: number, uid = 0): Promise<Disk> {
		const parent = mkdtempSync(join(tmpdir(), "latchkey-disk-"));
		const folder = join(parent, "disk");
		mkdirSync(folder);
		// Others may come by; the disk itself is its user's.
		chmodSync(parent, 0o755);
		// With a user namespace where it takes one: there, whoever made it may mount.
		const child = spawn(
			"unshare",
			[
				IS_ROOT ? "-m" : "-rm",
				process.execPath,
				join(import.meta.dirname, "mounted.ts"),
				folder,
				String(bytes),
				String(uid),
			],
			{ stdio: ["ignore", "ignore", "pipe", "ipc"] },
		);
		let said = "";
		child.stderr?.on("data", (chunk) => {
			said += chunk;
		});
		const disk = new Disk(child, parent, folder);
		try {
			await new Promise<void>((resolve, reject) => {
				child.once("message", (first: State | { readonly unable: string }) =>
					"unable" in first ? reject(new Error(first.unable)) : resolve(),
				);
				child.once("error", reject);
				child.once("exit", () => reject(new Error(said.trim())));
			});
			return disk;
		} catch (error) {
			await disk[Symbol.asyncDispose]();
			throw error;
		}
	}

	private constructor(child: ChildProcess, parent: string, folder: string) {
		this.#process = child;
		this.#parent = parent;
		this.folder = folder;
		const user = IS_ROOT ? [] : ["--user", "--preserve-credentials"];
		this.within = ["nsenter", ...user, "--mount", `--wd=${parent}`, "--target", String(child.pid)];
	}

	/** From when this resolves on, it fails so, or no more. */
	setFault(fault: Fault): Promise<State> {
		return this.#order({ fault });
	}

	/** The power comes back after the fault `off`: what was not synced is there by chance, which the seed decides. */
	restore(seed: number): Promise<State> {
		return this.#order({ restore: seed });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const child = this.#process;
		if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
			const ended = new Promise((done) => child.once("exit", done));
			child.kill("SIGKILL");
			await ended;
		}
		rmSync(this.#parent, { recursive: true, force: true });
	}

	#order(order: Order): Promise<State> {
		return new Promise((resolve, reject) => {
			const fail = () => reject(new Error("the disk has ended"));
			this.#process.once("exit", fail);
			this.#process.once("message", (state: State) => {
				this.#process.off("exit", fail);
				resolve(state);
			});
			this.#process.send(order);
		});
	}
}
