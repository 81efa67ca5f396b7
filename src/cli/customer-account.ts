// `latchkey customer …`: what becomes of an account: invited, enabled, disabled, deleted, and signed out.
import type { Command } from "commander";
import type { Context } from "../accounts/context.ts";
import { type InviteRefusal, inviteByLink, inviteByMail } from "../accounts/customer-administration.ts";
import { endAccessTokens, listAccessTokens } from "../store/access-tokens.ts";
import { type Account, deleteCustomer, disableCustomer, enableCustomer } from "../store/customer-states.ts";
import { toDateTime } from "../storefront/forms.ts";
import { getAccount, languageOf, languageOption, toJson } from "./customer.ts";
import { type Answer, addShopCommand, type Options, operateInShop, readId } from "./operate.ts";
import { formatRecord, formatTable } from "./table.ts";
import { Refused, type Terminal } from "./terminal.ts";

interface InviteOptions extends Options {
	readonly language?: string;
	readonly link?: true;
}

type Work<O> = (context: Context, account: Account, options: O) => Promise<Answer>;

export function addAccountCommands(group: Command, terminal: Terminal): void {
	/** A command on one customer. */
	const act =
		<O extends Options>(work: Work<O>) =>
		(named: string, options: O) =>
			operateInShop(terminal, options, async (context) => {
				return work(context, await getAccount(context, named), options);
			});
	addShopCommand(group, "invite <customer>", "Mail the link that activates the account; earlier links end.", [
		["in the shop's language", "customer invite ada@example.com"],
		["in another", "customer invite ada@example.com --language PT_BR"],
		[
			"hand the link over yourself: it is printed once, and no mail is sent",
			"customer invite ada@example.com --link",
		],
	])
		.addOption(languageOption())
		.option("--link", "print the link in place of mailing it")
		.action(act(invite));
	addShopCommand(group, "enable <customer>", "Let a customer sign in who was disabled.", [
		["with the password from before", "customer enable ada@example.com"],
	]).action(act(enable));
	addShopCommand(
		group,
		"disable <customer>",
		"Nobody signs in any more: every access token and link ends at once.",
		[["a running server obeys at once", "customer disable ada@example.com"]],
	).action(act(disable));
	addShopCommand(
		group,
		"delete <customer>",
		"Delete a customer, and everything that is the customer's, for good.",
		[["without being asked", "customer delete ada@example.com --yes"]],
	)
		.option("--yes", "do not ask")
		.action(
			act((context, account, options: Options & { readonly yes?: true }) => {
				return remove(context, account, terminal, options.yes === true);
			}),
		);
	addShopCommand(
		group,
		"tokens <customer>",
		"List the customer access tokens by id; the tokens are not kept.",
		[["where the customer is signed in", "customer tokens ada@example.com"]],
	).action(act(listTokens));
	addShopCommand(group, "sign-out <customer>", "End the customer access tokens, all or one.", [
		["everywhere", "customer sign-out ada@example.com"],
		[
			'one: its id is from "latchkey customer tokens"',
			"customer sign-out ada@example.com --token 12345678901234",
		],
	])
		.option("--token <id>", "only this one")
		.action(act(signOut));
}

const INVITE_REFUSALS: Readonly<Record<InviteRefusal, string>> = {
	noSuchCustomer: "The customer is not there any more.",
	enabled: "The account is enabled: there is nothing to activate.",
	multipassOnly:
		'Only Multipass lets this customer in, and no mail may change that: "latchkey customer enable" lets it do so again.',
};

async function invite(
	context: Context,
	{ customer }: Account,
	{ language, link }: InviteOptions,
): Promise<Answer> {
	if (link) {
		if (language !== undefined) throw new Refused("--language is for the mail, and --link sends none.");
		const handed = await inviteByLink(context, customer.id);
		if (typeof handed === "string") throw new Refused(INVITE_REFUSALS[handed]);
		const expiresAt = toDateTime(handed.expiresAt);
		return {
			json: { ...toJson({ ...customer, state: "invited" }), activationUrl: handed.url, expiresAt },
			text: formatRecord([
				["link", handed.url],
				["works until", expiresAt],
			]),
			note: "The link is shown this once. Whoever has it can set the password: hand it to the customer alone.",
		};
	}
	const refusal = await inviteByMail(context, customer.id, languageOf(context.shop, language));
	if (refusal) throw new Refused(INVITE_REFUSALS[refusal]);
	return tell(context, customer.id, "is invited; the mail waits for the server to send it.");
}

async function enable(context: Context, { customer }: Account): Promise<Answer> {
	const refusal = await enableCustomer(context.store, ofCustomer(context, customer.id));
	if (refusal === "noSuchCustomer") throw new Refused(INVITE_REFUSALS.noSuchCustomer);
	if (refusal === "noPassword") {
		throw new Refused("The account has no password yet: invite the customer, who then sets one.");
	}
	return tell(context, customer.id, "can sign in.");
}

async function disable(context: Context, { customer }: Account): Promise<Answer> {
	const ended = await disableCustomer(context.store, ofCustomer(context, customer.id));
	if (ended === null) throw new Refused(INVITE_REFUSALS.noSuchCustomer);
	return tell(context, customer.id, `is disabled; access tokens that ended: ${ended}.`);
}

async function remove(
	context: Context,
	{ customer }: Account,
	terminal: Terminal,
	isSure: boolean,
): Promise<Answer> {
	if (!isSure) {
		const answer = await terminal.ask(`Delete ${nameOf(customer)} for good? Type yes: `);
		if (answer === null) throw new Refused("Deleting is for good: say --yes where nobody can be asked.");
		if (answer.trim().toLowerCase() !== "yes") throw new Refused("Nothing was deleted.");
	}
	const isDeleted = await deleteCustomer(context.store, ofCustomer(context, customer.id));
	if (!isDeleted) throw new Refused(INVITE_REFUSALS.noSuchCustomer);
	return { json: { deletedId: String(customer.id) }, text: `${nameOf(customer)} is deleted.` };
}

async function listTokens({ store, clock }: Context, { customer }: Account): Promise<Answer> {
	const tokens = await listAccessTokens(store, customer.id, clock.now());
	const shown = tokens.map(({ id, createdAt, expiresAt }) => {
		return { id: String(id), createdAt: toDateTime(createdAt), expiresAt: toDateTime(expiresAt) };
	});
	const rows = shown.map(({ id, createdAt, expiresAt }) => [id, createdAt, expiresAt]);
	return {
		json: shown,
		text: formatTable(["id", "created", "expires"], rows),
		note: tokens.length === 0 ? "Signed in nowhere." : undefined,
	};
}

async function signOut(
	context: Context,
	{ customer }: Account,
	{ token }: Options & { readonly token?: string },
): Promise<Answer> {
	const id = token === undefined ? null : readId(token);
	const ended = await endAccessTokens(context.store, { ...ofCustomer(context, customer.id), id });
	if (token !== undefined && ended === 0) {
		throw new Refused(`The customer has no access token with the id ${token}.`);
	}
	return { json: { ended }, text: `Access tokens that ended: ${ended}.` };
}

/** The customer as it is now. */
async function tell(context: Context, id: number, what: string): Promise<Answer> {
	const { customer } = await getAccount(context, String(id));
	return { json: toJson(customer), text: `${nameOf(customer)} ${what}` };
}

function ofCustomer({ shop, clock }: Context, customerId: number) {
	return { shopId: shop.id, customerId, now: clock.now() };
}

function nameOf({ id, email }: Account["customer"]): string {
	return email === null ? `Customer ${id}` : `${email} (${id})`;
}
