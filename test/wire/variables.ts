// 4.3, second half: what is said of variables, and of arguments that are wrong at run time.
import type { Row, Source } from "./row.ts";
import { answers, answersExactly, at, costs } from "./wire.ts";

const NOT_NULL = "Expected value to not be null";

interface Problem {
	readonly path: readonly (string | number)[];
	readonly explanation: string;
	readonly message?: string;
}

/** A row about an unfit `$x`: the variable's own error, whole. */
function unfit(
	name: string,
	says: string,
	sources: readonly [Source, ...Source[]],
	[type, document, value]: readonly [type: string, document: string, value: unknown],
	...problems: readonly Problem[]
): Row {
	const parts = problems
		.filter(({ path }) => path.length > 0)
		.map(({ path, explanation }) => `${path.join(".")} (${explanation})`);
	const where = parts.length > 0 ? ` for ${parts.join(", ")}` : "";
	return {
		id: `4.3/${name}`,
		says,
		sources,
		check: async (wire) =>
			answersExactly(await wire.ask(document, value === undefined ? {} : { x: value }), {
				errors: [
					{
						message: `Variable $x of type ${type} was provided invalid value${where}`,
						locations: [at(document, "$x")],
						extensions: { code: "INVALID_VARIABLE", value: value ?? null, problems },
					},
				],
			}),
	};
}

/** What a scalar says of a value in its own words stands twice. */
function own(explanation: string, ...path: readonly (string | number)[]): Problem {
	return { path, explanation, message: explanation };
}

const TOKEN = "query Q($x: String!) { customer(customerAccessToken: $x) { id } }";
const SIGN_UP = "mutation M($x: CustomerCreateInput!) { customerCreate(input: $x) { customer { id } } }";
const METAFIELDS = "query Q($x: [HasMetafieldsIdentifier!]!) { shop { metafields(identifiers: $x) { id } } }";
const NODE = "query Q($x: ID!) { node(id: $x) { id } }";
const LINK =
	'mutation M($x: URL!) { customerResetByUrl(resetUrl: $x, password: "secret") { customer { id } } }';
const SORT = `query Q($x: OrderSortKeys!) {
	customer(customerAccessToken: "t") { orders(first: 1, sortKey: $x) { nodes { id } } }
}`;
const PAGE =
	'query Q($x: Int!) { customer(customerAccessToken: "t") { orders(first: $x) { nodes { id } } } }';
const PAYMENT = `mutation M($x: ShopPayPaymentRequestInput!) {
	shopPayPaymentRequestSessionCreate(paymentRequest: $x, sourceIdentifier: "s") { userErrors { message } }
}`;
const AMOUNT = { amount: "1.0", currencyCode: "USD" };
const PAID = { locale: "en", presentmentCurrency: "USD", subtotal: AMOUNT, total: AMOUNT };

const INPUT = { email: null, nickname: "Ada" };

const unfitRows: readonly Row[] = [
	unfit(
		"variable/null",
		"“Variable $x of type T! was provided invalid value”, at its declaration, without a path",
		["ADM"],
		["String!", TOKEN, null],
		{ path: [], explanation: NOT_NULL },
	),
	unfit("variable/absent", "a variable that was not sent: the same", ["ADM"], ["String!", TOKEN, undefined], {
		path: [],
		explanation: NOT_NULL,
	}),
	unfit(
		"variable/part",
		"“… for a.b (why), c (why)”, one problem for each; the value comes back whole",
		["ADM"],
		["CustomerCreateInput!", SIGN_UP, INPUT],
		{ path: ["email"], explanation: NOT_NULL },
		{ path: ["nickname"], explanation: "Field is not defined on CustomerCreateInput" },
		{ path: ["password"], explanation: NOT_NULL },
	),
	unfit(
		"variable/list",
		"places in a list are numbers",
		["ADM"],
		["[HasMetafieldsIdentifier!]!", METAFIELDS, [{ key: "a" }, { namespace: "n" }]],
		{ path: [1, "key"], explanation: NOT_NULL },
	),
	unfit(
		"explanation/null",
		"“Expected value to not be null”",
		["ADM"],
		["CustomerCreateInput!", SIGN_UP, { email: "e", password: null }],
		{ path: ["password"], explanation: NOT_NULL },
	),
	unfit(
		"explanation/undefined",
		"“Field is not defined on T”",
		["ADM"],
		["CustomerCreateInput!", SIGN_UP, { email: "e", password: "p", note: "n" }],
		{ path: ["note"], explanation: "Field is not defined on CustomerCreateInput" },
	),
	unfit("explanation/enum", '“Expected "V" to be one of: A, B”', ["ADM"], ["OrderSortKeys!", SORT, "V"], {
		path: [],
		explanation: 'Expected "V" to be one of: ID, PROCESSED_AT, RELEVANCE, TOTAL_PRICE',
	}),
	unfit("explanation/number", '“Could not coerce value "1.5" to Int”', ["ADM"], ["Int!", PAGE, "1.5"], {
		path: [],
		explanation: 'Could not coerce value "1.5" to Int',
	}),
	unfit(
		"custom-scalar/id",
		"“Invalid global id 'x'”, as explanation and as `message`",
		["ADM"],
		["ID!", NODE, "x"],
		own("Invalid global id 'x'"),
	),
	unfit(
		"custom-scalar/url-scheme",
		"“Invalid url 'x', missing scheme”",
		["ADM"],
		["URL!", LINK, "x"],
		own("Invalid url 'x', missing scheme"),
	),
	unfit(
		"custom-scalar/url-host",
		"“Invalid url 'https://', missing host”",
		["ADM"],
		["URL!", LINK, "https://"],
		own("Invalid url 'https://', missing host"),
	),
	unfit(
		"custom-scalar/time",
		"“invalid DateTime 'x'” on the Admin API; the Storefront takes no times but of `ISO8601DateTime`, and says that name",
		["INF"],
		["ShopPayPaymentRequestInput!", PAYMENT, { ...PAID, deliveryMethods: [{ minDeliveryDate: "x" }] }],
		own("invalid ISO8601DateTime 'x'", "deliveryMethods", 0, "minDeliveryDate"),
	),
	unfit(
		"variable-code/admin",
		"the code of a variable’s error is `INVALID_VARIABLE`, the first key",
		["ADM"],
		["String!", TOKEN, 42],
		{ path: [], explanation: "Could not coerce value 42 to String" },
	),
	{
		id: "4.3/variable-code/storefront",
		says: "the one published error of the Storefront, of 2024, has no code",
		sources: ["FORUM"],
		difference:
			"We send the code: the Admin API is recorded to send it in every case, and one sighting may have been shortened.",
	},
];

