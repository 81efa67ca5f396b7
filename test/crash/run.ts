// `npm run crash -- --kills 100 --seed N`: the long proof. Prints one table; exit code 1 when anything was broken.
import { parseArgs } from "node:util";
import { type CrashReport, crashRepeatedly } from "./crash.ts";
import { KINDS } from "./ledger.ts";
import { crashPasswords, type PasswordReport } from "./passwords.ts";

/** A killed server must serve again within this. */
const READY_WITHIN_MS = 2000;

const { values } = parseArgs({
	options: { kills: { type: "string", default: "100" }, seed: { type: "string" } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
	process.stderr.write("Use: npm run crash -- --kills 100 --seed 1, both whole numbers.\n");
	process.exit(2);
}

const startedAt = Date.now();
const report = await crashRepeatedly({ kills, seed, longestLoadMs: 1500, clients: 24 }, (text) => {
	if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
});
const slowestMs = Math.max(...report.readyMs);
// Every change of a password costs several requests and a mail: fewer kills, each in the midst of changes alone.
const passwordKills = Math.ceil(kills / 4);
const passwords = await crashPasswords({ kills: passwordKills, seed });
process.stdout.write(describe(report, passwords));
const violations = report.ledger.violationCount + passwords.violations.length;
process.exitCode = violations > 0 || slowestMs > READY_WITHIN_MS ? 1 : 0;

function describe(
	{ ledger, readyMs, largestWalBytes, strayTokens }: CrashReport,
	{ changes, settled, violations }: PasswordReport,
): string {
	const acts = KINDS.map((kind) => {
		const { acknowledged, refused, unknown, neverSent } = ledger.outcomes[kind];
		return [kind, acknowledged, refused, unknown, neverSent];
	});
	const ordered = readyMs.toSorted((a, b) => a - b);
	const median = ordered[Math.floor(ordered.length / 2)] ?? 0;
	const facts: readonly (readonly [string, string | number])[] = [
		["kills under load", kills],
		["seed", seed],
		["took", `${Math.round((Date.now() - startedAt) / 1000)} s`],
		["ready again, median", `${Math.round(median)} ms`],
		["ready again, slowest", `${Math.round(slowestMs)} ms (at most ${READY_WITHIN_MS})`],
		["largest log left behind", `${Math.round(largestWalBytes / 1024)} KiB`],
		["accounts, tokens at the end", `${ledger.accounts.length}, ${ledger.tokens.length + strayTokens}`],
		["renewals proven past their old end", ledger.renewalsProven],
		["unknown: had happened, had not", `${ledger.settled.happened}, ${ledger.settled.didNot}`],
		["answers checked", ledger.checks],
		["kills amid changes of passwords", passwordKills],
		["passwords changed, reset", `${changes.update}, ${changes.reset}`],
		["changes unknown: had happened, had not", `${settled.happened}, ${settled.didNot}`],
		["broken promises", ledger.violationCount + violations.length],
	];
	const table = [["", "acknowledged", "refused", "unknown", "never sent"], ...acts];
	const rows = table.map(
		([name, ...cells]) =>
			`${String(name).padEnd(10)}${cells.map((cell) => String(cell).padStart(14)).join("")}`,
	);
	const lines = facts.map(([name, value]) => `${name.padEnd(42)}${value}`);
	return `${[...rows, "", ...lines, ...[...ledger.violations, ...violations].map((text) => `BROKEN: ${text}`)].join("\n")}\n`;
}
