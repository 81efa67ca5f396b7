// Opens the database that a URL names. The only room that knows there could be two kinds.
import { CannotOpen, type Engine } from "./engine.ts";
import { openSqlite } from "./sqlite/sqlite.ts";

export { beginFile, discardFile, finishFile, readFile } from "./sqlite/backup-file.ts";

/** For a command, which does one thing after the other. */
const FEW_CONNECTIONS = 2;

/**
 * `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. One server at a time has a file; with `beside` a command may open
 * it as well. `connections` are those to PostgreSQL that run transactions. Throws `CannotOpen` with a sentence for the
 * operator.
 */
export async function openEngine(
	url: string,
	{ beside = false, connections = FEW_CONNECTIONS } = {},
): Promise<Engine> {
	if (/^postgres(?:ql)?:/.test(url)) {
		const { openPostgres } = await import("./postgres/postgres.ts");
		return openPostgres(url, connections);
	}
	if (!url.startsWith("sqlite:")) {
		throw new CannotOpen(
			`Latchkey cannot open "${url.split(":", 1)[0]}:…"; use sqlite:PATH, sqlite::memory: or postgres://….`,
		);
	}
	const path = url.slice("sqlite:".length);
	if (path === "")
		throw new CannotOpen("The database URL names no file; use sqlite:PATH or sqlite::memory:.");
	return openSqlite(path, beside);
}

/** User and password, hosts, path, query of a URL in which a password can stand in no other place. */
const POSTGRES_PARTS = /^(postgres(?:ql)?:\/\/)(?:([^@/?#:]*)(:[^@/?#]*)?@)?([^@?#]*)(\?[^@#]*)?$/;

/** The URL as it may be shown: whatever could be a password in it is left out. */
export function withoutPassword(url: string): string {
	if (url.startsWith("sqlite:")) return url;
	const [, scheme, user = "", password, place, query = ""] = POSTGRES_PARTS.exec(url) ?? [];
	if (scheme === undefined) return "…";
	const who = password === undefined && user === "" ? "" : `${user}${password === undefined ? "" : ":…"}@`;
	return `${scheme}${who}${place}${query.replace(/([?&][^=&]*(?:pass|%)[^=&]*=)[^&]*/gi, "$1…")}`;
}

/** How a database is named to people: without its user, its password and its options. */
export function nameDatabase(url: string): string {
	const [, hosts, path = ""] = /^postgres(?:ql)?:\/\/(?:[^@/?#]*@)?([^@/?#]*)(\/[^?#]*)?/.exec(url) ?? [];
	if (hosts !== undefined) return `postgres://${hosts}${path}`;
	return url.startsWith("sqlite:") ? url.slice("sqlite:".length) : "the database";
}
