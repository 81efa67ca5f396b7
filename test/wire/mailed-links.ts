// 7: the links that mails carry.
import assert from "node:assert/strict";
import { mailedLink, newcomerWithLink, setState } from "../recovery/links.ts";
import { ALREADY_ENABLED, BAD_ACTIVATION_TOKEN, BAD_RESET_TOKEN, lets, refusesTo } from "./entering.ts";
import type { Row } from "./row.ts";
import { newEmail } from "./wire.ts";

const SHOP = "https://shop.example";
const DAYS_30 = 30 * 86_400;

export const rows: readonly Row[] = [
	{
		id: "7/reset-link",
		says: "`https://{shop}/account/reset/{customer}/{hexadecimal}-{seconds of issue}`",
		sources: ["FORUM"],
		check: async (wire) => {
			await using own = await wire.open({ shopUrl: SHOP });
			const { clock } = own.house.app;
			const from = clock.now();
			const { url } = await newcomerWithLink(own.house, "reset");
			const [, seconds] = /^https:\/\/shop\.example\/account\/reset\/\d+\/[0-9a-f]+-(\d+)$/.exec(url) ?? [];
			assert.ok(Number(seconds) >= from && Number(seconds) <= clock.now(), url);
		},
	},
	{
		id: "7/reset-link/length",
		says: "32 hexadecimal characters in it",
		sources: ["FORUM"],
		difference:
			"Ours have 48, which are 192 random bits instead of 128. To clients the token is a text that they hand back.",
	},
	{
		id: "7/reset-link/parameter",
		says: "perhaps with `?syclid=` and an id behind it",
		sources: ["FORUM"],
		check: async (wire) => {
			const email = newEmail();
			const link = await newcomerWithLink(wire.house, "reset", email);
			const url = `${link.url}?syclid=1b4e28ba-2fa1-11d2-883f-b9a761bde3fb`;
			await lets(wire, "customerResetByUrl", { ...link, url }, email);
		},
	},
	{
		id: "7/activation-link",
		says: "`https://{shop}/account/activate/{customer}/{token}`",
		sources: ["DOC", "FORUM"],
		check: async (wire) => {
			await using own = await wire.open({ shopUrl: SHOP });
			const { url } = await newcomerWithLink(own.house, "activation");
			assert.match(url, /^https:\/\/shop\.example\/account\/activate\/\d+\/[0-9a-f]{48}-\d+$/);
		},
	},
	{
		id: "7/token-of-link",
		says: "the last part of the path is what `customerReset` and `customerActivate` take as token",
		sources: ["CLI"],
		check: async (wire) => {
			for (const [purpose, mutation] of [
				["reset", "customerReset"],
				["activation", "customerActivate"],
			] as const) {
				const email = newEmail();
				const link = await newcomerWithLink(wire.house, purpose, email);
				const token = new URL(link.url).pathname.split("/").at(-1) ?? "";
				await lets(wire, mutation, { ...link, token }, email);
			}
		},
	},
	{
		id: "7/activation",
		says: "works once and for 30 days; a newer one kills it; only for disabled and invited customers",
		sources: ["DOC"],
		check: async (wire) => {
			await using own = await wire.open();
			for (const state of ["disabled", "invited"] as const) {
				const email = newEmail();
				const first = await newcomerWithLink(own.house, "activation", email);
				await setState(own.house, email, state);
				const second = await mailedLink(own.house, "activation", email);
				await refusesTo(own, "customerActivate", first, BAD_ACTIVATION_TOKEN);
				await own.house.advance(DAYS_30 - 60);
				await lets(own, "customerActivate", second, email);
				await refusesTo(own, "customerActivate", second, ALREADY_ENABLED);
			}
			const email = newEmail();
			const old = await newcomerWithLink(own.house, "activation", email);
			await own.house.advance(DAYS_30);
			await refusesTo(own, "customerActivate", old, BAD_ACTIVATION_TOKEN);
			const declined = await mailedLink(own.house, "activation", email);
			await setState(own.house, email, "declined");
			await refusesTo(own, "customerActivate", declined, BAD_ACTIVATION_TOKEN);
		},
	},
	{
		id: "7/reset-life",
		says: "the life of a reset link is not documented; one blog says 12 hours",
		sources: ["FORUM"],
		difference:
			"60 minutes, and a setting up to a day (9): whoever reads an old mail must not find a key to the account in it.",
	},
	{
		id: "7/newer-link",
		says: "a newer mail kills the older link",
		sources: ["FORUM"],
		check: async (wire) => {
			const email = newEmail();
			const older = await newcomerWithLink(wire.house, "reset", email);
			const newer = await mailedLink(wire.house, "reset", email);
			await refusesTo(wire, "customerResetByUrl", older, BAD_RESET_TOKEN);
			await lets(wire, "customerResetByUrl", newer, email);
		},
	},
	{
		id: "7/link-only",
		says: "the mail has the link alone, never a bare token",
		sources: ["FORUM"],
		check: async (wire) => {
			const email = newEmail();
			const { url, token } = await newcomerWithLink(wire.house, "reset", email);
			const mail = (await wire.house.mails()).find(({ links }) => links.includes(url));
			assert.ok(mail);
			const { subject, text, html } = mail;
			for (const part of [subject, text, html]) assert.ok(!part.replaceAll(url, "").includes(token));
			for (const part of [text, html]) assert.ok(part.includes(url));
		},
	},
];
