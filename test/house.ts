// The one fixture: a whole app on a real database, with a clock to set. Stories start here and speak HTTP.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "../src/app.ts";
import { type Config, readConfig, type SettingName } from "../src/config.ts";
import type { Keys } from "../src/first-shop.ts";
import type { Mail } from "../src/mail/mail.ts";
import { makeToken } from "../src/secrets/token.ts";

/** Hashes cost next to nothing in tests that are not about their cost. */
const CHEAP_HASHES = { passwordMemoryKib: "8", passwordPasses: "1" };

export interface House extends AsyncDisposable {
	readonly app: App;
	readonly keys: { readonly [K in keyof Keys]: string };
	/** Sends a document with the public token, and gives the parsed body. */
	ask(query: string, variables?: Record<string, unknown>, options?: AskOptions): Promise<Body>;
	/** Moves the time of the whole process. */
	advance(seconds: number): Promise<void>;
	/** Signs a new customer up and in, and gives the token. */
	signedIn(email?: string, password?: string): Promise<string>;
	/** What has been mailed, newest first; what is due goes out before. */
	mails(): Promise<readonly Mail[]>;
}

export interface AskOptions {
	readonly version?: string;
	readonly headers?: Record<string, string>;
}

/** A GraphQL answer, loosely: tests look at exact members. */
export interface Body {
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
	readonly data?: any;
	// biome-ignore lint/suspicious/noExplicitAny: a list upstream, and sometimes an object or a text.
	readonly errors?: any;
	// biome-ignore lint/suspicious/noExplicitAny: cost and context.
	readonly extensions?: any;
}

/** The engines that stories run on. */
export type EngineName = "sqlite::memory:" | "sqlite:file" | "postgres";
/** Which of the two passes of `npm test` this is: one runs on PostgreSQL alone, the other on SQLite alone. */
export const IS_POSTGRES = process.env["TEST_ENGINE"] === "postgres";
export const ENGINES: readonly [EngineName, ...EngineName[]] = IS_POSTGRES
	? ["postgres"]
	: ["sqlite::memory:", "sqlite:file"];
/** The one of them whose database outlives the server on it. */
export const DURABLE_ENGINE: EngineName = IS_POSTGRES ? "postgres" : "sqlite:file";

export const VERSIONS = ["2026-01", "2026-04"] as const;

/** A database that goes when it is let go of. */
export interface Database extends AsyncDisposable {
	readonly url: string;
}

