// Brings a database to the form that this program reads: forward only, each step in one transaction.
import { CannotOpen, type Dialect, type Engine, statement } from "./engine.ts";
import * as accounts from "./migrations/0001-accounts.ts";
import * as wholeCustomers from "./migrations/0002-whole-customers.ts";
import * as attempts from "./migrations/0003-attempts.ts";
import * as audit from "./migrations/0004-audit.ts";
import * as quietRequests from "./migrations/0005-quiet-requests.ts";

interface Migration {
	readonly name: string;
	readonly statements: (dialect: Dialect) => readonly string[];
}

/** In order; a name once published is never changed. */
const MIGRATIONS: readonly Migration[] = [accounts, wholeCustomers, attempts, audit, quietRequests];

const LIST_APPLIED = statement("SELECT name FROM migrations ORDER BY name");

/** Names of the migrations that this program knows and the database does not have. */
export async function listPending(engine: Engine): Promise<readonly string[]> {
	const applied = await listApplied(engine);
	return MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
}

/** Refuses a database that a newer program has changed: this one would not know what it overwrites. */
export async function refuseNewer(engine: Engine): Promise<void> {
	const known = new Set(MIGRATIONS.map(({ name }) => name));
	for (const name of await listApplied(engine)) {
		if (!known.has(name)) {
			throw new CannotOpen(
				`The database was made by a newer Latchkey (migration ${name}); run that version.`,
			);
		}
	}
}

/** Applies what is missing; returns the names applied. Refuses what `refuseNewer` does. */
export async function migrate(engine: Engine): Promise<readonly string[]> {
	await engine.define([
		`CREATE TABLE IF NOT EXISTS migrations (name ${engine.dialect.text} NOT NULL PRIMARY KEY)`,
	]);
	await refuseNewer(engine);
	const pending = await listPending(engine);
	const applied: string[] = [];
	for (const { name, statements } of MIGRATIONS) {
		if (!pending.includes(name)) continue;
		// The name first: whoever else migrates waits for it, and then has nothing to do.
		const begun = `INSERT INTO migrations (name) VALUES ('${name}')`;
		if (await engine.define([begun, ...statements(engine.dialect)])) applied.push(name);
	}
	return applied;
}

async function listApplied(engine: Engine): Promise<ReadonlySet<string>> {
	const rows = await engine.read(LIST_APPLIED, []);
	return new Set(rows.map((row) => String(row["name"])));
}
