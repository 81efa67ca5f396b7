// One structured logger: JSON lines on standard error. No secret is handed to it: a failure is logged by its
// request id and cause, never with headers, variables or documents.
import { destination, type Logger, pino } from "pino";

export type Log = Pick<Logger, "trace" | "debug" | "info" | "warn" | "error">;

export function createLog(level: string): Log {
	return pino(
		{
			level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
		},
		destination({ fd: 2, sync: true }),
	);
}
