// What a mail is, and what sends one. The room composes and transports; when to send, and whether again, is decided
// elsewhere.

/** A finished mail. */
export interface Mail {
	/** `Name <address>`, or an address alone. */
	readonly from: string;
	/** One address, nothing around it. */
	readonly to: string;
	/** One line. */
	readonly subject: string;
	readonly text: string;
	readonly html: string;
	/** The links to act on: the activation or reset link; in other mails the shop's URL. */
	readonly links: readonly string[];
}

export interface Mailer {
	/** Resolves when the other side has taken the mail over; else throws `Undeliverable`. */
	send(mail: Mail): Promise<void>;
	close(): void;
}

/** A mail was not taken over. The message is one sentence for the operator and holds no address and no secret. */
export class Undeliverable extends Error {
	override readonly name = "Undeliverable";
	/** True when this mail was refused for good; false for anything that may pass later. */
	readonly permanent: boolean;

	constructor(message: string, permanent: boolean) {
		super(message);
		this.permanent = permanent;
	}
}
