// `latchkey shop …`: the shops of this server, and what each of them chose for itself.
import { type Command, Option } from "commander";
import { createShop, setShop } from "../accounts/administration.ts";
import type { Context, ShopPolicy } from "../accounts/context.ts";
import {
	getShopPolicy,
	MULTIPASS_SECRET,
	SHOP_CHOICES,
	sealMultipassSecret,
} from "../accounts/shop-policy.ts";
import { flagName, type SettingName } from "../config.ts";
import { checkShopValue, isSafeUrl } from "../first-shop.ts";
import type { Shop } from "../model.ts";
import { makeToken } from "../secrets/token.ts";
import { SETTINGS } from "../settings.ts";
import { listChoices } from "../store/shop-choices.ts";
import { listShops } from "../store/shops.ts";
import {
	type Answer,
	addCommand,
	addShopCommand,
	type Desk,
	type Options,
	operate,
	operateInShop,
} from "./operate.ts";
import { formatRecord, formatTable } from "./table.ts";
import { Refused, readTextFile, type Terminal } from "./terminal.ts";

/** What a shop is → the setting that says it of the first shop. */
const PROFILE = {
	name: "shopName",
	description: "shopDescription",
	url: "shopUrl",
	country: "shopCountry",
	language: "shopLanguage",
	currency: "shopCurrency",
} as const satisfies Record<Exclude<keyof Shop, "id">, SettingName>;

const PROFILE_SAYS: Readonly<Record<keyof typeof PROFILE, string>> = {
	name: "what it is called",
	description: "a sentence about it",
	url: "where its own pages are, as https://shop.example; another shop's host is refused",
	country: "ISO 3166 alpha-2, as DE",
	language: "as the API names it: DE, PT_BR",
	currency: "ISO 4217, as EUR",
};

const CHOICES = Object.keys(SHOP_CHOICES) as (keyof ShopPolicy)[];
/** The shortest Multipass secret that is taken: whoever has a token may guess at the secret for as long as he likes. */
const MIN_MULTIPASS_LENGTH = 32;

type Profile = { -readonly [K in keyof typeof PROFILE]?: Shop[K] };
type ShopOptions = Options & {
	readonly [K in keyof typeof PROFILE | keyof ShopPolicy]?: string;
} & {
	readonly unset?: readonly string[];
	readonly multipass?: boolean;
	readonly multipassSecretFile?: string;
};

export function addShopCommands(program: Command, terminal: Terminal): void {
	const group = program
		.command("shop")
		.description("The shops of this server, and what each chose for itself.");
	const command = addCommand(group, "create", "Make one more shop. The first is made from the settings.", [
		[
			"a second shop in the same process",
			'shop create --name "Shop B" --url https://b.example --country DE --language DE --currency EUR',
		],
	]);
	for (const name of Object.keys(PROFILE) as (keyof typeof PROFILE)[]) {
		const option = new Option(`--${name} <value>`, PROFILE_SAYS[name]);
		command.addOption(option.makeOptionMandatory(name === "name" || name === "url"));
	}
	command.action((options: ShopOptions) => operate(terminal, options, (desk) => create(desk, options)));
	addCommand(
		group,
		"list",
		"List the shops, oldest first: the first is the one that the settings describe.",
		[["every shop", "shop list"]],
	).action((options: Options) => operate(terminal, options, list));
	addShopCommand(group, "show", "Show a shop and what holds for it.", [
		["by its host", "shop show --shop shop.example"],
	]).action((options: Options) => operateInShop(terminal, options, (context) => describe(context, null)));
	addSetCommand(group, terminal);
}

function addSetCommand(group: Command, terminal: Terminal): void {
	const command = addShopCommand(group, "set", "Change a shop, and what it chooses for itself.", [
		[
			"links in its mails lead to its own pages",
			'shop set --shop shop.example --reset-url "{shop}/de/reset?id={customer}&token={token}"',
		],
		["as the settings say, again", "shop set --shop shop.example --unset reset-url"],
		["its customers keep their e-mail address", "shop set --shop shop.example --email-change deny"],
		["let customers in by Multipass: a new secret, shown once", "shop set --shop shop.example --multipass"],
		[
			"or the secret that its other system has already",
			"shop set --shop shop.example --multipass-secret-file multipass.txt",
		],
		["no Multipass any more", "shop set --shop shop.example --no-multipass"],
	]);
	for (const name of Object.keys(PROFILE) as (keyof typeof PROFILE)[]) {
		command.option(`--${name} <value>`, PROFILE_SAYS[name]);
	}
	for (const name of CHOICES) {
		command.option(
			`--${flagName(name)} <value>`,
			SETTINGS[name].says.replaceAll("`", "").replace(" A shop may have its own.", ""),
		);
	}
	command
		.option(
			"--unset <name...>",
			`go back to the setting: ${CHOICES.map(flagName).join(", ")}; or no description`,
		)
		.option("--multipass", "make a new Multipass secret and show it once; the one before opens nothing")
		.option("--multipass-secret-file <file>", "take the Multipass secret from a file")
		.option("--no-multipass", "forget the Multipass secret: nobody comes in by Multipass")
		.action((options: ShopOptions) => operateInShop(terminal, options, (context) => set(context, options)));
}

async function create({ store, config, clock }: Desk, options: ShopOptions): Promise<Answer> {
	if ((await listShops(store)).length === 0) {
		throw new Refused(
			"There is no shop yet: the server makes the first one, from its settings, when it starts.",
		);
	}
	const given = readProfile(options);
	const profile = {
		name: String(given.name),
		description: given.description ?? null,
		url: String(given.url),
		country: given.country ?? config.shopCountry,
		language: given.language ?? config.shopLanguage,
		currency: given.currency ?? config.shopCurrency,
	};
	const shop = await createShop(store, profile, clock.now());
	return {
		json: toJson(shop),
		text: formatRecord(toEntries(shop)),
		note: `Its programs need keys: latchkey key create --shop ${shop.id} --kind public`,
	};
}

