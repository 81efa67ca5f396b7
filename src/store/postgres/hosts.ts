// What a `postgres://` URL says: one or several hosts, of which one is the primary, and how each is reached.
import { CannotOpen } from "../engine.ts";

/** How one host is reached: a URL with that host alone, which the driver reads. */
export interface Host {
	readonly url: string;
	/** For people: no password, no user. */
	readonly name: string;
}

/** Scheme, user and password, hosts, the rest. */
const URL_PARTS = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]*)([/?].*)?$/;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
const SSL_MODES = ["disable", "require", "verify-ca", "verify-full"];

/**
 * `postgres://user:password@one:5432,two:5432/latchkey?sslmode=verify-full`, as libpq reads it. Whatever the URL says,
 * only a host that takes writes is used. Throws `CannotOpen`, which never repeats the URL: it may hold a password.
 */
export function parseHosts(url: string): readonly Host[] {
	const [, before = "", hosts = "", after = ""] = URL_PARTS.exec(url) ?? [];
	const [path = "", query = ""] = after.split(/\?(.*)/, 2);
	const parameters = new URLSearchParams(query);
	// Where the query names a host, or the folder of a socket, it is that one.
	const other = parameters.get("host");
	const names = hosts.split(",");
	const isOne = other !== null && names.length === 1 && (hosts === "" || isHost(hosts));
	if (!(isOne || (other === null && names.every(isHost))) || !isEncoded(before + path)) {
		throw new CannotOpen(
			"The database URL cannot be read; use postgres://user:password@host:5432/database, with several hosts as host1:5432,host2:5432, and special characters of the password as %40.",
		);
	}
	const mode = parameters.get("sslmode");
	if (mode !== null && !SSL_MODES.includes(mode)) {
		throw new CannotOpen(`The database URL has an sslmode that is none of ${SSL_MODES.join(", ")}.`);
	}
	if (mode === "verify-ca" && !parameters.has("sslrootcert")) {
		throw new CannotOpen("For sslmode=verify-ca the database URL needs sslrootcert=FILE as well.");
	}
	const target = parameters.get("target_session_attrs");
	if (target !== null && target !== "read-write" && target !== "primary") {
		throw new CannotOpen("Every question is asked of the primary: target_session_attrs is read-write.");
	}
	parameters.delete("target_session_attrs");
	// The modes mean what they mean everywhere else; the driver would take the last of several.
	if (mode !== null) {
		parameters.set("sslmode", mode);
		parameters.set("uselibpqcompat", "true");
	}
	const rest = `${path || "/"}${parameters.size > 0 ? `?${parameters}` : ""}`;
	return names.map((name) => ({
		url: `${before}${name}${rest}`,
		name: other ?? name,
	}));
}

function isHost(name: string): boolean {
	return HOST.test(name) && URL.canParse(`postgres://${name}`);
}

/** Whether every special character is a `%xx`, and what they say is text. */
function isEncoded(text: string): boolean {
	try {
		return !/\s/.test(text) && decodeURIComponent(text) !== null;
	} catch {
		return false;
	}
}
