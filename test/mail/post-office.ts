// A real SMTP server that does as it is told: takes letters, refuses them, holds them at a chosen moment, or is away.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { refusal } from "./postbox.ts";

export interface Letter {
	/** As the envelope says. */
	readonly recipients: readonly string[];
	readonly subject: string;
	readonly text: string;
	/** The reset or activation link in it, or null. */
	readonly link: string | null;
}

/**
 * `holdRecipient` keeps the client waiting before it may send anything, `holdEnd` once everything is there: the letter
 * counts as received, and the client is not told so. A number refuses every recipient with this code.
 */
export type Manner = "take" | "holdRecipient" | "holdEnd" | number;

export class PostOffice implements AsyncDisposable {
	manner: Manner = "take";
	/** Oldest first. */
	readonly letters: Letter[] = [];
	/** Clients that asked for a recipient. */
	asked = 0;
	#port = 0;
	#server: SMTPServer | null = null;
	#held = 0;
	#watchers: (() => void)[] = [];

	static async open(): Promise<PostOffice> {
		const office = new PostOffice();
		await office.arrive();
		return office;
	}

	get url(): string {
		return `smtp://127.0.0.1:${this.#port}`;
	}

	/** Is there, on the same port as before. */
	async arrive(): Promise<void> {
		const server = new SMTPServer({
			disabledCommands: ["STARTTLS", "AUTH"],
			logger: false,
			closeTimeout: 10,
			onRcptTo: (_, __, answer) => {
				this.asked++;
				if (typeof this.manner === "number") answer(refusal(this.manner, "as it was told"));
				else if (this.manner !== "holdRecipient") answer();
				else this.#tell(() => this.#held++);
			},
			onData: async (stream, { envelope }, answer) => {
				// Cut off in the middle it is no letter.
				const mail = await simpleParser(stream).catch(() => null);
				if (!mail) return;
				const { subject = "", text = "" } = mail;
				const recipients = envelope.rcptTo.map(({ address }) => address);
				const link = /https?:\/\/\S+\/account\/(?:reset|activate)\/\S+/.exec(text)?.[0] ?? null;
				const { manner } = this;
				this.#tell(() => {
					this.letters.push({ recipients, subject, text, link });
					if (manner === "holdEnd") this.#held++;
				});
				if (manner !== "holdEnd") answer();
			},
		});
		server.on("error", () => undefined);
		server.listen(this.#port, "127.0.0.1");
		await once(server.server, "listening");
		this.#port = (server.server.address() as AddressInfo).port;
		this.#server = server;
	}

	/** Ends every connection and takes no other. */
	async leave(): Promise<void> {
		const server = this.#server;
		this.#server = null;
		if (server) await new Promise<void>((resolve) => server.close(resolve));
	}

	/** From now on; what was held is forgotten. */
	behave(manner: Manner): void {
		this.manner = manner;
		this.#held = 0;
	}

	/** Resolves when so many clients are held. */
	async whenHeld(count: number): Promise<void> {
		while (this.#held < count) await this.#change();
	}

	/** Resolves when so many letters have been received in all. */
	async whenReceived(count: number): Promise<void> {
		while (this.letters.length < count) await this.#change();
	}

	#change(): Promise<void> {
		return new Promise((resolve) => this.#watchers.push(resolve));
	}

	#tell(happen: () => void): void {
		happen();
		for (const tell of this.#watchers.splice(0)) tell();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.leave();
	}
}
