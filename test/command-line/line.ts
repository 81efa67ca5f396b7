// The command line beside a running server, on one database: commands run in this process, as their own process would run
// them, and what they print is caught.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/cli/index.ts";
import { environmentName, type SettingName } from "../../src/config.ts";
import { ENGINES, type House, openDatabase, openHouse } from "../house.ts";

export interface Outcome {
	readonly code: number;
	/** Standard output and standard error. */
	readonly out: string;
	readonly notes: string;
}

export interface Typed {
	/** Standard input. */
	readonly input?: string;
	/** What a person answers to a question; without one there is nobody to ask. */
	readonly answer?: string;
}

export interface Line extends AsyncDisposable {
	readonly house: House;
	readonly databaseUrl: string;
	/** For the files that a command names. */
	readonly folder: string;
	/** Runs one command; parts in double quotes are one argument. */
	run(command: string, typed?: Typed): Promise<Outcome>;
	/** What it prints under --json; throws where it is refused. */
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its command.
	json(command: string, typed?: Typed): Promise<any>;
	/** Writes a file and gives its path. */
	file(name: string, text: string): string;
}

const CHEAP = { passwordMemoryKib: "8", passwordPasses: "1" };
const KEY = { encryptionKey: "an encryption key of forty characters at least" };

/** Commands without a server: on whatever these settings name. */
export async function runAlone(
	command: string,
	settings: Partial<Record<SettingName, string>>,
	{ input = "", answer }: Typed = {},
): Promise<Outcome> {
	const [out, notes]: [string[], string[]] = [[], []];
	const entries = Object.entries({ ...CHEAP, ...settings }).map(([name, value]) => [
		environmentName(name),
		value,
	]);
	const code = await runCommand(splitWords(command), {
		environment: Object.fromEntries(entries),
		print: (text) => void out.push(text),
		note: (text) => void notes.push(text),
		show: null,
		readInput: async () => input,
		ask: async () => answer ?? null,
	});
	return { code, out: out.join("\n"), notes: notes.join("\n") };
}

export async function openLine(settings: Partial<Record<SettingName, string>> = {}): Promise<Line> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-line-"));
	const database = await openDatabase();
	const all = { databaseUrl: database.url, ...KEY, ...settings };
	const house = await openHouse(ENGINES[0], all);
	const line: Line = {
		house,
		databaseUrl: database.url,
		folder,
		run: (command, typed) => runAlone(command, all, typed),
		json: async (command, typed) => {
			const { code, out, notes } = await line.run(`${command} --json`, typed);
			if (code !== 0) throw new Error(`latchkey ${command}: ${notes}`);
			return JSON.parse(out);
		},
		file: (name, text) => {
			const path = join(folder, name);
			writeFileSync(path, text);
			return path;
		},
		[Symbol.asyncDispose]: async () => {
			await house[Symbol.asyncDispose]();
			await database[Symbol.asyncDispose]();
			rmSync(folder, { recursive: true });
		},
	};
	return line;
}

function splitWords(command: string): readonly string[] {
	return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
