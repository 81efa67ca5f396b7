// A database of a test's own, of which all that was written to the disk can be searched.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { IS_POSTGRES } from "../house.ts";
import { PostgresServer } from "../postgres/server.ts";

/** A file, or a log, and what is in it. */
type Writing = readonly [name: string, bytes: Buffer];

export interface WrittenDatabase extends AsyncDisposable {
	readonly url: string;
	/** Runs statements beside the server that is searched. */
	exec(sql: string): Promise<void>;
	/** What has been written so far: of SQLite, by the server into its folder; of PostgreSQL, by its own server, too. */
	listWritings(): Promise<readonly Writing[]>;
}

/** `folder` is the one that the server runs in. */
export async function openWrittenDatabase(folder: string): Promise<WrittenDatabase> {
	if (!IS_POSTGRES) {
		const file = join(folder, "shop.db");
		return {
			url: `sqlite:${file}`,
			exec: async (sql) => {
				using database = new DatabaseSync(file);
				database.exec(sql);
			},
			listWritings: async () => listFiles(folder, 0),
			[Symbol.asyncDispose]: async () => {},
		};
	}
	const server = await PostgresServer.start();
	// What was written before is no test's: it is in files that are not written to any more.
	await server.ask("SELECT pg_switch_wal()");
	await server.ask("CHECKPOINT");
	const openedAt = Date.now();
	return {
		url: server.url,
		exec: async (sql) => void (await server.ask(sql)),
		listWritings: async () => {
			// What is in memory only goes to the files.
			await server.ask("CHECKPOINT");
			const log: Writing = ["the log of PostgreSQL", Buffer.from(server.log)];
			return [...listFiles(folder, 0), ...listFiles(server.folder, openedAt), log];
		},
		[Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
	};
}

/** Those that were written to since, without the zeros that they are filled up with. */
function listFiles(folder: string, since: number): readonly Writing[] {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name))
		.filter((path) => statSync(path).mtimeMs >= since)
		.map((path) => [path.slice(folder.length + 1), withoutZeros(readFileSync(path))]);
}

function withoutZeros(bytes: Buffer): Buffer {
	let end = bytes.length;
	while (end > 0 && bytes[end - 1] === 0) end--;
	return bytes.subarray(0, end);
}
