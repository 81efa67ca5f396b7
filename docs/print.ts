// Prints the documents that come from code: `npm run print`. The tidy test compares them with what is there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printConfiguration } from "./print/configuration.ts";
import { printConformance } from "./print/conformance.ts";
import { printTrust } from "./print/trust.ts";

/** File name under docs/ → how it is printed. */
export const PRINTED: Readonly<Record<string, () => Promise<string>>> = {
	"configuration.md": async () => printConfiguration(),
	"conformance.md": printConformance,
	"trust.md": async () => printTrust(),
};

/** The names of printed documents that are not what the code says. */
export async function findStale(): Promise<readonly string[]> {
	const stale: string[] = [];
	for (const [name, print] of Object.entries(PRINTED)) {
		if (readFileSync(join(import.meta.dirname, name), "utf8") !== (await print())) stale.push(name);
	}
	return stale;
}

if (import.meta.main) {
	for (const [name, print] of Object.entries(PRINTED)) {
		writeFileSync(join(import.meta.dirname, name), await print());
	}
}
