// The house rules that a machine can read: the one arrow, nothing dead, nothing printed that is stale.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { findStale } from "../docs/print.ts";

const SRC = join(import.meta.dirname, "../src");

/** Room → the rooms that it may import. Data goes one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	model: [],
	log: [],
	settings: [],
	config: ["settings"],
	secrets: ["model"],
	store: ["model"],
	"store/sqlite": ["model", "store"],
	"store/postgres": ["model", "store"],
	mail: ["model"],
	accounts: ["model", "log", "secrets", "store", "mail"],
	storefront: ["model", "log", "secrets", "mail", "accounts"],
	pages: ["model", "mail", "storefront"],
	http: ["model", "log", "secrets", "store", "accounts", "mail", "storefront", "pages"],
	"first-shop": ["model", "config", "secrets", "store", "accounts", "mail", "storefront"],
	app: ["model", "log", "config", "secrets", "store", "accounts", "mail", "storefront", "http", "first-shop"],
	cli: [
		"model",
		"settings",
		"config",
		"secrets",
		"store",
		"accounts",
		"mail",
		"storefront",
		"http",
		"first-shop",
		"app",
	],
	main: ["cli"],
};

function roomOf(file: string): string {
	const folder = dirname(file);
	if (folder === ".") return file.replace(/\.ts$/, "");
	return folder in MAY_IMPORT ? folder : (folder.split("/")[0] ?? folder);
}

test("no import goes against the arrow", () => {
	const against: string[] = [];
	for (const file of globSync("**/*.ts", { cwd: SRC })) {
		const from = roomOf(file);
		const text = readFileSync(join(SRC, file), "utf8");
		for (const [, path] of text.matchAll(/(?:from|import|import\() ?"(\.[^"]+)"/g)) {
			const target = relative(SRC, join(SRC, dirname(file), String(path)));
			if (target.startsWith("..")) continue;
			const to = roomOf(target);
			const opensEngine = file === "store/store.ts" && ["store/sqlite", "store/postgres"].includes(to);
			if (to !== from && !opensEngine && !MAY_IMPORT[from]?.includes(to)) against.push(`${file} → ${target}`);
		}
	}
	assert.deepEqual(against, []);
});

/** The clock is the database's. */
const CLOCKS = ["store/sqlite/sqlite.ts", "store/postgres/primary.ts"];

test("words of a room stay in it", () => {
	const strays: string[] = [];
	for (const file of globSync("**/*.ts", { cwd: SRC })) {
		const text = readFileSync(join(SRC, file), "utf8");
		const room = roomOf(file);
		if (/from "graphql"/.test(text) && room !== "storefront") strays.push(`${file} speaks GraphQL`);
		if (/"node:sqlite"/.test(text) && room !== "store/sqlite")
			strays.push(`${file} knows which engine it is`);
		if (/"node:http"/.test(text) && room !== "http") strays.push(`${file} speaks HTTP`);
		if (/process\.env/.test(text) && room !== "cli") strays.push(`${file} reads the environment`);
		if (/\bDate\.now\(|new Date\(\)/.test(text) && !CLOCKS.includes(file))
			strays.push(`${file} has a clock of its own`);
	}
	assert.deepEqual(strays, []);
});

test("every file opens with what it is for, and none has grown too long", () => {
	const faults: string[] = [];
	for (const file of globSync("**/*.ts", { cwd: SRC })) {
		const text = readFileSync(join(SRC, file), "utf8");
		if (!text.startsWith("// ")) faults.push(`${file} does not say what it is for`);
		if (text.split("\n").length > 300) faults.push(`${file} is longer than 300 lines`);
	}
	assert.deepEqual(faults, []);
});

test("printed documents say what the code says", async () => {
	assert.deepEqual(await findStale(), [], "run: npm run print");
});

test("no file, export or dependency is dead", async () => {
	const root = join(import.meta.dirname, "..");
	const knip = join(root, "node_modules/knip/bin/knip.js");
	const run = promisify(execFile)(process.execPath, [knip, "--no-progress"], { cwd: root });
	await run.catch((error: { readonly stdout: string }) => assert.fail(error.stdout));
});
