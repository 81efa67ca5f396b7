// `latchkey copy`: moves house, from one database to another.
import type { Command } from "commander";
import { readConfig } from "../config.ts";
import { copyAll } from "../store/copying/copy.ts";
import type { Contents } from "../store/copying/rows.ts";
import { CannotOpen, type Engine } from "../store/engine.ts";
import { nameDatabase, openEngine } from "../store/store.ts";
import { addCommand, type Options, openBeside } from "./operate.ts";
import { showProgress } from "./progress.ts";
import { formatTable } from "./table.ts";
import { Refused, type Terminal } from "./terminal.ts";

interface CopyOptions extends Options {
	readonly from?: string;
	readonly to?: string;
}

export function addCopyCommand(program: Command, terminal: Terminal): void {
	addCommand(
		program,
		"copy",
		"Copy everything into an empty database, on either engine, and compare both. What was interrupted goes on.",
		[
			["to PostgreSQL; its password is in PGPASSWORD", "copy --to postgres://latchkey@db.example/latchkey"],
			["and back", "copy --from postgres://latchkey@db.example/latchkey --to sqlite:latchkey.db"],
		],
	)
		.option("--from <url>", "what is copied, in place of LATCHKEY_DATABASE_URL; no server uses it meanwhile")
		.option("--to <url>", "where it goes, in place of LATCHKEY_DATABASE_URL")
		.action((options: CopyOptions) => copy(terminal, options));
}

async function copy(terminal: Terminal, { from, to, database, json }: CopyOptions): Promise<void> {
	if (from === undefined && to === undefined) throw new Refused("Say with --to where everything is copied.");
	const { databaseUrl } = readConfig(
		terminal.environment,
		database === undefined ? {} : { databaseUrl: database },
	);
	const [source, target] = [from ?? databaseUrl, to ?? databaseUrl];
	// It must be there, and be one that this version reads.
	await (await openBeside(source)).close();
	const contents = await withAlone(source, (read) =>
		withAlone(target, async (written) => {
			const progress = showProgress(terminal);
			try {
				return await read.snapshot((ask) => copyAll(ask, written, { onStep: progress.step }));
			} finally {
				progress.end();
			}
		}),
	);
	const places = { from: nameDatabase(source), to: nameDatabase(target) };
	if (json) terminal.print(JSON.stringify({ ...places, tables: contents }));
	else {
		terminal.print(formatContents(contents));
		terminal.note(`Everything in ${places.from} is in ${places.to}: the same rows, by number and digest.`);
	}
}

/** Refuses a database that a server has open, where that can be known, and one in memory. */
export async function withAlone<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
	if (url === "sqlite::memory:") throw new CannotOpen("A database in memory is its server's alone.");
	const engine = await openEngine(url);
	try {
		return await work(engine);
	} finally {
		await engine.close();
	}
}

export function formatContents(contents: readonly Contents[]): string {
	const rows = contents.map(({ table, rows: number, digest }) => [table, number, digest]);
	return formatTable(["table", "rows", "digest"], rows);
}
