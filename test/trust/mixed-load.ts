// F9: an hour of good clients beside every attack that we know. Memory must stand still, and every answer to a good
// client be the one that it expects.
import { DatabaseSync } from "node:sqlite";
import { seededRandom } from "../crash/random.ts";
import { PostOffice } from "../mail/post-office.ts";
import type { Figure, Options } from "./figure.ts";
import { ATTACK_RATES, type Attack, Attacks } from "./siege/attacks.ts";
import { Client } from "./siege/client.ts";
import { MemoryWatch, slopePercentAnHour } from "./siege/memory.ts";
import { ACT_RATES, type Act, Residents } from "./siege/residents.ts";
import { openSiegeServer, type SiegeServer } from "./siege/server.ts";
import { SlowSockets } from "./siege/slow-sockets.ts";

const MINUTES = 60;
const SEEDED = 200_000;
const RESIDENTS = 500;
/** Of the residents, those whose passwords are guessed at all the time. */
const VICTIMS = 20;
const SLOW_SOCKETS = 300;
/** The minutes before are for caches to fill. */
const WARM_MINUTES = 15;
const MOST_MIB = 512;
const MOST_SLOPE = 1;
const TICK_MS = 20;
/** Of one kind as many may be under way as come in this time: a machine that has others to serve is not run over. */
const UNDER_WAY_SECONDS = 3;
/** Rows that names and addresses share which nobody has, of each kind that is counted: `accounts/attempts.ts`. */
const SLOTS = 2 ** 18;

/** `count`: customers in the database beforehand. */
export async function run({ minutes, count, seed }: Options): Promise<readonly Figure[]> {
	const length = minutes ?? MINUTES;
	const seeded = count ?? SEEDED;
	await using office = await PostOffice.open();
	await using server = await openSiegeServer(seeded, { LATCHKEY_SMTP_URL: office.url });
	const client = new Client(server.port);
	const residents = new Residents(client, office, seeded, seededRandom(seed));
	await residents.moveIn(RESIDENTS);
	const victims = residents.listEmails(VICTIMS);
	const attacks = new Attacks(server.port, seeded, victims, seededRandom(seed + 1));
	const slow = new SlowSockets(
		server.port,
		SLOW_SOCKETS,
		(index) => `127.9.${index % 250}.${1 + (index % 7)}`,
	);
	const memory = new MemoryWatch(server);

	const startedAt = performance.now();
	const paces = [
		...(Object.keys(ACT_RATES) as Act[]).map((act) => new Pace(ACT_RATES[act], () => residents.act(act))),
		...(Object.keys(ATTACK_RATES) as Attack[]).map(
			(attack) => new Pace(ATTACK_RATES[attack], () => attacks.attack(attack)),
		),
	];
	for (let minute = 1; minute <= length; minute++) {
		const end = startedAt + minute * 60_000;
		while (performance.now() < end) {
			const elapsed = performance.now() - startedAt;
			for (const each of paces) each.startDue(elapsed);
			await new Promise((resolve) => setTimeout(resolve, TICK_MS));
		}
		const { residentMib, heapMib } = memory.closeMinute();
		process.stderr.write(
			`minute ${minute}: ${residentMib.toFixed(1)} MiB resident, ${heapMib.toFixed(1)} MiB of heap; ` +
				`${residents.answers} good answers, ${residents.faults} not as expected; ` +
				`${attacks.answered} attacks refused, ${attacks.cut} cut, ${attacks.faults} faults; ` +
				`${slow.standing} slow connections, ${slow.report.ended} ended; ` +
				`${heldBackOf(paces)} acts held back\n`,
		);
	}
	memory.stop();
	slow.stop();
	await Promise.all(paces.map((each) => each.finish()));
	const metrics = await server.metrics();
	client.close();
	const exitCode = await server.stop();
	const logged = server.log().match(/"level":"error".*/g) ?? [];
	for (const line of logged.slice(0, 10)) process.stderr.write(`LOGGED: ${line}\n`);

	const answers = countServerErrors(metrics);
	return [
		...describeMemory(memory, length),
		describeTables(server, attacks.names),
		{
			promise: "F9",
			figure: `${residents.answers} answers to good clients in ${length} minutes, ${residents.faults} of them not as expected (${heldBackOf(paces)} acts and attacks were held back because too many were under way)`,
			isMet: residents.faults === 0 && residents.answers > 0,
		},
		{
			promise: "F9",
			figure: `${attacks.answered} attacks answered and ${attacks.cut} cut off, ${slow.report.ended} slow connections ended; ${attacks.faults} answers that must not be, ${answers} of a status from 500, ${logged.length} errors logged, ${memory.faults} samples missed`,
			isMet: attacks.faults + answers + logged.length + memory.faults === 0 && exitCode === 0,
		},
	];
}

