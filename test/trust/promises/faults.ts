// Faults: what is there today for SQLite and one process.
import type { Promised } from "../promises.ts";

export const FAULTS: readonly Promised[] = [
	{
		id: "F1",
		says: "A process that is killed loses nothing that it acknowledged.",
		goal: "Killed with SIGKILL at random moments of full work: 0 acknowledged acts lost, 0 revoked tokens accepted, the file sound, ready again within 2 s.",
		runs: ["crash"],
		tests: {
			"crash/crash.test.ts": ["keeps every promise when it is killed in the midst of its work"],
			"crash/passwords.test.ts": [
				"loses no password that was changed, and brings back none, when it is killed in the midst of changes",
			],
			"advisories/restarts.test.ts": [
				"Keycloak CVE-2026-9802: what was revoked stays revoked over a restart",
			],
		},
	},
	{
		id: "F8",
		says: "Clients that are slow on purpose do not slow the others.",
		goal: "2 000 half heads, dripping bodies and readers that do not read: a head within 5 s, a request within 15 s; the p99 of good clients at most twice that of an idle server; at most 100 connections by address.",
		runs: ["slow-clients"],
	},
	{
		id: "F9",
		says: "Memory is bounded.",
		goal: "An hour of mixed load with every attack: at most 512 MiB, growing by at most 1 % an hour after 15 minutes; tables of limits bounded; no error that is not an attack's.",
		runs: ["mixed-load", "slow-clients"],
		tests: {
			"limits/flood.test.ts": ["a flood of … names is bounded, and forgets nobody"],
			"plan/documents.test.ts": ["the cache stays bounded, in documents and in characters"],
		},
	},
	{
		id: "F10",
		says: "A server that is told to stop finishes what is under way.",
		goal: "Under 200 requests a second on open connections, 0 fail that were taken; the process ends within 30 s, and at once when it is told a second time.",
		tests: {
			"contracts.test.ts": ["told to stop, it finishes what is under way and ends"],
			"stopping.test.ts": [
				"told to stop under load, it cuts off no answer, and ends",
				"told to stop twice, it ends at once",
			],
			"mail/delivery.test.ts": [
				"a stop lets the mails under way finish and begins no others, and the next start sends the rest",
			],
		},
		but: "A request that crosses the closing of an idle connection is the client's to send again, as ever in HTTP. Restarts of one node after the other come with PostgreSQL.",
	},
	{
		id: "F13",
		says: "What the server depends on may be away, and nothing opens for it.",
		goal: "Nobody comes in who would have been counted; a recovery is answered as fast as ever; mails wait and are sent once the mail server is back.",
		tests: {
			"fail-closed.test.ts": [
				"an attempt that cannot be counted is not made, and reading goes on",
				"a token that could not be deleted is told to be none the less alive",
			],
			"mail/delivery.test.ts": [
				"a mail server that … delays a mail by growing pauses, and loses none",
				"a mail server that hangs holds up no request, and what it was given is sent again",
			],
		},
	},
	{
		id: "F14",
		says: "A mail that was decided is sent, and none for what did not happen.",
		goal: "Killed at each step: each mail arrives once or twice, and the newest has the link that works; none for a link that was withdrawn.",
		runs: ["crash"],
		tests: {
			"mail/killed.test.ts": [
				"every mail that was decided arrives, at most twice, wherever the process is killed on its way",
			],
			"mail/delivery.test.ts": ["a link that was withdrawn while its mail waited is never mailed"],
		},
	},
];
