// What Prometheus reads. Labels are statuses and kinds, never anything that a client sent.
import type { ServerResponse } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { send } from "./reply.ts";

export interface Metrics {
	countAnswer(status: number): void;
	serve(response: ServerResponse): Promise<void>;
}

export function createMetrics(read: {
	readonly hashes: () => number;
	readonly hashesBegun: () => number;
	readonly documents: () => number;
}): Metrics {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry });
	const answers = new Counter({
		name: "latchkey_answers_total",
		help: "Answers sent, by HTTP status.",
		labelNames: ["status"],
		registers,
	});
	new Gauge({
		name: "latchkey_password_hashes",
		help: "Password hashes running and waiting.",
		registers,
		collect() {
			this.set(read.hashes());
		},
	});
	new Counter({
		name: "latchkey_password_hashes_begun_total",
		help: "Password hashes begun: to keep a password, or to compare one.",
		registers,
		collect() {
			this.reset();
			this.inc(read.hashesBegun());
		},
	});
	new Gauge({
		name: "latchkey_documents_cached",
		help: "GraphQL documents kept ready.",
		registers,
		collect() {
			this.set(read.documents());
		},
	});
	return {
		countAnswer: (status) => answers.inc({ status }),
		serve: async (response) => send(response, 200, registry.contentType, await registry.metrics()),
	};
}
