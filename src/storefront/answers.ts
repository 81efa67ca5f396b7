// What a request is answered, as the door sends it. What the schema says of itself is the same for everyone, and long to
// work out: the last few of those are kept.
import type { PreparedOperation } from "./operation.ts";

export interface StorefrontAnswer {
	/** JSON. */
	readonly body: string;
	readonly deprecations: string | null;
	readonly retryAfterSeconds: number | null;
}

/** An answer has at most 1 MiB. */
const MAX_KEPT = 4;

export interface SchemaAnswers {
	find(operation: PreparedOperation): StorefrontAnswer | undefined;
	/** Of an operation that `asksOnlySchema`. */
	keep(operation: PreparedOperation, answer: StorefrontAnswer): void;
}

export function createSchemaAnswers(): SchemaAnswers {
	const kept = new Map<PreparedOperation, StorefrontAnswer>();
	return {
		find: (operation) => kept.get(operation),
		keep: (operation, answer) => {
			kept.set(operation, answer);
			for (const oldest of kept.keys()) {
				if (kept.size <= MAX_KEPT) break;
				kept.delete(oldest);
			}
		},
	};
}
