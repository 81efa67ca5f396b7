// `latchkey dev`: one process, everything on. Prints one block, or one line of JSON, when it is ready.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Keys, startApp } from "../app.ts";
import type { Config } from "../config.ts";
import { makeToken } from "../secrets/token.ts";
import { stopOnSignal } from "./run.ts";

const FOLDER = ".latchkey";
const KEYS_FILE = `${FOLDER}/keys.json`;

type DevelopmentKeys = { readonly [K in keyof Keys]: string };

export async function dev(config: Config, json: boolean): Promise<void> {
	const keys = keepKeys(config);
	const app = await startApp(config, keys, true);
	stopOnSignal(app);
	const { url, shop } = app;
	if (json) {
		process.stdout.write(`${JSON.stringify({ url, shop: shop.name, ...keys })}\n`);
		return;
	}
	process.stdout.write(`
  Latchkey is ready.

  Endpoint             ${url}/api/2026-04/graphql.json
  Public token         ${keys.storefrontAccessToken}
  Private token        ${keys.privateAccessToken}
  Admin token          ${keys.adminAccessToken}
  GraphiQL             ${url}/api/2026-04/graphql.json
  Mailbox              ${url}/_dev/mail

`);
}

/**
 * The shop's own keys, from the settings or made once for a database and kept readable, so that a restart prints
 * the same ones. Never a shopper's token. A database in memory gets new ones.
 */
function keepKeys(config: Config): DevelopmentKeys {
	const database = config.databaseUrl;
	const kept = readKept();
	const known = kept[database];
	const keys: DevelopmentKeys = {
		storefrontAccessToken: config.storefrontAccessToken ?? known?.storefrontAccessToken ?? makeToken(),
		privateAccessToken: config.privateAccessToken ?? known?.privateAccessToken ?? makeToken(),
		adminAccessToken: config.adminAccessToken ?? known?.adminAccessToken ?? makeToken(),
	};
	if (database !== "sqlite::memory:" && JSON.stringify(keys) !== JSON.stringify(known)) {
		mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
		writeFileSync(KEYS_FILE, `${JSON.stringify({ ...kept, [database]: keys }, null, "\t")}\n`, {
			mode: 0o600,
		});
	}
	return keys;
}

function readKept(): Readonly<Record<string, DevelopmentKeys>> {
	try {
		return JSON.parse(readFileSync(KEYS_FILE, "utf8"));
	} catch {
		return {};
	}
}
