// The processes of a bench: servers that are measured, each by itself, and the load. All end with the bench.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { LoadOrder, LoadResult } from "./load.ts";
import { STOREFRONT_TOKEN } from "./operations.ts";

export interface Server {
	readonly port: number;
	readonly process: ChildProcess;
}

const children: ChildProcess[] = [];

export function endAll(): void {
	for (const child of children) child.kill("SIGKILL");
}

/** `latchkey dev` as anyone starts it; it keeps its keys in the folder. */
export async function startOurs(
	databaseUrl: string,
	folder: string,
	flags: readonly string[] = [],
): Promise<Server> {
	const entry = join(import.meta.dirname, "../bin/latchkey.js");
	const child = spawn(
		process.execPath,
		[...flags, entry, "dev", "--json", "--port", "0", "--database", databaseUrl],
		{
			cwd: folder,
			env: { ...process.env, LATCHKEY_STOREFRONT_ACCESS_TOKEN: STOREFRONT_TOKEN, LATCHKEY_LOG_LEVEL: "warn" },
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	children.push(child);
	const [line] = (await once(child.stdout, "data")) as [Buffer];
	const { url } = JSON.parse(line.toString()) as { url: string };
	return { port: Number(new URL(url).port), process: child };
}

/** One of `servers/`. */
export async function startOther(name: string, env: Readonly<Record<string, string>>): Promise<Server> {
	const child = fork(join(import.meta.dirname, `servers/${name}.ts`), { env: { ...process.env, ...env } });
	children.push(child);
	const [{ port }] = (await once(child, "message")) as [{ port: number }];
	return { port, process: child };
}

/** The load, in a process of its own. */
export class Loader {
	readonly process = fork(join(import.meta.dirname, "load.ts"));

	constructor() {
		children.push(this.process);
	}

	/** Sends it off; `run` waits for what comes of it. */
	start(order: LoadOrder): void {
		this.process.send(order);
	}

	/** Throws when an answer was an error. */
	async run(order: LoadOrder): Promise<LoadResult> {
		this.start(order);
		const [result] = (await once(this.process, "message")) as [LoadResult];
		if (result.failures > 0) throw new Error(`${result.failures} answers were errors`);
		return result;
	}

	end(): void {
		this.process.kill("SIGKILL");
	}
}
