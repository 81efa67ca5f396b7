// A relative of PostgreSQL is told by the name that it gives itself. None can be run here: this is PostgreSQL under the
// name of one.
import assert from "node:assert/strict";
import test from "node:test";
import { migrate } from "../../src/store/migrate.ts";
import { openEngine } from "../../src/store/store.ts";
import { IS_POSTGRES, openDatabase } from "../house.ts";

const COLLATED = {
	sql: `SELECT count(*) AS collated FROM information_schema.columns
		WHERE table_schema = current_schema() AND collation_name = 'C'`,
};

for (const [name, isCollated] of [
	["PostgreSQL 18.4", true],
	["CockroachDB CCL v25.4.1", false],
] as const) {
	test(`texts are ordered by bytes as ${name} does it`, {
		skip: !IS_POSTGRES && "it is about PostgreSQL alone",
	}, async () => {
		await using database = await openDatabase("postgres");
		const own = await openEngine(database.url);
		await own.define([`CREATE FUNCTION version() RETURNS text LANGUAGE sql AS $$ SELECT '${name}' $$`]);
		await own.close();
		// What the database brings along comes first, unless it is named later.
		const engine = await openEngine(`${database.url}${encodeURIComponent(",pg_catalog")}`);
		await migrate(engine);
		const [row] = await engine.read(COLLATED, []);
		assert.equal(Number(row?.["collated"]) > 0, isCollated);
		await engine.close();
	});
}
