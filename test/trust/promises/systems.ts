// I1 to I8: what reaches other systems.
import type { Promised } from "../promises.ts";

export const SYSTEMS: readonly Promised[] = [
	{
		id: "I1",
		says: "A mail has one recipient, the stored address, and no header but ours.",
		goal: "Line breaks, NUL, comments, quotes, second addresses and look-alikes in addresses, names and the shop's own fields: exactly one recipient at a real SMTP server, 0 headers added.",
		tests: {
			"mail/injection.test.ts": [
				"no name adds a recipient, a header or an element",
				"no name of a shop adds a recipient, a header or an element, and the subject stays one line",
				"an address that is more than an address is refused for good, and nothing is sent",
				"whatever stands for an address, there is one recipient, equal to it, or none",
			],
			"recovery/recipients.test.ts": [
				"a mail goes to the address that is stored, whatever was typed, and to nobody else",
			],
			"advisories/mailers.test.ts": [
				"Nodemailer CVE-2025-14874, CVE-2025-13033, CVE-2026-92598, CVE-2026-100699, CVE-2026-125755: an address is one recipient, or is refused at once",
				"Django CVE-2019-19844, GitHub 2016: a look-alike is mailed nothing that is another's",
			],
		},
	},
	{
		id: "I2",
		says: "Nothing that a customer typed is markup in a mail.",
		goal: "Everything escaped, in our words and in a shop's own templates; `CONTAINS_HTML_TAGS` and `CONTAINS_URL` as the contract has them.",
		tests: {
			"mail/injection.test.ts": ["whatever people call themselves, the markup of a mail is ours"],
			"mail/templates.test.ts": [
				"whatever people call themselves, a template's markup is its own",
				"no filter makes markup of what people typed",
			],
			"mail/messages.test.ts": ["a name that is somebody's advertisement is not said in the shop's name"],
			"advisories/directus.test.ts": [
				"Directus GHSA-4hmq-ggrm-qfc6: nothing that a customer typed is markup in a mail",
			],
		},
		rows: ["1.2/create/name-markup", "1.2/create/name-url", "1.4/markup"],
	},
	{
		id: "I3",
		says: "One address is one account.",
		goal: "Case, full-width letters, the Kelvin sign, ligatures, combining marks, punycode: addresses that compare equal never make two accounts and others never share one, on each database, at once too.",
		tests: {
			"names.test.ts": ["one address has one account, however it is written"],
			"races.test.ts": ["of sign-ups for one address at once, however it is typed, one makes the customer"],
			"multipass/takeover.test.ts": ["an address that only looks like a customer's is another mailbox"],
			"advisories/mailers.test.ts": [
				"Django CVE-2019-19844, GitHub 2016: a look-alike is mailed nothing that is another's",
			],
		},
	},
	{
		id: "I4",
		says: "The server sends nobody to another host.",
		goal: "No redirect but within our own reference pages; links in mails lead to the shop of the settings.",
		tests: {
			"advisories/link-hosts.test.ts": [
				"Zitadel GHSA-2wmj-46rj-qm2w, CVE-2026-29067: no forwarded host moves a link, and nothing redirects",
			],
			"reference.test.ts": ["leads other versions, older spellings and other folders to the page"],
		},
	},
	{
		id: "I5",
		says: "A table that is exported is text in every spreadsheet.",
		goal: "Cells that begin with =, +, -, @ are text; quoting by RFC 4180.",
		tests: {
			"command-line/customers.test.ts": ["what a shopper typed cannot write to the operator's screen"],
		},
		but: "Nothing exports CSV yet. What the command line prints for people cannot steer a terminal.",
	},
	{
		id: "I6",
		says: "The server connects to nothing that a request names.",
		goal: "0 connections to addresses of a request's choice.",
		tests: {
			"advisories/directus-requests.test.ts": [
				"Directus CVE-2026-35409: the server connects to no address that a request names",
			],
		},
		but: "There are no webhooks, so there is no list of addresses to guard: the mail server of the settings is the only host that is ever connected to.",
	},
	{
		id: "I7",
		says: "No text makes a regular expression backtrack.",
		goal: "Each pattern of the source, with 64 KiB of what it works hardest for, and each field and header: less than 10 ms.",
		runs: ["patterns"],
		tests: {
			"addresses.test.ts": ["hostile text is refused in every part, and stores nothing"],
			"mail/languages.test.ts": ["64 KiB of anything cost next to nothing and give at most ten tags"],
			"advisories/parse-server-bounds.test.ts": [
				"Parse Server CVE-2026-47138: no header makes the server think, whatever it repeats",
			],
		},
	},
	{
		id: "I8",
		says: "Whatever ends is judged by one clock, and a jump of the clock brings nothing back.",
		goal: "Set back by hours: what was deleted, spent or counted stays so. Set ahead, beyond 2038 and 2106: everything works and ends as ever.",
		tests: {
			"clock.test.ts": [
				"customers live as ever in …",
				"a clock that is set back by hours brings back no token that was deleted, and no guess",
			],
			"limits/flood.test.ts": ["a clock that is set back makes no guess free"],
			"multipass/once.test.ts": ["a clock that is set back does not bring a spent token back to life"],
		},
		but: "Ends are moments of the server's clock: while it is set back, whatever had not ended lives longer by as much, and what ended without being used may open again; while it is months ahead, entries of the audit log go early. Keep the clock right. Nodes whose clocks differ come with PostgreSQL.",
	},
];