/** Starts so many a second. */
class Pace {
	/** What was due while too many were under way. */
	heldBack = 0;
	readonly #perSecond: number;
	readonly #start: () => Promise<void>;
	readonly #underWay = new Set<Promise<void>>();
	#due = 0;

	/** `start` never rejects. */
	constructor(perSecond: number, start: () => Promise<void>) {
		this.#perSecond = perSecond;
		this.#start = start;
	}

	startDue(elapsedMs: number): void {
		const most = Math.max(1, this.#perSecond) * UNDER_WAY_SECONDS;
		for (; this.#due < (elapsedMs * this.#perSecond) / 1000; this.#due++) {
			if (this.#underWay.size >= most) {
				this.heldBack++;
				continue;
			}
			const started: Promise<void> = this.#start().finally(() => this.#underWay.delete(started));
			this.#underWay.add(started);
		}
	}

	async finish(): Promise<void> {
		await Promise.all(this.#underWay);
	}
}

function describeMemory(memory: MemoryWatch, length: number): readonly Figure[] {
	const warm = Math.min(WARM_MINUTES, Math.floor(length / 4));
	const after = memory.minutes.slice(warm);
	const resident = slopePercentAnHour(after.map(({ residentMib }) => residentMib));
	const heap = slopePercentAnHour(after.map(({ heapMib }) => heapMib));
	const [first, last] = [after[0]?.residentMib, after.at(-1)?.residentMib];
	return [
		{
			promise: "F9",
			figure: `resident memory after minute ${warm}: ${resident.toFixed(2)} % an hour (${first?.toFixed(0)} to ${last?.toFixed(0)} MiB by the minute; heap ${heap.toFixed(2)} %), at most ${MOST_SLOPE} % allowed`,
			isMet: resident <= MOST_SLOPE,
		},
		{
			promise: "F9",
			figure: `resident memory at its peak: ${memory.peakMib.toFixed(0)} MiB, at most ${MOST_MIB} allowed`,
			isMet: memory.peakMib <= MOST_MIB,
		},
	];
}

/** What limits remember stays bounded: rows of customers, and rows that all others share. */
function describeTables({ database }: SiegeServer, names: number): Figure {
	using file = new DatabaseSync(database, { readOnly: true });
	const countOf = (query: string) => Number(file.prepare(query).get()?.["n"]);
	const rows = countOf("SELECT count(*) AS n FROM attempts");
	const kinds = countOf(
		"SELECT count(DISTINCT substr(subject, 1, instr(subject, ' slot '))) AS n FROM attempts WHERE subject LIKE '% slot %'",
	);
	const own = countOf("SELECT count(*) AS n FROM attempts WHERE subject NOT LIKE '% slot %'");
	const customers = countOf("SELECT count(*) AS n FROM customers");
	const longest = countOf("SELECT max(length(times)) AS n FROM attempts");
	return {
		promise: "F9",
		figure: `${names} names and addresses thrown at the limits left ${rows} rows of at most ${longest} bytes (${own} of ${customers} customers, the others in ${kinds} kinds of at most ${SLOTS})`,
		isMet: rows - own <= kinds * SLOTS && own <= 4 * customers,
	};
}

function heldBackOf(paces: readonly Pace[]): number {
	return paces.reduce((sum, { heldBack }) => sum + heldBack, 0);
}

function countServerErrors(metrics: ReadonlyMap<string, number>): number {
	let errors = 0;
	for (const [name, value] of metrics) if (/^latchkey_answers_total\{status="5/.test(name)) errors += value;
	return errors;
}
