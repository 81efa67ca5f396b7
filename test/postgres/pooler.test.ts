// Latchkey behind pgbouncer in transaction mode, where each transaction may meet another connection to the database: a
// statement that was prepared, or a setting that was made, would be missing or someone else's.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import test from "node:test";
import { ask, statement, transaction } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { DELETE, IS_POSTGRES, openHouse, READ, RENEW } from "../house.ts";
import { freePort, isAnswering, PostgresServer } from "./server.ts";

const KEPT = statement(
	`SELECT current_setting('lock_timeout') AS lock_timeout,
		(SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'latchkey%') AS statements`,
);
const LOOK_INSIDE = transaction<null, unknown>("test: the limit inside a transaction", function* () {
	const [row] = yield ask(KEPT, []);
	return row?.["lock_timeout"];
});
/** Fewer than Latchkey's own connections: they take turns. */
const CONNECTIONS = 2;

const binary = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/opt/homebrew/bin"]
	.map((folder) => join(folder, "pgbouncer"))
	.find((path) => existsSync(path));
const skip = IS_POSTGRES
	? binary === undefined && "There is no pgbouncer on this machine."
	: "The pass on PostgreSQL has it.";

/** A pgbouncer before that server, which can be started anew. */
async function startPooler(server: PostgresServer) {
	const folder = dirname(server.folder);
	const port = await freePort();
	const [user = "", password = ""] = server.authority.split("@")[0]?.split(":").map(decodeURIComponent) ?? [];
	const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
	writeFileSync(join(folder, "users.txt"), `"${user}" "${password}"\n`);
	const settings = join(folder, "pgbouncer.ini");
	writeFileSync(
		settings,
		`[databases]
		postgres = host=127.0.0.1 port=${server.port}
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = ${port}
		unix_socket_dir =
		auth_type = scram-sha-256
		auth_file = ${join(folder, "users.txt")}
		pool_mode = transaction
		default_pool_size = ${CONNECTIONS}
		`.replaceAll("\t", ""),
	);
	// Like the database it does not run as root.
	const { uid, gid } = statSync(server.folder);
	const begin = async () => {
		const child = spawn(String(binary), ["-q", settings], { uid, gid, stdio: ["ignore", "ignore", "pipe"] });
		let log = "";
		child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
			log += chunk;
		});
		const ended = new Promise((done) => child.once("exit", done));
		while (!(await isAnswering(url))) {
			if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${log}`);
		}
		return { child, ended };
	};
	let running = await begin();
	const end = async (signal: NodeJS.Signals) => {
		running.child.kill(signal);
		await running.ended;
	};
	return {
		url,
		startAnew: async () => {
			await end("SIGKILL");
			running = await begin();
		},
		[Symbol.asyncDispose]: () => end("SIGTERM"),
	};
}

test("behind a pooler that hands every transaction to another connection", { skip }, async (t) => {
	await using server = await PostgresServer.start();
	await using pooler = await startPooler(server);
	await using one = await openHouse("postgres", { databaseUrl: pooler.url });
	await using other = await openHouse("postgres", { databaseUrl: pooler.url });
	// Of the shop that both serve, the later start has set the keys.
	Object.assign(one.keys, other.keys);

	await t.test("two processes have one truth: what one ends opens nothing at the other", async () => {
		await Promise.all(
			Array.from({ length: 12 }, async (_, index) => {
				const email = `ada${index}@example.com`;
				const token = await (index % 2 === 0 ? one : other).signedIn(email);
				const read = await other.ask(READ, { t: token });
				assert.equal(read.data.customer.email, email);
				const renewed = await one.ask(RENEW, { t: token });
				assert.equal(renewed.data.customerAccessTokenRenew.customerAccessToken.accessToken, token);
				const deleted = await one.ask(DELETE, { t: token });
				assert.equal(deleted.data.customerAccessTokenDelete.deletedAccessToken, token);
				assert.equal((await other.ask(READ, { t: token })).data.customer, null);
			}),
		);
	});

	await t.test(
		"no statement stays prepared there and no setting is changed, as they are without it",
		async () => {
			for (const [url, lockTimeout, isKept] of [
				[pooler.url, "0", false],
				[server.url, "2s", true],
			] as const) {
				const engine = await openEngine(url);
				for (let round = 0; round < 2 * CONNECTIONS; round++) {
					const [row] = await engine.read(KEPT, []);
					assert.equal(row?.["lock_timeout"], lockTimeout);
					assert.equal(Number(row?.["statements"]) > 0, isKept);
					// Nobody waits for a lock longer than a client for an answer.
					assert.equal(await engine.write(LOOK_INSIDE, null), "2s");
				}
				await engine.close();
			}
		},
	);

	await t.test("a pooler that is started anew is found again", async () => {
		const token = await one.signedIn("grace@example.com");
		await pooler.startAnew();
		const read = await other.ask(READ, { t: token });
		assert.equal(read.data?.customer?.email, "grace@example.com");
		const deleted = await one.ask(DELETE, { t: token });
		assert.equal(deleted.data?.customerAccessTokenDelete?.deletedAccessToken, token);
	});
});
