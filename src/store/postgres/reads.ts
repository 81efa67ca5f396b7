// Questions: those of one turn of the event loop leave together, and what is asked twice in it is asked once.
// A question changes nothing, so one whose connection ended is asked again.
import type { Row, Statement, Value } from "../engine.ts";
import type { Connection } from "./connection.ts";
import { Lane } from "./lane.ts";
import type { Primary } from "./primary.ts";
import { isGoneAway, Overdue } from "./refusals.ts";
import { askTogether, gather } from "./together.ts";

/** Within this a client is told, whatever the database does. */
const ANSWER_MS = 3_500;
/** Two, so that a long answer does not hold up every other one. */
const LANES = 2;

interface Question {
	readonly statement: Statement;
	readonly values: readonly Value[];
	readonly promise: Promise<readonly Row[]>;
	readonly resolve: (rows: readonly Row[]) => void;
	readonly reject: (error: unknown) => void;
}

export class Reads {
	readonly #primary: Primary;
	readonly #lanes: readonly Lane[];
	#asked: Question[] = [];
	/** The last question of each statement in this turn. */
	readonly #last = new Map<Statement, Question>();
	/** Turns whose answers have not all come. */
	readonly #underWay = new Set<Promise<void>>();

	constructor(primary: Primary) {
		this.#primary = primary;
		this.#lanes = Array.from({ length: LANES }, () => new Lane(primary));
	}

	read(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
		const last = this.#last.get(statement);
		if (last?.values.every((value, index) => value === values[index])) return last.promise;
		const question = { statement, values, ...Promise.withResolvers<readonly Row[]>() };
		// After the poll phase, in which the requests of this turn arrive.
		if (this.#asked.length === 0) setImmediate(this.#send);
		this.#asked.push(question);
		this.#last.set(statement, question);
		return question.promise;
	}

	drop(): void {
		for (const lane of this.#lanes) lane.drop();
	}

	async close(): Promise<void> {
		while (this.#asked.length > 0) await new Promise((resolve) => setImmediate(resolve));
		await Promise.all(this.#underWay);
		await Promise.all(this.#lanes.map((lane) => lane.close()));
	}

	readonly #send = (): void => {
		const questions = this.#asked;
		this.#asked = [];
		this.#last.clear();
		const turn: Promise<void> = this.#answerAll(questions, performance.now() + ANSWER_MS).finally(() =>
			this.#underWay.delete(turn),
		);
		this.#underWay.add(turn);
	};

	async #answerAll(questions: readonly Question[], until: number): Promise<void> {
		let left = questions;
		while (left.length > 0) left = await this.#answer(left, until);
	}

	/** Gives the questions that have to be asked again. */
	async #answer(questions: readonly Question[], until: number): Promise<readonly Question[]> {
		const lane = this.#lanes.reduce((one, other) => (other.underWay < one.underWay ? other : one));
		try {
			const connection = await lane.get(until);
			// One who does not answer a question is as good as lost.
			const timer = setTimeout(() => connection.destroy(), Math.max(1, until - performance.now()));
			connection.cork();
			const settled = await Promise.all(gather(questions).map((alike) => answerAlike(connection, alike)));
			clearTimeout(timer);
			const again: Question[] = [];
			for (const { question, error } of settled.flat()) {
				if (!isGoneAway(error)) question.reject(error);
				else if (performance.now() < until) again.push(question);
				else question.reject(new Overdue("the database does not answer", { cause: error }));
			}
			if (again.length > 0) this.#primary.doubt();
			return again;
		} catch (error) {
			for (const { reject } of questions) reject(error);
			return [];
		}
	}
}

interface Unanswered {
	readonly question: Question;
	readonly error: unknown;
}

/** Questions of one statement. Gives those that were not answered. */
async function answerAlike(
	connection: Connection,
	alike: readonly Question[],
): Promise<readonly Unanswered[]> {
	if (alike.length > 1) {
		try {
			const answers = await askTogether(connection, alike);
			for (const [index, { resolve }] of alike.entries()) resolve(answers[index] as readonly Row[]);
			return [];
		} catch (error) {
			if (isGoneAway(error)) return alike.map((question) => ({ question, error }));
		}
	}
	// Nobody's question is refused for what another one asked.
	const unanswered: Unanswered[] = [];
	await Promise.all(
		alike.map(async (question) => {
			try {
				question.resolve(await connection.ask(question.statement, question.values));
			} catch (error) {
				unanswered.push({ question, error });
			}
		}),
	);
	return unanswered;
}
