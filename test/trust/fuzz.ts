// `npm run fuzz` as figures: grown and broken documents against a whole server.
import { fuzz } from "../fuzz/fuzz.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_DOCUMENTS = 100_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const report = await fuzz({ documents: count ?? OFFICIAL_DOCUMENTS, seed });
	for (const fault of report.faults) process.stderr.write(`FAULT: ${fault}\n`);
	return [
		{
			promise: "Q8",
			figure: `${report.documents} documents made from the schema and broken (${report.answered} answered whole, ${report.partly} in part, ${report.refused} refused): ${report.faults.length} answers with a 5xx, a fault of ours or what is somebody else's`,
			isMet: report.faults.length === 0 && report.answered > 0,
		},
		{
			promise: "Q2",
			figure: `the largest of ${report.documents} answers to such documents has ${Math.ceil(report.largestBytes / 1024)} KiB`,
			isMet: report.largestBytes <= MAX_ANSWER_BYTES,
		},
	];
}
