// The official Hydrogen storefront with password accounts, as it ships inside @shopify/cli-hydrogen: its packages are
// installed once for each lockfile, its files are copied anew for each run, and not a byte of them is changed. What it
// is built with stands one folder above it, so that even its package.json stays its own.
// package.json overrides rollup, which the build never loads, with a version whose binaries exist for every platform.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runToEnd, shopEnvironment } from "./processes.ts";

/** Git ignores it, and so do the checks. */
const FOLDER = join(import.meta.dirname, "../../.latchkey/shop");
const PINS = ["package.json", "package-lock.json"] as const;
const STARTER = "node_modules/@shopify/cli-hydrogen/dist/generator-templates/starter";
const CLI = "node_modules/@shopify/cli/bin/run.js";

const INSTALL_WITHIN_MS = 300_000;
const BUILD_WITHIN_MS = 90_000;

export const SCREENSHOTS = join(FOLDER, "steps");

export interface Storefront {
	/** Where the storefront's own files and its build are. */
	readonly folder: string;
	/** The script that is the `shopify` command. */
	readonly cli: string;
	/** The names of its routes: the files under app/routes, without their ending. */
	readonly routes: readonly string[];
}

/** Installs what this lockfile has not installed here yet, copies the storefront and builds it for production. */
export async function buildStorefront(say: (line: string) => void): Promise<Storefront> {
	const installed = await install(say);
	const folder = join(installed, "storefront");
	rmSync(folder, { recursive: true, force: true });
	cpSync(join(installed, STARTER), folder, { recursive: true });
	const cli = join(installed, CLI);
	say("Building the storefront");
	await runToEnd("hydrogen build", process.execPath, [cli, "hydrogen", "build", "--no-lockfile-check"], {
		cwd: folder,
		env: shopEnvironment(installed),
		withinMs: BUILD_WITHIN_MS,
		say,
	});
	const routes = readdirSync(join(folder, "app/routes")).map((file) => file.replace(/\.tsx$/, ""));
	return { folder, cli, routes };
}

/** Gives the folder that holds node_modules. Other lockfiles' folders are removed: each is half a gigabyte. */
async function install(say: (line: string) => void): Promise<string> {
	const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
	for (const file of PINS) hash.update(readFileSync(join(import.meta.dirname, file)));
	const name = `installed-${hash.digest("hex").slice(0, 12)}`;
	const folder = join(FOLDER, name);
	const complete = join(folder, "complete");
	if (existsSync(complete)) {
		say("The storefront's packages are installed already");
		return folder;
	}
	mkdirSync(FOLDER, { recursive: true });
	for (const other of readdirSync(FOLDER)) {
		if (other.startsWith("installed-")) rmSync(join(FOLDER, other), { recursive: true, force: true });
	}
	mkdirSync(folder);
	for (const file of PINS) cpSync(join(import.meta.dirname, file), join(folder, file));
	say("Installing the storefront's packages, about 1300: this takes half a minute or more");
	const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
	await runToEnd("npm ci", "npm", ["ci", "--prefix", folder, ...options], {
		cwd: folder,
		env: process.env,
		withinMs: INSTALL_WITHIN_MS,
		say,
	});
	writeFileSync(complete, "");
	return folder;
}
