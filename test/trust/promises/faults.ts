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
		id: "F2",
		says: "A power cut takes nothing that was acknowledged.",
		goal: "Under load on SQLite, 200 cuts of a disk on which every sector, size and folder that was not synced is there or not by chance: 0 acknowledged acts lost, 0 ended tokens accepted, the file sound.",
		runs: ["disk"],
		tests: { "disk/sqlite.test.ts": ["a power cut takes nothing that was acknowledged"] },
		but: "The disk is a file system of the tests' own, which needs Linux and /dev/fuse; elsewhere the tests say that they are skipped. That a drive which says that it has synced has done so is the operator's part.",
	},
	{
		id: "F3",
		says: "A disk that is full or fails gives clean errors, and all goes on once it is well.",
		goal: "Full, failing writes, failing syncs: on SQLite an error within 1 s, on PostgreSQL within 5 s; what was refused has not happened, what was acknowledged is there after a power cut as well; reads go on for as long as there is a database; writes go through again within 5 s, without a restart.",
		runs: ["disk"],
		tests: {
			"disk/sqlite.test.ts": [
				"what a failed sync refused does not come back when the process is killed",
				"on a disk that is full, or whose writes or syncs fail, a write is a clean error, and reads go on",
			],
			"disk/postgres.test.ts": [
				"data that cannot grow makes a write a clean error, and reads go on; where it cannot be synced, the database ends and is found again",
				"a log that cannot grow or be synced ends the database, whose clients get errors until it is found again",
			],
		},
		but: "PostgreSQL itself ends when its log cannot be written, or anything synced, and whoever watches over it starts it again: until then there are no reads, and what became of a write that was under way is whole or nothing. The same holds on SQLite for a write whose sync failed, if the power is cut before anything can be synced again (docs/storage.md).",
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
		says: "A server that is told to stop lets the others take over, finishes what is under way, and ends.",
		goal: "20 rolling restarts over 3 processes behind a load balancer, under 200 requests a second on open connections: 0 fail. Whatever hangs, the process ends within 30 s with exit code 0, and at once when it is told a second time.",
		runs: ["rolling"],
		tests: {
			"contracts.test.ts": ["told to stop, it finishes what is under way and ends"],
			"stopping.test.ts": [
				"told to stop under load, it cuts off no answer, and ends",
				"told to stop, it is not ready from then on, and serves for a while whoever still comes",
				"told to stop while everything hangs, it ends all the same",
				"told to stop twice, it ends at once",
				"told to stop a second time while it still serves, it ends at once",
			],
			"rolling/rolling.test.ts": ["servers are restarted one after the other, and no request fails"],
			"mail/delivery.test.ts": [
				"a stop lets the mails under way finish and begins no others, and the next start sends the rest",
			],
		},
		but: "The balancer asks `/readyz` more often than `LATCHKEY_STOP_DELAY_SECONDS`. Without one, a request that crosses the closing of an idle connection is the client's to send again, as ever in HTTP.",
	},
	{
		id: "F12",
		says: "A backup is whole, and what ended after it was taken does not come back with it.",
		goal: "Taken under load; every table restored with the number and the digest of its rows; 100 000 customers within 5 minutes; 0 access tokens and 0 links of the backup open anything. Copied to the other engine and back: the same digests, and customers come in.",
		runs: ["copy"],
		tests: {
			"copying/backup.test.ts": [
				"what ended after the backup does not come back, and everything else does",
				"told to keep tokens, a restore is everything as it was, links too",
				"under load, a backup has every customer who was told of an account before it began, each whole",
				"a backup is one private file, replaces none, and is not served",
				"a restore goes into an empty database only",
				"a file that is missing, none of ours, cut short or changed by a single value is refused",
				"a file of an older version is brought up to date on the way, and stays as it is",
			],
			"copying/copy.test.ts": [
				"what is copied is every column of every table that the database itself lists",
				"everything moves from … to …, and life goes on there",
			],
			"copying/interrupted.test.ts": [
				"a copy that is killed midway is served by nobody, goes on, and is whole",
				"a copy does not go on over rows that are not the source's",
				"one value of one row that is otherwise in the target is found, and the target is not served",
			],
			"copying/many.test.ts": ["moved to PostgreSQL and back, and restored from a backup, customers come in"],
		},
		but: "Everything else is as it was when the backup was taken: passwords, disabled and erased accounts, the shop's keys and its Multipass secret. `latchkey restore` names the keys; docs/operating.md says what to look after. A Multipass token that was spent after the backup could be spent again within its 15 minutes: serve no sooner than that.",
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
