// Counts what one answer holds of things that a short document can ask for many times over: an answer without end
// would hold up everyone else's.
import { AnswerTooLarge } from "./run.ts";

/** Of texts that can be long. */
const MAX_CHARACTERS = 1_048_576;
/** Four of the largest pages. */
const MAX_ADDRESSES = 1000;
/** Six of the longest lists of identifiers. */
const MAX_METAFIELDS = 1500;

/** One for each request. What is counted throws once it is too much, and ends the execution. */
export class AnswerSize {
	#characters = 0;
	#addresses = 0;
	#metafields = 0;

	addCharacters(count: number): void {
		this.#characters += count;
		if (this.#characters > MAX_CHARACTERS) throw new AnswerTooLarge("1 MiB of long texts");
	}

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
