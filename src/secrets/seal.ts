// Seals secrets that must be readable again, such as a shop's Multipass secret: AES-256-GCM under a key that is a
// setting and never in the database.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

export interface Seal {
	/** `label` is bound to the text: sealed under one, it opens under no other. */
	close(text: string, label: string): string;
	/** Null for what was not sealed by this key, under this label, or was changed since. */
	open(sealed: string, label: string): string | null;
}

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createSeal(secret: string): Seal {
	const key = Buffer.from(hkdfSync("sha256", secret, "", "latchkey seal", 32));
	return {
		close: (text, label) => {
			const nonce = randomBytes(NONCE_BYTES);
			const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(label));
			const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
			return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64url");
		},
		open: (sealed, label) => {
			const bytes = Buffer.from(sealed, "base64url");
			if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
			const nonce = bytes.subarray(0, NONCE_BYTES);
			const end = bytes.length - TAG_BYTES;
			const options = { authTagLength: TAG_BYTES };
			const decipher = createDecipheriv(ALGORITHM, key, nonce, options)
				.setAAD(Buffer.from(label))
				.setAuthTag(bytes.subarray(end));
			try {
				const body = [decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()];
				return Buffer.concat(body).toString("utf8");
			} catch {
				return null;
			}
		},
	};
}
