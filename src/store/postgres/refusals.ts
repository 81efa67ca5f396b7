// What an error of the database means for what was asked: run it again, nothing happened, or nobody knows.
import type { DatabaseError } from "pg";

/** The server gave it up whole and says that it may go through if it is run again. */
const RUN_AGAIN = new Set([
	// Serialization failure, deadlock, a lock that was waited for too long.
	"40001",
	"40P01",
	"55P03",
	// What it found when it began is no longer so: run again, it finds what there is now.
	"23505",
	"23503",
]);

/** SQLSTATE of a server that takes no writes: it was the primary, or is not yet. */
const READ_ONLY = "25006";
/** SQLSTATE of CockroachDB: a statement may have been done, or not. */
const AMBIGUOUS = "40003";
/** The server ends the connection, or does not take it: it stops, or begins. */
const GOING_AWAY = /^(?:57P0[1-3]|08|53300)/;

/** Whoever asks has the wrong name or password, may not come in, or asks for a database that is not there. */
const TURNED_AWAY = new Set(["28000", "28P01", "3D000", "42501"]);

/** What the database said, without the rows and values that it quotes: it goes into the log. */
export class Refusal extends Error {
	override readonly name = "Refusal";
	/** SQLSTATE. */
	readonly code: string;

	constructor({ code = "", message, constraint, table }: DatabaseError) {
		const place = constraint ?? table;
		// A value that cannot be read is repeated in the text.
		super(
			`${code.startsWith("22") ? "a value that it cannot hold" : message} (${code}${place ? `, ${place}` : ""})`,
		);
		this.code = code;
	}
}

/** The connection ended before an answer came. */
export class ConnectionLost extends Error {
	override readonly name = "ConnectionLost";
}

/** The database did not answer in time, or no connection was free. Whether a write happened is not known. */
export class Overdue extends Error {
	override readonly name = "Overdue";
}

/** The commit is not as durable as it should be, or nobody knows: to the client it is an error. */
export class OutcomeUnknown extends Error {
	override readonly name = "OutcomeUnknown";
}

export function isToRunAgain(error: unknown): boolean {
	return RUN_AGAIN.has(codeOf(error));
}

/** Nothing was done, and another connection may do it. */
export function isGoneAway(error: unknown): boolean {
	return error instanceof ConnectionLost || GOING_AWAY.test(codeOf(error)) || isReadOnly(error);
}

export function isReadOnly(error: unknown): boolean {
	return codeOf(error) === READ_ONLY;
}

/** Of a write, or a commit: it may have been done. */
export function leavesDoubt(error: unknown): boolean {
	return codeOf(error) === AMBIGUOUS || (isGoneAway(error) && !isReadOnly(error));
}

/** Of an attempt to connect: one more would come to the same. */
export function isTurnedAway(error: unknown): boolean {
	return error instanceof Error && "code" in error && TURNED_AWAY.has(String(error.code));
}

export function codeOf(error: unknown): string {
	return error instanceof Refusal ? error.code : "";
}
