// The mailer of `latchkey dev` and of tests: keeps the newest mails in memory and sends nothing.
import type { Mail, Mailer } from "./mail.ts";

const MAX_MAILS = 1000;

export interface Mailbox extends Mailer {
	/** Newest first. */
	list(): readonly Mail[];
	clear(): void;
}

export function createMailbox(): Mailbox {
	let mails: readonly Mail[] = [];
	return {
		send: async (mail) => {
			mails = [mail, ...mails.slice(0, MAX_MAILS - 1)];
		},
		list: () => mails,
		clear: () => {
			mails = [];
		},
		close: () => undefined,
	};
}
