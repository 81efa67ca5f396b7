// What `node --test` reports to while code is mutated: nothing, until a test fails; then it is over.
import type { TestEvent } from "node:test/reporters";

export default async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
	for await (const { type, data } of events) {
		if (type !== "test:fail") continue;
		process.stderr.write(`${data.name}: ${data.details.error.message}\n`);
		process.exit(1);
	}
	yield "";
}
