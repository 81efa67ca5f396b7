// What Stryker found, in words: how many changes of each file were noticed, and which were not.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** One change, and what became of it. */
export interface Mutant {
	readonly fileName: string;
	/** A change that made the tests hang was noticed as well. */
	readonly status: "Killed" | "Timeout" | "Survived" | "NoCoverage" | "RuntimeError" | "CompileError";
	readonly replacement: string;
	readonly location: { readonly start: Position; readonly end: Position };
}

/** Both counted from 1. */
interface Position {
	readonly line: number;
	readonly column: number;
}

/** Per cent of the changes that were noticed; 100 where nothing was changed. */
export function scoreOf(mutants: readonly Mutant[]): number {
	return mutants.length === 0 ? 100 : (100 * mutants.filter(isNoticed).length) / mutants.length;
}

function isNoticed({ status }: Mutant): boolean {
	return status === "Killed" || status === "Timeout";
}

/** A table in Markdown, a row for each file and one for all. */
export function printScores(mutants: readonly Mutant[]): readonly string[] {
	const rowOf = (name: string, some: readonly Mutant[]) =>
		`| ${name} | ${some.length} | ${some.filter(isNoticed).length} | ${scoreOf(some).toFixed(1)} % |`;
	const files = Map.groupBy(mutants, nameOf);
	const rows = [...files].map(([name, some]) => rowOf(`\`${name}\``, some));
	return [
		"| file | changes | noticed | score |",
		"| --- | --- | --- | --- |",
		...rows,
		rowOf("all", mutants),
	];
}

export interface Survivor {
	/** `src/accounts/limits.ts:12` */
	readonly place: string;
	/** The line, what stood there, and what stood there instead; as survivors.md lists it. */
	readonly change: string;
	/** Whether the text has this change under the heading of this file: lines move, and it stays the same change. */
	isExplainedIn(text: string): boolean;
}

export function findSurvivors(mutants: readonly Mutant[]): readonly Survivor[] {
	return mutants
		.filter((mutant) => !isNoticed(mutant))
		.map((mutant) => {
			const [name, { line }] = [nameOf(mutant), mutant.location.start];
			const [around, before, after] = [...originalOf(mutant), mutant.replacement].map(
				(text) => `\`${text.trim().replaceAll(/\s+/g, " ")}\``,
			);
			const change = `- ${around}: ${before} → ${after}`;
			const isExplainedIn = (text: string) =>
				text
					.split(/^## /m)
					.map((part) => part.replaceAll(/\s+/g, " "))
					.some((part) => part.startsWith(`${name} `) && part.includes(change));
			return { place: `${name}:${line}`, change, isExplainedIn };
		});
}

function nameOf({ fileName }: Mutant): string {
	return relative(process.cwd(), fileName);
}

/** The line in which the change begins, and what was changed. */
function originalOf({ fileName, location: { start, end } }: Mutant): readonly [string, string] {
	const lines = readFileSync(fileName, "utf8").split("\n");
	const taken = lines.slice(start.line - 1, end.line);
	const last = taken.length - 1;
	taken[last] = String(taken[last]).slice(0, end.column - 1);
	taken[0] = String(taken[0]).slice(start.column - 1);
	return [String(lines[start.line - 1]), taken.join("\n")];
}
