// The browser that drives the shop: the machine's own Chromium. Where a Debian has none and lets us, we install it.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { runToEnd } from "./processes.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
	"/usr/bin",
	"/usr/local/bin",
	"/snap/bin",
	"/Applications/Chromium.app/Contents/MacOS",
	"/Applications/Google Chrome.app/Contents/MacOS",
];
const APPLICATIONS = ["Chromium", "Google Chrome"];

const INSTALL_WITHIN_MS = 240_000;
const LAUNCH_WITHIN_MS = 30_000;

/** Opens the browser. It reaches this machine and nothing else. */
export async function openBrowser(say: (line: string) => void): Promise<Browser> {
	const executablePath = findChromium() ?? (await installChromium(say));
	return chromium.launch({
		executablePath,
		timeout: LAUNCH_WITHIN_MS,
		handleSIGINT: false,
		handleSIGTERM: false,
		chromiumSandbox: process.getuid?.() !== 0,
		args: ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
	});
}

function findChromium(): string | null {
	const named = process.env["CHROME_PATH"];
	if (named) return named;
	const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...PLACES];
	const files = folders.flatMap((folder) => [...NAMES, ...APPLICATIONS].map((name) => join(folder, name)));
	return files.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

async function installChromium(say: (line: string) => void): Promise<string> {
	const may = existsSync("/etc/debian_version") && process.getuid?.() === 0;
	if (!may) {
		throw new Error("No Chromium was found: install one, or name it in CHROME_PATH.");
	}
	say("No Chromium was found; apt-get installs it");
	const aptGet = (...args: string[]) =>
		runToEnd(`apt-get ${args[0]}`, "apt-get", args, {
			cwd: "/",
			env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
			withinMs: INSTALL_WITHIN_MS,
			say,
		});
	try {
		await aptGet("install", "-y", "chromium");
	} catch {
		// The lists of packages may be old, or missing as in most container images.
		await aptGet("update");
		await aptGet("install", "-y", "chromium");
	}
	const found = findChromium();
	if (!found) throw new Error("apt-get installed no Chromium that can be found: name one in CHROME_PATH.");
	return found;
}
