// What a server does for one operation, told without a clock: the questions and writes that it asks of its store, by
// their text or name, and the passwords that it hashes, with what each costs. Everything really runs.
import type { TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import type { Statement, Transaction } from "../../src/store/engine.ts";
import type { House } from "../house.ts";

export interface Work {
	/**
	 * Runs it alone and gives all that was done for it, in order. From then on the house sends no mail and removes nothing
	 * that is over: what does so works by itself, and would be seen among the rest.
	 */
	of(operation: () => Promise<unknown>): Promise<readonly string[]>;
}

interface HashJob {
	readonly stored?: string;
	readonly memoryKib?: number;
	readonly passes?: number;
}

export function watchWork(t: TestContext, { app: { store, delivery, housekeeping } }: House): Work {
	const seen: string[] = [];
	const { read, change, write } = store;
	t.mock.method(store, "read", (statement: Statement, values: never) => {
		seen.push(`read ${statement.sql}`);
		return read.call(store, statement, values);
	});
	t.mock.method(store, "change", (statement: Statement, values: never) => {
		seen.push(`change ${statement.sql}`);
		return change.call(store, statement, values);
	});
	t.mock.method(store, "write", (transaction: Transaction<unknown, unknown>, input: unknown) => {
		seen.push(`write ${transaction.name}`);
		return write.call(store, transaction, input);
	});
	const post = Worker.prototype.postMessage;
	t.mock.method(Worker.prototype, "postMessage", function (this: Worker, job: unknown) {
		if (typeof job === "object" && job !== null && "password" in job)
			seen.push(`hash ${costOf(job as HashJob)}`);
		return post.call(this, job);
	});
	return {
		of: async (operation) => {
			await delivery?.close();
			await housekeeping.close();
			seen.length = 0;
			await operation();
			return [...seen];
		},
	};
}

/** What grows with the work of a hash: its parameters, the lengths of its salt and tag. */
function costOf({ stored, memoryKib, passes }: HashJob): string {
	if (stored === undefined) return `anew, m=${memoryKib},t=${passes}`;
	const [, algorithm, version, parameters, salt = "", tag = ""] = stored.split("$");
	return `against ${[algorithm, version, parameters, salt.length, tag.length].join(" ")}`;
}
