// The command line: one file a command. Each command is a verb call and a print.
import { Command, CommanderError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { HostTaken } from "../accounts/administration.ts";
import { BadSetting, type Config, flagName, readConfig, type SettingName } from "../config.ts";
import { CannotListen } from "../http/server.ts";
import { SETTINGS } from "../settings.ts";
import { CopyFailed } from "../store/copying/copy.ts";
import { CannotOpen } from "../store/engine.ts";
import { addAuditCommand } from "./audit.ts";
import { addBackupCommands } from "./backup.ts";
import { printConfig } from "./config.ts";
import { addCopyCommand } from "./copy.ts";
import { addCustomerCommands } from "./customer.ts";
import { addAccountCommands } from "./customer-account.ts";
import { addDataCommands } from "./customer-data.ts";
import { dev } from "./dev.ts";
import { addKeyCommands } from "./key.ts";
import { addMailCommands } from "./mail.ts";
import { addShopCommands } from "./shop.ts";
import { start } from "./start.ts";
import { processTerminal, Refused, type Terminal } from "./terminal.ts";

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** What the operator can mend: the message is the sentence to show. */
const SENTENCES = [BadSetting, CannotOpen, CannotListen, CopyFailed, HostTaken, Refused];

/** Runs one command and gives its exit code. What the operator can mend is one sentence on standard error and a 1. */
export async function runCommand(
	args: readonly string[],
	terminal: Terminal = processTerminal,
): Promise<number> {
	const program = new Command("latchkey")
		.description("The customer part of the Storefront API, on your own machine.")
		.version(packageJson.version)
		.showHelpAfterError()
		.exitOverride()
		.configureOutput({
			writeOut: (text) => terminal.print(text.trimEnd()),
			writeErr: (text) => terminal.note(text.trimEnd()),
		});
	withSettings(program.command("dev"))
		.description(
			"Serve for development: a shop with keys is made and kept, and the doors under /_dev/ are open.",
		)
		.option("--json", "print one line of JSON when ready, and nothing else")
		.addHelpText(
			"after",
			"\nExample: a fresh server on a free port, for tests\n  latchkey dev --json --port 0 --database sqlite::memory:",
		)
		.action((options: Options) => dev(configOf(options), options["json"] === true));
	withSettings(program.command("start"))
		.description("Serve in production. Refuses settings that are unsafe.")
		.addHelpText(
			"after",
			"\nExample:\n  LATCHKEY_SHOP_URL=https://shop.example LATCHKEY_STOREFRONT_ACCESS_TOKEN_FILE=/run/secrets/token latchkey start",
		)
		.action((options: Options) => start(configOf(options)));
	withSettings(program.command("config"))
		.description("Print every setting as it is understood; secrets are not shown.")
		.option("--json", "as JSON")
		.action((options: Options) => printConfig(configOf(options), options["json"] === true));
	addShopCommands(program, terminal);
	addKeyCommands(program, terminal);
	const customers = program
		.command("customer")
		.description("Customers, their accounts and what they are given.");
	addCustomerCommands(customers, terminal);
	addAccountCommands(customers, terminal);
	addDataCommands(customers, terminal);
	addMailCommands(program, terminal);
	addAuditCommand(program, terminal);
	addCopyCommand(program, terminal);
	addBackupCommands(program, terminal);
	try {
		await program.parseAsync(args, { from: "user" });
		return 0;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode;
		if (!(error instanceof Error) || !SENTENCES.some((sentence) => error instanceof sentence)) throw error;
		terminal.note(error.message);
		return 1;
	}
}

/** Every setting has a flag; secrets have none, because a command line can be read by other users. */
function withSettings(command: Command): Command {
	for (const name of Object.keys(SETTINGS) as SettingName[]) {
		const { kind, says } = SETTINGS[name];
		if (kind === "secret") continue;
		command.addOption(new Option(`--${flagName(name)} <value>`, says.replaceAll("`", "")));
	}
	return command.addOption(new Option("--database <url>").hideHelp());
}

function configOf(options: Options): Config {
	const flags: Partial<Record<SettingName, string>> = {};
	for (const name of Object.keys(SETTINGS) as SettingName[]) {
		const value = options[name];
		if (typeof value === "string") flags[name] = value;
	}
	const database = options["database"];
	if (typeof database === "string") flags.databaseUrl = database;
	return readConfig(process.env, flags);
}