async function list({ store }: Desk): Promise<Answer> {
	const shops = await listShops(store);
	const headings = ["id", "name", "url", "country", "language", "currency"];
	const rows = shops.map(({ id, name, url, country, language, currency }) => {
		return [id, name, url, country, language, currency];
	});
	return { json: shops.map(toJson), text: formatTable(headings, rows) };
}

async function set(context: Context & Desk, options: ShopOptions): Promise<Answer> {
	const { store, shop, clock } = context;
	const profile: Profile = readProfile(options);
	const choices: Record<string, string | null> = {};
	for (const name of CHOICES) {
		const text = options[name];
		if (text === undefined) continue;
		checkShopValue(`--${flagName(name)}`, name, text);
		if (name === "resetUrl" || name === "activationUrl") refuseUnsafe(`--${flagName(name)}`, text);
		choices[name] = text;
	}
	for (const flag of options.unset ?? []) {
		const name = CHOICES.find((choice) => flagName(choice) === flag);
		if (name) choices[name] = null;
		else if (flag === "description") profile.description = null;
		else
			throw new Refused(
				`--unset knows no ${JSON.stringify(flag)}; "latchkey shop set --help" lists the names.`,
			);
	}
	const secret = readMultipassSecret(options);
	if (secret !== undefined) choices[MULTIPASS_SECRET] = secret === null ? null : sealSecret(context, secret);
	if (Object.keys(profile).length + Object.keys(choices).length === 0) {
		throw new Refused('Nothing to set: "latchkey shop set --help" lists what can be.');
	}
	const changed = await setShop(store, { shopId: shop.id, profile, choices, now: clock.now() });
	const isShown = options.multipass === true && secret;
	return describe({ ...context, shop: changed }, isShown || null);
}

/** The shop and what holds for it; `secret` is a Multipass secret that is shown this once. */
async function describe(context: Context & Desk, secret: string | null): Promise<Answer> {
	const { store, shop, config } = context;
	const own = await listChoices(store, shop.id);
	const chosen: ShopPolicy = await getShopPolicy(context);
	const mailFrom = chosen.mailFrom ?? `no-reply@${new URL(shop.url).hostname}`;
	const holds = { ...chosen, mailFrom };
	const [first] = await listShops(store);
	const notes = [];
	if (first?.id === shop.id) {
		const also = config.multipassSecret === null ? "" : ", and its Multipass secret";
		notes.push(
			`This is the first shop. The settings describe it: at the next start its ${Object.keys(PROFILE).join(", ")}${also} are theirs again.`,
		);
	}
	if (secret !== null) notes.push("The Multipass secret is shown this once; it is kept sealed.");
	const choiceEntries = CHOICES.map((name) => {
		return [flagName(name), `${holds[name]}${own.has(name) ? "" : " (setting)"}`] as const;
	});
	return {
		json: {
			...toJson(shop),
			...holds,
			own: CHOICES.filter((name) => own.has(name)),
			multipass: own.has(MULTIPASS_SECRET),
			...(secret === null ? {} : { multipassSecret: secret }),
		},
		text: formatRecord([
			...toEntries(shop),
			...choiceEntries,
			["multipass", own.has(MULTIPASS_SECRET)],
			...(secret === null ? [] : [["multipass secret", secret] as const]),
		]),
		note: notes.length > 0 ? notes.join("\n") : undefined,
	};
}

/** Links with secrets in them lead there. */
function refuseUnsafe(label: string, url: string): void {
	if (!isSafeUrl(url)) throw new Refused(`${label} must begin with https://, or be on this machine.`);
}

function readProfile(options: ShopOptions): { -readonly [K in keyof typeof PROFILE]?: string } {
	const profile: { -readonly [K in keyof typeof PROFILE]?: string } = {};
	for (const [name, setting] of Object.entries(PROFILE) as [keyof typeof PROFILE, SettingName][]) {
		const text = options[name];
		if (text === undefined) continue;
		checkShopValue(`--${name}`, setting, text);
		if (name === "url") refuseUnsafe("--url", text);
		profile[name] = text;
	}
	return profile;
}

/** A secret to have from now on, null for none, undefined to leave what is there. */
function readMultipassSecret({
	multipass,
	multipassSecretFile: file,
}: ShopOptions): string | null | undefined {
	if (file !== undefined && multipass !== undefined) {
		throw new Refused("Give one of --multipass, --multipass-secret-file and --no-multipass.");
	}
	if (file === undefined) return multipass === true ? makeToken() : multipass === false ? null : undefined;
	const secret = readTextFile(file);
	if (secret.length >= MIN_MULTIPASS_LENGTH) return secret;
	throw new Refused(`A Multipass secret has at least ${MIN_MULTIPASS_LENGTH} characters.`);
}

function sealSecret({ policy: { seal }, shop }: Context, secret: string): string {
	if (seal) return sealMultipassSecret(seal, shop.id, secret);
	throw new Refused(
		"A Multipass secret is kept sealed: set LATCHKEY_ENCRYPTION_KEY, the same one that the server has.",
	);
}

function toEntries(shop: Shop) {
	return (["id", ...Object.keys(PROFILE)] as (keyof Shop)[]).map((name) => [name, shop[name]] as const);
}

function toJson(shop: Shop) {
	return { ...shop, id: String(shop.id) };
}
