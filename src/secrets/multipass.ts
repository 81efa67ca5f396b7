// Reads Multipass tokens: what a shop's own system encrypts and signs to let a customer in. The signature is
// verified before anything is decrypted, and every fault is the same null.
import { createDecipheriv, createHmac, hash, timingSafeEqual } from "node:crypto";

export interface Multipass {
	/** What was signed: a JSON object, its members not yet looked at. */
	readonly payload: Readonly<Record<string, unknown>>;
	/** By which a token is known to be spent: of its bytes, so that it is the same with padding and without. */
	readonly digest: string;
}

/** A token that carries dozens of addresses is shorter. */
const MAX_TOKEN_LENGTH = 16_384;
const BLOCK_BYTES = 16;
const SIGNATURE_BYTES = 32;

/** Null for whatever is not a token that was made with this secret. */
export function readMultipass(token: string, secret: string): Multipass | null {
	const bytes = decodeBase64url(token);
	if (!bytes) return null;
	const signedBytes = bytes.length - SIGNATURE_BYTES;
	// The initialization vector and at least one block.
	if (signedBytes < 2 * BLOCK_BYTES || signedBytes % BLOCK_BYTES !== 0) return null;
	const keys = hash("sha256", secret, "buffer");
	const signed = bytes.subarray(0, signedBytes);
	const signature = createHmac("sha256", keys.subarray(BLOCK_BYTES)).update(signed).digest();
	if (!timingSafeEqual(signature, bytes.subarray(signedBytes))) return null;
	const payload = decrypt(signed, keys.subarray(0, BLOCK_BYTES));
	return payload && { payload, digest: hash("sha256", bytes, "base64url") };
}

/** Each sequence of bytes has one spelling, to which `=` may be added: nothing else that a decoder would forgive. */
function decodeBase64url(text: string): Buffer | null {
	if (text.length > MAX_TOKEN_LENGTH) return null;
	const [, letters = "", padding = ""] = /^([\w-]+)(={0,2})$/.exec(text) ?? [];
	if (padding !== "" && text.length % 4 !== 0) return null;
	const bytes = Buffer.from(letters, "base64url");
	return letters !== "" && bytes.toString("base64url") === letters ? bytes : null;
}

/** Signed by who has the secret and yet unreadable: a program of the shop's own makes its tokens wrong. */
function decrypt(signed: Buffer, key: Buffer): Multipass["payload"] | null {
	const decipher = createDecipheriv("aes-128-cbc", key, signed.subarray(0, BLOCK_BYTES));
	try {
		const bytes = Buffer.concat([decipher.update(signed.subarray(BLOCK_BYTES)), decipher.final()]);
		const payload: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
		const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
		return isObject ? (payload as Multipass["payload"]) : null;
	} catch {
		return null;
	}
}
