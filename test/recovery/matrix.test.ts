// Every secret in every place that takes one: a token serves one purpose, one customer and one shop.
import assert from "node:assert/strict";
import test from "node:test";
import type { Purpose } from "../../src/model.ts";
import {
	type AskOptions,
	type Body,
	DELETE,
	ENGINES,
	type House,
	openHouse,
	READ,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { openSecondShop } from "../second-shop.ts";
import { FORMS, mailedLink, PASSWORD, redeem, setState } from "./links.ts";

const NEW = "new battery staple";
const AT_ONCE = 40;
const BUYER = "query($t: String!) @inContext(buyer: { customerAccessToken: $t }) { shop { name } }";

type Kind = "access" | Purpose | "public" | "private" | "admin";

interface Secret {
	readonly kind: Kind;
	readonly text: string;
	/** The shop's name and, where it is a customer's, the customer's global id. */
	readonly shop: string;
	readonly customer: string | null;
}

interface Place {
	readonly says: string;
	/** Whether this is where the secret belongs. */
	takes(secret: Secret): boolean;
	/** Whether it was accepted. Every answer is one that the contract has. */
	send(text: string): Promise<boolean>;
	/** What is accepted there is spent. */
	readonly spends: boolean;
}

interface Town {
	readonly house: House;
	/** By the shop's name: how it is called. */
	readonly shops: ReadonlyMap<string, AskOptions>;
	readonly secrets: readonly Secret[];
}

async function signedIn(house: House, email: string, options: AskOptions): Promise<string> {
	const input = { email, password: PASSWORD };
	await house.ask(SIGN_UP, { input }, options);
	const { data } = await house.ask(SIGN_IN, { input }, options);
	return data.customerAccessTokenCreate.customerAccessToken.accessToken;
}

/** Two shops, each with two customers who have every kind of token, and two who wait to be activated. */
async function build(house: House): Promise<Town> {
	const shops = new Map<string, AskOptions>([
		["first", {}],
		["second", { headers: await openSecondShop(house) }],
	]);
	const { storefrontAccessToken, privateAccessToken, adminAccessToken } = house.keys;
	const secrets: Secret[] = [
		{ kind: "public", text: String(storefrontAccessToken), shop: "first", customer: null },
		{ kind: "private", text: String(privateAccessToken), shop: "first", customer: null },
		{ kind: "admin", text: String(adminAccessToken), shop: "first", customer: null },
	];
	for (const [shop, options] of shops) {
		for (const name of ["ada", "eve"]) {
			const email = `${name}@${shop}.example`;
			const text = await signedIn(house, email, options);
			const link = await mailedLink(house, "reset", email, options);
			const customer = link.id;
			secrets.push(
				{ kind: "access", text, shop, customer },
				{ kind: "reset", text: link.token, shop, customer },
			);
		}
		for (const name of ["ivy", "ian"]) {
			const email = `${name}@${shop}.example`;
			const text = await signedIn(house, email, options);
			await setState(house, email, "invited");
			const link = await mailedLink(house, "activation", email, options);
			const customer = link.id;
			// The token of a customer who may not sign in belongs nowhere.
			secrets.push({ kind: "access", text, shop: "none", customer });
			secrets.push({ kind: "activation", text: link.token, shop, customer });
		}
	}
	return { house, shops, secrets };
}

function accessPlaces({ house, shops }: Town): readonly Place[] {
	const fields = {
		renew: "customerAccessTokenRenew",
		delete: "customerAccessTokenDelete",
		update: "customerUpdate",
	};
	const isDenied = ({ data, errors }: Body, field: string): boolean => {
		if (errors) assert.deepEqual([data, errors[0].extensions.code], [{ [field]: null }, "ACCESS_DENIED"]);
		return errors !== undefined;
	};
	return [...shops].flatMap(([shop, options]) => {
		const place = (says: string, send: Place["send"], spends = false): Place => ({
			says: `${says} in the ${shop} shop`,
			takes: (secret) => secret.kind === "access" && secret.shop === shop,
			send,
			spends,
		});
		return [
			place("read", async (t) => (await house.ask(READ, { t }, options)).data.customer !== null),
			place("buyer", async (t) => (await house.ask(BUYER, { t }, options)).data !== undefined),
			place("renew", async (t) => !isDenied(await house.ask(RENEW, { t }, options), fields.renew)),
			place("update", async (t) => {
				return !isDenied(
					await house.ask(UPDATE, { t, customer: { firstName: "Ada" } }, options),
					fields.update,
				);
			}),
			place("delete", async (t) => !isDenied(await house.ask(DELETE, { t }, options), fields.delete), true),
		];
	});
}

function redeemingPlaces({ house, shops, secrets }: Town): readonly Place[] {
	const customers = new Set(secrets.flatMap(({ customer }) => customer ?? []));
	return (["reset", "activation"] as const).flatMap((purpose) =>
		FORMS.flatMap((form) =>
			[...shops].flatMap(([shop, options]) =>
				[...customers].map((id) => ({
					says: `${purpose} of ${id} by ${form} in the ${shop} shop`,
					takes: (secret: Secret) =>
						secret.kind === purpose && secret.shop === shop && secret.customer === id,
					send: async (token: string) => {
						const path = purpose === "reset" ? "reset" : "activate";
						const url = `https://shop.example/account/${path}/${id.split("/").at(-1)}/${token}`;
						const { data, errors } = await redeem(house, { purpose, id, token, url }, NEW, form, options);
						const [error] = errors ?? data.redeemed.customerUserErrors;
						const code = error?.code ?? error?.extensions.code;
						assert.ok([undefined, "TOKEN_INVALID", "ALREADY_ENABLED", "NOT_FOUND"].includes(code), code);
						return Boolean(data.redeemed?.customerAccessToken);
					},
					spends: true,
				})),
			),
		),
	);
}

function headerPlaces({ house }: Town): readonly Place[] {
	return (["public", "private"] as const).map((kind) => ({
		says: `the header of a ${kind} token`,
		takes: (secret) => secret.kind === kind,
		send: async (text) => {
			const name =
				kind === "public" ? "X-Shopify-Storefront-Access-Token" : "Shopify-Storefront-Private-Token";
			const response = await fetch(`${house.app.url}/api/2026-04/graphql.json`, {
				method: "POST",
				headers: { "Content-Type": "application/json", [name]: text },
				body: JSON.stringify({ query: "{ shop { name } }" }),
			});
			await response.text();
			assert.ok([200, 401, 403].includes(response.status));
			return response.status === 200;
		},
		spends: false,
	}));
}

for (const engine of ENGINES) {
	test(`${engine}: of all secrets in all places, only those that belong there are accepted`, async () => {
		await using house = await openHouse(engine);
		const town = await build(house);
		const places = [...accessPlaces(town), ...redeemingPlaces(town), ...headerPlaces(town)];
		const cells = places.flatMap((place) => town.secrets.map((secret) => ({ place, secret })));
		const wrong = cells.filter(({ place, secret }) => !place.takes(secret)).values();
		let refused = 0;
		const refuse = async () => {
			for (const { place, secret } of wrong) {
				const says = `the ${secret.kind} token of ${secret.customer} of ${secret.shop}: ${place.says}`;
				assert.equal(await place.send(secret.text), false, says);
				refused++;
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, refuse));

		// And each is still good where it belongs: first where it stays so, then where it is spent.
		const right = cells.filter(({ place, secret }) => place.takes(secret));
		const spent = new Set<Secret>();
		for (const spends of [false, true]) {
			for (const { place, secret } of right.filter((cell) => cell.place.spends === spends)) {
				assert.equal(await place.send(secret.text), !spent.has(secret), place.says);
				if (spends) spent.add(secret);
			}
		}
		assert.equal(refused + right.length, cells.length);
		assert.ok(refused > 1000 && right.length > 30, `${refused} refused, ${right.length} belonged there`);
	});
}
