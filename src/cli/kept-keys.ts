// What `latchkey dev` keeps readable under .latchkey/, so that a restart prints the same keys: the shop's own, and the
// key that seals its secrets. Never a shopper's token, nor a database's password.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Config } from "../config.ts";
import type { Keys } from "../first-shop.ts";
import { makeToken } from "../secrets/token.ts";
import { withoutPassword } from "../store/store.ts";

const FOLDER = ".latchkey";
const KEYS_FILE = `${FOLDER}/keys.json`;

type KeptKeys = { readonly [K in keyof Keys | "encryptionKey"]: string };

/** From the settings, or made once for a database and kept. A database in memory gets new ones. */
export function keepKeys(config: Config): KeptKeys {
	const database = withoutPassword(config.databaseUrl);
	const kept = readKept();
	const known = kept[database];
	const keys: KeptKeys = {
		storefrontAccessToken: config.storefrontAccessToken ?? known?.storefrontAccessToken ?? makeToken(),
		privateAccessToken: config.privateAccessToken ?? known?.privateAccessToken ?? makeToken(),
		adminAccessToken: config.adminAccessToken ?? known?.adminAccessToken ?? makeToken(),
		encryptionKey: config.encryptionKey ?? known?.encryptionKey ?? makeToken(),
	};
	if (database !== "sqlite::memory:" && JSON.stringify(keys) !== JSON.stringify(known)) {
		mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
		writeFileSync(KEYS_FILE, `${JSON.stringify({ ...kept, [database]: keys }, null, "\t")}\n`, {
			mode: 0o600,
		});
	}
	return keys;
}

/** The encryption key of the settings, else the one that `latchkey dev` keeps for this database; null for none. */
export function findEncryptionKey({ encryptionKey, databaseUrl }: Config): string | null {
	return encryptionKey ?? readKept()[withoutPassword(databaseUrl)]?.encryptionKey ?? null;
}

function readKept(): Readonly<Record<string, KeptKeys>> {
	try {
		return JSON.parse(readFileSync(KEYS_FILE, "utf8"));
	} catch {
		return {};
	}
}
