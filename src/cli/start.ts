// `latchkey start`: the same server for production. Says everything that is missing or unsafe, then refuses.
import { startApp } from "../app.ts";
import { BadSetting, type Config, environmentName } from "../config.ts";
import { isSafeUrl, type Keys } from "../first-shop.ts";
import { runUntilSignal } from "./run.ts";

/** OWASP's floor for argon2id. */
const MIN_MEMORY_KIB = 19_456;
const MIN_PASSES = 2;
const MIN_KEY_LENGTH = 32;

export async function start(config: Config): Promise<void> {
	const faults = findFaults(config);
	if (faults.length > 0) throw new BadSetting(faults.join("\n"));
	const { storefrontAccessToken, privateAccessToken, adminAccessToken } = config;
	const keys: Keys = { storefrontAccessToken, privateAccessToken, adminAccessToken };
	await runUntilSignal(startApp(config, keys, false));
}

function findFaults(config: Config): readonly string[] {
	const faults: string[] = [];
	if (config.databaseUrl === "sqlite::memory:") {
		faults.push("LATCHKEY_DATABASE_URL is in memory: every customer would be lost at the next stop.");
	}
	if (config.shopUrl === null) {
		faults.push("LATCHKEY_SHOP_URL is missing: where the shop’s pages are, e.g. https://shop.example.");
	} else if (!config.shopUrl.startsWith("https://")) {
		faults.push("LATCHKEY_SHOP_URL must begin with https://.");
	}
	if (config.enumeration === "quiet" && config.smtpUrl === null) {
		faults.push("LATCHKEY_ENUMERATION=quiet answers by mail: set LATCHKEY_SMTP_URL.");
	}
	for (const name of ["resetUrl", "activationUrl"] as const) {
		if (!isSafeUrl(config[name])) faults.push(`${environmentName(name)} must begin with https:// or {shop}.`);
	}
	if (config.passwordMemoryKib < MIN_MEMORY_KIB || config.passwordPasses < MIN_PASSES) {
		faults.push(
			`Password hashes would be too cheap to guess: LATCHKEY_PASSWORD_MEMORY_KIB is at least ${MIN_MEMORY_KIB} and LATCHKEY_PASSWORD_PASSES at least ${MIN_PASSES}.`,
		);
	}
	const keys = {
		LATCHKEY_STOREFRONT_ACCESS_TOKEN: config.storefrontAccessToken,
		LATCHKEY_PRIVATE_ACCESS_TOKEN: config.privateAccessToken,
		LATCHKEY_ADMIN_ACCESS_TOKEN: config.adminAccessToken,
	};
	for (const [name, key] of Object.entries(keys)) {
		if (key !== null && key.length < MIN_KEY_LENGTH) {
			faults.push(
				`${name} is too short: make one of at least ${MIN_KEY_LENGTH} characters with "openssl rand -hex 24".`,
			);
		}
	}
	if (config.encryptionKey !== null && config.encryptionKey.length < MIN_KEY_LENGTH) {
		faults.push(`LATCHKEY_ENCRYPTION_KEY is too short: it has at least ${MIN_KEY_LENGTH} characters.`);
	}
	if (config.multipassSecret !== null && config.multipassSecret.length < MIN_KEY_LENGTH) {
		faults.push(`LATCHKEY_MULTIPASS_SECRET is too short: it has at least ${MIN_KEY_LENGTH} characters.`);
	}
	if (config.storefrontAccessToken !== null && config.storefrontAccessToken === config.privateAccessToken) {
		faults.push("One secret cannot be the public and the private token: browsers carry the public one.");
	}
	if (config.storefrontAccessToken === null && config.privateAccessToken === null) {
		faults.push(
			"No program could call: set LATCHKEY_STOREFRONT_ACCESS_TOKEN (for browsers and apps), LATCHKEY_PRIVATE_ACCESS_TOKEN (for servers), or both.",
		);
	}
	return faults;
}
