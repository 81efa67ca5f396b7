// A real SMTP server that keeps what it is given, and a message to compose.
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { Message } from "../../src/mail/messages.ts";

interface Received {
	/** As the envelope says, not the head of the mail. */
	readonly sender: string;
	readonly recipients: readonly string[];
	readonly raw: string;
	/** Who had signed in. */
	readonly user: string | undefined;
	readonly encrypted: boolean;
}

export interface Postbox extends AsyncDisposable {
	readonly port: number;
	/** For `openSmtp`. */
	readonly url: string;
	/** Oldest first. */
	readonly received: readonly Received[];
	/** Every connection that it has taken. */
	connections(): number;
	close(): Promise<void>;
}

/** Listens on loopback; without options it takes everything from everyone, unencrypted. */
export async function openPostbox(options: SMTPServerOptions = {}): Promise<Postbox> {
	const received: Received[] = [];
	let connections = 0;
	const server = new SMTPServer({
		disabledCommands: ["STARTTLS", "AUTH"],
		logger: false,
		closeTimeout: 10,
		onConnect: (_, done) => {
			connections++;
			done();
		},
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on("data", (chunk: Buffer) => chunks.push(chunk));
			stream.on("end", () => {
				const { mailFrom, rcptTo } = session.envelope;
				received.push({
					sender: mailFrom ? mailFrom.address : "",
					recipients: rcptTo.map(({ address }) => address),
					raw: Buffer.concat(chunks).toString("utf8"),
					user: session.user?.toString(),
					encrypted: session.secure,
				});
				done();
			});
		},
		...options,
	});
	server.on("error", () => undefined);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.server.address() as AddressInfo;
	const close = () => new Promise<void>((resolve) => server.close(resolve));
	return {
		port,
		url: `smtp://127.0.0.1:${port}`,
		received,
		connections: () => connections,
		close,
		[Symbol.asyncDispose]: close,
	};
}

/** A refusal in the words of a mail server. */
export function refusal(code: number, text: string): Error {
	return Object.assign(new Error(text), { responseCode: code });
}

export const KINDS = ["activation", "reset", "passwordChanged", "emailChanged", "welcome"] as const;

export const LINK = "https://shop.example/account/reset/65/0f1e2d3c4b5a69788796a5b4c3d2e1f0-1790000000";

/** A message to Ada from Northwind Tea, in English, without a template. */
export function message(kind: Message["kind"], different: Partial<Message> = {}): Message {
	const links = kind === "activation" || kind === "reset";
	return {
		kind,
		language: "EN",
		from: "hello@northwind.example",
		to: "ada@example.com",
		shop: { name: "Northwind Tea", url: "https://northwind.example", accentColor: "#0a5e63" },
		customer: { email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" },
		url: links ? LINK : null,
		lifetimeMinutes: kind === "reset" ? 60 : kind === "activation" ? 43_200 : null,
		newEmail: kind === "emailChanged" ? "lovelace@example.org" : null,
		template: null,
		...different,
	};
}
