// The two servers: ours, as `latchkey dev` on a file of its own, and the storefront, whose store domain is ours.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { type Process, startProcess } from "../house.ts";
import type { Storefront } from "./install.ts";
import { findFreePort, type Program, shopEnvironment, startProgram } from "./processes.ts";

const READY_WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 50;
const COMMAND_WITHIN_MS = 30_000;

/** As the mailbox at /_dev/mail lists it, as far as we look. */
interface Mail {
	readonly to: string;
	readonly links: readonly string[];
}

export interface Servers {
	/** The storefront's address, which is also the shop's URL in our settings: mailed links lead there. */
	readonly shopUrl: string;
	/** What the storefront has written since the last call, without its lines for requests. */
	takeShopLog(): string;
	/** The errors that we have logged since the last call. */
	takeErrors(): string;
	/** The mails that an address has got, newest first. */
	listMails(to: string): Promise<readonly Mail[]>;
	/** The newest link to a path of the storefront that was mailed to an address. */
	findMailedLink(to: string, path: string): Promise<string>;
	/** Runs a command of the operator beside the running server, on the same database; gives its JSON as it stands. */
	operate(...args: string[]): Promise<string>;
}

/** Starts both. Each is handed to the stack as soon as it is there, so that it ends even when the rest fails. */
export async function startServers(opened: AsyncDisposableStack, storefront: Storefront): Promise<Servers> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-shop-"));
	opened.defer(() => rmSync(folder, { recursive: true, force: true }));
	const port = await findFreePort();
	const shopUrl = `http://localhost:${port}`;
	const database = `sqlite:${join(folder, "shop.db")}`;
	const settings = { LATCHKEY_SHOP_URL: shopUrl, LATCHKEY_SHOP_NAME: "Corner Shop" };
	const latchkey = opened.use(await startProcess(["--database", database], settings, folder));
	const shop = opened.use(startShop(storefront, port, latchkey));
	await waitUntilReady(shop, shopUrl);
	const readShop = reader(shop.log);
	const readOurs = reader(latchkey.log);
	readShop();
	const listMails = async (to: string): Promise<readonly Mail[]> => {
		const response = await fetch(`${latchkey.url}/_dev/mail`);
		return ((await response.json()) as Mail[]).filter((mail) => mail.to === to);
	};
	return {
		shopUrl,
		takeShopLog: () => readShop().replace(REQUEST_LINE, "").trim(),
		takeErrors: () => (readOurs().match(ERROR_LINE) ?? []).join("\n"),
		listMails,
		findMailedLink: async (to, path) => {
			const links = (await listMails(to)).flatMap((mail) => mail.links);
			const link = links.find((url) => url.startsWith(`${shopUrl}${path}`));
			if (!link) throw new Error(`No link to ${path} was mailed to ${to}, only: ${links.join(" ")}`);
			return link;
		},
		operate: async (...args) => {
			const entry = join(import.meta.dirname, "../../bin/latchkey.js");
			const { stdout } = await promisify(execFile)(
				process.execPath,
				[entry, ...args, "--json", "--database", database],
				{ cwd: folder, env: { ...process.env, ...settings }, timeout: COMMAND_WITHIN_MS },
			);
			return stdout;
		},
	};
}

/** `   GET  200  render  /account/login  12ms` */
const REQUEST_LINE = /^ *(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) {2}\d{3} .*$/gm;

/** A line of our log that tells of a fault of ours. */
const ERROR_LINE = /^\{"level":"(?:error|fatal)".*$/gm;

/** Gives what a log has grown by since the last call. */
function reader(log: () => string): () => string {
	let read = 0;
	return () => {
		const fresh = log().slice(read);
		read += fresh.length;
		return fresh;
	};
}

function startShop(storefront: Storefront, port: number, latchkey: Process): Program {
	const env = {
		...shopEnvironment(join(storefront.folder, "..")),
		// The tool starts itself again, out of our reach, where this is missing.
		NODE_OPTIONS: "--experimental-vm-modules",
		SESSION_SECRET: "of no use outside of this test",
		PUBLIC_STORE_DOMAIN: latchkey.url,
		PUBLIC_STOREFRONT_API_TOKEN: latchkey.storefrontAccessToken,
	};
	const args = [storefront.cli, "hydrogen", "preview", "--port", String(port)];
	return startProgram(process.execPath, args, storefront.folder, env);
}

/** It says where it listens, which is elsewhere when the port was taken in the meantime. */
async function waitUntilReady(shop: Program, shopUrl: string): Promise<void> {
	const until = Date.now() + READY_WITHIN_MS;
	let ended = false;
	void shop.ended.then(() => {
		ended = true;
	});
	while (!ended && Date.now() < until) {
		if (shop.log().includes(`View Hydrogen app: ${shopUrl} `)) return;
		await pause(ASK_AGAIN_MS);
	}
	throw new Error(`The storefront did not start at ${shopUrl}:\n${shop.log()}`);
}
