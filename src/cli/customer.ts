// `latchkey customer …`: looking customers up, and making them. What becomes of their accounts is in
// customer-account.ts, what is attached to them in customer-data.ts.
import { type Command, Option } from "commander";
import type { Context } from "../accounts/context.ts";
import { createAccount } from "../accounts/customer-administration.ts";
import { keyOfTyped } from "../accounts/email.ts";
import type { Reason } from "../accounts/errors.ts";
import { chooseLanguage, MAIL_LANGUAGES } from "../mail/languages.ts";
import type { Address, Customer, CustomerState, Shop } from "../model.ts";
import { listAccessTokens } from "../store/access-tokens.ts";
import { listAddresses } from "../store/addresses.ts";
import { listCustomers } from "../store/customer-pages.ts";
import { type Account, findAccount } from "../store/customer-states.ts";
import { findCredentials } from "../store/customers.ts";
import { listMetafields } from "../store/metafields.ts";
import { listTags } from "../store/tags.ts";
import { toUserError } from "../storefront/errors.ts";
import { toDateTime } from "../storefront/forms.ts";
import { type Answer, addShopCommand, isId, type Options, operateInShop, readId } from "./operate.ts";
import { type Cell, formatRecord, formatTable } from "./table.ts";
import { Refused, readTextFile, type Terminal } from "./terminal.ts";

const STATES: readonly CustomerState[] = ["disabled", "invited", "enabled", "declined"];
const MAX_LIMIT = 250;

interface ListOptions extends Options {
	readonly limit: string;
	readonly after?: string;
	readonly state?: CustomerState;
}

interface CreateOptions extends Options {
	readonly email: string;
	readonly firstName?: string;
	readonly lastName?: string;
	readonly phone?: string;
	readonly marketing?: true;
	readonly tag?: readonly string[];
	readonly passwordStdin?: true;
	readonly passwordFile?: string;
	readonly invite?: true;
	readonly language?: string;
}

export function addCustomerCommands(group: Command, terminal: Terminal): void {
	addShopCommand(group, "list", "List customers, newest first, a page at a time.", [
		["the newest 50", "customer list"],
		["the page after the customer that was the last", "customer list --after 12345678901234"],
		["the addresses of all who were invited, up to 250", "customer list --state invited --limit 250 --json"],
	])
		.option("--limit <number>", `how many, at most ${MAX_LIMIT}`, "50")
		.option("--after <id>", "begin after the customer with this id")
		.addOption(new Option("--state <state>", "only customers in this state").choices(STATES))
		.action((options: ListOptions) => operateInShop(terminal, options, (context) => list(context, options)));
	addShopCommand(group, "show <customer>", "Show a customer, by id or e-mail address.", [
		["by e-mail address", "customer show ada@example.com"],
	]).action((named: string, options: Options) =>
		operateInShop(terminal, options, async (context) => show(context, await getAccount(context, named))),
	);
	addShopCommand(
		group,
		"create",
		"Make a customer. Without a password or an invitation, the account is disabled.",
		[
			["who sets a password by the link in a mail", "customer create --email ada@example.com --invite"],
			[
				"who can sign in at once",
				"customer create --email grace@example.com --first-name Grace --password-file password.txt",
			],
		],
	)
		.requiredOption("--email <address>", "the e-mail address")
		.option("--first-name <name>", "the first name")
		.option("--last-name <name>", "the last name")
		.option("--phone <number>", "the phone number with its country's prefix, as +16135550199")
		.option("--marketing", "has agreed to mails about offers")
		.option("--tag <tag...>", "what the shop labels the customer with")
		.option("--password-stdin", "read the password from standard input; never given as an argument")
		.option("--password-file <file>", "read the password from a file")
		.option("--invite", "mail the link that activates the account")
		.addOption(languageOption())
		.action((options: CreateOptions) =>
			operateInShop(terminal, options, (context) => create(context, options, terminal)),
		);
}

export function languageOption(): Option {
	return new Option("--language <language>", "of the mail; without this, the shop's").choices(MAIL_LANGUAGES);
}

/** What a mail is written in. */
export function languageOf(shop: Shop, asked: string | undefined): string {
	return chooseLanguage([asked ?? null, shop.language]);
}

/** By id or e-mail address. */
export async function getAccount({ store, shop }: Context, named: string): Promise<Account> {
	const holder = named.includes("@") ? await findCredentials(store, shop.id, keyOfTyped(named)) : null;
	const id = isId(named) ? Number(named) : (holder?.customerId ?? null);
	const account = id === null ? null : await findAccount(store, shop.id, id);
	if (account) return account;
	throw new Refused(`No customer of ${shop.name} has the id or the e-mail address ${JSON.stringify(named)}.`);
}

