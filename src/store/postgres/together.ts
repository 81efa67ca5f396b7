// Requests of one turn of the event loop ask the same few questions of different customers. The same question asked
// many times is asked once, with a table of values in the place of each value: the database and we do a third of the
// work.
import type { Row, Statement, Value } from "../engine.ts";
import type { Connection } from "./connection.ts";

interface Asked {
	readonly statement: Statement;
	readonly values: readonly Value[];
}

/** Those that can be asked as one, together; each other one by itself. */
export function gather<Q extends Asked>(questions: readonly Q[]): readonly (readonly Q[])[] {
	const groups = new Map<unknown, Q[]>();
	for (const question of questions) {
		const { statement, values } = question;
		// What is null has no type, and a limit takes no value out of a table.
		const isFit = values.length > 0 && !values.includes(null) && !/LIMIT \?/.test(statement.sql);
		const key = isFit ? statement : question;
		const group = groups.get(key);
		if (group) group.push(question);
		else groups.set(key, [question]);
	}
	return [...groups.values()];
}

/** The same of changes: each of its group is of another row, or one would be done and the other be lost. */
export function gatherChanges<Q extends Asked>(changes: readonly Q[]): readonly (readonly Q[])[] {
	const groups: Q[][] = [];
	/** The last group of each statement, and the rows that it changes. */
	const last = new Map<Statement, { readonly group: Q[]; readonly rows: Set<Value | undefined> }>();
	for (const change of changes) {
		const { statement, values } = change;
		const row = statement.row === undefined || values.includes(null) ? undefined : values[statement.row];
		const open = last.get(statement);
		if (row !== undefined && open && !open.rows.has(row)) {
			open.group.push(change);
			open.rows.add(row);
			continue;
		}
		const group = [change];
		groups.push(group);
		if (row !== undefined) last.set(statement, { group, rows: new Set([row]) });
	}
	return groups;
}

/** The rows of each, in their order. All have the same statement. */
export async function askTogether(
	connection: Connection,
	questions: readonly Asked[],
): Promise<readonly (readonly Row[])[]> {
	const [{ statement, values }] = questions as readonly [Asked];
	if (questions.length === 1) return [await connection.ask(statement, values)];
	const columns = values.map((_, place) => questions.map((question) => question.values[place] as Value));
	const rows = await connection.ask(toTogether(statement, values), columns);
	const answers = questions.map((): Row[] => []);
	for (const row of rows) answers[Number(row["asked"]) - 1]?.push(row);
	return answers;
}

const CHANGE = /^(UPDATE .+?)\sWHERE (.+)\sRETURNING (.+)$/s;
const made = new WeakMap<Statement, Statement>();

/** A value of a statement has one type, whoever asks. */
function toTogether(statement: Statement, values: readonly Value[]): Statement {
	let together = made.get(statement);
	if (!together) {
		let place = 0;
		const one = statement.sql.replace(/\?/g, () => `given.v${place++}`);
		const types = values.map((value) => (typeof value === "number" ? "bigint" : "text"));
		const given = `unnest(${types.map((type) => `?::${type}[]`).join(", ")})
			WITH ORDINALITY AS given (${types.map((_, column) => `v${column}`).join(", ")}, asked)`;
		const [, set, which, returned] = CHANGE.exec(one) ?? [];
		together = {
			sql: set
				? `${set} FROM ${given} WHERE ${which} RETURNING given.asked, ${returned}`
				: `SELECT given.asked, answer.* FROM ${given}, LATERAL (${one}) AS answer`,
		};
		made.set(statement, together);
	}
	return together;
}
