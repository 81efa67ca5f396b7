// A database URL as people write it: the driver is given, for each host, what the URL says, and a URL that cannot be
// read is refused with a sentence that holds no password.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Client } from "pg";
import { CannotOpen } from "../../src/store/engine.ts";
import { parseHosts } from "../../src/store/postgres/hosts.ts";

const WORD = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
/** Any text that UTF-8 can say; the database itself takes no NUL. */
const SECRET = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const NAME = fc.oneof(
	fc.domain(),
	fc.ipV4(),
	fc.ipV6().map((address) => `[${address}]`),
	WORD,
);
const HOST = fc.record({ name: NAME, port: fc.option(fc.integer({ min: 1, max: 65_535 })) });

/** What the driver makes of it, without connecting. */
function read(url: string) {
	const { user, password, host, port, database, ssl } = new Client({ connectionString: url });
	return { user, password, host, port, database, ssl };
}

test("each host is reached by what the URL says, whatever the password is made of", () => {
	fc.assert(
		fc.property(
			fc.record({ user: SECRET, password: SECRET, database: WORD }),
			fc.array(HOST, { minLength: 1, maxLength: 4 }),
			({ user, password, database }, hosts) => {
				const authority = hosts.map(({ name, port }) => (port === null ? name : `${name}:${port}`));
				const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
				const parsed = parseHosts(`postgres://${login}@${authority.join(",")}/${database}`);
				assert.deepEqual(
					parsed.map(({ name }) => name),
					authority,
				);
				for (const [index, { url }] of parsed.entries()) {
					const { name, port } = hosts[index] as { name: string; port: number | null };
					const said = read(url);
					assert.equal(said.user, user);
					assert.equal(said.password, password);
					assert.equal(said.database, database);
					assert.equal(said.port, port ?? 5432);
					// An IPv6 address in its one short form.
					assert.equal(said.host, new URL(`postgres://${name}`).hostname.replace(/^\[|\]$/g, ""));
				}
			},
		),
	);
});

const PASSWORD = "tr0ub4dor-and-3";
/** Where in a URL nonsense may stand. */
const SHAPES: readonly ((one: string, other: string) => string)[] = [
	(one, other) => `postgres://${one}${PASSWORD}${other}`,
	(one, other) => `postgres://latchkey:${PASSWORD}${one}@one${other}`,
	(one, other) => `postgres://latchkey:${PASSWORD}@${one}/db${other}`,
	(one) => `${one}:${PASSWORD}@one/db`,
];
const MARKS = [
	"@",
	":",
	"/",
	"?",
	"#",
	",",
	"[",
	"]",
	"%",
	"%ff",
	" ",
	"[::1]",
	"one:5432",
	"&sslmode=",
	"host=",
];
const NONSENSE = fc
	.array(fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom(...MARKS)), { maxLength: 6 })
	.map((parts) => parts.join(""));

test("what nobody can read is refused, and no refusal holds what was in the URL", () => {
	fc.assert(
		fc.property(fc.constantFrom(...SHAPES), NONSENSE, NONSENSE, (shape, one, other) => {
			const url = shape(one, other);
			try {
				for (const host of parseHosts(url)) read(host.url);
			} catch (error) {
				assert.ok(error instanceof CannotOpen, `${url}: ${String(error)}`);
				assert.ok(!error.message.includes(PASSWORD), error.message);
			}
		}),
		{ numRuns: 1_000 },
	);
});

test("a host too many or too few, a port that is none and a password as it is typed are refused", () => {
	for (const url of [
		"postgres://",
		"postgres:///latchkey",
		"postgres://,/latchkey",
		"postgres://one,,two/latchkey",
		"postgres://one,two/latchkey?host=/run/postgresql",
		"postgres://one:65536/latchkey",
		"postgres://one:port/latchkey",
		"postgres://[::1/latchkey",
		"postgres://[:::]/latchkey",
		"postgres://user:p@ss@one/latchkey",
		"postgres://user:p#ss@one/latchkey",
		"postgres://user:p/ss@one/latchkey",
		"postgres://user:100%@one/latchkey",
		"postgres://user:two words@one/latchkey",
		"postgres://user:%ff@one/latchkey",
		"mysql://one/latchkey",
	]) {
		assert.throws(() => parseHosts(url), CannotOpen, url);
	}
});

test("the modes of TLS mean what they mean everywhere, and one that is not kept is refused", () => {
	const ssl = (query: string) => {
		const is: unknown = read(parseHosts(`postgres://one/latchkey?${query}`)[0]?.url as string).ssl;
		return typeof is === "object" ? { ...is } : is;
	};
	assert.equal(ssl("sslmode=disable"), false);
	assert.deepEqual(ssl("sslmode=require"), { rejectUnauthorized: false });
	assert.deepEqual(ssl("sslmode=verify-full"), {});
	// The first of two, and not the weaker one behind it.
	assert.deepEqual(ssl("sslmode=verify-full&sslmode=disable"), {});
	for (const query of [
		"sslmode=prefer",
		"sslmode=allow",
		"sslmode=no-verify",
		"sslmode=",
		"sslmode=verify-ca",
	]) {
		assert.throws(() => parseHosts(`postgres://one/latchkey?${query}`), CannotOpen, query);
	}
});

test("a standby is not asked for", () => {
	for (const target of ["any", "standby", "prefer-standby", "read-only"]) {
		assert.throws(() => parseHosts(`postgres://one/db?target_session_attrs=${target}`), CannotOpen, target);
	}
	for (const target of ["read-write", "primary"]) {
		const [host] = parseHosts(`postgres://one,two/db?target_session_attrs=${target}`);
		assert.equal(host?.url, "postgres://one/db");
	}
});

test("the folder of a socket stands in the query", () => {
	for (const url of [
		"postgres:///latchkey?host=/run/postgresql",
		"postgres://one/latchkey?host=/run/postgresql",
	]) {
		const [host, ...more] = parseHosts(url);
		assert.deepEqual(more, []);
		assert.equal(host?.name, "/run/postgresql");
		const said = read(host?.url as string);
		assert.deepEqual([said.host, said.port, said.database], ["/run/postgresql", 5432, "latchkey"]);
	}
});
