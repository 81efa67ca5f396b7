// Settings → a running server. The only file that knows every room; main, the command line and the tests start here.
import { createAttempts } from "./accounts/attempts.ts";
import type { Clock, Policy } from "./accounts/context.ts";
import { type Delivery, startDelivery } from "./accounts/delivery.ts";
import { type Housekeeping, startHousekeeping } from "./accounts/housekeeping.ts";
import { type Limits, parseLimits } from "./accounts/limits.ts";
import { listUnreadableSecrets, SHOP_CHOICES } from "./accounts/shop-policy.ts";
import { BadSetting, type Config, environmentName, type SettingName } from "./config.ts";
import { checkShopSettings, ensureShopAndKeys, type Keys } from "./first-shop.ts";
import { type Network, parseNetworks } from "./http/client-address.ts";
import type { ConnectionLimits } from "./http/connections.ts";
import { renderGraphiql } from "./http/development.ts";
import { createHttpServer, type Doors } from "./http/server.ts";
import { createLog } from "./log.ts";
import type { Mail, Mailer } from "./mail/mail.ts";
import { createMailbox, type Mailbox } from "./mail/mailbox.ts";
import type { Seconds, Shop } from "./model.ts";
import { createPasswords, type Passwords } from "./secrets/password.ts";
import { createSeal } from "./secrets/seal.ts";
import { makeToken } from "./secrets/token.ts";
import { ensureSlotKey, forgetAllAttempts } from "./store/attempts.ts";
import { forgetAllActs } from "./store/audit.ts";
import { deleteAllCustomers } from "./store/customers.ts";
import type { Engine } from "./store/engine.ts";
import { migrate } from "./store/migrate.ts";
import { forgetAllQuietRequests } from "./store/quiet-requests.ts";
import { openEngine } from "./store/store.ts";
import { createDocuments } from "./storefront/documents.ts";

/** The end of the year 8999: a token made then still ends at a time of four digits. */
const LAST_SECOND: Seconds = 221_845_391_999;

/** One clock for all processes: the database's. */
export function clockOf(store: Engine): Clock {
	return { now: () => Math.floor(store.now() / 1000) };
}

export interface App {
	/** Where it listens, e.g. `http://localhost:4000`. */
	readonly url: string;
	readonly shop: Shop;
	readonly store: Engine;
	readonly clock: Clock;
	/** Sends the mails that are due; null where no mail is sent. */
	readonly delivery: Delivery | null;
	/** Removes what is over. */
	readonly housekeeping: Housekeeping;
	close(): Promise<void>;
}

/**
 * Opens the database, brings it up to date, makes the first shop and its keys, and listens. Under `development`
 * the doors of `/_dev/` are open and the shop's URL may be the server's own.
 */
export async function startApp(config: Config, keys: Keys, development: boolean): Promise<App> {
	// What is opened is closed in the opposite order, when the app ends and when it cannot be started.
	await using opened = new AsyncDisposableStack();
	const app = await furnish(opened, config, keys, development);
	const kept = opened.move();
	return { ...app, close: () => kept.disposeAsync() };
}

async function furnish(
	opened: AsyncDisposableStack,
	config: Config,
	keys: Keys,
	development: boolean,
): Promise<Omit<App, "close">> {
	const log = createLog(config.logLevel);
	checkShopSettings(config);
	const store = await openEngine(config.databaseUrl, { connections: config.databaseConnections });
	opened.defer(() => store.close());
	await migrate(store);
	let advanced: Seconds = 0;
	const clock: Clock = { now: () => clockOf(store).now() + advanced };
	const cost = { memoryKib: config.passwordMemoryKib, passes: config.passwordPasses };
	const passwords = createPasswords(cost, config.passwordQueue);
	opened.defer(() => passwords.close());
	const documents = createDocuments();
	const policy = policyOf(config, await openBlocklist(config));
	const mailbox = development ? createMailbox() : null;
	const mailer = await openMailer(config, mailbox);
	const slotKey = await ensureSlotKey(store, makeToken());
	const attempts = createAttempts(store, clock, limitsOf(config), slotKey, log);
	const housekeeping = startHousekeeping({ store, clock, policy }, log);
	opened.defer(() => housekeeping.close());
	let delivery: Delivery | null = null;
	opened.defer(async () => delivery?.close());
	if (!mailer) log.warn("no mail is sent until LATCHKEY_SMTP_URL is set; mails wait in the outbox");
	const graphiqlToken = keys.storefrontAccessToken ?? "";
	const doors: Doors = {
		storefront: {
			accounts: { store, passwords, clock, policy, attempts },
			documents,
			log,
			tokenlessAccess: config.tokenlessAccess,
			network: networkOf(config, development),
			graphiql: development ? (path) => renderGraphiql(path, graphiqlToken) : null,
		},
		development: mailbox
			? {
					listMails: async () => {
						await delivery?.flush();
						return mailbox.list();
					},
					advanceClock: (seconds) => {
						if (clock.now() + seconds > LAST_SECOND) return null;
						advanced += seconds;
						return clock.now();
					},
					reset: async () => {
						await forgetAllQuietRequests(store);
						await deleteAllCustomers(store);
						await forgetAllAttempts(store);
						await forgetAllActs(store);
						mailbox.clear();
						advanced = 0;
					},
				}
			: null,
		reference: { storefrontAccessToken: development ? graphiqlToken : null },
		metrics: config.metrics ? await openMetrics(passwords, () => documents.size) : null,
		store,
		log,
	};
	const server = createHttpServer(doors, connectionLimitsOf(config));
	// With its own address the shop is there before the first request; without one, the server's has to be known.
	const ensureShop = (url: string) => ensureShopAndKeys(store, policy, config, url, keys, clock.now());
	const early = config.shopUrl && (await ensureShop(config.shopUrl));
	const port = await server.listen(config.host, config.port);
	// Nobody shares out the requests of development.
	opened.defer(() => server.stop(development ? 0 : config.stopDelaySeconds));
	const url = `http://${urlHost(config.host)}:${port}`;
	const shop = early || (await ensureShop(url));
	for (const name of await listUnreadableSecrets(store, policy)) {
		log.warn(
			{ shop: name },
			"LATCHKEY_ENCRYPTION_KEY is not the one that the shop's Multipass secret was sealed under",
		);
	}
	delivery = mailer && startDelivery({ store, clock, policy, attempts }, mailer, log);
	// Under development the block on standard output says so.
	const tell = development ? log.debug.bind(log) : log.info.bind(log);
	tell({ url, database: config.databaseUrl.split(":", 1)[0] }, "ready");
	opened.defer(() => tell({}, "stopping"));
	return { url, shop, store, clock, delivery, housekeeping };
}

