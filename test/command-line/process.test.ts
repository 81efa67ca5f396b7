// The command line as anyone runs it: processes of their own, beside a server that runs in another.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import {
	askAt,
	IS_POSTGRES,
	openDatabase,
	type Process,
	READ,
	SIGN_IN,
	SIGN_UP,
	startProcess,
} from "../house.ts";
import { ENTER, makePass } from "../multipass/passes.ts";

const ENTRY = join(import.meta.dirname, "../../bin/latchkey.js");
const EMAIL = "ada@example.com";
const CHEAP = { LATCHKEY_PASSWORD_MEMORY_KIB: "8", LATCHKEY_PASSWORD_PASSES: "1" };

/** Runs `latchkey` in a folder to its end, with this on its standard input. */
async function latchkey(
	folder: string,
	settings: Record<string, string>,
	args: readonly string[],
	input = "",
) {
	const child = spawn(process.execPath, [ENTRY, ...args], {
		cwd: folder,
		env: { ...process.env, ...settings },
	});
	const [out, err]: [string[], string[]] = [[], []];
	child.stdout.on("data", (chunk) => out.push(String(chunk)));
	child.stderr.on("data", (chunk) => err.push(String(chunk)));
	child.stdin.end(input);
	const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
	return { code, out: out.join(""), err: err.join("") };
}

/** Signs in, and gives the customer access token. */
async function signIn(server: Process, email: string, password: string): Promise<string> {
	const { data } = await askAt(server, SIGN_IN, { input: { email, password } });
	return data.customerAccessTokenCreate.customerAccessToken.accessToken;
}

test("commands work beside the development server, without a setting where it has a file, and it obeys at once", async () => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-process-"));
	await using database = await openDatabase();
	const settings = IS_POSTGRES ? { ...CHEAP, LATCHKEY_DATABASE_URL: database.url } : CHEAP;
	try {
		await using server = await startProcess([], settings, folder);
		await askAt(server, SIGN_UP, { input: { email: EMAIL, password: "correct horse" } });
		const token = await signIn(server, EMAIL, "correct horse");

		const [disabled, made, multipass, alone, wrong] = await Promise.all([
			latchkey(folder, settings, ["customer", "disable", EMAIL, "--json"]),
			latchkey(
				folder,
				settings,
				["customer", "create", "--email", "grace@example.com", "--password-stdin"],
				"typed in\n",
			),
			latchkey(folder, settings, ["shop", "set", "--multipass", "--json"]),
			latchkey(folder, settings, ["customer", "delete", EMAIL]),
			latchkey(folder, settings, ["customer", "list", "--colour"]),
		]);
		assert.deepEqual([disabled.code, disabled.err], [0, ""]);
		assert.match(disabled.out, /^\{.*"state":"disabled".*\}\n$/);
		assert.deepEqual((await askAt(server, READ, { t: token })).data, { customer: null });

		assert.equal(made.code, 0, made.err);
		assert.match(await signIn(server, "grace@example.com", "typed in"), /^[\da-f]{48}$/);

		// Sealed under the key that the development server made and keeps.
		assert.equal(multipass.code, 0, multipass.err);
		const pass = { email: "bob@example.com", created_at: new Date(Date.now()).toISOString() };
		const entry = await askAt(server, ENTER, {
			t: makePass(pass, JSON.parse(multipass.out).multipassSecret),
		});
		assert.ok(entry.data.customerAccessTokenCreateWithMultipass.customerAccessToken, JSON.stringify(entry));

		const sentence = "Deleting is for good: say --yes where nobody can be asked.\n";
		assert.deepEqual(alone, { code: 1, out: "", err: sentence });
		assert.deepEqual([wrong.code, wrong.out], [1, ""]);
		assert.match(
			wrong.err,
			/^error: unknown option '--colour'\n\nUsage: latchkey customer list \[options\]\n/,
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
