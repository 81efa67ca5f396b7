// Secrets that programs and shoppers carry: made here, and kept anywhere only as digests.
import { hash, randomBytes, randomInt } from "node:crypto";

/** Random bits in every token: 192, where ASVS 7.2.3 asks for 128. */
const TOKEN_BYTES = 24;

/** The longest text that can be one of our tokens; anything longer is refused before it is digested. */
const MAX_TOKEN_LENGTH = 256;

/** A new secret: 48 lower-case hexadecimal characters. */
export function makeToken(): string {
	return randomBytes(TOKEN_BYTES).toString("hex");
}

/**
 * What the store keeps of a token: SHA-256 as base64url, 43 characters. A fast digest is enough because the
 * token holds 192 random bits (ASVS 6.5.2). Look-ups compare digests, so their time tells nothing of a token.
 * Null for text that cannot be a token.
 */
export function digestToken(secret: string): string | null {
	if (secret.length === 0 || secret.length > MAX_TOKEN_LENGTH) return null;
	return hash("sha256", secret, "base64url");
}

/** A number for a record that is named on the wire: 13 to 15 digits, without order, so that it counts nothing. */
export function makeId(): number {
	return randomInt(1_000_000_000_000, 141_000_000_000_000);
}