const LONG = Array.from({ length: 251 }, (_, index) => `gid://shopify/Product/${index}`);
const TOO_LONG = "The input array size of 251 is greater than the maximum allowed of 250.";

const runtimeRows: readonly Row[] = [
	{
		id: "4.3/range",
		says: "“limit must be within 1..10”, `INVALID_FIELD_ARGUMENTS`; the field is null, the cost is told",
		sources: ["REC"],
		check: async (wire) => {
			const document = 'query Q { predictiveSearch(query: "hat", limit: 11) { products { id } } }';
			answers(await wire.ask(document), {
				errors: [
					{
						message: "limit must be within 1..10",
						path: ["predictiveSearch"],
						locations: [at(document, "predictiveSearch")],
						extensions: { code: "INVALID_FIELD_ARGUMENTS" },
					},
				],
				data: { predictiveSearch: null },
				extensions: costs(2),
			});
		},
	},
	{
		id: "4.3/list-too-long",
		says: "a list of more than 250: `MAX_INPUT_SIZE_EXCEEDED` at the field, the path without the operation, no data",
		sources: ["REC"],
		check: async (wire) => {
			const inVariable = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }";
			const behindText = 'query Q($ids: [ID!]!) { menu(handle: "main") { id } nodes(ids: $ids) { id } }';
			const inDocument = `query Q { nodes(ids: ${JSON.stringify(LONG)}) { id } }`;
			for (const [document, variables] of [
				[inVariable, { ids: LONG }],
				[behindText, { ids: LONG }],
				[inDocument, {}],
			] as const) {
				answers(await wire.ask(document, variables), {
					errors: [
						{
							message: TOO_LONG,
							locations: [at(document, "nodes")],
							path: ["nodes", "ids"],
							extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" },
						},
					],
				});
			}
			const { body } = await wire.ask(inVariable, { ids: LONG.slice(1) });
			answers(await wire.ask(inVariable, { ids: LONG.slice(1) }), {
				data: { nodes: Array(250).fill(null) },
				extensions: body.extensions,
			});
		},
	},
	...(
		[
			["none", "", "you must provide one of first or last", 17],
			["both", "(first: 2, last: 2)", "providing both first and last is not supported", 3],
		] as const
	).map(
		([name, given, message, cost]): Row => ({
			id: `4.3/page/${name}`,
			says: `a connection with ${name === "none" ? "neither `first` nor" : "both `first` and"} \`last\`: “${message}”, \`BAD_REQUEST\``,
			sources: ["ADM"],
			check: async (wire) => {
				const { token: t } = await wire.newcomer();
				const document = `query Q($t: String!) { customer(customerAccessToken: $t) { addresses${given} { nodes { id } } } }`;
				answers(await wire.ask(document, { t }), {
					errors: [
						{
							message,
							path: ["customer", "addresses"],
							locations: [at(document, "addresses")],
							extensions: { code: "BAD_REQUEST" },
						},
					],
					data: { customer: null },
					extensions: costs(cost),
				});
			},
		}),
	),
	{
		id: "4.3/too-complex",
		says: "without a token, an operation of more than 1000: “Complexity exceeded”, with `cost` and `maxCost`",
		sources: ["DOC"],
		check: async (wire) => {
			const variants = "variants(first: 250) { nodes { id } }";
			const pages = Array.from(
				{ length: 7 },
				(_, n) => `p${n}: products(first: 250) { nodes { ${variants} } }`,
			);
			answers(await wire.ask(`{ ${pages.join(" ")} }`, {}, {}), {
				errors: [
					{
						message: "Complexity exceeded",
						extensions: { code: "MAX_COMPLEXITY_EXCEEDED", cost: 1008, maxCost: 1000 },
					},
				],
			});
		},
	},
	{
		id: "4.3/page/largest",
		says: "a page has at most 250",
		sources: ["DOC"],
		check: async (wire) => {
			const document = "query Q { products(first: 250) { nodes { id } } }";
			answers(await wire.ask(document), { data: { products: { nodes: [] } }, extensions: costs(16) });
		},
	},
	{
		id: "4.3/page/deepest",
		says: "paging ends after 25 000 objects",
		sources: ["DOC"],
		difference: "No list here is as long: a customer has at most 1000 addresses, and no orders are kept.",
	},
];

export const rows: readonly Row[] = [...unfitRows, ...runtimeRows];
