// What a run of `npm run trust` is asked and what it gives.

export interface Options {
	/** Null for the official length. */
	readonly minutes: number | null;
	/** How many of whatever the run repeats; null for the official number. */
	readonly count: number | null;
	readonly seed: number;
}

/** One measured figure of one promise. */
export interface Figure {
	/** The promise's letter and number, e.g. `G6`. */
	readonly promise: string;
	/** What was measured, in a phrase with its number. */
	readonly figure: string;
	readonly isMet: boolean;
}