/** An empty one: `sqlite:file` stands for a new file. Without an engine, one that outlives the server on it. */
export async function openDatabase(engine: EngineName = DURABLE_ENGINE): Promise<Database> {
	if (engine === "postgres") return (await import("./postgres/shared.ts")).openSchema();
	if (engine === "sqlite::memory:") return { url: engine, [Symbol.asyncDispose]: async () => {} };
	const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
	return {
		url: `sqlite:${join(folder, "house.db")}`,
		[Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
	};
}

/** One that a house is opened on at once: on PostgreSQL its tables are there already, which saves a while. */
async function openFurnished(engine: EngineName): Promise<Database> {
	return engine === "postgres"
		? (await import("./postgres/shared.ts")).openMigratedSchema()
		: openDatabase(engine);
}

/** Starts an app on a port of its own, and on a database that goes with the house; one that is named stays. */
export async function openHouse(
	engine: EngineName = ENGINES[0],
	settings: Partial<Record<SettingName, string>> = {},
): Promise<House> {
	await using opened = new AsyncDisposableStack();
	const databaseUrl = settings.databaseUrl ?? opened.use(await openFurnished(engine)).url;
	const config: Config = readConfig(
		{},
		{ port: "0", logLevel: "silent", databaseUrl, ...CHEAP_HASHES, ...settings },
	);
	const keys = {
		storefrontAccessToken: makeToken(),
		privateAccessToken: makeToken(),
		adminAccessToken: makeToken(),
	};
	const app = await startApp(config, keys, true);
	opened.defer(() => app.close());
	const kept = opened.move();

	const house: House = {
		app,
		keys,
		ask: (query, variables = {}, options = {}) => {
			return askAt({ url: app.url, ...keys }, query, variables, options);
		},
		advance: async (seconds) => {
			await fetch(`${app.url}/_dev/clock`, {
				method: "POST",
				body: JSON.stringify({ advanceSeconds: seconds }),
			});
		},
		signedIn: async (email = "ada@example.com", password = "correct horse") => {
			const created = await house.ask(SIGN_UP, { input: { email, password } });
			if (!created.data?.customerCreate?.customer) throw new Error(JSON.stringify(created));
			const answer = await house.ask(SIGN_IN, { input: { email, password } });
			return answer.data.customerAccessTokenCreate.customerAccessToken.accessToken;
		},
		mails: async () => (await (await fetch(`${app.url}/_dev/mail`)).json()) as readonly Mail[],
		[Symbol.asyncDispose]: () => kept.disposeAsync(),
	};
	return house;
}

/** Sends a document to a server, this process's or another, with its public token, and gives the parsed body. */
export async function askAt(
	server: { readonly url: string; readonly storefrontAccessToken: string },
	query: string,
	variables: object,
	{ version = "2026-04", headers = {} }: AskOptions = {},
): Promise<Body> {
	const response = await fetch(`${server.url}/api/${version}/graphql.json`, {
		method: "POST",
		headers: {
			"Content-Type": "application/json",
			"X-Shopify-Storefront-Access-Token": server.storefrontAccessToken,
			...headers,
		},
		body: JSON.stringify({ query, variables }),
	});
	return (await response.json()) as Body;
}

const ERRORS = "customerUserErrors { code field message } userErrors { field message }";

export const SIGN_UP = `mutation($input: CustomerCreateInput!) {
	customerCreate(input: $input) { customer { id email firstName lastName phone displayName } ${ERRORS} }
}`;
export const SIGN_IN = `mutation($input: CustomerAccessTokenCreateInput!) {
	customerAccessTokenCreate(input: $input) { customerAccessToken { accessToken expiresAt } ${ERRORS} }
}`;
export const RENEW = `mutation($t: String!) {
	customerAccessTokenRenew(customerAccessToken: $t) { customerAccessToken { accessToken expiresAt } userErrors { field message } }
}`;
export const DELETE = `mutation($t: String!) {
	customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken deletedCustomerAccessTokenId userErrors { field message } }
}`;
export const READ = "query($t: String!) { customer(customerAccessToken: $t) { id email } }";
export const UPDATE = `mutation($t: String!, $customer: CustomerUpdateInput!) {
	customerUpdate(customerAccessToken: $t, customer: $customer) {
		customer { id email phone firstName lastName acceptsMarketing } customerAccessToken { accessToken expiresAt } ${ERRORS}
	}
}`;
export const RECOVER = `mutation($email: String!) { customerRecover(email: $email) { ${ERRORS} } }`;

/** A server of its own process, started through the command line as anyone would. */
export interface Process extends AsyncDisposable {
	readonly url: string;
	readonly shop: string;
	readonly pid: number;
	readonly storefrontAccessToken: string;
	readonly privateAccessToken: string;
	readonly adminAccessToken: string;
	/** What it has written to standard error so far. */
	readonly log: () => string;
	/** What it has written to standard output so far. */
	readonly printed: () => string;
	/** Sends the signal and waits for the end; gives the exit code, or null for one that was killed. */
	end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts the server in a folder (under `dev` it keeps its keys there) and waits until it says that it is ready: `dev`
 * by its line of JSON, `start` by its log. `within` are the words of a program that runs it somewhere else.
 */
export async function startProcess(
	args: readonly string[],
	env: Record<string, string> = {},
	folder = process.cwd(),
	command: "dev" | "start" = "dev",
	within: readonly string[] = [],
): Promise<Process> {
	const entry = join(import.meta.dirname, "../bin/latchkey.js");
	const json = command === "dev" ? ["--json"] : [];
	const words = [...within, process.execPath, entry, command, ...json, "--port", "0", ...args];
	const child = spawn(String(words[0]), words.slice(1), {
		cwd: folder,
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let log = "";
	let printed = "";
	const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
	const line = await new Promise<string>((resolve, reject) => {
		child.stderr.on("data", (chunk) => {
			log += chunk;
			const ready = log.split("\n").find((text) => text.includes('"msg":"ready"'));
			if (command === "start" && ready) resolve(ready);
		});
		child.stdout.on("data", (chunk) => {
			printed += chunk;
			if (printed.includes("\n")) resolve(printed);
		});
		void ended.then((code) => reject(new Error(`latchkey ${command} ended with ${code}: ${log}`)));
	});
	const end = async (signal: NodeJS.Signals) => {
		child.kill(signal);
		return ended;
	};
	return {
		...JSON.parse(line),
		pid: Number(child.pid),
		log: () => log,
		printed: () => printed,
		end,
		[Symbol.asyncDispose]: async () => void (await end("SIGKILL")),
	};
}
