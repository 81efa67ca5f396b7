// A customer access token's whole life, told through whatever client is handed in: sign-up, sign-in, reading,
// renewal, deletion, expiry. The client sends the documents; the house's clock is moved by its own door.
import assert from "node:assert/strict";
import type { House } from "../house.ts";

/** What a client hands to its application, reduced to what every client has in some form. */
export interface Shown {
	// biome-ignore lint/suspicious/noExplicitAny: the data has the shape that its document asked for.
	readonly data: any;
	readonly errors: readonly ShownError[] | undefined;
}

/** An error of the answer's `errors` list, as the client shows it. */
interface ShownError {
	readonly message: string;
	readonly path?: readonly (string | number)[] | undefined;
	readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface Client {
	request(document: string, variables: Record<string, unknown>): Promise<Shown>;
}

const DAY = 86_400;
const LIFETIME = 42 * DAY;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const SIGN_UP = `mutation SignUp($input: CustomerCreateInput!) {
	customerCreate(input: $input) {
		customer { id email firstName lastName phone acceptsMarketing numberOfOrders }
		customerUserErrors { code field message }
		userErrors { field message }
	}
}`;

const SIGN_IN = `mutation SignIn($input: CustomerAccessTokenCreateInput!) {
	customerAccessTokenCreate(input: $input) {
		customerAccessToken { accessToken expiresAt }
		customerUserErrors { code field message }
		userErrors { field message }
	}
}`;

export const RENEW = `mutation Renew($token: String!) {
	customerAccessTokenRenew(customerAccessToken: $token) {
		customerAccessToken { accessToken expiresAt }
		userErrors { field message }
	}
}`;

export const DELETE = `mutation Delete($token: String!) {
	customerAccessTokenDelete(customerAccessToken: $token) {
		deletedAccessToken
		deletedCustomerAccessTokenId
		userErrors { field message }
	}
}`;

/** Every field of `Customer`; a test holds it against the published schema. */
export const READ = `query Read($token: String!) {
	customer(customerAccessToken: $token) {
		id
		email
		phone
		firstName
		lastName
		displayName
		acceptsMarketing
		avatarUrl
		createdAt
		updatedAt
		numberOfOrders
		tags
		socialLoginProvider { handle }
		defaultAddress { id address1 }
		addresses(first: 10) {
			nodes { id }
			edges { cursor node { id formatted } }
			pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
		}
		orders(first: 250, sortKey: PROCESSED_AT, reverse: true) {
			totalCount
			nodes { id orderNumber lineItems(first: 250) { nodes { title } } }
			edges { cursor node { id totalPrice { amount currencyCode } } }
			pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
		}
		metafield(namespace: "custom", key: "size") { value }
		metafields(identifiers: [{ namespace: "custom", key: "size" }, { key: "colour" }]) { key value }
	}
}`;

const EMPTY = {
	nodes: [],
	edges: [],
	pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

/** Runs the whole life of one customer's tokens and asserts every promise on the way. */
export async function liveThrough(house: House, client: Client): Promise<void> {
	const email = "grace@example.com";
	const password = "correct horse";
	const id = await signUp(client, email, password);
	await signUpAgain(client, email);
	const token = await signIn(house, client, email, password);
	await readWhole(client, token, id, email);
	await signInWrongly(client, email);
	await expire(house, client, token, email, password);
}

async function signUp(client: Client, email: string, password: string): Promise<string> {
	const input = { email, password, firstName: "Grace", lastName: "Hopper", phone: "+16135550199" };
	const { customerCreate } = await succeed(client, SIGN_UP, { input: { ...input, acceptsMarketing: true } });
	const { id, ...customer } = customerCreate.customer;
	assert.match(id, /^gid:\/\/shopify\/Customer\/\d+$/);
	assert.deepEqual(customer, {
		email,
		firstName: "Grace",
		lastName: "Hopper",
		phone: "+16135550199",
		acceptsMarketing: true,
		numberOfOrders: "0",
	});
	assert.deepEqual(customerCreate.customerUserErrors, []);
	assert.deepEqual(customerCreate.userErrors, []);
	return id;
}

async function signUpAgain(client: Client, email: string): Promise<void> {
	const { customerCreate } = await succeed(client, SIGN_UP, { input: { email, password: "another horse" } });
	const error = { field: ["input", "email"], message: "Email has already been taken" };
	assert.deepEqual(customerCreate, {
		customer: null,
		customerUserErrors: [{ code: "TAKEN", ...error }],
		userErrors: [error],
	});
}

async function signIn(house: House, client: Client, email: string, password: string): Promise<string> {
	const before = house.app.clock.now();
	const { customerAccessTokenCreate } = await succeed(client, SIGN_IN, { input: { email, password } });
	const { customerAccessToken, customerUserErrors, userErrors } = customerAccessTokenCreate;
	assert.deepEqual([customerUserErrors, userErrors], [[], []]);
	assert.ok(customerAccessToken.accessToken.length >= 32);
	assertLivesFor(LIFETIME, customerAccessToken.expiresAt, before, house.app.clock.now());
	return customerAccessToken.accessToken;
}

async function readWhole(client: Client, token: string, id: string, email: string): Promise<void> {
	const { customer } = await succeed(client, READ, { token });
	const { createdAt, updatedAt, ...rest } = customer;
	assert.match(createdAt, DATE_TIME);
	assert.match(updatedAt, DATE_TIME);
	assert.deepEqual(rest, {
		id,
		email,
		phone: "+16135550199",
		firstName: "Grace",
		lastName: "Hopper",
		displayName: "Grace Hopper",
		acceptsMarketing: true,
		avatarUrl: null,
		numberOfOrders: "0",
		tags: [],
		socialLoginProvider: null,
		defaultAddress: null,
		addresses: EMPTY,
		orders: { totalCount: "0", ...EMPTY },
		metafield: null,
		metafields: [null, null],
	});
}

async function signInWrongly(client: Client, email: string): Promise<void> {
	for (const input of [
		{ email, password: "wrong horse" },
		{ email: "nobody@example.com", password: "correct horse" },
	]) {
		const { customerAccessTokenCreate } = await succeed(client, SIGN_IN, { input });
		assert.deepEqual(customerAccessTokenCreate, {
			customerAccessToken: null,
			customerUserErrors: [{ code: "UNIDENTIFIED_CUSTOMER", field: null, message: "Unidentified customer" }],
			userErrors: [{ field: null, message: "Unidentified customer" }],
		});
	}
}

/** One token is renewed a minute before its end and then deleted, the other one is left to die. */
async function expire(
	house: House,
	client: Client,
	token: string,
	email: string,
	password: string,
): Promise<void> {
	const forgotten = await signIn(house, client, email, password);
	await house.advance(LIFETIME - 60);
	assert.equal(await whose(client, forgotten), email);

	const before = house.app.clock.now();
	const { customerAccessTokenRenew } = await succeed(client, RENEW, { token });
	assert.deepEqual(customerAccessTokenRenew.userErrors, []);
	assert.equal(customerAccessTokenRenew.customerAccessToken.accessToken, token);
	const { expiresAt } = customerAccessTokenRenew.customerAccessToken;
	assertLivesFor(LIFETIME, expiresAt, before, house.app.clock.now());

	await house.advance(60);
	assert.equal(await whose(client, forgotten), null);
	await assertDenied(client, RENEW, "customerAccessTokenRenew", forgotten);
	await assertDenied(client, DELETE, "customerAccessTokenDelete", forgotten);
	await house.advance(LIFETIME - 120);
	assert.equal(await whose(client, token), email);

	const { customerAccessTokenDelete } = await succeed(client, DELETE, { token });
	const { deletedCustomerAccessTokenId, ...deleted } = customerAccessTokenDelete;
	assert.deepEqual(deleted, { deletedAccessToken: token, userErrors: [] });
	assert.match(deletedCustomerAccessTokenId, /^gid:\/\/shopify\/CustomerAccessToken\/\d+$/);
	assert.equal(await whose(client, token), null);
	await assertDenied(client, DELETE, "customerAccessTokenDelete", token);
	await assertDenied(client, RENEW, "customerAccessTokenRenew", token);
}

/** The e-mail address of the customer behind the token, or null; never an error. */
async function whose(client: Client, token: string): Promise<string | null> {
	const { customer } = await succeed(client, READ, { token });
	return customer === null ? null : customer.email;
}

/** The denial of a dead token reaches the application as an error of the whole answer, not as a user error. */
async function assertDenied(client: Client, document: string, field: string, token: string): Promise<void> {
	const { data, errors } = await client.request(document, { token });
	assert.equal(data?.[field] ?? null, null);
	assert.equal(errors?.length, 1);
	const [error] = errors ?? [];
	const access =
		"`unauthenticated_write_customers` access scope. Also: Requires valid customer access token.";
	assert.ok(
		error?.message.includes(`Access denied for ${field} field. Required access: ${access}`),
		`${error?.message} is not the denial`,
	);
	assert.deepEqual(error?.path, [field]);
	assert.deepEqual(error?.extensions, {
		code: "ACCESS_DENIED",
		documentation: "https://shopify.dev/api/usage/access-scopes",
		requiredAccess: access,
	});
}

function assertLivesFor(seconds: number, expiresAt: string, before: number, after: number): void {
	assert.match(expiresAt, DATE_TIME);
	const end = Date.parse(expiresAt) / 1000;
	assert.ok(before + seconds <= end && end <= after + seconds, `${expiresAt} is not ${seconds} s from now`);
}

async function succeed(
	client: Client,
	document: string,
	variables: Record<string, unknown>,
): Promise<Shown["data"]> {
	const { data, errors } = await client.request(document, variables);
	assert.deepEqual(errors ?? [], []);
	return withoutTypenames(data);
}

/** Apollo and urql select `__typename` in every object and keep it in what they show. */
function withoutTypenames(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutTypenames);
	if (typeof value !== "object" || value === null) return value;
	const members = Object.entries(value).filter(([key]) => key !== "__typename");
	return Object.fromEntries(members.map(([key, member]) => [key, withoutTypenames(member)]));
}
