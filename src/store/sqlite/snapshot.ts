// A view of the file on a connection of its own: everything as it was committed at one moment, while others write on.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Read, Row, Statement } from "../engine.ts";

const CACHE_KIB = 16_384;

/** The log is not folded into the file beyond the moment of the view until the work is done. */
export async function readInSnapshot<T>(path: string, work: (read: Read) => Promise<T>): Promise<T> {
	const database = new DatabaseSync(path, { readOnly: true });
	try {
		// The view is that of the first question.
		database.exec(
			`PRAGMA busy_timeout = 2000; PRAGMA cache_size = -${CACHE_KIB}; BEGIN; SELECT 1 FROM sqlite_schema`,
		);
		const prepared = new Map<Statement, StatementSync>();
		return await work(async (statement, values) => {
			let ready = prepared.get(statement);
			if (!ready) {
				ready = database.prepare(statement.sql);
				prepared.set(statement, ready);
			}
			return ready.all(...values) as unknown as readonly Row[];
		});
	} finally {
		database.close();
	}
}
