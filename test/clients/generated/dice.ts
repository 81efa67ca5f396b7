// Numbers in, choices out. A list of plain numbers, which fast-check rolls and shrinks, makes every choice of a
// document: where the list has ended, and wherever it says 0, the choice is the plainest one.
import fc from "fast-check";

export class Dice {
	#at = 0;
	readonly #numbers: readonly number[];

	constructor(numbers: readonly number[]) {
		this.#numbers = numbers;
	}

	/** The plainest choice stands first. */
	pick<T>(choices: readonly T[]): T {
		const choice = choices[this.#roll() % choices.length];
		if (choice === undefined) throw new Error("there is nothing to choose from");
		return choice;
	}

	chance(percent: number): boolean {
		return this.#roll() % 100 >= 100 - percent;
	}

	/** Each by its own chance, in their order. */
	some<T>(choices: readonly T[], percent: number): T[] {
		return choices.filter(() => this.chance(percent));
	}

	#roll(): number {
		return this.#numbers[this.#at++] ?? 0;
	}
}

export function rolls(maxLength: number): fc.Arbitrary<readonly number[]> {
	return fc.noBias(fc.array(fc.nat(99_999), { maxLength, size: "max" }));
}
