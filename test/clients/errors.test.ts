// What an application sees in each client when the answer is not data: a dead customer access token, a storefront
// token that opens nothing, an invalid document, a query sent with GET.
import assert from "node:assert/strict";
import test from "node:test";
import { CombinedGraphQLErrors, gql, ServerError } from "@apollo/client";
import { createGraphQLClient } from "@shopify/graphql-client";
import { CombinedError } from "@urql/core";
import { ClientError, GraphQLClient } from "graphql-request";
import { type House, openHouse, VERSIONS } from "../house.ts";
import { apolloClient, endpoint, hydrogenStorefront, publicHeaders, urqlClient } from "./clients.ts";
import { DELETE, READ } from "./life.ts";
import { watchSent } from "./sent.ts";

const DENIED =
	"Access denied for customerAccessTokenDelete field. Required access: `unauthenticated_write_customers` access scope. Also: Requires valid customer access token.";
const NO_TOKEN = { token: "none" };
const INVALID = "query Broken { shop { nmae } }";
const UNDEFINED_FIELD = "Field 'nmae' doesn't exist on type 'Shop'";

/** The same house as somebody sees it who holds keys that were never given out. */
function withWrongKeys(house: House): House {
	const keys = { ...house.keys, storefrontAccessToken: "never-given-out", privateAccessToken: "nor-this" };
	return { ...house, app: house.app, keys };
}

