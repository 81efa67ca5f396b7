// Runs the examples of the reference as a reader would: takes the command off the page, puts real values in the place
// of its placeholders, and sends what a shell makes of it. An example that needs another's answer has that one run.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import multipassJs from "multipass-js";
import { statement } from "../../src/store/engine.ts";
import type { Body, House } from "../house.ts";

export const MULTIPASS_SECRET = "a secret that the shop shares with its forum";

/** Prints its arguments, each ended by a zero byte: a shell is asked what the command says, not a client. */
const PRINT_ARGUMENTS = "curl() { printf '%s\\0' \"$@\"; }";
const DISABLE = statement("UPDATE customers SET state = 'disabled'");

export type Variables = Readonly<Record<string, unknown>>;

export interface Examples {
	/**
	 * Forgets everything, signs the examples' customer up where the example is not that itself, and gives the
	 * example's variables with real values.
	 */
	prepare(operation: string): Promise<Variables>;
	/** Sends the example's document as its command does, with these variables. */
	send(operation: string, variables: Variables, headers?: Readonly<Record<string, string>>): Promise<Body>;
	disableAll(): Promise<void>;
}

/** What a page in Markdown shows as its example. */
interface Shown {
	readonly document: string;
	readonly variables: Variables;
	readonly command: string;
}

function readExample(markdown: string): Shown {
	const fenced = (language: string) => {
		const [, code] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``).exec(markdown) ?? [];
		assert.ok(code, `no ${language} in ${markdown}`);
		return code;
	};
	return { document: fenced("graphql"), variables: JSON.parse(fenced("json")), command: fenced("sh") };
}

export function openExamples(house: House, version: string): Examples {
	const fetchPage = async (operation: string) => {
		const folder = operation.startsWith("customer") && operation !== "customer" ? "mutations" : "queries";
		const path = `/docs/api/storefront/${version}/${folder}/${operation}.md`;
		const response = await fetch(`${house.app.url}${path}`);
		assert.equal(response.status, 200, path);
		return response.text();
	};

	/** Placeholder → a value for it, made by the examples that a reader would run before. */
	const makers: Readonly<Record<string, () => Promise<string>>> = {
		CUSTOMER_ACCESS_TOKEN: async () =>
			(await run("customerAccessTokenCreate")).customerAccessTokenCreate.customerAccessToken.accessToken,
		CUSTOMER_ID: async () => `gid://shopify/Customer/${partsOf(await newestLink()).at(-2)}`,
		ADDRESS_ID: async () => (await run("customerAddressCreate")).customerAddressCreate.customerAddress.id,
		RESET_TOKEN: async () => String(partsOf(await newestLink()).at(-1)),
		RESET_URL: () => newestLink(),
		ACTIVATION_TOKEN: async () => String(partsOf(await newestLink()).at(-1)),
		ACTIVATION_URL: () => newestLink(),
		MULTIPASS_TOKEN: async () => {
			const multipass = new multipassJs.Multipass(MULTIPASS_SECRET);
			return multipass.withCustomerData({ email: "ada@example.com" }).token();
		},
	};

	const newestLink = async () => {
		const [newest] = await house.mails();
		assert.ok(newest?.links[0], "no mail");
		return newest.links[0];
	};

	const fill = async (operation: string): Promise<Variables> => {
		let text = JSON.stringify(readExample(await fetchPage(operation)).variables);
		for (const [placeholder, make] of Object.entries(makers)) {
			if (!text.includes(`"${placeholder}"`)) continue;
			text = text.replaceAll(`"${placeholder}"`, JSON.stringify(await make()));
		}
		assert.doesNotMatch(text, /"[A-Z]+(?:_[A-Z]+)+"/, "a placeholder that nobody fills");
		return JSON.parse(text);
	};

	const send: Examples["send"] = async (operation, variables, headers = {}) => {
		const shown = readExample(await fetchPage(operation));
		const sent = await readCommand(shown.command);
		assert.equal(sent.body.query, shown.document.replace(/\s+/g, " "));
		assert.deepEqual(sent.body.variables, shown.variables);
		const body = JSON.stringify({ ...sent.body, variables });
		const response = await fetch(sent.url, {
			method: "POST",
			headers: { ...sent.headers, ...headers },
			body,
		});
		assert.equal(response.headers.get("x-shopify-api-version"), version);
		return (await response.json()) as Body;
	};

	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape its document asked for.
	const run = async (operation: string): Promise<any> => {
		const { data, errors } = await send(operation, await fill(operation));
		assert.equal(errors, undefined, `${operation}: ${JSON.stringify(errors)}`);
		return data;
	};

	const disableAll = async () => void (await house.app.store.change(DISABLE, []));

	return {
		send,
		disableAll,
		prepare: async (operation) => {
			await fetch(`${house.app.url}/_dev/reset`, { method: "POST" });
			if (operation !== "customerCreate") await run("customerCreate");
			if (operation.startsWith("customerReset")) await run("customerRecover");
			if (operation.startsWith("customerActivate")) {
				await disableAll();
				await run("customerCreate");
			}
			return fill(operation);
		},
	};
}

interface Sent {
	readonly url: string;
	readonly headers: Record<string, string>;
	readonly body: { readonly query: string; readonly variables: unknown };
}

/** What a shell hands to `curl`. */
async function readCommand(command: string): Promise<Sent> {
	const { stdout } = await promisify(execFile)("sh", ["-c", `${PRINT_ARGUMENTS}\n${command}`]);
	const [url = "", ...options] = stdout.split("\0").slice(0, -1);
	const headers: Record<string, string> = {};
	let body = "";
	for (let index = 0; index < options.length; index += 2) {
		const value = options[index + 1] ?? "";
		if (options[index] === "-d") body = value;
		else {
			assert.equal(options[index], "-H");
			const [name = "", text] = value.split(": ");
			headers[name] = String(text);
		}
	}
	return { url, headers, body: JSON.parse(body) };
}

function partsOf(link: string): readonly string[] {
	return new URL(link).pathname.split("/");
}
