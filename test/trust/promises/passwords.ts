// P1 to P7: passwords.
import type { Promised } from "../promises.ts";

export const PASSWORDS: readonly Promised[] = [
	{
		id: "P1",
		says: "A password is kept as a hash that is slow and needs memory.",
		goal: "argon2id at or above OWASP's floor (19 MiB, two passes), a salt of 16 bytes and a tag of 32, the cost in the string; a raised cost reaches a customer at the next sign-in.",
		tests: {
			"passwords.test.ts": [
				"a hash names its algorithm and cost, and is made anew at sign-in when the cost was raised",
				"the default cost is at or above OWASP's floor",
				"sign-ins that overlap while the cost is raised are all let in",
			],
		},
	},
	{
		id: "P2",
		says: "The whole password counts.",
		goal: "Passwords that differ only in character 41, 65, 73, 129 or the last are told apart; at least 72 characters and 256 bytes are allowed (there are 256 characters).",
		tests: { "passwords.test.ts": ["every character counts, up to the last one that is allowed"] },
		rows: ["9/password/every-character", "9/password/longest"],
	},
	{
		id: "P3",
		says: "A password that is too long is refused before it costs anything.",
		goal: "100 kB to 10 MB, 50 at once: refused within 10 ms of CPU each, and the p99 of others' reads at most twice that of an idle server.",
		runs: ["hashing"],
		tests: {
			"http/bounds.test.ts": [
				"bodies, tokens, levels, introspection and lists have bounds, each let in at the bound and refused beyond",
			],
		},
		but: "A body of more than 64 KiB is refused unread, so no longer password arrives.",
	},
	{
		id: "P4",
		says: "A shop may ask for longer passwords, and refuse the commonest.",
		goal: "By default as the contract has it: 5 characters. By settings 8, 15 or more, and none of the commonest 3 000; on every path that sets a password.",
		tests: {
			"common-passwords.test.ts": [
				"no path sets one of the commonest passwords, where they are refused",
				"no path sets a password of fewer than … characters, where as many are asked for",
				"the commonest 3 000 are refused on signing up, and none of them is hashed",
			],
		},
		rows: ["6/password/shortest", "9/password/shortest"],
	},
	{
		id: "P5",
		says: "A password is the same on every keyboard.",
		goal: "Composed, decomposed and full-width forms sign in (NFKC before hashing); text that is no Unicode is refused and never replaced.",
		tests: {
			"passwords.test.ts": ["a password is the same on every keyboard, and text that is no text is refused"],
		},
	},
	{
		id: "P6",
		says: "Hashing passwords does not starve the server.",
		goal: "Under 500 sign-ins at once: at most as many hashes at a time as there are cores, at most 200 waiting and the rest THROTTLED at once; the p99 of 200 reads a second at most three times that of an idle server; memory bounded.",
		tests: {
			"passwords.test.ts": ["beyond the queue a sign-in is throttled at once, and reads go on"],
			"recovery.test.ts": ["redemptions beyond the queue of hashes are throttled, and one of them gets in"],
		},
		rows: ["9/throttled/sign-in"],
		runs: ["hashing"],
	},
	{
		id: "P7",
		says: "Hashes that come from elsewhere cannot make a sign-in costly.",
		goal: "Huge, negative and nonsensical costs are refused when they are imported.",
		but: "Nothing imports hashes yet: every hash is one that this server made.",
	},
];
