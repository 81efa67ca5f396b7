// Makes Multipass tokens, right and wrong, and takes them to the door.
import assert from "node:assert/strict";
import { createCipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { setShop } from "../../src/accounts/administration.ts";
import { MULTIPASS_SECRET, sealMultipassSecret } from "../../src/accounts/shop-policy.ts";
import { createSeal } from "../../src/secrets/seal.ts";
import type { AskOptions, Body, House } from "../house.ts";

export const SECRET = "b7e3c1f8a2d94e5f8c6071a2b3c4d5e6";
export const SETTINGS = { multipassSecret: SECRET, encryptionKey: "a key that is long enough for a test" };

export const ENTER = `mutation($t: String!) {
	customerAccessTokenCreateWithMultipass(multipassToken: $t) {
		customerAccessToken { accessToken expiresAt }
		customerUserErrors { code field message }
	}
}`;

/** What every bad token is answered, whole. */
export const REFUSED = {
	data: {
		customerAccessTokenCreateWithMultipass: {
			customerAccessToken: null,
			customerUserErrors: [
				{
					code: "INVALID_MULTIPASS_REQUEST",
					field: ["multipassToken"],
					message: "Invalid Multipass request",
				},
			],
		},
	},
	extensions: { cost: { requestedQueryCost: 12 } },
};

export interface Keys {
	readonly encrypt: Buffer;
	readonly sign: Buffer;
}

export function keysOf(secret: string): Keys {
	const bytes = createHash("sha256").update(secret).digest();
	return { encrypt: bytes.subarray(0, 16), sign: bytes.subarray(16) };
}

/** IV and ciphertext of any bytes. Without `pad` their number must be a multiple of 16. */
export function encrypt(text: string | Buffer, { encrypt: key }: Keys, pad = true): Buffer {
	const iv = randomBytes(16);
	const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(pad);
	return Buffer.concat([iv, cipher.update(text), cipher.final()]);
}

export function sign(encrypted: Buffer, { sign: key }: Keys): Buffer {
	return Buffer.concat([encrypted, createHmac("sha256", key).update(encrypted).digest()]);
}

/** With its padding, as the official code leaves it. */
export function toToken(bytes: Buffer): string {
	return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/** A token that says this, whatever it is, as JSON. */
export function makePass(payload: unknown, secret = SECRET): string {
	const keys = keysOf(secret);
	return toToken(sign(encrypt(JSON.stringify(payload), keys), keys));
}

/** A good token of this moment. */
export function passFor(house: House, customer: object, secret = SECRET): string {
	return makePass({ created_at: momentOf(house), ...customer }, secret);
}

/** Seconds from the house's time, as `Date` writes it. */
export function momentOf(house: House, seconds = 0): string {
	return new Date((house.app.clock.now() + seconds) * 1000).toISOString();
}

export function enter(house: House, token: string, options: AskOptions = {}): Promise<Body> {
	return house.ask(ENTER, { t: token }, options);
}

/** Enters with a token and gives the access token. */
export async function entered(house: House, token: string, options: AskOptions = {}): Promise<string> {
	const answer = await enter(house, token, options);
	const { customerAccessToken } = answer.data?.customerAccessTokenCreateWithMultipass ?? {};
	assert.ok(customerAccessToken, JSON.stringify(answer));
	return customerAccessToken.accessToken;
}

/** Whom an access token reads, with the members that a pass can say. */
export async function whoIs(house: House, token: string, options: AskOptions = {}) {
	const query = `query($t: String!) {
		customer(customerAccessToken: $t) { id email firstName lastName phone tags updatedAt }
	}`;
	return (await house.ask(query, { t: token }, options)).data.customer;
}

/** As the operator gives a shop its secret, or takes it away. */
export async function giveSecret(house: House, shopId: number, secret: string | null): Promise<void> {
	const seal = createSeal(SETTINGS.encryptionKey);
	const sealed = secret === null ? null : sealMultipassSecret(seal, shopId, secret);
	const { store, clock } = house.app;
	const choices = { [MULTIPASS_SECRET]: sealed };
	await setShop(store, { shopId, profile: {}, choices, now: clock.now() });
}
