// One command on the database, beside the server if one is running: opens it, does the work, prints the answer.
import type { Command } from "commander";
import { createAttempts } from "../accounts/attempts.ts";
import type { Clock, Context } from "../accounts/context.ts";
import { clockOf, limitsOf, openBlocklist, policyOf } from "../app.ts";
import { type Config, readConfig } from "../config.ts";
import type { Shop } from "../model.ts";
import { createPasswords } from "../secrets/password.ts";
import { CannotOpen, type Engine } from "../store/engine.ts";
import { listPending, migrate, refuseNewer } from "../store/migrate.ts";
import { findShop, findShopByHost, findShopsByName, listShops } from "../store/shops.ts";
import { nameDatabase, openEngine } from "../store/store.ts";
import { findEncryptionKey } from "./kept-keys.ts";
import { Refused, type Terminal } from "./terminal.ts";

/** The options that every command has. */
export interface Options {
	readonly database?: string;
	readonly json?: true;
	readonly shop?: string;
}

/** What a command has to say: `json` under --json, else `text`; `note` goes to standard error. */
export interface Answer {
	readonly json: unknown;
	/** Nothing is printed for an empty one. */
	readonly text: string;
	readonly note?: string | undefined;
}

/** What a command works with: what a verb is given, but for the shop. */
export interface Desk extends Omit<Context, "shop"> {
	readonly config: Config;
	readonly clock: Clock;
}

/** A command of a group, with the options of every command and examples that can be copied. */
export function addCommand(
	group: Command,
	usage: string,
	description: string,
	examples: readonly (readonly [what: string, line: string])[],
): Command {
	const shown = examples.map(([what, line]) => `  # ${what}\n  latchkey ${line}`).join("\n\n");
	return group
		.command(usage)
		.description(description)
		.addHelpText("after", `\n${examples.length > 1 ? "Examples" : "Example"}:\n${shown}`)
		.option("--json", "print one JSON value")
		.option("--database <url>", "the database, in place of LATCHKEY_DATABASE_URL");
}

/** The same, for one that works on one shop. */
export function addShopCommand(...parameters: Parameters<typeof addCommand>): Command {
	return addCommand(...parameters).option(
		"--shop <shop>",
		"its id, its name, or the host of its URL; not needed where there is one shop",
	);
}

export async function operate(
	terminal: Terminal,
	options: Options,
	work: (desk: Desk) => Promise<Answer>,
): Promise<void> {
	const { database } = options;
	const config = readConfig(terminal.environment, database === undefined ? {} : { databaseUrl: database });
	const store = await openBeside(config.databaseUrl);
	const cost = { memoryKib: config.passwordMemoryKib, passes: config.passwordPasses };
	const passwords = createPasswords(cost, config.passwordQueue);
	const clock = clockOf(store);
	const policy = policyOf(
		{ ...config, encryptionKey: findEncryptionKey(config) },
		await openBlocklist(config),
	);
	// Nothing that a command does is counted: there is no visitor.
	const attempts = createAttempts(store, clock, limitsOf(config), "", console);
	const desk: Desk = { config, store, passwords, clock, policy, attempts };
	try {
		const { json, text, note } = await work(desk);
		if (options.json) terminal.print(JSON.stringify(json));
		else if (text !== "") terminal.print(text);
		if (note !== undefined) terminal.note(note);
	} finally {
		await passwords.close();
		await store.close();
	}
}

/** For a command on one shop. */
export function operateInShop(
	terminal: Terminal,
	options: Options,
	work: (context: Context & Desk) => Promise<Answer>,
): Promise<void> {
	return operate(terminal, options, async (desk) => {
		return work({ ...desk, shop: await chooseShop(desk.store, options.shop) });
	});
}

/** Brings the database up to date where no server has it open. */
export async function openBeside(url: string): Promise<Engine> {
	if (url === "sqlite::memory:") {
		throw new CannotOpen(
			"A database in memory is its server's alone: commands need one in a file, as in sqlite:PATH.",
		);
	}
	const store = await openEngine(url, { beside: true });
	try {
		await refuseNewer(store);
		if ((await listPending(store)).length === 0) return store;
	} catch (error) {
		await store.close();
		if (error instanceof CannotOpen) throw error;
		throw new CannotOpen(`${nameDatabase(url)} is no database of Latchkey: ${(error as Error).message}.`);
	}
	await store.close();
	return openAlone(url);
}

async function openAlone(url: string): Promise<Engine> {
	let store: Engine;
	try {
		store = await openEngine(url);
	} catch (error) {
		if (!(error instanceof CannotOpen)) throw error;
		throw new CannotOpen(
			"The database is of an older Latchkey, and a server has it open: restart that server with this version first.",
		);
	}
	try {
		await migrate(store);
		return store;
	} catch (error) {
		await store.close();
		throw error;
	}
}

async function chooseShop(store: Engine, named: string | undefined): Promise<Shop> {
	if (named === undefined) {
		const [first, ...others] = await listShops(store);
		if (!first) throw new Refused("There is no shop yet: the server makes the first one when it starts.");
		if (others.length === 0) return first;
		throw new Refused('There are several shops: say which with --shop; "latchkey shop list" names them.');
	}
	const byId = isId(named) ? await findShop(store, Number(named)) : null;
	const shop = byId ?? (await findShopByHost(store, named.toLowerCase()));
	if (shop) return shop;
	const [byName, other] = await findShopsByName(store, named);
	if (!byName) throw new Refused(`No shop has the id, the host or the name ${JSON.stringify(named)}.`);
	if (other) throw new Refused(`Several shops are named ${JSON.stringify(named)}: give the id of one.`);
	return byName;
}

export function isId(text: string): boolean {
	return /^[1-9]\d{0,15}$/.test(text);
}

/** An id that a command was given. */
export function readId(text: string): number {
	if (!isId(text)) throw new Refused(`${JSON.stringify(text)} is not an id: ids are numbers.`);
	return Number(text);
}
