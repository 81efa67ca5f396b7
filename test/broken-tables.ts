// A table that refuses to be changed, as in a database that is broken or full.
import type { Engine } from "../src/store/engine.ts";
import { IS_POSTGRES } from "./house.ts";

type Verb = "INSERT" | "UPDATE" | "DELETE";

/** Until it is let go of, these statements fail with "broken"; `only` is SQL for the rows that are meant. */
export async function breakTable(
	store: Engine,
	table: string,
	verbs: readonly Verb[],
	only = "1 = 1",
): Promise<AsyncDisposable> {
	const refuse = IS_POSTGRES ? "EXECUTE FUNCTION break()" : "BEGIN SELECT RAISE(FAIL, 'broken'); END";
	const triggers = verbs.map(
		(verb) => `CREATE TRIGGER break_${verb} BEFORE ${verb} ON ${table} FOR EACH ROW WHEN (${only}) ${refuse}`,
	);
	const raise = `CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'broken'; END $$`;
	await store.define(IS_POSTGRES ? [raise, ...triggers] : triggers);
	return {
		[Symbol.asyncDispose]: async () => {
			const mended = verbs.map((verb) => `DROP TRIGGER break_${verb}${IS_POSTGRES ? ` ON ${table}` : ""}`);
			await store.define(IS_POSTGRES ? [...mended, "DROP FUNCTION break"] : mended);
		},
	};
}
