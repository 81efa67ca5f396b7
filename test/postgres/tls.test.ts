// The way to the database: encrypted as the URL says, to a server that is who it says, or not at all. Every byte goes
// through a listener of the tests', so that what could be read on the way is seen.
import assert from "node:assert/strict";
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { rootCertificates } from "node:tls";
import { CannotOpen, statement } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { IS_POSTGRES, startProcess } from "../house.ts";
import { makeFolder, PostgresServer } from "./server.ts";

const skip = IS_POSTGRES ? false : "The pass on PostgreSQL has it.";
const IS_ENCRYPTED = statement("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
const WHO = statement("SELECT current_user AS name");
/** How each encrypted connection begins: eight bytes that ask for it. */
const SSL_REQUEST = Buffer.from("0000000804d2162f", "hex");
/** For localhost and 127.0.0.1, signed by itself. */
const CERTIFICATE = join(import.meta.dirname, "../mail/localhost.pem");

/** A folder with the certificate, a folder of sockets, and an authority that has not signed the certificate. */
function makeFiles() {
	const folder = dirname(makeFolder());
	const pem = join(folder, "server.pem");
	writeFileSync(pem, readFileSync(CERTIFICATE), { mode: 0o600 });
	const { uid, gid } = statSync(folder);
	chownSync(pem, uid, gid);
	const stranger = join(folder, "stranger.pem");
	writeFileSync(stranger, rootCertificates[0] as string);
	return { folder, pem, stranger, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Listens before the server, hands everything on both ways, and remembers what the clients sent. */
async function listenIn(port: number) {
	const sockets = new Set<Socket>();
	const heard: Buffer[][] = [];
	const listener = createServer((client) => {
		const said: Buffer[] = [];
		heard.push(said);
		const server = connect(port, "127.0.0.1");
		for (const [one, other] of [
			[client, server],
			[server, client],
		] as const) {
			sockets.add(one);
			one.on("error", () => other.destroy()).on("close", () => other.destroy());
			one.pipe(other);
		}
		client.on("data", (chunk: Buffer) => said.push(chunk));
	});
	await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
	const { port: own } = listener.address() as { readonly port: number };
	return {
		port: own,
		/** What each connection has sent so far. */
		heard: () => heard.map((said) => Buffer.concat(said)),
		/** From now on nothing passes that way any more, and nobody is told. */
		hold: () => {
			for (const socket of sockets) socket.unpipe().pause();
		},
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((done) => listener.close(done));
		},
	};
}

test("a database is spoken to as its URL says, or not at all", { skip, concurrency: true }, async (t) => {
	using files = makeFiles();
	const settings = { ssl: "on", ssl_cert_file: files.pem, ssl_key_file: files.pem, log_connections: "on" };
	await using server = await PostgresServer.start(settings);
	const [login] = server.authority.split("@");
	const open = (host: string, port: number, query: string, who = login) =>
		openEngine(`postgres://${who}@${host}:${port}/postgres?${query}`);
	const trusting = `sslrootcert=${files.pem}`;
	const distrusting = `sslrootcert=${files.stranger}`;

	for (const [host, query] of [
		["127.0.0.1", "sslmode=require"],
		["127.0.0.1", `sslmode=verify-full&${trusting}`],
		["localhost", `sslmode=verify-full&${trusting}`],
		// A name that the certificate does not have, which this mode does not ask about.
		["127.1", `sslmode=verify-ca&${trusting}`],
		["localhost", `sslmode=verify-full&sslnegotiation=direct&${trusting}`],
	] as const) {
		await t.test(`encrypted: ${host}, ${query.replace(files.folder, "…")}`, async () => {
			await using way = await listenIn(server.port);
			const engine = await open(host, way.port, query);
			assert.deepEqual(await engine.read(IS_ENCRYPTED, []), [{ ssl: 1 }]);
			assert.deepEqual(await engine.change(IS_ENCRYPTED, []), [{ ssl: 1 }]);
			await engine.close();
			assert.ok(way.heard().length > 0);
			for (const bytes of way.heard()) {
				if (!query.includes("direct")) assert.deepEqual(bytes.subarray(0, 8), SSL_REQUEST);
				assert.ok(!/latchkey|SELECT/.test(bytes.toString("latin1")));
			}
		});
	}

	await t.test("in clear, where that is what the URL says", async () => {
		await using way = await listenIn(server.port);
		const engine = await open("127.0.0.1", way.port, "sslmode=disable");
		assert.deepEqual(await engine.read(IS_ENCRYPTED, []), [{ ssl: 0 }]);
		await engine.close();
		for (const bytes of way.heard()) assert.match(bytes.toString("latin1"), /latchkey/);
	});

	const refused = t.test("refused, before anyone has said who is there", async () => {
		await using plain = await PostgresServer.start({ log_connections: "on" });
		await using way = await listenIn(server.port);
		await using plainWay = await listenIn(plain.port);
		const refusals: readonly (readonly [host: string, query: string, sentence: RegExp, port?: number])[] = [
			["localhost", `sslmode=verify-full&${distrusting}`, /certificate/],
			["localhost", `sslmode=verify-ca&${distrusting}`, /certificate/],
			// Nobody's but its own authority.
			["localhost", "sslmode=verify-full", /certificate/],
			["127.1", `sslmode=verify-full&${trusting}`, /does not match certificate/],
			["localhost", "sslmode=verify-full&sslrootcert=/nowhere.pem", /no such file.*\/nowhere\.pem/],
			["localhost", "sslmode=require", /does not support SSL/, plainWay.port],
			["localhost", `sslmode=verify-full&${trusting}`, /does not support SSL/, plainWay.port],
		];
		await Promise.all(
			refusals.map(([host, query, sentence, port = way.port]) =>
				assert.rejects(open(host, port, query, "visitor:secret"), (error) => {
					assert.ok(error instanceof CannotOpen);
					assert.match(error.message, sentence);
					assert.match(error.message, new RegExp(`: ${host}:${port}: `));
					assert.doesNotMatch(error.message, /secret/);
					return true;
				}),
			),
		);
		assert.doesNotMatch(`${server.log}${plain.log}`, /visitor/);
		assert.ok(way.heard().length > 0 && plainWay.heard().length > 0);
		for (const bytes of way.heard()) {
			assert.deepEqual(bytes.subarray(0, 8), SSL_REQUEST);
			assert.ok(!bytes.toString("latin1").includes("visitor"));
		}
		for (const bytes of plainWay.heard()) assert.deepEqual(bytes, SSL_REQUEST);
	});

	const silent = t.test("one that falls silent is given up within 5 seconds, encrypted or not", async () => {
		for (const query of ["sslmode=disable", "sslmode=require"]) {
			await using way = await listenIn(server.port);
			const engine = await open("127.0.0.1", way.port, query);
			await engine.read(IS_ENCRYPTED, []);
			way.hold();
			const begun = performance.now();
			// What asks anew is handed on again.
			await engine.read(IS_ENCRYPTED, []).catch(() => []);
			assert.ok(performance.now() - begun < 5_000);
			await engine.read(IS_ENCRYPTED, []);
			await engine.close();
		}
	});

	const quiet = t.test("nobody is warned of anything at a start", async () => {
		const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
		const url = `${server.url}?sslmode=verify-ca&${trusting}`;
		await using latchkey = await startProcess([], { LATCHKEY_DATABASE_URL: url }, folder);
		assert.equal((await fetch(`${latchkey.url}/readyz`)).status, 200);
		assert.equal(await latchkey.end("SIGTERM"), 0);
		assert.doesNotMatch(latchkey.log(), /warning|deprecat/i);
		rmSync(folder, { recursive: true });
	});
	await Promise.all([refused, silent, quiet]);
});

test("a password is whatever it is, and a socket may stand for a host", { skip }, async (t) => {
	using files = makeFiles();
	await using server = await PostgresServer.start({ unix_socket_directories: files.folder });

	await t.test("a password of any characters, as the URL writes them", async () => {
		for (const password of ["p@ss:w/ord?#[]%41&=+,;", "two words  ", "\"'\\`$1", "Ünïcode ☃ 密码", "100%"]) {
			await server.ask(`DROP ROLE IF EXISTS visitor`);
			await server.ask(`CREATE ROLE visitor LOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
			const engine = await openEngine(
				`postgres://visitor:${encodeURIComponent(password)}@127.0.0.1:${server.port}/postgres`,
			);
			assert.deepEqual(await engine.read(WHO, []), [{ name: "visitor" }], password);
			await engine.close();
		}
	});

	await t.test("a socket of the machine", async () => {
		const [login] = server.authority.split("@");
		const engine = await openEngine(
			`postgres://${login}@/postgres?host=${encodeURIComponent(files.folder)}&port=${server.port}`,
		);
		const rows = await engine.read(
			statement("SELECT client_addr AS address FROM pg_stat_activity WHERE pid = pg_backend_pid()"),
			[],
		);
		assert.deepEqual(rows, [{ address: null }]);
		await engine.close();
	});
});
