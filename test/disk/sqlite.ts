// A server whose SQLite file lies on a disk that fails: under load, and held to what it has acknowledged and refused.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { seededRandom } from "../crash/random.ts";
import { type Process, startProcess } from "../house.ts";
import { Disk } from "./disk.ts";
import type { Fault } from "./files.ts";
import { type Endured, Shoppers, until } from "./shoppers.ts";

const BYTES = 256 * 2 ** 20;
const CLIENTS = 12;
const KEY = "storefront-access-token-of-the-disk";
/** Writes that have to be acknowledged before a fault, and refused under it. */
const ENOUGH = 40;

export class ServerOnDisk implements AsyncDisposable {
	readonly disk: Disk;
	#process: Process;

	static async start(): Promise<ServerOnDisk> {
		const disk = await Disk.open(BYTES);
		try {
			return new ServerOnDisk(disk, await serve(disk));
		} catch (error) {
			await disk[Symbol.asyncDispose]();
			throw error;
		}
	}

	private constructor(disk: Disk, process: Process) {
		this.disk = disk;
		this.#process = process;
	}

	get process(): Process {
		return this.#process;
	}

	/** Ends it, and starts it again once the disk is ready. */
	async restart(signal: NodeJS.Signals, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
		await this.#process.end(signal);
		await meanwhile();
		this.#process = await serve(this.disk);
	}

	/** What SQLite says of the file, and how many customer access tokens are in it. */
	inspect(): { readonly integrity: string; readonly tokens: number } {
		const script = `
			const database = new (require("node:sqlite").DatabaseSync)(${JSON.stringify(fileOn(this.disk))});
			console.log(JSON.stringify({
				integrity: database.prepare("PRAGMA integrity_check").get().integrity_check,
				tokens: database.prepare("SELECT count(*) AS n FROM access_tokens").get().n,
			}));
			database.close()`;
		const [program = "", ...words] = [...this.disk.within, process.execPath, "-e", script];
		return JSON.parse(execFileSync(program, words, { encoding: "utf8" }));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#process.end("SIGKILL");
		await this.disk[Symbol.asyncDispose]();
	}
}

/** One fault after the other comes under load and goes again; then the power is cut. */
export async function endure(faults: readonly Fault[], seed: number): Promise<Endured> {
	await using server = await ServerOnDisk.start();
	const shoppers = new Shoppers(() => server.process, seededRandom(seed));
	let reads = 0;
	let slowestHealingMs = 0;
	for (const fault of faults) {
		await shoppers.shopWhile(CLIENTS, async () => {
			await shoppers.until("done", ENOUGH);
			const readBefore = shoppers.done["read"] ?? 0;
			await server.disk.setFault(fault);
			await shoppers.until("errors", ENOUGH);
			reads += (shoppers.done["read"] ?? 0) - readBefore;
			const healedAt = performance.now();
			await server.disk.setFault("none");
			await until(() => shoppers.doneAt > healedAt, "a write is acknowledged again");
			slowestHealingMs = Math.max(slowestHealingMs, shoppers.doneAt - healedAt);
		});
		await shoppers.check(`after ${fault}`, "what is new");
	}
	// What was acknowledged is on the disk: of what was not synced, nothing need be left.
	await server.disk.setFault("off");
	await server.restart("SIGKILL", () => server.disk.restore(seed));
	await shoppers.check("after a power cut");
	const { integrity, tokens } = server.inspect();
	if (integrity !== "ok") shoppers.violations.push(`the file is damaged: ${integrity}`);
	if (tokens !== shoppers.alive) {
		shoppers.violations.push(`${tokens} tokens are there, and ${shoppers.alive} were given out`);
	}
	return { ...shoppers.report(), reads, slowestHealingMs };
}

export interface Cuts {
	readonly violations: readonly string[];
	readonly acknowledged: number;
}

/** The power is cut under load, so many times: of what was not synced every sector is there or not by chance. */
export async function cutPower(cuts: number, seed: number): Promise<Cuts> {
	await using server = await ServerOnDisk.start();
	const random = seededRandom(seed);
	const shoppers = new Shoppers(() => server.process, random);
	for (let cut = 1; cut <= cuts; cut++) {
		await shoppers.shopWhile(CLIENTS, async () => {
			await shoppers.until("done", Math.floor(random() * 4 * ENOUGH));
			shoppers.mayDie = true;
			await server.disk.setFault("off");
			await server.restart("SIGKILL", () => server.disk.restore(seed + cut));
		});
		shoppers.mayDie = false;
		await shoppers.check(`after cut ${cut}`, "what is new");
	}
	await shoppers.check("after all cuts");
	const { integrity } = server.inspect();
	if (integrity !== "ok") shoppers.violations.push(`the file is damaged: ${integrity}`);
	const { violations, acknowledged } = shoppers.report();
	return { violations, acknowledged };
}

function fileOn(disk: Disk): string {
	return join(disk.folder, "latchkey.db");
}

function serve(disk: Disk): Promise<Process> {
	return startProcess(
		["--database", `sqlite:${fileOn(disk)}`],
		{
			LATCHKEY_STOREFRONT_ACCESS_TOKEN: KEY,
			LATCHKEY_PASSWORD_MEMORY_KIB: "8",
			LATCHKEY_PASSWORD_PASSES: "1",
		},
		undefined,
		"dev",
		disk.within,
	);
}
