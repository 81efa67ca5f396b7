// F4 to F7: one truth, however many processes there are, while processes and database servers fail.
import type { Promised } from "../promises.ts";

export const CLUSTER: readonly Promised[] = [
	{
		id: "F4",
		says: "All processes on one database answer as one, and a killed one takes nothing with it.",
		goal: "1 000 000 acts by clients of 4 processes, some of which are killed and started again: some order explains every answer; of at least 10 000 tokens that are used at another process within 1 ms of the reply to their deletion, none is accepted; beside what was under way at a killed process, at most one act in a thousand is answered by an error.",
		runs: ["history"],
		tests: {
			"cluster/history.test.ts": [
				"four processes on one database, some of them killed, answer as one",
				"a history that some order explains has no contradiction",
				"a history that no order explains is told of",
			],
		},
	},
	{
		id: "F5",
		says: "When the primary dies and its standby takes its place, nothing is lost and nothing comes back.",
		goal: "Killed under load 20 times, with a synchronous standby: 0 acknowledged acts lost, 0 revoked tokens accepted; every process reads again within 15 s and writes within 30 s, without a restart.",
		runs: ["failover"],
		tests: {
			"cluster/failover.test.ts": [
				"when the primary is killed under load and the standby takes its place, nothing that was acknowledged is lost",
			],
		},
		but: "How soon a standby is promoted is the operator's, or their tool's; here it is at once. Both servers are in the URL.",
	},
	{
		id: "F6",
		says: "What the database cannot vouch for is an error, within seconds.",
		goal: "A standby that is frozen, a wait for it that is cancelled, a primary that is frozen, connections that are ended at random: each operation is answered within 5 s, no success is told that was none, reads go on where there is a primary, and all goes on once the fault is over. A primary that was replaced is asked nothing any more.",
		tests: {
			"cluster/faults.test.ts": [
				"while the standby is frozen, writes fail in time and reads go on; then all goes on",
				"a wait for the standby that is cancelled is no success",
				"while the primary is frozen, everything fails in time; then all goes on",
				"a primary that was replaced is asked nothing any more, whether it went on or comes back",
			],
			"cluster/busy.test.ts": ["connections that are ended in the midst of their work make no false success"],
		},
		but: "A process that can reach the old primary alone, and never the new one, goes on reading from it: nothing tells that case from a standby that is frozen. It cannot write. Whoever promotes ends the old one first.",
	},
	{
		id: "F7",
		says: "When every connection is taken, nobody waits without end.",
		goal: "While somebody holds the locks of every table, writes fail within 5 s and reads go on; it drains within 5 s, and nothing that was refused is carried out later.",
		tests: {
			"cluster/busy.test.ts": [
				"while somebody holds the locks of every table, writes fail in time and reads go on; then all goes on",
			],
		},
	},
];
