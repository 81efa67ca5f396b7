// Answers to acts that were sent together are right when some order of the acts explains them all. More than one order
// may: then each leads to a world of its own, and what is answered later tells which of them was the real one.
import { isDeepStrictEqual } from "node:util";
import type { Act, Answer } from "./acts.ts";
import { expect } from "./model.ts";
import type { World } from "./world.ts";

/** Worlds in which the acts, done in some order between the two seconds, are answered so. None: nothing explains it. */
export function explain(
	worlds: readonly World[],
	acts: readonly Act[],
	answers: readonly Answer[],
	[from, to]: readonly [from: number, to: number],
): readonly World[] {
	const found = new Map<string, World>();
	const follow = (world: World, left: readonly number[]) => {
		if (left.length === 0) found.set(keyOf(world), world);
		for (const index of left) {
			const [act, answer] = [acts[index] as Act, answers[index] as Answer];
			for (let now = from; now <= to; now++) {
				const next = structuredClone(world);
				if (!isDeepStrictEqual(expect(next, act, answer, now), answer)) continue;
				follow(
					next,
					left.filter((other) => other !== index),
				);
			}
		}
	};
	for (const world of worlds) follow(world, [...acts.keys()]);
	return [...found.values()];
}

/** The same for worlds that differ only in an order that means nothing. */
function keyOf({ customers, spentPasses, asked }: World): string {
	const sorted = customers
		.toSorted((one, other) => (one.email < other.email ? -1 : 1))
		.map((customer) => ({ ...customer, tokens: Object.entries(customer.tokens).toSorted() }));
	return JSON.stringify([sorted, spentPasses.toSorted(), asked.toSorted()]);
}
