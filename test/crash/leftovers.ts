// What a killed process left in its files, looked at in a copy, so that the recovery stays the next process's own.
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Leftovers {
	/** What SQLite finds wrong with the file; empty for a sound one. */
	readonly faults: readonly string[];
	readonly customers: number;
	readonly accessTokens: number;
	readonly walBytes: number;
}

export function inspectLeftovers(file: string): Leftovers {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-leftovers-"));
	try {
		const copy = join(folder, "copy.db");
		for (const suffix of ["", "-wal"]) {
			if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
		}
		const walBytes = existsSync(`${copy}-wal`) ? statSync(`${copy}-wal`).size : 0;
		using database = new DatabaseSync(copy);
		const integrity = database.prepare("PRAGMA integrity_check").all().flatMap(Object.values).map(String);
		const orphans = database.prepare("PRAGMA foreign_key_check").all();
		const faults = integrity.filter((line) => line !== "ok");
		if (orphans.length > 0) faults.push(`${orphans.length} rows refer to nothing`);
		const count = (table: string) =>
			Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
		return { faults, customers: count("customers"), accessTokens: count("access_tokens"), walBytes };
	} catch (error) {
		return { faults: [String(error)], customers: 0, accessTokens: 0, walBytes: 0 };
	} finally {
		rmSync(folder, { recursive: true });
	}
}
