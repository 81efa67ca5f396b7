// Carries secrets to the server and keeps everything that came back, with the list of what each answer may hold.
import { randomBytes, randomInt } from "node:crypto";
import { connect } from "node:net";

export interface Answer {
	/** What was asked, for the report. */
	readonly says: string;
	readonly text: string;
	/** Names of the secrets that this answer is to hold; any other is a leak, and so is one that it does not hold. */
	readonly holds: string[];
}

export interface Letter {
	readonly method?: string;
	readonly path?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array<ArrayBuffer>;
	/** Names of the caller's own secrets that the contract has the answer say back. */
	readonly echoes?: readonly string[];
}

export class Courier {
	readonly #url: string;
	readonly #token: string;
	/** Name → secret. */
	readonly secrets = new Map<string, string>();
	readonly answers: Answer[] = [];

	constructor(url: string, storefrontAccessToken: string) {
		this.#url = url;
		this.#token = storefrontAccessToken;
	}

	/** A new secret under this name, as random as a token. */
	plant(name: string): string {
		return this.keep(name, `Cy-${randomBytes(15).toString("base64url")}/x+é`);
	}

	/** Few characters, and yet so rare that none of them comes together by chance. */
	plantShort(name: string, length: number): string {
		const characters = Array.from({ length }, () => String.fromCharCode(0x4e00 + randomInt(20_000)));
		return this.keep(name, characters.join(""));
	}

	keep(name: string, secret: string): string {
		if (this.secrets.has(name)) throw new Error(`${name} is planted twice`);
		this.secrets.set(name, secret);
		return secret;
	}

	async send(says: string, letter: Letter): Promise<{ readonly status: number; readonly answer: Answer }> {
		const { method = "POST", path = "/api/2026-04/graphql.json", headers = {}, body, echoes = [] } = letter;
		const response = await fetch(this.#url + path, {
			method,
			headers: {
				"Content-Type": "application/json",
				"X-Shopify-Storefront-Access-Token": this.#token,
				...headers,
			},
			...(body === undefined ? {} : { body }),
		});
		const text = `${[...response.headers].join("\n")}\n\n${await response.text()}`;
		const answer = { says, text, holds: [...echoes] };
		this.answers.push(answer);
		return { status: response.status, answer };
	}

	/** Sends an operation; gives the parsed body, and the answer as it is kept. */
	async ask(
		says: string,
		query: string,
		variables: unknown = {},
		letter: Letter = {},
		// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for.
	): Promise<{ readonly body: any; readonly answer: Answer }> {
		const { answer } = await this.send(says, { ...letter, body: JSON.stringify({ query, variables }) });
		return { body: JSON.parse(answer.text.slice(answer.text.indexOf("\n\n"))), answer };
	}

	/** Sends bytes that no HTTP client would, and keeps what comes back until the server hangs up. */
	async sendRaw(says: string, bytes: string): Promise<void> {
		const { hostname, port } = new URL(this.#url);
		const socket = connect(Number(port), hostname);
		socket.end(bytes);
		let text = "";
		for await (const chunk of socket) text += chunk;
		this.answers.push({ says, text, holds: [] });
	}
}
