// Opens the database that a URL names. The only room that knows there could be two kinds.
import { CannotOpen, type Engine } from "./engine.ts";
import { openSqlite } from "./sqlite/sqlite.ts";

/**
 * `sqlite:PATH` or `sqlite::memory:`. One server at a time has a file; with `beside` a command may open it as well.
 * Throws `CannotOpen` with a sentence for the operator.
 */
export function openEngine(url: string, { beside = false } = {}): Engine {
	if (!url.startsWith("sqlite:")) {
		throw new CannotOpen(
			`Latchkey cannot open "${url.split(":", 1)[0]}:…" yet; use sqlite:PATH or sqlite::memory:.`,
		);
	}
	const path = url.slice("sqlite:".length);
	if (path === "")
		throw new CannotOpen("The database URL names no file; use sqlite:PATH or sqlite::memory:.");
	return openSqlite(path, beside);
}
