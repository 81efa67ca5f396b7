// S1 to S9: recovery, activation, and the end of tokens.
import type { Promised } from "../promises.ts";

const LATER_NODES = "One process on SQLite; several nodes come with PostgreSQL.";

export const RECOVERY: readonly Promised[] = [
	{
		id: "S1",
		says: "A link works for a short time, and so does whatever else ends.",
		goal: "A reset for an hour unless a setting says otherwise, an activation for 30 days, an access token for 42 days: alive a second before its end, refused at it and a second later.",
		tests: {
			"recovery.test.ts": ["a link for … ends at its second and not before, as the settings have it"],
			"contracts.test.ts": ["the clock moves expiry for the whole process, and a reset forgets customers"],
		},
		rows: ["1.1/renew/expired", "1.1/customer/expired-token", "2/lifetime", "7/activation"],
		but: LATER_NODES,
	},
	{
		id: "S2",
		says: "What works once works once, in a race too.",
		goal: "Of 200 redemptions in one moment exactly one succeeds and all others get one answer, 1 000 rounds each for resets and activations (and Multipass tokens: T8).",
		runs: ["races"],
		tests: {
			"races/links.test.ts": ["of … redemptions of one link for … at once, one succeeds, … times"],
			"recovery.test.ts": ["a link for … by … sets the password and lets in, once"],
			"multipass/once.test.ts": ["200 parallel uses of one token give exactly one access token"],
			"advisories/parse-server-once.test.ts": [
				"Parse Server CVE-2026-33624, CVE-2026-34224, CVE-2026-43930: whatever works once, one of many at once comes through",
			],
		},
		but: LATER_NODES,
	},
	{
		id: "S3",
		says: "A failed try does not spend a link, and a successful one ends all others.",
		goal: "After a bad password, a failing database or a process that is killed in the middle, the link still works; after success every older link is dead.",
		tests: {
			"recovery.test.ts": ["a failed try does not spend a link for …"],
			"fail-closed.test.ts": ["a link for … is as good as before when … failed"],
			"crash/passwords.test.ts": [
				"loses no password that was changed, and brings back none, when it is killed in the midst of changes",
			],
			"races/rivals.test.ts": [
				"a redemption for … and a newer link: the newest that is mailed is the one that works",
			],
		},
	},
	{
		id: "S4",
		says: "A newer link ends the older; a new e-mail address, disabling and deleting end both.",
		goal: "Of three links asked for only the newest works; none after a change of e-mail address, a disabling or a deletion.",
		tests: {
			"recovery.test.ts": [
				"a newer link for … ends the older at the reply, before its mail is sent",
				"a change of the e-mail address ends the link that was mailed, and the one about to be",
				"a change of the password ends the link that was mailed, and the one about to be",
				"disabling ends every link, mailed or about to be, for good",
				"a link for … opens nothing for an account in another state, or for one that is gone",
			],
			"races/mailing.test.ts": ["after the reply to … no link works, though its mail was just being sent"],
		},
	},
	{
		id: "S5",
		says: "A new password ends every earlier token, in the transaction that sets it.",
		goal: "Whoever changes it and how (by the customer, by a link in either form, by the operator), with requests under way: 0 earlier tokens accepted after the reply, and the returned one works.",
		runs: ["races", "model"],
		tests: {
			"profile.test.ts": [
				"a new password ends every earlier token at the reply, and gives one in their place",
			],
			"recovery.test.ts": ["a link for … ends every earlier access token at the reply"],
			"races/rivals.test.ts": ["a reset and sign-ins by the old password: none of them outlives it"],
			"races/profile.test.ts": [
				"a sign-in that was verifying the old password while it changed gets nothing that lasts",
			],
			"advisories/strapi-shopware.test.ts": [
				"Strapi CVE-2026-22706: a new password ends every other token, whichever way it was set",
			],
		},
		rows: ["2/password-change"],
		but: LATER_NODES,
	},
	{
		id: "S6",
		says: "Disabling or deleting a customer ends every token, and enabling brings none back.",
		goal: "0 tokens accepted after the reply, by Multipass neither, which enables; the old ones stay dead.",
		runs: ["model"],
		tests: {
			"command-line/states.test.ts": [
				"disabling ends every access token and link at once, and enabling brings none of them back",
				"deleting ends everything, and the e-mail address is free again",
			],
			"multipass/customers.test.ts": [
				"a customer who is … becomes enabled, and what was open before stays shut",
			],
			"races/rivals.test.ts": ["a redemption for … and a disabling: afterwards nothing opens the account"],
			"advisories/directus.test.ts": [
				"Directus GHSA-56p6-qw3c-fq2g: a disabled customer's tokens are dead on every node, and stay dead",
			],
			"advisories/better-auth.test.ts": [
				"Better Auth GHSA-2vg6-77g8-24mp: a deleted customer's tokens are dead on every node",
			],
		},
		rows: ["2/disabled-customer"],
	},
	{
		id: "S7",
		says: "Where a mailed link leads is said by the settings, never by a request.",
		goal: "Every header that names a host, alone and in pairs, absolute request lines, two hosts, ports and user names: mails are equal to the byte.",
		tests: {
			"recovery/hosts.test.ts": ["no request says where a link leads"],
			"advisories/better-auth.test.ts": [
				"Convex × Better Auth GHSA-pgx2-m66h-x29f, GHSA-9qq3-v9g3-cxhw: no header, and no two, say where a mailed link leads",
			],
		},
	},
	{
		id: "S8",
		says: "A link that a client sends is read, never followed.",
		goal: "Other hosts, user names, backslashes, punycode, data: URLs, 10 kB, another customer's id: 0 connections made, only links of our own shape accepted, each only for its customer.",
		tests: {
			"recovery/urls.test.ts": [
				"a link for … is read in every form in which it may come back",
				"what is no link for … of the customer's opens nothing and spends nothing",
				"a link is text: whoever it names is never connected to",
			],
			"advisories/directus-requests.test.ts": [
				"Directus CVE-2026-35409: the server connects to no address that a request names",
			],
		},
	},
	{
		id: "S9",
		says: "Asking for a link changes nothing.",
		goal: "However often it is asked for: account, tokens and password stay as they are until a link is redeemed.",
		tests: {
			"recovery.test.ts": ["asking for links changes nothing until one is redeemed"],
			"advisories/keycloak.test.ts": [
				"Keycloak CVE-2026-18963: no order or skipping of steps sets a password without the mailed token",
			],
		},
	},
];
