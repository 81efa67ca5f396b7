// What the store asks of a database: questions, and writes that are durable once answered. The folder of each
// engine keeps this contract its own way; SQL text is shared, and a difference is data (`Dialect`).

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** Asks one question, and is given the rows. */
export type Read = (statement: Statement, values: readonly Value[]) => Promise<readonly Row[]>;

/** One SQL text with `?` for values, made once at module level: engines keep it prepared by its identity. */
export interface Statement {
	readonly sql: string;
	/**
	 * For an `UPDATE … WHERE … RETURNING …` of a single row: which of the values names the row. An engine may carry out
	 * those of different rows as one.
	 */
	readonly row?: number;
}

export function statement(sql: string, names: { readonly row?: number } = {}): Statement {
	return { sql, ...names };
}

/** A step inside a transaction: ask this, and be given the rows. */
export interface Ask {
	readonly statement: Statement;
	readonly values: readonly Value[];
}

export function ask(asked: Statement, values: readonly Value[]): Ask {
	return { statement: asked, values };
}

/** Steps inside a transaction, which others can be made of: `yield* putMail(…)`. */
export type Steps<O> = Generator<Ask, O, readonly Row[]>;

/**
 * Several steps that happen whole or not at all. A generator, so that one code serves an engine that answers at
 * once and one that answers over a network: `const rows = yield ask(FIND, [id])`. It may run again from its start
 * and on another thread, so it touches nothing but its input and the database; input and result are plain data.
 */
export interface Transaction<I, O> {
	readonly name: string;
	readonly steps: (input: I) => Steps<O>;
	/**
	 * Transactions of one line would meet on the same rows: where writes run side by side, those of a process that are in
	 * one line run one after the other. Null for none.
	 */
	readonly line: string | null;
}

const transactions = new Map<string, Transaction<never, unknown>>();

/** Made once at module level, under a name of its own. */
export function transaction<I, O>(
	name: string,
	steps: Transaction<I, O>["steps"],
	line: string | null = null,
): Transaction<I, O> {
	const made = { name, steps, line };
	transactions.set(name, made);
	return made;
}

/** By its name, on a thread that was not handed it. Its module must have been imported there. */
export function getTransaction(name: string): Transaction<never, unknown> {
	const found = transactions.get(name);
	if (!found) throw new Error(`no transaction is named ${name}`);
	return found;
}

/** How the engines' table definitions differ. */
export interface Dialect {
	/** A column type that holds 53-bit whole numbers, times and ids among them. */
	readonly integer: string;
	/** A column type for texts that are told apart, and ordered, by their bytes. */
	readonly text: string;
	/** A column type whose values the database draws itself, each greater than those before it. */
	readonly counter: string;
	/** What follows a table definition so that its rows lie in the order of its primary key. */
	readonly clustered: string;
	/** Statements after which the table's rows cannot be changed any more. */
	readonly forbidUpdates: (table: string) => readonly string[];
	/** Whether a text may have the character NUL in it; where not, another is kept in its place. */
	readonly keepsNul: boolean;
	/** Statements after which a table's counter goes on above the rows that are there. */
	readonly continueCounter: (table: string, column: string) => readonly string[];
}

export interface Engine {
	readonly dialect: Dialect;
	/** Milliseconds since 1970 on the clock by which all processes on this database judge what has expired. */
	now(): number;
	/** Answers a question from the newest committed state. Questions of one turn of the event loop may share a view. */
	read(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;
	/** One changing statement, whole by itself. Resolves once it is durable. */
	change(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;
	/** Resolves once the transaction is durable; an error in it undoes it alone. */
	write<I, O>(transaction: Transaction<I, O>, input: I): Promise<O>;
	/**
	 * Runs statements that define tables, in one transaction. False when another process has just done the same: then
	 * nothing is done.
	 */
	define(statements: readonly string[]): Promise<boolean>;
	/**
	 * Has the work read everything as it is committed at one moment, for as long as it takes: for what reads whole
	 * tables, beside whatever else goes on. A database in memory has no such view.
	 */
	snapshot<T>(work: (read: Read) => Promise<T>): Promise<T>;
	/** Finishes what is under way and lets go of the database. */
	close(): Promise<void>;
}

/** The database cannot be opened for a reason that the operator can mend; the message is the sentence to show. */
export class CannotOpen extends Error {
	override readonly name = "CannotOpen";
}
