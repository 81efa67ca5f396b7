// `latchkey customer tag|metafield`: what the operator attaches to customers for storefronts to read.
import type { Command } from "commander";
import type { Context } from "../accounts/context.ts";
import { deleteMetafield, type MetafieldRefusal, setMetafield } from "../accounts/metafields.ts";
import { normalizeTags, setTags, type TagRefusal } from "../accounts/tags.ts";
import type { Account } from "../store/customer-states.ts";
import { listTags } from "../store/tags.ts";
import { getAccount, show } from "./customer.ts";
import { type Answer, addShopCommand, type Options, operateInShop } from "./operate.ts";
import { Refused, type Terminal } from "./terminal.ts";

interface TagOptions extends Options {
	readonly add?: readonly string[];
	readonly remove?: readonly string[];
}

interface MetafieldOptions extends Options {
	readonly type: string;
	readonly description?: string;
}

const TAG_REFUSALS: Readonly<Record<TagRefusal, string>> = {
	noSuchCustomer: "The customer is not there any more.",
	tooMany: "A customer has at most 250 tags.",
	notATag: "A tag has at most 255 characters, and no comma.",
};

const METAFIELD_REFUSALS: Readonly<Record<MetafieldRefusal, string>> = {
	noSuchCustomer: "The customer is not there any more.",
	tooMany: "A customer has at most 250 metafields.",
	badNamespace: "A namespace is 3 to 255 letters, digits, hyphens and underscores.",
	badKey: "A key is 2 to 64 letters, digits, hyphens and underscores.",
	unknownType:
		"The API has no such type: single_line_text_field, number_integer, boolean, date, json are some.",
	badValue: "A value is not blank and has at most 64 KiB.",
	badDescription: "A description has at most 255 characters.",
};

export function addDataCommands(group: Command, terminal: Terminal): void {
	addShopCommand(group, "tag <customer>", "Add tags to a customer, and remove others.", [
		["both at once", "customer tag ada@example.com --add vip --remove trial"],
	])
		.option("--add <tag...>", "add these")
		.option("--remove <tag...>", "remove these, whatever their case")
		.action((named: string, options: TagOptions) =>
			operateInShop(terminal, options, async (context) => {
				return tag(context, await getAccount(context, named), options);
			}),
		);
	const metafields = group.command("metafield").description("Values under names of the shop's own.");
	addShopCommand(metafields, "set <customer> <name> <value>", "Set a metafield; its name is NAMESPACE.KEY.", [
		["a text of one line", "customer metafield set ada@example.com loyalty.tier gold"],
		["a number", "customer metafield set ada@example.com loyalty.points 120 --type number_integer"],
	])
		.option("--type <type>", "a type of the API", "single_line_text_field")
		.option("--description <text>", "what it is for")
		.action((named: string, name: string, value: string, options: MetafieldOptions) =>
			operateInShop(terminal, options, async (context) => {
				const { customer } = await getAccount(context, named);
				const { type, description = null } = options;
				const input = { ...readName(name), type, value, description };
				const { store, shop, clock } = context;
				const refusal = await setMetafield(store, shop.id, customer.id, input, clock.now());
				if (refusal) throw new Refused(METAFIELD_REFUSALS[refusal]);
				return showAgain(context, customer.id);
			}),
		);
	addShopCommand(metafields, "remove <customer> <name>", "Remove a metafield.", [
		["by its name", "customer metafield remove ada@example.com loyalty.tier"],
	]).action((named: string, name: string, options: Options) =>
		operateInShop(terminal, options, async (context) => {
			const { store, shop, clock } = context;
			const { customer } = await getAccount(context, named);
			const isRemoved = await deleteMetafield(store, shop.id, customer.id, readName(name), clock.now());
			if (!isRemoved) throw new Refused(`The customer has no metafield ${JSON.stringify(name)}.`);
			return showAgain(context, customer.id);
		}),
	);
}

async function tag(context: Context, { customer }: Account, options: TagOptions): Promise<Answer> {
	const { store, shop, clock } = context;
	const { add = [], remove = [] } = options;
	if (add.length + remove.length === 0) throw new Refused("Say which tags, with --add and --remove.");
	const unwanted = new Set(normalizeTags(remove).map(({ key }) => key));
	const kept = normalizeTags(await listTags(store, customer.id)).filter(({ key }) => !unwanted.has(key));
	const tags = [...kept.map((one) => one.tag), ...add];
	const refusal = await setTags(store, shop.id, customer.id, tags, clock.now());
	if (refusal) throw new Refused(TAG_REFUSALS[refusal]);
	return showAgain(context, customer.id);
}

function readName(name: string) {
	const dot = name.indexOf(".");
	if (dot < 0) throw new Refused("The name of a metafield is NAMESPACE.KEY, as loyalty.tier.");
	return { namespace: name.slice(0, dot), key: name.slice(dot + 1) };
}

async function showAgain(context: Context, id: number): Promise<Answer> {
	return show(context, await getAccount(context, String(id)));
}
