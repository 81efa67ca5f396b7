// I7: every regular expression of the source against the texts that make it work hardest, of 64 KiB each. One that
// backtracks takes seconds, or for ever; so short ones go before.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Attack, listAttacks } from "./attack-texts.ts";
import type { Figure } from "./figure.ts";

const SRC = join(import.meta.dirname, "../../src");
const LENGTHS = [24, 32, 1024, 64 * 1024] as const;
const MAX_MS = 10;
/** What spoils a match that was nearly there. */
const ENDS = ["", "\u0001", "!", "\n", "\n!"] as const;
/** A moment in which the machine does something else is not the pattern's. */
const TRIES = 5;

/** A literal is where an expression may begin; what stands in a string or a comment is none. */
const LITERAL =
	/"(?:\\.|[^"\\])*"|\/\/.*$|(?<=(?:[(,=:[!&|?{;>]|return|^)\s*)\/(?![*/\s])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+)\/([dgimsuvy]*)/g;

/** Files whose patterns meet no text from outside: what they read is ours. */
const OWN_TEXT: Readonly<Record<string, string>> = {
	"storefront/address-lines.ts": "reads the formats of countries, which stand beside it",
	"http/development.ts": "reads the page of GraphiQL, as its package gives it",
};

interface Pattern {
	readonly place: string;
	readonly pattern: RegExp;
}

export async function run(): Promise<readonly Figure[]> {
	const patterns = listPatterns();
	let texts = 0;
	let slow = 0;
	let slowest = { ms: 0, says: "" };
	for (const { place, pattern } of patterns) {
		const attacks = listAttacks(pattern).flatMap((attack) => ENDS.map((end) => ({ ...attack, end })));
		for (const attack of attacks) {
			texts++;
			const ms = timeGrowing(pattern, attack);
			if (ms > slowest.ms) slowest = { ms, says: place };
			if (ms <= MAX_MS) continue;
			process.stderr.write(`${place} ${pattern}: ${ms.toFixed(1)} ms for ${JSON.stringify(attack)}\n`);
			slow++;
			break;
		}
	}
	return [
		{
			promise: "I7",
			figure: `${patterns.length} regular expressions (all but those of ${Object.keys(OWN_TEXT).length} files that read our own text) against ${texts} texts of 64 KiB that are made to have them backtrack: ${slow} take more than ${MAX_MS} ms, the slowest ${slowest.ms.toFixed(1)} ms (${slowest.says})`,
			isMet: slow === 0 && patterns.length > 0,
		},
	];
}

function listPatterns(): readonly Pattern[] {
	const files = globSync("**/*.ts", { cwd: SRC }).filter((file) => !(file in OWN_TEXT));
	return files.flatMap((file) =>
		readFileSync(join(SRC, file), "utf8")
			.split("\n")
			.flatMap((line, index) =>
				[...line.matchAll(LITERAL)].flatMap(([, source, flags]) => {
					if (source === undefined) return [];
					return [{ place: `src/${file}:${index + 1}`, pattern: new RegExp(source, flags) }];
				}),
			),
	);
}

/** Milliseconds for the longest text, or for the first that takes too long. */
function timeGrowing(pattern: RegExp, { opening, pump, end }: Attack & { readonly end: string }): number {
	let ms = 0;
	for (const length of LENGTHS) {
		const text =
			opening + pump.repeat(Math.max(1, Math.floor((length - opening.length) / pump.length))) + end;
		ms = Number.POSITIVE_INFINITY;
		for (let attempt = 0; attempt < TRIES && ms > MAX_MS; attempt++) {
			const from = performance.now();
			// Wherever it may begin, and every time that it matches.
			if (pattern.global) text.replace(pattern, "");
			else pattern.test(text);
			ms = Math.min(ms, performance.now() - from);
		}
		if (ms > MAX_MS) return ms;
	}
	return ms;
}
