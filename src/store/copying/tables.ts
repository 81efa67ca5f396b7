// Which tables there are, with their columns and keys: read from a database that the migrations have just made, so
// that neither a table nor a column that comes later can be left out of a copy.
import { type Read, statement } from "../engine.ts";
import { migrate } from "../migrate.ts";
import { openEngine } from "../store.ts";

export interface Table {
	readonly name: string;
	readonly columns: readonly string[];
	/** The columns of the primary key, in its order. */
	readonly key: readonly string[];
	/** The key, where it is one whole number: the database may draw it. */
	readonly counter: string | null;
}

/** Where a backup says what is in it. */
export const CONTENTS_TABLE = "backup_contents";
/** What the migrations are applied to, and not what they make. */
const NOT_COPIED = ["migrations", CONTENTS_TABLE];

const LIST_COLUMNS = statement(
	`SELECT t.name AS table_name, c.name AS column_name, c.type, c.pk AS place
	FROM pragma_table_list t JOIN pragma_table_info(t.name) c
	WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
	ORDER BY t.name, c.cid`,
);
const LIST_REFERENCES = statement(
	`SELECT DISTINCT t.name AS table_name, f."table" AS parent
	FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE t.schema = 'main'`,
);

/** All tables that this program has, each behind those that it refers to. */
export async function listTables(): Promise<readonly Table[]> {
	const engine = await openEngine("sqlite::memory:");
	try {
		await migrate(engine);
		return await listTablesOf((statement, values) => engine.read(statement, values));
	} finally {
		await engine.close();
	}
}

/** The same of a SQLite file, whichever version made it. */
export async function listTablesOf(read: Read): Promise<readonly Table[]> {
	const columns = Map.groupBy(await read(LIST_COLUMNS, []), (row) => String(row["table_name"]));
	const references = await read(LIST_REFERENCES, []);
	const waiting = new Set([...columns.keys()].filter((name) => !NOT_COPIED.includes(name)));
	const ordered: string[] = [];
	while (waiting.size > 0) {
		const next = [...waiting].filter(
			(name) =>
				!references.some(
					({ table_name, parent }) => table_name === name && parent !== name && waiting.has(String(parent)),
				),
		);
		if (next.length === 0) throw new Error(`tables refer to each other: ${[...waiting].join(", ")}`);
		for (const name of next) {
			ordered.push(name);
			waiting.delete(name);
		}
	}
	return ordered.map((name) => toTable(name, columns.get(name) ?? []));
}

function toTable(name: string, columns: readonly Readonly<Record<string, unknown>>[]): Table {
	const keyed = columns.filter(({ place }) => Number(place) > 0);
	const inOrder = keyed.toSorted((one, other) => Number(one["place"]) - Number(other["place"]));
	const key = inOrder.map((column) => String(column["column_name"]));
	const isNumber = keyed.length === 1 && keyed[0]?.["type"] === "INTEGER";
	return {
		name,
		columns: columns.map((column) => String(column["column_name"])),
		key,
		counter: isNumber ? (key[0] ?? null) : null,
	};
}
