// Counts what one answer makes the store look for: a short document can ask for it many times over. How long the
// answer itself may be, run.ts counts.
import { AnswerTooLarge } from "./run.ts";

/** Four of the largest pages. */
const MAX_ADDRESSES = 1000;
/** Six of the longest lists of identifiers. */
const MAX_METAFIELDS = 1500;

/** One for each request. What is counted throws once it is too much, and ends the execution. */
export class AnswerSize {
	#addresses = 0;
	#metafields = 0;

	/** Counts what is read, before it is. */
	addAddresses(count: number): void {
		this.#addresses += count;
		if (this.#addresses > MAX_ADDRESSES) throw new AnswerTooLarge(`${MAX_ADDRESSES} addresses`);
	}

	/** Counts what is looked for, found or not. */
	addMetafields(count: number): void {
		this.#metafields += count;
		if (this.#metafields > MAX_METAFIELDS) throw new AnswerTooLarge(`${MAX_METAFIELDS} metafields`);
	}
}