export async function show({ store, clock }: Context, account: Account): Promise<Answer> {
	const { customer, hasPassword, multipassOnly } = account;
	const all = { above: 0, below: Number.MAX_SAFE_INTEGER, newestFirst: false, atMost: 250 };
	const [tags, addresses, metafields, tokens] = await Promise.all([
		listTags(store, customer.id),
		listAddresses(store, customer.id, all),
		listMetafields(store, customer.id),
		listAccessTokens(store, customer.id, clock.now()),
	]);
	const entries: (readonly [string, Cell])[] = [
		["id", customer.id],
		["email", customer.email],
		["phone", customer.phone],
		["first name", customer.firstName],
		["last name", customer.lastName],
		["state", customer.state],
		["password", hasPassword],
		["multipass only", multipassOnly],
		["marketing", customer.acceptsMarketing],
		["access tokens", tokens.length],
		["tags", tags.length === 0 ? null : tags.join(", ")],
		["created", toDateTime(customer.createdAt)],
		["updated", toDateTime(customer.updatedAt)],
		...addresses.map((address) => ["address", sayAddress(address)] as const),
		...metafields.map(({ namespace, key, value }) => [`${namespace}.${key}`, value] as const),
	];
	return {
		json: {
			...toJson(customer),
			hasPassword,
			multipassOnly,
			accessTokens: tokens.length,
			tags,
			addresses: addresses.map((address) => ({
				...address,
				id: String(address.id),
				default: address.id === customer.defaultAddressId,
			})),
			metafields: metafields.map(({ namespace, key, type, value, description }) => {
				return { namespace, key, type, value, description };
			}),
		},
		text: formatRecord(entries),
	};
}

async function list({ store, shop }: Context, { limit, after, state }: ListOptions): Promise<Answer> {
	const number = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
	if (number < 1 || number > MAX_LIMIT) throw new Refused(`--limit is a number from 1 to ${MAX_LIMIT}.`);
	const page = await listCustomers(store, {
		shopId: shop.id,
		states: state === undefined ? STATES : [state],
		after: after === undefined ? null : readId(after),
		limit: number,
	});
	if (!page) throw new Refused(`No customer of ${shop.name} has the id ${after} to go on after.`);
	const headings = ["id", "email", "name", "state", "created"];
	const rows = page.map(({ id, email, firstName, lastName, state, createdAt }) => {
		return [id, email, [firstName, lastName].filter(Boolean).join(" ") || null, state, toDateTime(createdAt)];
	});
	const last = page.length === number ? page.at(-1) : undefined;
	return {
		json: page.map(toJson),
		text: formatTable(headings, rows),
		note: page.length === 0 ? "No customers." : last && `The next page, if there is one: --after ${last.id}`,
	};
}

async function create(context: Context, options: CreateOptions, terminal: Terminal): Promise<Answer> {
	const { email, firstName = null, lastName = null, phone = null, marketing, tag = [], invite } = options;
	const password = await readPassword(options, terminal);
	if (password !== null && invite) {
		throw new Refused("Give a password or --invite, not both: who is invited sets the password.");
	}
	if (options.language !== undefined && !invite) {
		throw new Refused("--language is of the invitation: give --invite as well.");
	}
	const created = await createAccount(context, {
		email,
		firstName,
		lastName,
		phone,
		acceptsMarketing: marketing === true,
		tags: tag,
		password,
		invitation: invite ? languageOf(context.shop, options.language) : null,
	});
	if (created === "badTags") {
		throw new Refused("A customer has at most 250 tags, of at most 255 characters each and without commas.");
	}
	if (!created.ok) throw new Refused(`${created.reasons.map(say).join(". ")}.`);
	const hasPassword = password !== null;
	return show(context, { customer: created.value, hasPassword, multipassOnly: false });
}

async function readPassword(
	{ passwordStdin, passwordFile }: CreateOptions,
	terminal: Terminal,
): Promise<string | null> {
	if (passwordStdin && passwordFile !== undefined) {
		throw new Refused("Give one of --password-stdin and --password-file.");
	}
	if (passwordStdin) return (await terminal.readInput()).replace(/\r?\n$/, "");
	return passwordFile === undefined ? null : readTextFile(passwordFile);
}

function say(reason: Reason): string {
	return "field" in reason ? toUserError(reason, null).message : reason.reason;
}

function sayAddress(address: Address): string {
	const { firstName, lastName, company, address1, address2, zip, city, province, country, phone } = address;
	const lines = [firstName, lastName, company, address1, address2, zip, city, province, country, phone];
	return lines.filter(Boolean).join(", ");
}

export function toJson(customer: Customer) {
	const { id, email, phone, firstName, lastName, acceptsMarketing, state, createdAt, updatedAt } = customer;
	return {
		id: String(id),
		email,
		phone,
		firstName,
		lastName,
		acceptsMarketing,
		state,
		createdAt: toDateTime(createdAt),
		updatedAt: toDateTime(updatedAt),
	};
}
