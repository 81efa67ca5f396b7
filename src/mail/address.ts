// Our own strict grammar of addresses, so that none of them ever reaches a mail library as text to be parsed. All of it
// linear in the length of the text.
import { domainToASCII } from "node:url";

const MAX_LENGTH = 320;

export interface Address {
	/** What is shown before the address; may be empty. */
	readonly name: string;
	readonly address: string;
}

/** `Name <address>`, or an address alone; null for what cannot be written into a mail. */
export function readAddress(text: string): Address | null {
	const open = text.endsWith(">") ? text.lastIndexOf("<") : -1;
	const name = open < 0 ? "" : text.slice(0, open).trim();
	const address = open < 0 ? text : text.slice(open + 1, -1);
	return isAddress(address) && !/\p{Cc}/u.test(name) && name.isWellFormed() ? { name, address } : null;
}

/** One @, no quoting, no comment, no character with a meaning in a header, and a domain that can be asked for. */
function isAddress(text: string): boolean {
	if (text.length > MAX_LENGTH || !text.isWellFormed() || /[\s"(),:;<>[\]\\\p{Cc}\p{Cf}]/u.test(text))
		return false;
	const [local = "", domain = "", ...more] = text.split("@");
	if (local === "" || local.startsWith(".") || local.endsWith(".") || local.includes("..")) return false;
	return more.length === 0 && !/[/?#%]/.test(domain) && /^[a-z\d.-]+$/i.test(domainToASCII(domain));
}
