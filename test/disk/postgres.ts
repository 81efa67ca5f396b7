// Servers whose PostgreSQL lies on a disk that fails, its data or its log: under load, and held to what was acknowledged
// and refused. Where the log fails the database dies, and our process has to find it again.
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../crash/random.ts";
import { startProcess } from "../house.ts";
import { PostgresServer } from "../postgres/server.ts";
import { Disk, IS_ROOT } from "./disk.ts";
import type { Fault } from "./files.ts";
import { type Endured, Shoppers, until } from "./shoppers.ts";

const BYTES = 512 * 2 ** 20;
const CLIENTS = 12;
/** Writes that have to be acknowledged before a fault, and refused under it. */
const ENOUGH = 40;
const NOBODY = 65_534;

/** As a user who is not root: PostgreSQL refuses to run as root. */
const AS_NOBODY = IS_ROOT
	? [`--setuid=${NOBODY}`, `--setgid=${NOBODY}`]
	: ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * One fault after the other comes, under load, to the disk that has the data or the log, and goes again; then the power of
 * that disk is cut. A database that is not there once the disk is well is started again, as whoever watches over it would.
 */
export async function endure(part: "data" | "log", faults: readonly Fault[], seed: number): Promise<Endured> {
	await using disk = await Disk.open(BYTES, IS_ROOT ? NOBODY : 0);
	await using database = await startDatabase(disk, part);
	await using server = await startProcess(
		["--database", database.url],
		{ LATCHKEY_PASSWORD_MEMORY_KIB: "8", LATCHKEY_PASSWORD_PASSES: "1" },
		join(disk.folder, ".."),
	);
	const shoppers = new Shoppers(() => server, seededRandom(seed));
	let reads = 0;
	let slowestHealingMs = 0;
	for (const fault of faults) {
		// A table that cannot grow is an error; without its log, or a sync, the database ends.
		const isFatal = part === "log" || fault !== "full";
		await shoppers.shopWhile(CLIENTS, async () => {
			await shoppers.until("done", ENOUGH);
			shoppers.mayDie = isFatal;
			const readBefore = shoppers.done["read"] ?? 0;
			await disk.setFault(fault);
			if (isFatal) await provoke(database, part);
			// Where it is not there, each client waits for a few seconds.
			await shoppers.until("errors", isFatal ? CLIENTS : ENOUGH);
			if (!isFatal) reads += (shoppers.done["read"] ?? 0) - readBefore;
			await disk.setFault("none");
			if (!(await database.isReady())) {
				await database.end("SIGQUIT");
				await database.begin();
			}
			const healedAt = performance.now();
			await until(() => shoppers.doneAt > healedAt, "a write is acknowledged again");
			slowestHealingMs = Math.max(slowestHealingMs, shoppers.doneAt - healedAt);
		});
		shoppers.mayDie = false;
		await shoppers.check(`after ${fault}`, "what is new");
	}
	await disk.setFault("off");
	await database.crash();
	await disk.restore(seed);
	await database.begin();
	await until(async () => (await fetch(`${server.url}/readyz`)).ok, "the server has found it again");
	await shoppers.check("after a power cut");
	return { ...shoppers.report(), reads, slowestHealingMs };
}

/** With its data or its log on the disk, and the other part beside it. */
async function startDatabase(disk: Disk, part: "data" | "log"): Promise<PostgresServer> {
	const other = join(disk.folder, "..", "other");
	mkdirSync(other, { mode: 0o700 });
	if (IS_ROOT) chownSync(other, NOBODY, NOBODY);
	const [data, log] = part === "data" ? [disk.folder, other] : [other, disk.folder];
	const database = await PostgresServer.start(
		{ fsync: "on", full_page_writes: "on" },
		{
			folder: data,
			within: [...disk.within, ...AS_NOBODY],
			// The log grows by a segment at a time: small ones are soon full.
			options: [`--waldir=${log}`, "--wal-segsize=1"],
		},
	);
	// Nothing of it has been synced yet; a start after a crash syncs all that is there.
	await database.end("SIGQUIT");
	await database.begin();
	return database;
}

/** Has it sync what it has written, or use up what room its log has, until it ends. */
async function provoke(database: PostgresServer, part: "data" | "log"): Promise<void> {
	const sql =
		part === "data"
			? "CHECKPOINT"
			: "SELECT pg_logical_emit_message(true, 'test', 'test'); SELECT pg_switch_wal()";
	try {
		for (;;) await database.ask(sql);
	} catch {
		// It has ended, or refuses whoever comes.
	}
}
