// `latchkey key …`: what programs carry to be let in, for browsers and apps, for servers, and for the operator.
import { type Command, Option } from "commander";
import { createApiKey, revokeApiKey, SETTINGS_TITLE } from "../accounts/administration.ts";
import type { Context } from "../accounts/context.ts";
import type { ApiKey, ApiKeyKind } from "../model.ts";
import { listApiKeys } from "../store/api-keys.ts";
import { toDateTime } from "../storefront/forms.ts";
import { ALL_SCOPES } from "../storefront/scopes.ts";
import {
	type Answer,
	addCommand,
	addShopCommand,
	type Options,
	operate,
	operateInShop,
	readId,
} from "./operate.ts";
import { formatRecord, formatTable } from "./table.ts";
import { Refused, readTextFile, type Terminal } from "./terminal.ts";

const KINDS: readonly ApiKeyKind[] = ["public", "private", "admin"];
const MIN_LENGTH = 32;
const MAX_LENGTH = 256;
const MAX_TITLE_LENGTH = 255;

interface KeyOptions extends Options {
	readonly kind: ApiKeyKind;
	readonly title?: string;
	readonly scope?: readonly string[];
	readonly tokenFile?: string;
}

export function addKeyCommands(program: Command, terminal: Terminal): void {
	const group = program
		.command("key")
		.description("The access tokens that programs carry. A change holds for a running server at once.");
	addShopCommand(group, "create", "Make a token and show it once: only its digest is kept.", [
		["for a storefront in a browser or an app", 'key create --kind public --title "web shop"'],
		[
			"for a server that only reads",
			"key create --kind private --title feed --scope unauthenticated_read_content",
		],
		[
			"with the token that an app in the field carries already",
			"key create --kind public --token-file token.txt",
		],
	])
		.addOption(
			new Option("--kind <kind>", "public and private are storefront access tokens")
				.choices(KINDS)
				.makeOptionMandatory(),
		)
		.option("--title <title>", "what it is for")
		.option("--scope <scope...>", "what it may do; without this, everything that the Storefront API has")
		.option("--token-file <file>", "take the token from a file, in place of a new one")
		.action((options: KeyOptions) =>
			operateInShop(terminal, options, (context) => createKey(context, options)),
		);
	addShopCommand(group, "list", "List a shop's tokens by id; the tokens themselves are not kept.", [
		["every token of the one shop", "key list"],
	]).action((options: Options) => operateInShop(terminal, options, listKeys));
	addCommand(group, "revoke <id>", "End a token. A running server refuses it at once.", [
		['the id is from "latchkey key list"', "key revoke 12345678901234"],
	]).action((id: string, options: Options) =>
		operate(terminal, options, async ({ store, clock }) => {
			const key = await revokeApiKey(store, readId(id), clock.now());
			if (key === "noSuchKey") throw new Refused(`No token has the id ${id}.`);
			if (key === "ofTheSettings") {
				throw new Refused(
					"This token is from the settings, and would be back at the next start: change or remove it there (LATCHKEY_STOREFRONT_ACCESS_TOKEN, LATCHKEY_PRIVATE_ACCESS_TOKEN, LATCHKEY_ADMIN_ACCESS_TOKEN) and restart the server.",
				);
			}
			return { json: { revokedId: String(key.id) }, text: `The ${key.kind} token ${key.id} is revoked.` };
		}),
	);
}

async function createKey({ store, shop, clock }: Context, options: KeyOptions): Promise<Answer> {
	const title = options.title?.trim() ?? "";
	if (title === SETTINGS_TITLE) {
		throw new Refused(`The title ${JSON.stringify(title)} is for the tokens that the settings name.`);
	}
	if (title.length > MAX_TITLE_LENGTH) {
		throw new Refused(`A title has at most ${MAX_TITLE_LENGTH} characters.`);
	}
	const { kind } = options;
	const scopes = readScopes(kind, options.scope);
	const known = options.tokenFile === undefined ? null : readToken(options.tokenFile);
	const made = await createApiKey(store, shop, { kind, title, scopes }, known, clock.now());
	if (!made) throw new Refused("The token is in use already.");
	const { key, secret } = made;
	return {
		json: { ...toJson(key), token: secret },
		text: formatRecord([
			["id", key.id],
			["kind", kind],
			["title", title],
			["scopes", sayScopes(scopes)],
			["token", secret],
		]),
		note: "The token is shown this once: only its digest is kept.",
	};
}

async function listKeys({ store, shop }: Context): Promise<Answer> {
	const keys = await listApiKeys(store, shop.id);
	const headings = ["id", "kind", "title", "created", "scopes"];
	const rows = keys.map(({ id, kind, title, createdAt, scopes }) => {
		return [id, kind, title, toDateTime(createdAt), sayScopes(scopes)];
	});
	return {
		json: keys.map((key) => ({ ...toJson(key), createdAt: toDateTime(key.createdAt) })),
		text: formatTable(headings, rows),
		note: keys.length === 0 ? "No tokens." : undefined,
	};
}

function readScopes(kind: ApiKeyKind, given: readonly string[] | undefined): ReadonlySet<string> {
	if (kind === "admin") {
		if (given) throw new Refused("Scopes are of storefront access tokens; an admin access token has none.");
		return new Set();
	}
	for (const scope of given ?? []) {
		if (ALL_SCOPES.includes(scope)) continue;
		throw new Refused(`${JSON.stringify(scope)} is no scope; there are ${ALL_SCOPES.join(", ")}.`);
	}
	return new Set(given ?? ALL_SCOPES);
}

function readToken(file: string): string {
	const token = readTextFile(file);
	if (token.length < MIN_LENGTH || token.length > MAX_LENGTH || !/^[!-~]+$/.test(token)) {
		throw new Refused(
			`A token has ${MIN_LENGTH} to ${MAX_LENGTH} characters, without blanks: make one with "openssl rand -hex 24".`,
		);
	}
	return token;
}

function sayScopes(scopes: ReadonlySet<string>): string {
	return ALL_SCOPES.every((scope) => scopes.has(scope)) ? "all" : [...scopes].join(" ");
}

function toJson({ id, shopId, kind, title, scopes }: ApiKey) {
	return { id: String(id), shopId: String(shopId), kind, title, scopes: [...scopes] };
}
