// F2 and F3: disks that lose their power, are full, or fail, under SQLite and under PostgreSQL.
import { whyNoDisk } from "../disk/disk.ts";
import type { Fault } from "../disk/files.ts";
import { endure as endureUnderPostgres } from "../disk/postgres.ts";
import type { Endured } from "../disk/shoppers.ts";
import { cutPower, endure } from "../disk/sqlite.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_CUTS = 200;
/** A server whose own disk fails answers at once; one whose database died waits for it for a while. */
const ERROR_WITHIN_MS = { SQLite: 1000, PostgreSQL: 5000 };
const HEALED_WITHIN_MS = 5000;

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const whyNot = await whyNoDisk();
	if (whyNot) throw new Error(whyNot);
	const cuts = count ?? OFFICIAL_CUTS;
	const rounds = Math.ceil(cuts / 10);
	process.stderr.write(`${cuts} power cuts …\n`);
	const { violations, acknowledged } = await cutPower(cuts, seed);
	for (const violation of violations) process.stderr.write(`BROKEN: ${violation}\n`);
	const figures: Figure[] = [
		{
			promise: "F2",
			figure: `${cuts} power cuts under load, what was not synced there by chance: of ${acknowledged} acknowledged acts none lost (${violations.length} broken promises)`,
			isMet: violations.length === 0 && acknowledged > 0,
		},
	];
	const faults = repeat(["full", "badWrites", "badSyncs"], rounds);
	process.stderr.write(`SQLite, ${faults.length} faults …\n`);
	figures.push(...toFigures("SQLite", "its file", faults.length, await endure(faults, seed)));
	for (const part of ["data", "log"] as const) {
		const some = repeat(["full", "badSyncs"], Math.ceil(rounds / 4));
		process.stderr.write(`PostgreSQL's ${part}, ${some.length} faults …\n`);
		const endured = await endureUnderPostgres(part, some, seed);
		figures.push(...toFigures("PostgreSQL", `its ${part}`, some.length, endured));
	}
	return figures;
}

function repeat(faults: readonly Fault[], rounds: number): readonly Fault[] {
	return Array.from({ length: rounds }, () => faults).flat();
}

function toFigures(
	engine: keyof typeof ERROR_WITHIN_MS,
	place: string,
	faults: number,
	{ violations, acknowledged, errors, slowestErrorMs, slowestHealingMs }: Endured,
): readonly Figure[] {
	for (const violation of violations) process.stderr.write(`BROKEN: ${violation}\n`);
	const refused = Object.values(errors).reduce((sum, number) => sum + number, 0);
	const where = `${engine}, ${faults} faults of the disk that has ${place}`;
	return [
		{
			promise: "F3",
			figure: `${where}: ${refused} errors and ${acknowledged} acknowledged acts, ${violations.length} broken promises`,
			isMet: violations.length === 0 && refused > 0 && acknowledged > 0,
		},
		{
			promise: "F3",
			figure: `${where}: an error within ${Math.round(slowestErrorMs)} ms, a write again within ${Math.round(slowestHealingMs)} ms of a disk, or a database, that is there`,
			isMet: slowestErrorMs <= ERROR_WITHIN_MS[engine] && slowestHealingMs <= HEALED_WITHIN_MS,
		},
	];
}
