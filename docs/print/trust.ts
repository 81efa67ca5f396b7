// The promises of test/trust/ as a document: what is promised, what was measured, and which test shows it.
import type { Figure } from "../../test/trust/figure.ts";
import { type Machine, readMeasured } from "../../test/trust/measured.ts";
import { type Promised, SECTIONS } from "../../test/trust/promises.ts";

/** A figure, and when and on which of the machines it was measured. */
interface Shown extends Figure {
	readonly date: string;
	readonly machine: number;
}

export function printTrust(): string {
	const measured = Object.values(readMeasured());
	const machines = [...new Set(measured.map(({ machine }) => describe(machine)))];
	const figures = measured.flatMap(({ date, machine, figures: each }) =>
		each.map((figure): Shown => ({ ...figure, date, machine: machines.indexOf(describe(machine)) + 1 })),
	);
	const sections = SECTIONS.map(
		({ title, promises }) => `## ${title}\n\n${promises.map((one) => printPromise(one, figures)).join("\n")}`,
	);
	const list = machines.map((machine, index) => `- machine ${index + 1}: ${machine}`);
	return `# Trust

Printed from \`test/trust/\` by \`npm run print\`.

What Latchkey promises about security and reliability, by what each promise is judged, and what shows that it is kept: a
test in \`npm test\`, or a figure that \`npm run trust\` measured. What is not there yet, or is otherwise than one would
expect, is said. \`docs/threat-model.md\` says from whom all this protects. \`test/advisories/\` has a test for every
fault that we know to have been published of servers like this one.

Every test runs a real server and a real database, on each engine where it makes a difference. \`npm run trust\` makes
all figures again, and takes hours; \`npm run trust -- guessing --count 100\` makes some of them shorter. Figures are of
these machines, and say little of others:

${list.join("\n") || "- none yet"}

${sections.join("\n")}`;
}

function printPromise(promised: Promised, figures: readonly Shown[]): string {
	const { id, says, goal, tests = {}, rows = [], runs = [], but } = promised;
	const shown = figures.filter(({ promise }) => promise === id);
	const lines = [
		`- Goal: ${goal}`,
		...shown.map(
			({ figure, isMet, date, machine }) =>
				`- Measured: ${isMet ? "" : "**not met:** "}${figure} (${date}, machine ${machine}).`,
		),
		...(runs.length > 0
			? [`- Measured by \`npm run trust -- ${runs.join(" ")}\`${shown.length > 0 ? "" : ", not yet"}.`]
			: []),
		...Object.entries(tests).map(
			([file, names]) => `- Test: \`test/${file}\`: ${names.map((name) => `“${name}”`).join(", ")}`,
		),
		...(rows.length > 0
			? [`- Rows of the [contract](conformance.md): ${rows.map((row) => `\`${row}\``).join(", ")}`]
			: []),
		...(but === undefined ? [] : [`- But: ${but}`]),
	];
	return `### ${id} ${says}\n\n${lines.join("\n")}\n`;
}

function describe({ cores, memoryGib, processor, node, platform }: Machine): string {
	return `${cores} cores (${processor}), ${memoryGib} GiB, ${platform}, Node ${node}`;
}
