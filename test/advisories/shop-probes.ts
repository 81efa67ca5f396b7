// Of the settings that describe a shop: two values each, and what a shopper sees of them.
import assert from "node:assert/strict";
import type { SettingName } from "../../src/config.ts";
import { UPDATE } from "../house.ts";
import { enter, passFor } from "../multipass/passes.ts";
import { redeem, setState } from "../recovery/links.ts";
import { isDone } from "./attacks.ts";
import type { Probe, World } from "./settings-world.ts";

async function shopSays({ house }: World, selection: string): Promise<string> {
	const { data } = await house.ask(`{ ${selection} }`);
	// The one leaf of the answer.
	let value: unknown = data;
	while (typeof value === "object" && value !== null) [value] = Object.values(value);
	return value as string;
}

/** Whether a link still works after five minutes, in both forms; they stand for each other. */
async function outlives(world: World, purpose: "reset" | "activation"): Promise<boolean> {
	const [first, second] = [await world.link(purpose), await world.link(purpose)];
	await world.house.advance(300);
	const [byId, byUrl] = [
		isDone(await redeem(world.house, first, world.password, "id")),
		isDone(await redeem(world.house, second, world.password, "url")),
	];
	assert.equal(byId, byUrl, "both forms alike");
	return byId;
}

export const SHOP_PROBES: Readonly<Partial<Record<SettingName, Probe>>> = {
	shopName: {
		values: ["Latchkey", "Northwind"],
		see: (world) => shopSays(world, "shop { name }"),
		seen: ["Latchkey", "Northwind"],
	},
	shopDescription: {
		values: [null, "Tea and more"],
		see: (world) => shopSays(world, "shop { description }"),
		seen: [null, "Tea and more"],
	},
	shopUrl: {
		values: ["https://shop.example", "https://northwind.example"],
		see: (world) => shopSays(world, "shop { primaryDomain { url } }"),
		seen: ["https://shop.example", "https://northwind.example"],
	},
	shopCountry: {
		values: ["US", "CA"],
		see: (world) => shopSays(world, "localization { country { isoCode } }"),
		seen: ["US", "CA"],
	},
	shopLanguage: {
		values: ["EN", "DE"],
		see: async (world) => / Passwort |Konto/.test((await world.mail("reset")).text),
		seen: [false, true],
	},
	shopCurrency: {
		values: ["USD", "EUR"],
		see: (world) => shopSays(world, "shop { paymentSettings { currencyCode } }"),
		seen: ["USD", "EUR"],
	},
	multipassSecret: {
		values: ["the first Multipass secret of the shop", "the second Multipass secret of the shop"],
		see: async ({ house, fresh }) => {
			const passes = ["first", "second"].map((which) =>
				passFor(house, { email: fresh() }, `the ${which} Multipass secret of the shop`),
			);
			const entries: string[] = [];
			for (const pass of passes) entries.push(isDone(await enter(house, pass)) ? "in" : "out");
			return entries.join();
		},
		seen: ["in,out", "out,in"],
	},
	smtpUrl: {
		values: ["the first", "the second"],
		see: async (world) => (await world.mail("reset")).office,
		seen: ["the first", "the second"],
	},
	mailFrom: {
		values: [null, "Tea <tea@post.example>"],
		see: async (world) => (await world.mail("reset")).from.includes("tea@post.example"),
		seen: [false, true],
	},
	resetUrl: {
		values: ["{shop}/account/reset/{customer}/{token}", "{shop}/new?c={customer}&t={token}"],
		see: async (world) => new URL((await world.link("reset")).url).pathname.split("/")[1],
		seen: ["account", "new"],
	},
	activationUrl: {
		values: ["{shop}/account/activate/{customer}/{token}", "{shop}/begin/{token}/{customer}"],
		see: async (world) => new URL((await world.link("activation")).url).pathname.split("/")[1],
		seen: ["account", "begin"],
	},
	accentColor: {
		values: ["#1f5199", "#0a5e63"],
		see: async (world) => (await world.mail("reset")).html.includes("#0a5e63"),
		seen: [false, true],
	},
	emailChange: {
		values: ["allow", "deny"],
		see: async ({ house, newcomer, fresh }) => {
			const { token: t } = await newcomer();
			return isDone(await house.ask(UPDATE, { t, customer: { email: fresh() } }));
		},
		// A quiet shop allows none: whether an address is taken could not be kept quiet.
		seen: [(row) => row.enumeration !== "quiet", false],
	},
	multipassEnables: {
		values: ["true", "false"],
		see: async ({ house, newcomer, secret }) => {
			const { email } = await newcomer();
			await setState(house, email, "disabled");
			return isDone(await enter(house, passFor(house, { email }, secret)));
		},
		seen: [true, false],
	},
	resetLifetimeSeconds: {
		values: ["3600", "120"],
		see: (world) => outlives(world, "reset"),
		seen: [true, false],
	},
	activationLifetimeSeconds: {
		values: ["2592000", "120"],
		see: (world) => outlives(world, "activation"),
		seen: [true, false],
	},
};
