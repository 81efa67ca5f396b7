// An example of every operation, made from the schema: what it is given and what it asks for stand here, by operation
// and by type; the document around them is the schema's own.
import {
	type GraphQLField,
	type GraphQLNamedType,
	getNamedType,
	isLeafType,
	isObjectType,
	parse,
	print,
} from "graphql";
import type { Example } from "./page.ts";

/** Placeholder → where a reader gets what belongs in its place. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
	CUSTOMER_ACCESS_TOKEN: "what `customerAccessTokenCreate` answered",
	CUSTOMER_ID: "the `id` of a `Customer`, or `gid://shopify/Customer/` and the number in the link",
	ADDRESS_ID: "the `id` of one of the customer's addresses",
	RESET_TOKEN: "the last part of the link in the mail",
	RESET_URL: "the link in the mail that `customerRecover` sends",
	ACTIVATION_TOKEN: "the last part of the link in the mail",
	ACTIVATION_URL: "the link in the mail that invites the customer",
	MULTIPASS_TOKEN: "made with the shop's Multipass secret, less than 15 minutes ago",
};

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery";
const NEW_PASSWORD = "staple correct horse";
const customerAccessToken = "CUSTOMER_ACCESS_TOKEN";

/** What each operation is given. A customer access token that it has no argument for is that of the buyer. */
const VARIABLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	customer: { customerAccessToken },
	localization: {},
	node: { id: "ADDRESS_ID", customerAccessToken },
	nodes: { ids: ["ADDRESS_ID"], customerAccessToken },
	paymentSettings: {},
	publicApiVersions: {},
	shop: {},
	customerAccessTokenCreate: { input: { email: EMAIL, password: PASSWORD } },
	customerAccessTokenCreateWithMultipass: { multipassToken: "MULTIPASS_TOKEN" },
	customerAccessTokenDelete: { customerAccessToken },
	customerAccessTokenRenew: { customerAccessToken },
	customerActivate: {
		id: "CUSTOMER_ID",
		input: { activationToken: "ACTIVATION_TOKEN", password: PASSWORD },
	},
	customerActivateByUrl: { activationUrl: "ACTIVATION_URL", password: PASSWORD },
	customerAddressCreate: {
		customerAccessToken,
		address: {
			firstName: "Ada",
			lastName: "Lovelace",
			address1: "12 Elgin Street",
			city: "Ottawa",
			province: "ON",
			country: "Canada",
			zip: "K1P 5K6",
		},
	},
	customerAddressDelete: { customerAccessToken, id: "ADDRESS_ID" },
	customerAddressUpdate: {
		customerAccessToken,
		id: "ADDRESS_ID",
		address: { address2: "Flat 3", phone: "+1 613 555 0199" },
	},
	customerCreate: {
		input: {
			email: EMAIL,
			password: PASSWORD,
			firstName: "Ada",
			lastName: "Lovelace",
			acceptsMarketing: true,
		},
	},
	customerDefaultAddressUpdate: { customerAccessToken, addressId: "ADDRESS_ID" },
	customerRecover: { email: EMAIL },
	customerReset: { id: "CUSTOMER_ID", input: { resetToken: "RESET_TOKEN", password: NEW_PASSWORD } },
	customerResetByUrl: { resetUrl: "RESET_URL", password: NEW_PASSWORD },
	customerUpdate: { customerAccessToken, customer: { firstName: "Augusta", phone: "+1 613 555 0142" } },
};

const PICTURED_ADDRESS = "id formatted";

/** What each type is asked for, where it is more than its name. */
const SELECTIONS: Readonly<Record<string, string>> = {
	ApiVersion: "handle displayName supported",
	Customer: "id displayName email",
	CustomerAccessToken: "accessToken expiresAt",
	CustomerUserError: "code field message",
	Localization: "country { isoCode name } language { isoCode endonymName }",
	MailingAddress: "id formattedArea",
	Node: "id ... on MailingAddress { formattedArea }",
	PaymentSettings: "countryCode currencyCode enabledPresentmentCurrencies",
	Shop: "id name description primaryDomain { url }",
	UserError: "field message",
};

