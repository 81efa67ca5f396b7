// What a command reads and writes, as one thing that is handed to it: the process's own, or a test's.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";

export interface Terminal {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** To standard output: what was asked for, and nothing else. */
	print(text: string): void;
	/** To standard error: what a person should know beside it. */
	note(text: string): void;
	/** To standard error, in the place of the line that was shown before; null where no person watches. */
	readonly show: ((line: string) => void) | null;
	/** Standard input, to its end. */
	readInput(): Promise<string>;
	/** Asks a person; null where there is none to ask. */
	ask(question: string): Promise<string | null>;
}

export const processTerminal: Terminal = {
	environment: process.env,
	print: (text) => void process.stdout.write(`${text}\n`),
	note: (text) => void process.stderr.write(`${text}\n`),
	show: process.stderr.isTTY ? (line) => void process.stderr.write(`\r\x1b[K${line}`) : null,
	readInput: async () => {
		let text = "";
		process.stdin.setEncoding("utf8").on("data", (chunk) => {
			text += chunk;
		});
		await once(process.stdin, "end");
		return text;
	},
	ask: async (question) => {
		if (!process.stdin.isTTY) return null;
		const terminal = createInterface({ input: process.stdin, output: process.stderr });
		try {
			return await terminal.question(question);
		} finally {
			terminal.close();
		}
	},
};

/** Something that the operator can mend: its message is one sentence, shown as it is. */
export class Refused extends Error {
	override readonly name = "Refused";
}

/** A file's text without the line's end that editors put there. */
export function readTextFile(file: string): string {
	let text: string;
	try {
		text = readFileSync(file, "utf8").replace(/\r?\n$/, "");
	} catch {
		throw new Refused(`${file} cannot be read.`);
	}
	// Not every database can keep one.
	if (text.includes("\0")) throw new Refused(`${file} is no text: there is a NUL in it.`);
	return text;
}
