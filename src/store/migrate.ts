// Brings a database to the form that this program reads: forward only, each step in one transaction.
import { CannotOpen, type Dialect, type Engine, statement } from "./engine.ts";
import * as accounts from "./migrations/0001-accounts.ts";
import * as wholeCustomers from "./migrations/0002-whole-customers.ts";
import * as attempts from "./migrations/0003-attempts.ts";
import * as audit from "./migrations/0004-audit.ts";
import * as quietRequests from "./migrations/0005-quiet-requests.ts";
import * as leases from "./migrations/0006-leases.ts";

interface Migration {
	readonly name: string;
	readonly statements: (dialect: Dialect) => readonly string[];
}

/** In order; a name once published is never changed. */
const MIGRATIONS: readonly Migration[] = [accounts, wholeCustomers, attempts, audit, quietRequests, leases];

/** Where a name of a migration is expected, and no version knows one: a database that must not be served as it is. */
export type Mark = "copy-under-way" | "backup";

const MARKED: Readonly<Record<Mark, string>> = {
	"copy-under-way":
		"What was to be put into this database is not all there: give the same command again, and it goes on.",
	backup: 'This file is a backup: "latchkey restore" puts what is in it into a database.',
};

const LIST_APPLIED = statement("SELECT name FROM migrations ORDER BY name");

/** Names of the migrations that this program knows and the database does not have. */
export async function listPending(engine: Pick<Engine, "read">): Promise<readonly string[]> {
	const applied = await listApplied(engine);
	return MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
}

/**
 * Refuses a database that a newer program has changed: this one would not know what it overwrites. One that is marked
 * is refused as well, but by whoever expects the mark.
 */
export async function refuseNewer(engine: Pick<Engine, "read">, expected?: Mark): Promise<void> {
	const known = new Set(MIGRATIONS.map(({ name }) => name));
	for (const name of await listApplied(engine)) {
		if (!known.has(name) && name !== expected) {
			if (name in MARKED) throw new CannotOpen(MARKED[name as Mark]);
			throw new CannotOpen(
				`The database was made by a newer Latchkey (migration ${name}); run that version.`,
			);
		}
	}
}

/** Applies what is missing; returns the names applied. Refuses what `refuseNewer` does. */
export async function migrate(engine: Engine, expected?: Mark): Promise<readonly string[]> {
	// Where it is there, no right to make tables is needed.
	await listApplied(engine).catch(() =>
		engine.define([
			`CREATE TABLE IF NOT EXISTS migrations (name ${engine.dialect.text} NOT NULL PRIMARY KEY)`,
		]),
	);
	await refuseNewer(engine, expected);
	const pending = await listPending(engine);
	const applied: string[] = [];
	for (const { name, statements } of MIGRATIONS) {
		if (!pending.includes(name)) continue;
		// The name first: whoever else migrates waits for it, and then has nothing to do.
		const begun = `INSERT INTO migrations (name) VALUES ('${name}')`;
		if (await engine.define([begun, ...statements(engine.dialect)])) applied.push(name);
		else if ((await listPending(engine)).includes(name)) {
			throw new CannotOpen(
				`Something in the database has a name that is wanted for a table (migration ${name}): give Latchkey a database of its own, or a schema.`,
			);
		}
	}
	return applied;
}

const SET_MARK = statement("INSERT INTO migrations (name) VALUES (?) ON CONFLICT DO NOTHING");
const REMOVE_MARK = statement("DELETE FROM migrations WHERE name = ?");

/** From now on no version serves it. */
export async function setMark(engine: Engine, mark: Mark): Promise<void> {
	await engine.change(SET_MARK, [mark]);
}

export async function isMarked(engine: Pick<Engine, "read">, mark: Mark): Promise<boolean> {
	return (await listApplied(engine)).has(mark);
}

export async function removeMark(engine: Engine, mark: Mark): Promise<void> {
	await engine.change(REMOVE_MARK, [mark]);
}

async function listApplied(engine: Pick<Engine, "read">): Promise<ReadonlySet<string>> {
	const rows = await engine.read(LIST_APPLIED, []);
	return new Set(rows.map((row) => String(row["name"])));
}
