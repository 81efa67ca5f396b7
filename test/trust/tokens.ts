// T1: tokens as the server makes them, in one process and in several that start together. Looks for what makes tokens
// guessable: repetition, shared beginnings, a position that prefers some characters, one token that tells of the next.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Figure, Options } from "./figure.ts";
import { type Batch, KINDS, type Kind } from "./token-maker.ts";

const OFFICIAL = 1_000_000;
const PROCESSES = 4;

const ALPHABET = "0123456789abcdef";
/** The characters that are random; what follows in a one-time token is the time it was made. */
const RANDOM_LENGTH = 48;
const RANDOM_PART = new RegExp(`^[${ALPHABET}]{${RANDOM_LENGTH}}(?=$|-)`);

/**
 * How improbable a finding must be to count as one. Of a perfect generator, one run in a thousand would find something:
 * the probabilities of single positions are multiplied by the number of positions that were looked at.
 */
const SIGNIFICANCE = 0.001;

export async function run({ count }: Options): Promise<readonly Figure[]> {
	const each = count ?? OFFICIAL;
	const groups = [
		{ says: "one process", processes: 1 },
		{ says: `${PROCESSES} processes started together`, processes: PROCESSES },
	];
	const figures: Figure[] = [];
	for (const { says, processes } of groups) {
		process.stderr.write(`${each} tokens of ${KINDS.length} kinds, from ${says} …\n`);
		const looks = await makeTokens(processes, Math.ceil(each / processes));
		figures.push(...describe(says, each, looks));
	}
	return figures;
}

/** What is remembered of the tokens of one kind. */
class Look {
	/** How often each character stood at each position. */
	readonly counts = Array.from({ length: RANDOM_LENGTH }, () => new Float64Array(ALPHABET.length));
	/** The first 64 bits of each token. */
	readonly beginnings: bigint[] = [];
	misshapen = 0;
	/** Characters that stood at the same position in the token before it, of the same process. */
	repeated = 0;
	compared = 0;

	take(tokens: readonly string[]): void {
		let before = "";
		for (const token of tokens) {
			const [random] = RANDOM_PART.exec(token) ?? [];
			if (random === undefined) {
				this.misshapen++;
				continue;
			}
			this.beginnings.push(BigInt(`0x${random.slice(0, 16)}`));
			for (const [position, counts] of this.counts.entries()) {
				const symbol = Number.parseInt(random[position] as string, 16);
				counts[symbol] = (counts[symbol] ?? 0) + 1;
				if (random[position] === before[position]) this.repeated++;
			}
			if (before !== "") this.compared += RANDOM_LENGTH;
			before = random;
		}
	}
}

async function makeTokens(processes: number, each: number): Promise<ReadonlyMap<Kind, Look>> {
	const looks = new Map(KINDS.map((kind) => [kind, new Look()]));
	const makers = Array.from({ length: processes }, () =>
		fork(join(import.meta.dirname, "token-maker.ts"), [String(each)]),
	);
	await Promise.all(
		makers.map(async (maker) => {
			maker.on("message", ({ kind, tokens }: Batch) => looks.get(kind)?.take(tokens));
			const [code] = await once(maker, "exit");
			if (code !== 0) throw new Error(`a process that makes tokens ended with ${code}`);
		}),
	);
	return looks;
}

function describe(says: string, each: number, looks: ReadonlyMap<Kind, Look>): readonly Figure[] {
	const all = [...looks.values()];
	const made = all.reduce((sum, { beginnings }) => sum + beginnings.length, 0);
	const misshapen = all.reduce((sum, look) => sum + look.misshapen, 0);
	const isWhole = misshapen === 0 && made >= each * KINDS.length;
	const shared = longestShared(all.flatMap(({ beginnings }) => beginnings));
	// Where this many are drawn at random, two of them begin alike for so long once in a million runs.
	const mayShare = Math.ceil(Math.log(made ** 2 * 0.5 * 1e6) / Math.log(ALPHABET.length));
	const positions = all.flatMap(({ counts }) => counts);
	const leastEven = Math.min(...positions.map(chanceOfCounts));
	const successive = all.map(chanceOfRepetition);
	const tells = Math.min(...successive) * successive.length;
	return [
		{
			promise: "T1",
			figure: `${made} tokens of ${KINDS.join(", ")} from ${says}: ${RANDOM_LENGTH * 4} random bits each; no two equal, none beginning like another for more than ${shared} characters (chance alone: up to ${mayShare})`,
			isMet: isWhole && shared <= Math.min(mayShare, 15),
		},
		{
			promise: "T1",
			figure: `from ${says}: each character equally often at each of ${positions.length} positions, the least even has p = ${leastEven.toFixed(5)}, ${Math.min(1, leastEven * positions.length).toFixed(3)} for all positions together`,
			isMet: isWhole && leastEven * positions.length > SIGNIFICANCE,
		},
		{
			promise: "T1",
			figure: `from ${says}: a token is as unlike the one made before it as any other (p = ${Math.min(1, tells).toFixed(3)})`,
			isMet: isWhole && tells > SIGNIFICANCE,
		},
	];
}

/** How many characters two of the tokens have in common at their beginning, at most: 16 if 64 bits are equal. */
function longestShared(beginnings: readonly bigint[]): number {
	const sorted = BigUint64Array.from(beginnings).sort();
	let longest = 0;
	for (let index = 1; index < sorted.length; index++) {
		const difference = (sorted[index] as bigint) ^ (sorted[index - 1] as bigint);
		// Equal beginnings have short differences; most need no closer look.
		if (difference >> BigInt(64 - 4 * (longest + 1)) !== 0n) continue;
		longest = 16 - (difference === 0n ? 0 : difference.toString(16).length);
		if (longest === 16) return longest;
	}
	return longest;
}

/** Pearson's chi² of counts that should be equal, as the probability of counts at least as unequal by chance. */
function chanceOfCounts(counts: Float64Array): number {
	const freedom = counts.length - 1;
	const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
	const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
	// Wilson and Hilferty: the cube root of chi² over its freedom is as good as normal.
	const spread = 2 / (9 * freedom);
	return chanceAbove((Math.cbrt(chi2 / freedom) - (1 - spread)) / Math.sqrt(spread));
}

/** The probability that chance alone makes successive tokens so like, or so unlike, each other. */
function chanceOfRepetition({ repeated, compared }: Look): number {
	const share = 1 / ALPHABET.length;
	const deviation = Math.sqrt(compared * share * (1 - share));
	return 2 * chanceAbove(Math.abs(repeated - compared * share) / deviation);
}

/** The probability that a normal value lies more than `z` standard deviations above its mean. */
function chanceAbove(z: number): number {
	const [steps, reach] = [10_000, 12];
	const width = reach / steps;
	let sum = 0;
	for (let step = 0; step < steps; step++) sum += Math.exp(-((z + (step + 0.5) * width) ** 2) / 2) * width;
	return Math.min(1, sum / Math.sqrt(2 * Math.PI));
}