for (const version of VERSIONS) {
	test(`hydrogen gives the denial beside the data, with the request's id, on ${version}`, async () => {
		await using house = await openHouse();
		const storefront = hydrogenStorefront(house, version, "private");
		const { errors, ...data } = await storefront.mutate(DELETE, { variables: NO_TOKEN });
		assert.deepEqual(data, { customerAccessTokenDelete: null });
		const [error] = errors;
		assert.equal(error.name, "GraphQLError");
		assert.ok(
			error.message.startsWith(`[h2:error:storefront.mutation] ${DENIED} - Request ID: `),
			error.message,
		);
		assert.match(JSON.parse(error.cause).requestId, /^[\da-f-]{36}$/);
	});

	test(`hydrogen throws when the storefront token opens nothing, on ${version}`, async () => {
		await using house = await openHouse();
		for (const kind of ["public", "private"] as const) {
			const storefront = hydrogenStorefront(withWrongKeys(house), version, kind);
			const options = { variables: NO_TOKEN, cache: storefront.CacheNone() };
			await assert.rejects(
				storefront.query(READ, options),
				/API response error: 401 - Request ID: [\da-f-]{36}/,
			);
		}
	});

	test(`hydrogen gives a validation error in Shopify's words on ${version}`, async () => {
		await using house = await openHouse();
		const { errors } = await hydrogenStorefront(house, version, "public").query(INVALID);
		assert.ok(errors?.[0]?.message.includes(UNDEFINED_FIELD), errors?.[0]?.message);
		assert.equal(errors?.[0]?.extensions?.["code"], "undefinedField");
	});

	test(`graphql-client gives status, sentence and list on ${version}`, async () => {
		await using house = await openHouse();
		const ask = (document: string, headers: Record<string, string>) =>
			createGraphQLClient({
				url: endpoint(house, version),
				headers: { "Content-Type": "application/json", ...headers },
			}).request(document, { variables: NO_TOKEN });
		const denied = await ask(DELETE, publicHeaders(house));
		assert.deepEqual(denied.data, { customerAccessTokenDelete: null });
		assert.equal(denied.errors?.networkStatusCode, 200);
		assert.deepEqual(
			denied.errors?.graphQLErrors?.map(({ message }) => message),
			[DENIED],
		);
		const refused = await ask(READ, publicHeaders(withWrongKeys(house)));
		assert.equal(refused.errors?.networkStatusCode, 401);
		assert.equal(refused.errors?.message, "GraphQL Client: Unauthorized");
	});

	test(`apollo rejects with the list, the data beside it, on ${version}`, async () => {
		await using house = await openHouse();
		const mutation = gql(DELETE);
		await assert.rejects(apolloClient(house, version).mutate({ mutation, variables: NO_TOKEN }), (error) => {
			assert.ok(CombinedGraphQLErrors.is(error));
			assert.equal(error.message, DENIED);
			assert.deepEqual(error.data, { customerAccessTokenDelete: null });
			assert.equal(error.errors[0]?.extensions?.["code"], "ACCESS_DENIED");
			return true;
		});
		const query = gql(READ);
		const strange = apolloClient(withWrongKeys(house), version);
		await assert.rejects(strange.query({ query, variables: NO_TOKEN }), (error) => {
			assert.ok(ServerError.is(error));
			assert.equal(error.statusCode, 401);
			return true;
		});
		await assert.rejects(apolloClient(house, version).query({ query: gql(INVALID) }), {
			message: UNDEFINED_FIELD,
		});
	});

	test(`urql gives a combined error on ${version}`, async () => {
		await using house = await openHouse();
		const denied = await urqlClient(house, version).mutation(DELETE, NO_TOKEN);
		assert.ok(denied.error instanceof CombinedError);
		assert.equal(denied.error.message, `[GraphQL] ${DENIED}`);
		assert.equal(denied.error.graphQLErrors[0]?.extensions["code"], "ACCESS_DENIED");
		assert.deepEqual(denied.data, { customerAccessTokenDelete: null });
		const refused = await urqlClient(withWrongKeys(house), version).mutation(DELETE, NO_TOKEN);
		assert.equal(refused.error?.response.status, 401);
		assert.equal(refused.error?.graphQLErrors[0]?.extensions["code"], "UNAUTHORIZED");
		const invalid = await urqlClient(house, version, { preferGetMethod: false }).query(INVALID, {});
		assert.equal(invalid.error?.message, `[GraphQL] ${UNDEFINED_FIELD}`);
	});

	test(`urql left to its default sends a short query with GET, and shows that it is not allowed, on ${version}`, async () => {
		await using house = await openHouse();
		const client = urqlClient(house, version);
		const document = "query Short($token: String!) { customer(customerAccessToken: $token) { id } }";
		let shown: CombinedError | undefined;
		const sent = await watchSent(house, async () => {
			shown = (await client.query(document, NO_TOKEN)).error;
		});
		assert.equal(sent[0]?.method, "GET");
		assert.match(sent[0]?.path ?? "", new RegExp(`^/api/${version}/graphql\\.json\\?query=query`));
		assert.equal(shown?.message, "[GraphQL] Send the operation with POST");
		assert.equal(shown?.response.status, 405);
		assert.equal(shown?.response.headers.get("allow"), "POST");

		const again = await fetch(`${house.app.url}${sent[0]?.path}`, { headers: sent[0]?.headers ?? {} });
		assert.equal(again.status, 405);
		assert.deepEqual(await again.json(), {
			errors: [{ message: "Send the operation with POST", extensions: { code: "METHOD_NOT_ALLOWED" } }],
		});
	});

	test(`graphql-request rejects with the answer and the request on ${version}`, async () => {
		await using house = await openHouse();
		const client = new GraphQLClient(endpoint(house, version), { headers: publicHeaders(house) });
		await assert.rejects(client.request(DELETE, NO_TOKEN), (error) => {
			assert.ok(error instanceof ClientError);
			assert.ok(error.message.startsWith(`${DENIED}: `), error.message);
			assert.equal(error.response.status, 200);
			assert.deepEqual(error.response.data, { customerAccessTokenDelete: null });
			return true;
		});
		const headers = publicHeaders(withWrongKeys(house));
		await assert.rejects(
			new GraphQLClient(endpoint(house, version), { headers }).request(READ, NO_TOKEN),
			(error) => {
				assert.ok(error instanceof ClientError);
				assert.equal(error.response.status, 401);
				return true;
			},
		);
	});
}

/** Every object of the data below the root, as the caches of Apollo and urql need them: with its type's name. */
function findNameless(value: unknown, path: string): readonly string[] {
	if (Array.isArray(value)) return value.flatMap((item, index) => findNameless(item, `${path}.${index}`));
	if (typeof value !== "object" || value === null) return [];
	const below = Object.entries(value).flatMap(([key, member]) => findNameless(member, `${path}.${key}`));
	return path !== "data" && !("__typename" in value) ? [path, ...below] : below;
}

for (const version of VERSIONS) {
	test(`apollo and urql get the __typename that they add to every object on ${version}`, async () => {
		await using house = await openHouse();
		const token = await house.signedIn();
		const apollo = await apolloClient(house, version).query({ query: gql(READ), variables: { token } });
		const urql = await urqlClient(house, version, { preferGetMethod: false }).query(READ, { token });
		for (const { data } of [apollo, urql]) {
			assert.deepEqual(findNameless(data, "data"), []);
			assert.equal(data.customer.__typename, "Customer");
			assert.equal(data.customer.addresses.__typename, "MailingAddressConnection");
			assert.equal(data.customer.orders.pageInfo.__typename, "PageInfo");
		}
	});
}
