// Composes whole requests: an operation with its fragments, written the way that one or another client writes it, and
// the path, the headers and the body that it is sent with.
import type { GraphQLEnumType, GraphQLObjectType, GraphQLSchema } from "graphql";
import type { House } from "../../house.ts";
import type { Dice } from "./dice.ts";
import { BESIDE_CUSTOMER } from "./lists.ts";
import { Selections } from "./selections.ts";
import { Values } from "./values.ts";

/** The root field that a document is about. */
interface Root {
	readonly field: string;
	readonly args: Readonly<Record<string, unknown>>;
	/** Where lists may be entered; null stands for their beginning. */
	readonly cursors: readonly (string | null)[];
}

interface InContext {
	readonly country?: string;
	readonly language?: string;
}

export interface Composed {
	readonly text: string;
	/** The operation that is meant; null for one without a name. */
	readonly operationName: string | null;
	readonly inContext: InContext | null;
	/** As sent; null where the request has none. */
	readonly variables: Readonly<Record<string, unknown>> | null;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** A document's parts, before any of it is written. */
interface Plan extends Pick<Composed, "operationName" | "inContext"> {
	readonly root: Root;
	readonly schema: GraphQLSchema;
	/** Whether other operations stand beside it. */
	readonly isOneOfSeveral: boolean;
}

const CONTEXTS: readonly InContext[] = [
	{ country: "CA", language: "FR" },
	{ country: "DE" },
	{ language: "DE" },
];

export function compose(
	house: House,
	version: string,
	schema: GraphQLSchema,
	dice: Dice,
	root: Root,
): Composed {
	const values = new Values(dice);
	const isOneOfSeveral = dice.chance(10);
	const operationName = dice.pick(isOneOfSeveral ? [root.field] : [root.field, null, "Account"]);
	const inContext = dice.chance(30) ? dice.pick(CONTEXTS) : null;
	const text = writeDocument(dice, values, { root, schema, operationName, inContext, isOneOfSeveral });

	const isRaw = values.declarations.length === 0 && !isOneOfSeveral && dice.chance(40);
	const variables = isRaw ? null : chooseVariables(dice, values.given);
	const body = isRaw
		? text
		: writeBody(dice, text, variables, chooseName(dice, operationName, isOneOfSeveral));
	const types = isRaw
		? ["application/graphql", "application/graphql; charset=utf-8"]
		: ["application/json", "application/json; charset=utf-8"];
	const headers = { "Content-Type": dice.pick(types), ...chooseHeaders(dice, house) };
	const path = `/api/${version}/graphql${dice.pick([".json", ""])}`;
	return { text, operationName, inContext, variables, path, headers, body };
}

function writeDocument(dice: Dice, values: Values, plan: Plan): string {
	const comment = dice.pick(["", "#graphql\n", '# the "current" customer\n']);
	const end = dice.pick(["", ",", "\n"]);
	const lineEnd = dice.pick(["\n", "\n", "\r\n"]);
	const directive = plan.inContext ? ` @inContext(${writeContext(values, plan.schema, plan.inContext)})` : "";
	const selections = new Selections(plan.schema, dice, values, plan.root.cursors);
	const selected = writeRoots(dice, selections, plan);
	const { declarations } = values;
	const variables = declarations.length > 0 ? `(${declarations.join(", ")}${dice.pick(["", ","])})` : "";
	const word = isMutation(plan) ? "mutation" : "query";
	const head = `${word}${plan.operationName ? ` ${plan.operationName}` : ""}${variables}${directive} `;
	const isShort = head === "query " && dice.chance(60);
	const before = dice.some(selections.fragments, 50);
	const after = selections.fragments.filter((fragment) => !before.includes(fragment));
	const others = plan.isOneOfSeveral ? ["query Other { shop { name } }"] : [];
	const definitions = [...before, ...others, `${isShort ? "" : head}${selected}`, ...after];
	return `${comment}${definitions.join(`${end}\n`)}${end}`.replaceAll("\n", lineEnd);
}

function writeContext(values: Values, schema: GraphQLSchema, inContext: InContext): string {
	const written = Object.entries(inContext).map(([name, value]) => {
		const type = schema.getType(name === "country" ? "CountryCode" : "LanguageCode") as GraphQLEnumType;
		return `${name}: ${values.write(name, type, value)}`;
	});
	return written.join(", ");
}

function isMutation({ root, schema }: Plan): boolean {
	return schema.getMutationType()?.getFields()[root.field] !== undefined;
}

function writeRoots(dice: Dice, selections: Selections, plan: Plan): string {
	const { root, schema } = plan;
	const type = (isMutation(plan) ? schema.getMutationType() : schema.getQueryType()) as GraphQLObjectType;
	const names = root.field === "customer" && dice.chance(15) ? dice.pick(BESIDE_CUSTOMER) : [];
	// Grown first, because the customer takes all the room that there is.
	const beside = names.map((name) => selections.root(type, name, null));
	return selections.join([selections.root(type, root.field, Object.entries(root.args)), ...beside]);
}

function chooseVariables(dice: Dice, given: Composed["variables"]): Composed["variables"] {
	if (dice.chance(10)) return { ...given, unused: 1 };
	return Object.keys(given ?? {}).length === 0 && dice.chance(70) ? null : given;
}

function chooseName(dice: Dice, operationName: string | null, isOneOfSeveral: boolean): object {
	return isOneOfSeveral ? { operationName } : dice.pick([{}, { operationName }, { operationName: null }]);
}

function writeBody(dice: Dice, query: string, variables: Composed["variables"], name: object): string {
	const nothing = dice.pick([{}, { variables: null }]);
	const extensions = { clientLibrary: { name: "@apollo/client", version: "4.3.8" } };
	const extra = dice.pick([{}, { extensions }, { id: "7", hash: null, documentId: "x" }]);
	return JSON.stringify({ ...name, ...(variables ? { variables } : nothing), ...extra, query });
}

function chooseHeaders(dice: Dice, { keys }: House): Record<string, string> {
	const ofBrowser = { "X-Shopify-Storefront-Access-Token": keys.storefrontAccessToken };
	const ofServer = {
		"Shopify-Storefront-Private-Token": keys.privateAccessToken,
		"Shopify-Storefront-Buyer-IP": "203.0.113.7",
	};
	const token = dice.pick<Record<string, string>>([ofBrowser, ofServer]);
	const language = dice.pick<Record<string, string>>([
		{},
		{ "Accept-Language": "" },
		{ "Accept-Language": "de-DE,de;q=0.9" },
	]);
	return { ...token, ...language, Accept: "application/json" };
}
