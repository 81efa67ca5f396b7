// Waiting no longer than one may.
import { Overdue } from "./refusals.ts";

/** Rejects with `Overdue` when it takes longer; what comes then is not looked at. */
export function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Overdue("the database does not answer")), milliseconds);
		work.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}

export function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
