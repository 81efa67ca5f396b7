// What is known of the real service's wire and what became of it here, as a document: the rows of test/wire/.
import { listVersions, NEWEST } from "../../src/storefront/versions.ts";
import {
	evidenceOf,
	OUTCOMES,
	type Outcome,
	outcomesOf,
	type Row,
	SOURCES,
	sectionOf,
} from "../../test/wire/row.ts";
import { ROWS, SECTIONS } from "../../test/wire/rows.ts";

const OUTCOME_TITLES: Readonly<Record<Outcome, string>> = {
	check: "proven by a test",
	difference: "different on purpose",
};

export async function printConformance(): Promise<string> {
	const sections = SECTIONS.map(([number, title]) => {
		const rows = ROWS.filter((row) => sectionOf(row) === number);
		return `## ${number} ${title}\n\n| row | what a client sees | known | here |\n|---|---|---|---|\n${rows.map(printRow).join("\n")}\n`;
	});
	return `${printOpening()}\n${sections.join("\n")}`;
}

function printOpening(): string {
	const all = listVersions();
	const proven = inWords(all.filter(({ supported }) => supported).map(({ handle }) => handle));
	const newer = inWords(all.filter(({ supported }) => !supported).map(({ handle }) => handle));
	const sources = Object.entries(SOURCES).map(([letters, meaning]) => `| ${letters} | ${meaning} |`);
	return `# Conformance

Printed from \`test/wire/\` by \`npm run print\`.

What a client of the Storefront API sees is written down here row by row, for all that belongs to customers. A row that
is proven is a test of the same name in \`npm test\`: it sends real requests to a real server, on each database and in
each API version, and compares whole answers. A row that is different on purpose says why.

How a row is known is counted apart, because a test can only prove that we answer as written, not that what is written
is so. **Observed** rows were seen in recorded live answers of the Storefront API itself. All others are **believed**:
documented, read in a client's code, reported, recorded on the Admin API only (which has the same models behind it,
but the Storefront was not watched), inferred, or, where nobody has published anything, our own decision.

${printCounts()}

| known | how |
|---|---|
${sources.join("\n")}

REC alone is observed; a row with several sources is observed if REC is one of them.

**Versions.** ${proven} are served, and their schemas are held against the published ones in every type, field,
argument, default and enum value. ${newer} are answered with the schema of ${NEWEST}, and the header
\`X-Shopify-API-Version\` says so. An older version is answered by the oldest one served, with a header that warns.
`;
}

function printCounts(): string {
	const lines = (["observed", "believed"] as const).map((evidence) =>
		printCount(
			evidence,
			ROWS.filter((row) => evidenceOf(row) === evidence),
		),
	);
	const titles = OUTCOMES.map((outcome) => OUTCOME_TITLES[outcome]).join(" | ");
	return [`| | ${titles} | all |`, "|---|---:|---:|---:|", ...lines, printCount("all", ROWS)].join("\n");
}

function printCount(title: string, rows: readonly Row[]): string {
	const counts = OUTCOMES.map((outcome) => rows.filter((row) => outcomesOf(row).includes(outcome)).length);
	return `| ${title} | ${[...counts, rows.length].join(" | ")} |`;
}

function printRow(row: Row): string {
	const here = row.difference === undefined ? "proven" : `**different:** ${row.difference}`;
	const cells = [`\`${row.id}\``, row.says, row.sources.join(", "), here];
	return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** `a, b and c` */
function inWords(names: readonly string[]): string {
	return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
