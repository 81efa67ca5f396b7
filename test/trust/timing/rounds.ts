// Rounds of requests, one of each kind in an order drawn anew, and whether the kinds can be told apart by their time.
import { seededRandom } from "../../crash/random.ts";
import type { Question, Stopwatch } from "./stopwatch.ts";

/** One kind of request, and what every answer to it says. */
export interface Kind {
	readonly name: string;
	/** `round` counts from 0; the first few are for warming up. */
	readonly ask: (round: number) => Question;
	readonly says: RegExp;
}

/** Rounds before those that count: code is compiled, statements are prepared. */
export const WARM_UP = 50;

/** Milliseconds of each kind, by its name, round by round. Throws for an answer that is not what it should be. */
export async function timeRounds(
	stopwatch: Stopwatch,
	kinds: readonly Kind[],
	rounds: number,
	seed: number,
): Promise<ReadonlyMap<string, Float64Array>> {
	const random = seededRandom(seed);
	const times = new Map(kinds.map(({ name }) => [name, new Float64Array(rounds)]));
	for (let round = 0; round < WARM_UP + rounds; round++) {
		for (const kind of shuffle(kinds, random)) {
			const { milliseconds, text } = await stopwatch.ask(kind.ask(round));
			if (!kind.says.test(text)) throw new Error(`${kind.name} was answered ${text}`);
			if (round >= WARM_UP) (times.get(kind.name) as Float64Array)[round - WARM_UP] = milliseconds;
		}
	}
	return times;
}

function shuffle<T>(items: readonly T[], random: () => number): readonly T[] {
	const drawn = items.map((item) => ({ item, at: random() }));
	return drawn.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/**
 * How well one time alone tells which of the two kinds it is of: the probability that one of `a` is the longer one of a
 * pair (the area under the curve, U / n² of Mann and Whitney). A half is not at all.
 */
export function aucOf(a: Float64Array, b: Float64Array): number {
	const all = [
		...Array.from(a, (time) => ({ time, isA: true })),
		...Array.from(b, (time) => ({ time, isA: false })),
	];
	all.sort((x, y) => x.time - y.time);
	let ranks = 0;
	for (let start = 0; start < all.length; ) {
		let end = start;
		let ofA = 0;
		while (end < all.length && all[end]?.time === all[start]?.time) {
			if (all[end]?.isA) ofA++;
			end++;
		}
		// Equal times share the mean of their ranks.
		ranks += (ofA * (start + 1 + end)) / 2;
		start = end;
	}
	return (ranks - (a.length * (a.length + 1)) / 2) / (a.length * b.length);
}

export function medianOf(times: Float64Array): number {
	const sorted = times.toSorted();
	const middle = sorted.length >> 1;
	const upper = sorted[middle] as number;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