/** Where an operation is there to read, it asks for more. */
const READING: Readonly<Record<string, string>> = {
	customer: `id displayName email phone acceptsMarketing createdAt
		defaultAddress { id }
		addresses(first: 5) { nodes { ${PICTURED_ADDRESS} } pageInfo { hasNextPage endCursor } }
		orders(first: 5) { nodes { name totalPrice { amount currencyCode } } }`,
	customerDefaultAddressUpdate: `id defaultAddress { ${PICTURED_ADDRESS} }`,
};

const AS_BUYER = "@inContext(buyer: { customerAccessToken: $customerAccessToken })";

/** Throws for an operation whose arguments or answer nobody has written an example for. */
export function makeExample(root: "query" | "mutation", field: GraphQLField<unknown, unknown>): Example {
	const { name, args, type } = field;
	const variables = VARIABLES[name];
	if (!variables) throw new Error(`no example for ${name}`);
	const isBuyers =
		"customerAccessToken" in variables && !args.some(({ name: of }) => of === "customerAccessToken");
	const declared = [
		...args.map((argument) => `$${argument.name}: ${argument.type}`),
		...(isBuyers ? ["$customerAccessToken: String!"] : []),
	];
	const passed = args.map((argument) => `${argument.name}: $${argument.name}`);
	const text = `${root} ${name}${inParentheses(declared)} ${isBuyers ? AS_BUYER : ""} {
		${name}${inParentheses(passed)} ${select(name, getNamedType(type))}
	}`;
	const used = JSON.stringify(variables);
	return {
		document: print(parse(text)),
		variables,
		placeholders: Object.entries(PLACEHOLDERS)
			.filter(([placeholder]) => used.includes(`"${placeholder}"`))
			.map(([placeholder, meaning]) => ({ name: placeholder, meaning })),
	};
}

function inParentheses(list: readonly string[]): string {
	return list.length === 0 ? "" : `(${list.join(", ")})`;
}

/** Of a payload, every field that is not deprecated. */
function select(operation: string, type: GraphQLNamedType): string {
	const written = (type.name === "Customer" && READING[operation]) || SELECTIONS[type.name];
	if (written) return `{ ${written} }`;
	if (!isObjectType(type) || !type.name.endsWith("Payload")) throw new Error(`no selection for ${type.name}`);
	const fields = Object.values(type.getFields())
		.filter(({ deprecationReason }) => !deprecationReason)
		.map((field) => {
			const inner = getNamedType(field.type);
			return isLeafType(inner) ? field.name : `${field.name} ${select(operation, inner)}`;
		});
	return `{ ${fields.join(" ")} }`;
}

/** How a reader reaches the API: what commands are filled with. Texts must not hold quotes. */
export interface Endpoint {
	/** `http://localhost:4000`, or the name of a shell variable. */
	readonly origin: string;
	/** A public one, or the name of a shell variable. */
	readonly storefrontAccessToken: string;
	/** Under `latchkey dev` the endpoint is GraphiQL for a browser, and there is a mailbox. */
	readonly development: boolean;
}

/** What the shell variables of a command stand for, outside `latchkey dev`. */
export const SHELL_VARIABLES =
	"`STORE` stands for the address of this server, `TOKEN` for a public storefront access token of the shop.";

/** The endpoint of a version without the host. */
export function endpointPath(version: string): string {
	return `/api/${version}/graphql.json`;
}

/** The example as a command for a shell. */
export function toCurl({ document, variables }: Example, version: string, endpoint: Endpoint): string {
	const body = JSON.stringify({ query: document.replace(/\s+/g, " ").trim(), variables });
	return [
		`curl "${endpoint.origin}${endpointPath(version)}" \\`,
		`  -H "X-Shopify-Storefront-Access-Token: ${endpoint.storefrontAccessToken}" \\`,
		'  -H "Content-Type: application/json" \\',
		`  -d '${body.replaceAll("'", "'\\''")}'`,
	].join("\n");
}

/** GraphiQL with the example in it; its variables stand above it as a comment, because a link can carry no others. */
export function toGraphiqlPath({ document, variables }: Example, version: string): string {
	const given = Object.keys(variables).length > 0;
	const comment = `Variables, for the pane below:\n${JSON.stringify(variables, null, 2)}`.replace(
		/^/gm,
		"# ",
	);
	const query = given ? `${comment}\n\n${document}` : document;
	return `${endpointPath(version)}?query=${encodeURIComponent(query)}`;
}
