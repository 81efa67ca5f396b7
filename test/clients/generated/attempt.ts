// What one document is to do: what it is asked with, and what must be answered.
import assert from "node:assert/strict";
import type { Customers, Kind } from "./customers.ts";
import type { Dice } from "./dice.ts";
import type { Fields } from "./model.ts";

export interface Attempt {
	/** What the customer has whom it is about; null for one who is new, and for none. */
	readonly kind: Kind | null;
	/** Whom a new customer access token lets in. */
	readonly email: string;
	readonly args: Readonly<Record<string, unknown>>;
	/** Called after the answer has come: fails unless the effect is there, and gives what the root field must say. */
	settle(): Promise<Fields | null>;
}

export type Operation = (customers: Customers, dice: Dice) => Promise<Attempt>;

/** What a payload says where all went well. */
export const NO_ERRORS = { customerUserErrors: [], userErrors: [] };

/** Fails unless all that was said is there. */
export function assertHolds(actual: Fields, said: Fields): void {
	for (const [name, value] of Object.entries(said)) assert.deepEqual(actual[name], value, name);
}
