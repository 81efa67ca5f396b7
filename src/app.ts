// Settings → a running server. The only file that knows every room; main, the command line and the tests start here.
import { ensureApiKey, ensureFirstShop, type ShopProfile } from "./accounts/administration.ts";
import type { Clock } from "./accounts/context.ts";
import type { Config } from "./config.ts";
import { renderGraphiql } from "./http/development.ts";
import { createHttpServer, type Doors, listen, stopListening } from "./http/server.ts";
import { createLog } from "./log.ts";
import type { Seconds, Shop } from "./model.ts";
import { createPasswords } from "./secrets/password.ts";
import { deleteAllCustomers } from "./store/customers.ts";
import type { Engine } from "./store/engine.ts";
import { migrate } from "./store/migrate.ts";
import { openEngine } from "./store/store.ts";
import { createDocuments } from "./storefront/documents.ts";
import { schemaOf } from "./storefront/schema.ts";
import { ALL_SCOPES } from "./storefront/scopes.ts";
import { NEWEST } from "./storefront/versions.ts";

/** The secrets of the first shop's programs; a member that is null makes no key. */
export interface Keys {
	readonly storefrontAccessToken: string | null;
	readonly privateAccessToken: string | null;
	readonly adminAccessToken: string | null;
}

export interface App {
	/** Where it listens, e.g. `http://localhost:4000`. */
	readonly url: string;
	readonly shop: Shop;
	readonly store: Engine;
	readonly clock: Clock;
	close(): Promise<void>;
}

/**
 * Opens the database, brings it up to date, makes the first shop and its keys, and listens. Under `development`
 * the doors of `/_dev/` are open and the shop's URL may be the server's own.
 */
export async function startApp(config: Config, keys: Keys, development: boolean): Promise<App> {
	const store = openEngine(config.databaseUrl);
	try {
		return await furnish(store, config, keys, development);
	} catch (error) {
		await store.close();
		throw error;
	}
}

async function furnish(store: Engine, config: Config, keys: Keys, development: boolean): Promise<App> {
	const log = createLog(config.logLevel);
	await migrate(store);
	let advanced: Seconds = 0;
	const clock: Clock = { now: () => Math.floor(Date.now() / 1000) + advanced };
	const cost = { memoryKib: config.passwordMemoryKib, passes: config.passwordPasses };
	const passwords = createPasswords(cost, config.passwordQueue);
	const documents = createDocuments();
	const policy = {
		tokenLifetimeSeconds: config.tokenLifetimeSeconds,
		minPasswordLength: config.passwordMinLength,
	};
	const graphiqlToken = keys.storefrontAccessToken ?? "";
	const doors: Doors = {
		storefront: {
			accounts: { store, passwords, clock, policy },
			documents,
			log,
			tokenlessAccess: config.tokenlessAccess,
			graphiql: development ? (path) => renderGraphiql(path, graphiqlToken) : null,
		},
		development: development
			? {
					advanceClock: (seconds) => {
						advanced += seconds;
						return clock.now();
					},
					reset: async () => {
						await deleteAllCustomers(store);
						advanced = 0;
					},
				}
			: null,
		metrics: config.metrics
			? await openMetrics(
					() => passwords.load,
					() => documents.size,
				)
			: null,
		store,
		log,
	};
	const server = createHttpServer(doors);
	const port = await listen(server, config.host, config.port);
	const url = `http://${config.host === "127.0.0.1" ? "localhost" : config.host}:${port}`;
	const shop = await ensureFirstShop(store, shopProfile(config, url), clock.now());
	await ensureKeys(store, shop, keys, clock.now());
	schemaOf(NEWEST);
	// Under development the block on standard output says so.
	const tell = development ? log.debug.bind(log) : log.info.bind(log);
	tell({ url, database: config.databaseUrl.split(":", 1)[0] }, "ready");
	return {
		url,
		shop,
		store,
		clock,
		close: async () => {
			await stopListening(server);
			await passwords.close();
			await store.close();
			tell({}, "stopped");
		},
	};
}

function shopProfile(config: Config, url: string): ShopProfile {
	return {
		name: config.shopName,
		description: config.shopDescription,
		url: config.shopUrl ?? url,
		country: config.shopCountry,
		language: config.shopLanguage,
		currency: config.shopCurrency,
	};
}

async function ensureKeys(store: Engine, shop: Shop, keys: Keys, now: Seconds): Promise<void> {
	const { storefrontAccessToken, privateAccessToken, adminAccessToken } = keys;
	if (storefrontAccessToken)
		await ensureApiKey(store, shop, "public", storefrontAccessToken, ALL_SCOPES, now);
	if (privateAccessToken) await ensureApiKey(store, shop, "private", privateAccessToken, ALL_SCOPES, now);
	if (adminAccessToken) await ensureApiKey(store, shop, "admin", adminAccessToken, [], now);
}

/** Loaded only where it is asked for: it takes a while to load and counts all the time. */
async function openMetrics(hashes: () => number, documents: () => number): Promise<Doors["metrics"]> {
	const { createMetrics } = await import("./http/metrics.ts");
	return createMetrics({ hashes, documents });
}
