// `latchkey backup` and `latchkey restore`: everything in one file, and back into an empty database.
import type { Command } from "commander";
import { SETTINGS_TITLE } from "../accounts/administration.ts";
import { readConfig } from "../config.ts";
import type { ApiKey } from "../model.ts";
import { listApiKeys } from "../store/api-keys.ts";
import { backUp, restore } from "../store/copying/backup.ts";
import type { Engine } from "../store/engine.ts";
import { listShops } from "../store/shops.ts";
import { nameDatabase } from "../store/store.ts";
import { toDateTime } from "../storefront/forms.ts";
import { formatContents, withAlone } from "./copy.ts";
import { addCommand, type Options, operate } from "./operate.ts";
import { showProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

interface BackupOptions extends Options {
	readonly to: string;
}

interface RestoreOptions extends Options {
	readonly from: string;
	readonly keepTokens?: true;
}

export function addBackupCommands(program: Command, terminal: Terminal): void {
	addCommand(program, "backup", "Write everything into one file, while the server runs on.", [
		["a file for its owner alone; none is replaced", "backup --to latchkey-2026-11-22.backup"],
	])
		.requiredOption("--to <file>", "the file, which is not there yet")
		.action((options: BackupOptions) => backupTo(terminal, options));
	addCommand(
		program,
		"restore",
		"Put a backup into an empty database, without the customer access tokens and links that were in it.",
		[
			["into a new file", "restore --from latchkey-2026-11-22.backup --database sqlite:restored.db"],
			[
				"customers stay signed in, also those who have signed out since",
				"restore --from latchkey-2026-11-22.backup --database sqlite:restored.db --keep-tokens",
			],
		],
	)
		.requiredOption("--from <file>", "what latchkey backup has written")
		.option(
			"--keep-tokens",
			"with the access tokens, links and mails of links: what was ended after the backup is alive again",
		)
		.action((options: RestoreOptions) => restoreFrom(terminal, options));
}

function backupTo(terminal: Terminal, options: BackupOptions): Promise<void> {
	return operate(terminal, options, async ({ store }) => {
		const progress = showProgress(terminal);
		const { takenAt, contents } = await backUp(store, options.to, progress.step).finally(progress.end);
		return {
			json: { file: options.to, takenAt: sayTime(takenAt), tables: contents },
			text: formatContents(contents),
			note: `${options.to} is whole. It holds addresses, and hashes of passwords: guard it as the database.`,
		};
	});
}

async function restoreFrom(terminal: Terminal, options: RestoreOptions): Promise<void> {
	const { database, from, json } = options;
	const { databaseUrl } = readConfig(
		terminal.environment,
		database === undefined ? {} : { databaseUrl: database },
	);
	const keepTokens = options.keepTokens === true;
	await withAlone(databaseUrl, async (store) => {
		const progress = showProgress(terminal);
		const { takenAt, contents } = await restore(from, store, { keepTokens, onStep: progress.step }).finally(
			progress.end,
		);
		const keys = await listKeys(store);
		if (json) {
			const named = keys.map(({ id, shopId, kind, title }) => ({
				id: String(id),
				shopId: String(shopId),
				kind,
				title,
			}));
			const answer = { from, takenAt: sayTime(takenAt), tokensEnded: !keepTokens, tables: contents };
			terminal.print(JSON.stringify({ ...answer, keys: named }));
			return;
		}
		terminal.print(formatContents(contents));
		terminal.note(
			[
				`${nameDatabase(databaseUrl)} is as it was at ${sayTime(takenAt) ?? "the time of the file"}.`,
				keepTokens
					? "Customer access tokens and links that were ended since are alive again."
					: "Customer access tokens and links are ended: customers sign in again.",
				...(keys.length === 0
					? []
					: [
							"These keys open again, also if they were revoked since; latchkey key revoke ends those that should not:",
							...keys.map(({ id, kind, title }) => `  ${id}  ${kind}  ${JSON.stringify(title)}`),
						]),
			].join("\n"),
		);
	});
}

/** All but those of the settings, which at the next start are what the settings say. */
async function listKeys(store: Engine): Promise<readonly ApiKey[]> {
	const shops = await listShops(store);
	const keys = await Promise.all(shops.map(({ id }) => listApiKeys(store, id)));
	return keys.flat().filter(({ title }) => title !== SETTINGS_TITLE);
}

function sayTime(time: number | null): string | null {
	return time === null ? null : toDateTime(time);
}
