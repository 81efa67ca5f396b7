// G1 to G8: guessing, asking who is there, flooding.
import type { Promised } from "../promises.ts";

export const GUESSING: readonly Promised[] = [
	{
		id: "G1",
		says: "One account's password can be guessed at only a few times, from however many addresses.",
		goal: "At most 10 real checks of a password in 15 minutes, 50 in a day, 100 in a row until the owner acts, of 1 000 tries at once from 1 000 addresses; the right password beyond them does not sign in.",
		runs: ["guessing"],
		tests: {
			"limits/guessing.test.ts": [
				"one at a time: the right password is found among ten guesses, and not after them",
				"of a thousand at once from a thousand addresses ten are looked at",
				"at once and with the right one among them, at most ten are looked at",
				"fifty in a day and a hundred in a row, until the owner comes in",
			],
		},
		rows: ["9/throttled/attempts"],
		but: "One process on SQLite; several nodes come with PostgreSQL.",
	},
	{
		id: "G2",
		says: "One address can try only a few accounts.",
		goal: "At most 30 failures in five minutes by IPv4 address, or IPv6 network of 64 bits; a forged header changes nothing.",
		runs: ["guessing"],
		tests: {
			"limits/addresses.test.ts": [
				"one password for many accounts: thirty are looked at in five minutes",
				"an IPv6 network of 64 bits is one address, and so are its spellings",
				"a buyer's address is believed from a private token alone",
				"forwarded addresses are believed from the proxies of the settings, up to the first stranger",
				"without proxies in the settings nothing that is forwarded is read",
			],
			"limits/failures.test.ts": ["every way to guess uses up what all of them share"],
		},
	},
	{
		id: "G3",
		says: "Attempts are counted, not requests.",
		goal: "However many attempts a request holds, by aliases, fragments or lists, no more are checked than were left; at most 5 mutations in a document.",
		runs: ["guessing"],
		tests: {
			"limits/guessing.test.ts": [
				"documents, fragments, versions, paths, spellings and tokens share the ten",
				"neither thirty aliases nor a batch get one more looked at",
			],
			"http/bounds.test.ts": ["one operation has at most five mutations, however they are written"],
		},
	},
	{
		id: "G4",
		says: "Races and restarts give nobody a guess more.",
		goal: "Bursts in one moment, and a process that is killed in the middle of one: not one check too many. Where nothing can be counted, nobody is let in, and reading goes on.",
		tests: {
			"limits/restarts.test.ts": [
				"what one process has counted holds in the next, for accounts, names and addresses",
				"a process that is killed in the middle of a burst gives nobody a guess for nothing",
			],
			"limits/flood.test.ts": ["a flood of … names is bounded, and forgets nobody"],
			"fail-closed.test.ts": ["an attempt that cannot be counted is not made, and reading goes on"],
			"advisories/zitadel.test.ts": ["Zitadel GHSA-7h8m-vrxx-vr4m: guesses at once are not more guesses"],
		},
	},
	{
		id: "G5",
		says: "An attacker cannot lock the owner out.",
		goal: "While others guess from 1 000 addresses, the owner signs in from a known address at least 99 times of 100, and by a mailed link; nothing locks for good, and a reset clears what was counted.",
		runs: ["guessing"],
		tests: {
			"limits/owner.test.ts": [
				"the owner comes in from a known address while a thousand others guess",
				"the owner comes in by a mailed link while the attack runs: …",
				"a reset clears what was counted, a hundred in a row as well",
			],
		},
		but: "Whoever asks for ten recoveries uses up the mails of the account's day (G8), and keeps an owner out who is somewhere new until the next; docs/threat-model.md.",
	},
	{
		id: "G6",
		says: "A sign-in does not tell who has an account.",
		goal: "Unknown, wrong, without a password, disabled, throttled: the same bytes and headers; over 5 000 interleaved pairs a median difference of at most 1 ms and an AUC of at most 0.53.",
		runs: ["timing"],
		tests: {
			"limits/alike.test.ts": [
				"sign-ins are answered and throttled alike for every name",
				"the seconds to wait are the same for a wrong password and for a name that nobody has",
				"which names share a row cannot be worked out from outside",
			],
			"passwords.test.ts": ["an unknown address, a wrong password and a blank one are one answer"],
			"advisories/vendure.test.ts": [
				"Vendure CVE-2026-25050: a sign-in is the same work, and the same answer, whoever the address belongs to",
			],
		},
	},
	{
		id: "G7",
		says: "What the contract tells of who has an account is told slowly, and not at all where a setting says so.",
		goal: "By the contract: at most 10 recoveries an hour of one name, 40 recoveries and 20 sign-ups an hour from one address. Under `LATCHKEY_ENUMERATION=quiet`: the same answer for everybody, the figures of G6, and mail sent after the reply.",
		runs: ["guessing", "timing"],
		tests: {
			"limits/mails.test.ts": [
				"one address asks forty times an hour, whoever it asks for",
				"one address signs twenty customers up in an hour, and is told of as many taken addresses",
				"a customer asks for ten new e-mail addresses an hour, taken ones among them",
			],
			"limits/alike.test.ts": ["recoveries are throttled alike for a known and an unknown name"],
			"enumeration/quiet.test.ts": [
				"a recovery is answered alike for every account and for none, as done",
				"a sign-up is answered alike for every account and for none, as waiting for its mail",
			],
		},
		rows: ["1.2/create/limit", "1.3/recover/limit"],
	},
	{
		id: "G8",
		says: "Nobody's mailbox can be flooded.",
		goal: "However often a link is asked for, from however many addresses: at most 5 mails an hour to one account, and 10 a day.",
		runs: ["guessing"],
		tests: {
			"limits/mails.test.ts": [
				"an account is mailed five links an hour and ten a day, from wherever they are asked for",
				"signing up with an invited address mails five links an hour, and answers the same",
			],
		},
	},
];
