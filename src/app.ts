// Settings → a running server. The only file that knows every room; main, the command line and the tests start here.
import { ensureFirstShop, replaceApiKey, type ShopProfile } from "./accounts/administration.ts";
import type { Clock } from "./accounts/context.ts";
import { BadSetting, type Config } from "./config.ts";
import { renderGraphiql } from "./http/development.ts";
import { createHttpServer, type Doors, listen, stopListening } from "./http/server.ts";
import { createLog } from "./log.ts";
import type { ApiKeyKind, Seconds, Shop } from "./model.ts";
import { createPasswords } from "./secrets/password.ts";
import { deleteAllCustomers } from "./store/customers.ts";
import type { Engine } from "./store/engine.ts";
import { migrate } from "./store/migrate.ts";
import { openEngine } from "./store/store.ts";
import { createDocuments } from "./storefront/documents.ts";
import { isPublishedCode } from "./storefront/schema.ts";
import { ALL_SCOPES } from "./storefront/scopes.ts";

/** The end of the year 8999: a token made then still ends at a time of four digits. */
const LAST_SECOND: Seconds = 221_845_391_999;

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
						if (clock.now() + seconds > LAST_SECOND) return null;
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
	checkCodes(config);
	const server = createHttpServer(doors);
	// With its own address the shop is there before the first request; without one, the server's has to be known.
	const early = config.shopUrl && (await ensureShopAndKeys(store, config, config.shopUrl, keys, clock.now()));
	const port = await listen(server, config.host, config.port);
	const url = `http://${urlHost(config.host)}:${port}`;
	const shop = early || (await ensureShopAndKeys(store, config, url, keys, clock.now()));
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
		url,
		country: config.shopCountry,
		language: config.shopLanguage,
		currency: config.shopCurrency,
	};
}

async function ensureShopAndKeys(
	store: Engine,
	config: Config,
	url: string,
	keys: Keys,
	now: Seconds,
): Promise<Shop> {
	const shop = await ensureFirstShop(store, shopProfile(config, url), now);
	const all = new Set(ALL_SCOPES);
	const of = (kind: ApiKeyKind, scopes: ReadonlySet<string>) => ({ kind, scopes, title: "settings" });
	await replaceApiKey(store, shop, of("public", all), keys.storefrontAccessToken, now);
	await replaceApiKey(store, shop, of("private", all), keys.privateAccessToken, now);
	await replaceApiKey(store, shop, of("admin", new Set()), keys.adminAccessToken, now);
	return shop;
}

/** As a URL names the host that is listened on. */
function urlHost(host: string): string {
	if (host === "127.0.0.1") return "localhost";
	return host.includes(":") ? `[${host}]` : host;
}

/** A code that the API does not know would make answers that its clients cannot read. */
function checkCodes({ shopCountry, shopLanguage, shopCurrency }: Config): void {
	const codes = [
		["LATCHKEY_SHOP_COUNTRY", "CountryCode", shopCountry],
		["LATCHKEY_SHOP_LANGUAGE", "LanguageCode", shopLanguage],
		["LATCHKEY_SHOP_CURRENCY", "CurrencyCode", shopCurrency],
	] as const;
	for (const [name, type, code] of codes) {
		if (!isPublishedCode(type, code)) throw new BadSetting(`${name} is not a ${type} of the API: ${code}.`);
	}
}

/** Loaded only where it is asked for: it takes a while to load and counts all the time. */
async function openMetrics(hashes: () => number, documents: () => number): Promise<Doors["metrics"]> {
	const { createMetrics } = await import("./http/metrics.ts");
	return createMetrics({ hashes, documents });
}