/** What the settings say of the rules that verbs obey. */
export function policyOf(config: Config, commonPasswords: ReadonlySet<string>): Policy {
	return {
		tokenLifetimeSeconds: config.tokenLifetimeSeconds,
		resetLifetimeSeconds: config.resetLifetimeSeconds,
		activationLifetimeSeconds: config.activationLifetimeSeconds,
		minPasswordLength: config.passwordMinLength,
		commonPasswords,
		isQuiet: config.enumeration === "quiet",
		auditSeconds: config.auditDays * 86_400,
		seal: config.encryptionKey === null ? null : createSeal(config.encryptionKey),
		shop: {
			mailFrom: config.mailFrom,
			resetUrl: config.resetUrl,
			activationUrl: config.activationUrl,
			accentColor: config.accentColor,
			emailChange: SHOP_CHOICES.emailChange(config.emailChange),
			multipassEnables: config.multipassEnables,
		},
	};
}

/** The passwords that nobody may choose, for `policyOf`: loaded only where the setting asks for them. */
export async function openBlocklist({ passwordBlocklist }: Config): Promise<ReadonlySet<string>> {
	if (passwordBlocklist === "off") return new Set();
	return (await import("./secrets/common-passwords.ts")).COMMON_PASSWORDS;
}

/** Throws `BadSetting` for a limit that is none. */
export function limitsOf(config: Config): Limits {
	const read = (name: SettingName) => {
		const limits = parseLimits(String(config[name]));
		if (limits) return limits;
		throw new BadSetting(`${environmentName(name)} is like 10/900 50/86400, or off.`);
	};
	return {
		signInsPerAccount: read("limitSignIns"),
		failuresPerAddress: read("limitFailures"),
		signUpsPerAddress: read("limitSignUps"),
		recoveriesPerAddress: read("limitRecoveries"),
		linksPerAccount: read("limitLinks"),
		emailChangesPerAccount: read("limitEmailChanges"),
	};
}

/** Throws `BadSetting` for a number of connections that is none. */
function connectionLimitsOf(config: Config): ConnectionLimits {
	const { connectionsPerAddress: text } = config;
	if (text !== "off" && !/^[1-9]\d{0,5}$/.test(text)) {
		throw new BadSetting("LATCHKEY_CONNECTIONS_PER_ADDRESS is a whole number above zero, or off.");
	}
	return {
		perAddress: text === "off" ? null : Number(text),
		total: config.connections,
		requestSeconds: config.requestTimeoutSeconds,
		answerSeconds: config.answerTimeoutSeconds,
		keepAliveSeconds: config.keepAliveSeconds,
	};
}

/** Under development whoever tests is not counted by address, but where a request names one. */
function networkOf({ trustedProxies }: Config, development: boolean): Network {
	try {
		return { trustedProxies: parseNetworks(trustedProxies ?? ""), countsPeers: !development };
	} catch (error) {
		throw new BadSetting(`LATCHKEY_TRUSTED_PROXIES: ${(error as Error).message}`);
	}
}

/** To the mailbox, to the SMTP server, or to both; null where there is neither. */
async function openMailer({ smtpUrl }: Config, mailbox: Mailbox | null): Promise<Mailer | null> {
	if (smtpUrl === null) return mailbox;
	const { BadSmtpUrl, openSmtp } = await import("./mail/smtp.ts");
	let smtp: Mailer;
	try {
		smtp = openSmtp(smtpUrl);
	} catch (error) {
		throw error instanceof BadSmtpUrl ? new BadSetting(`LATCHKEY_SMTP_URL: ${error.message}`) : error;
	}
	if (!mailbox) return smtp;
	return {
		send: async (mail: Mail) => {
			await smtp.send(mail);
			await mailbox.send(mail);
		},
		close: () => smtp.close(),
	};
}

/** As a URL names the host that is listened on. */
function urlHost(host: string): string {
	if (host === "127.0.0.1") return "localhost";
	return host.includes(":") ? `[${host}]` : host;
}

/** Loaded only where it is asked for: it takes a while to load and counts all the time. */
async function openMetrics(passwords: Passwords, documents: () => number): Promise<Doors["metrics"]> {
	const { createMetrics } = await import("./http/metrics.ts");
	return createMetrics({ hashes: () => passwords.load, hashesBegun: () => passwords.begun, documents });
}
